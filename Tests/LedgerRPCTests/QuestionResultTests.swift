import EventCodec
import JSONText
import Testing

@testable import LedgerModel
@testable import LedgerRPC

@Suite struct QuestionResults {
    private let month = Interval(start: instant("2026-11-01T00:00:00Z"), end: instant("2026-12-01T00:00:00Z"))

    @Test func aBalanceTellsLotsWithoutLimitAndWhatIsHeld() {
        let lots = [
            Lot(number: SequenceNumber(4), remaining: nil, terms: LotTerms(priority: 10, source: .plan)),
            Lot(number: SequenceNumber(5), remaining: 7, held: 2, terms: LotTerms(source: .purchase)),
        ]
        let holding = Book.Holding(
            unit: "credits", balance: Balance(available: 7, held: 2, isUnlimited: true), lots: lots)
        #expect(
            written { $0.balances([holding]) }
                == #"{"balances":[{"unit":"credits","available":7,"held":2,"unlimited":true,"lots":[{"lot":4,"priority":10,"source":"plan"},{"lot":5,"remaining":7,"held":2,"priority":20,"source":"purchase"}]}]}"#
        )
    }

    @Test func quotas() {
        let window = Window(
            subscription: SequenceNumber(1), plan: "pro", version: 3, period: .month, interval: month, amount: 5, carried: 2,
            used: 4, lot: SequenceNumber(9))
        let endless = Window(
            subscription: SequenceNumber(1), plan: "free", version: 1, period: .never,
            interval: Interval(start: month.start, end: nil), amount: nil, carried: .zero, used: 1, lot: SequenceNumber(9))
        let quotas = [
            Quota(window, "articles", held: 1, isDefault: false), Quota(endless, "reports", held: .zero, isDefault: true),
        ]
        #expect(
            written { $0.quotas(quotas) }
                == #"{"allowances":[{"plan":"pro","version":3,"unit":"articles","period":"month","used":4,"held":1,"limit":7,"carried":2,"start":"2026-11-01T00:00:00.000000Z","resetsAt":"2026-12-01T00:00:00.000000Z"},"#
                + #"{"plan":"free","version":1,"isDefault":true,"unit":"reports","period":"never","used":1,"held":0,"carried":0,"start":"2026-11-01T00:00:00.000000Z"}]}"#
        )
    }

    private var debited: Fact {
        let part = Part(
            unit: "credits", amount: 3, lots: [Draw(lot: SequenceNumber(4), amount: 3, remaining: 1)],
            balance: Balance(available: 1))
        return .debited(
            Debited(account: "u", priced: Priced(feature: "f", quantities: [], version: 2), use: Use(), parts: [part]))
    }

    private let allowed =
        #"{"allowed":true,"price":2,"cost":[{"unit":"credits","amount":3}],"lots":[{"unit":"credits","lot":4,"amount":3}],"after":[{"unit":"credits","balance":{"available":1,"held":0}}]}"#
    private let refused =
        #"{"allowed":false,"rejection":{"message":"insufficient balance: 3 credits asked, 0 available","data":{"rejection":"insufficientBalance","number":260,"unit":"credits","asked":3,"available":0,"held":0}}}"#
    private let rejection = Rejection.insufficientBalance(unit: "credits", asked: 3, available: 0, held: 0)

    @Test func checks() {
        #expect(written { $0.checkResult(group(debited)) } == allowed)
        #expect(written { $0.checkResult(rejection) } == refused)
    }

    private func view(
        _ status: KeyStatus = .active, isExpired: Bool = false, _ state: AccountState = .open, _ terms: KeyTerms = KeyTerms()
    ) -> KeyView {
        KeyView(
            tenant: "acme", key: "k", account: "u", status: status, isExpired: isExpired, accountState: state, terms: terms,
            openHolds: 1, used: 2, window: terms.limit == nil ? nil : month)
    }

    @Test func aKeyTellsItsTermsAndWhatIsUsedOfThem() {
        let terms = KeyTerms(
            platform: "p", owner: "ann", name: "One", tags: ["a", "b"], expiresAt: month.end,
            limit: KeyLimit(unit: "usd", amount: 5, period: .month), features: ["chat"], maxOpenHolds: 3)
        #expect(
            written { $0.verifiedKey(view(.faulty, isExpired: false, .open, terms)) }
                == #"{"tenant":"acme","key":"k","account":"u","status":"faulty","usable":true,"expired":false,"accountState":"open","platform":"p","owner":"ann","name":"One","tags":["a","b"],"expiresAt":"2026-12-01T00:00:00.000000Z","#
                + #""limit":{"unit":"usd","amount":5,"period":"month","used":2,"start":"2026-11-01T00:00:00.000000Z","resetsAt":"2026-12-01T00:00:00.000000Z"},"features":["chat"],"openHolds":1,"maxOpenHolds":3}"#
        )
    }

    @Test func aKeyIsUsableUnlessSomethingForbidsIt() {
        let views = [
            view(), view(.disabled), view(.revoked), view(isExpired: true), view(.active, .frozen), view(.active, .closed),
        ]
        let isUsable = views.map { view in written { $0.verifiedKey(view) }.contains(#""usable":true"#) }
        #expect(isUsable == [true, false, false, false, false, false])
    }

    @Test func anUnknownKeyIsARejectionThatNamesTheHash() {
        let hash = String(repeating: "ab", count: 32)
        #expect(
            written { $0.rpcError(.unknownKey(KeyHash(hash)!)) }
                == #"{"code":-32010,"message":"there is no key \#(hash)","data":{"rejection":"keyNotFound","number":173,"key":"\#(hash)"}}"#
        )
    }

    @Test func aDryRunNamesEveryValueThatDiffers() {
        let price = { (rate: String, minimum: Amount?) in
            Document.price(
                PriceDocument(
                    charges: [
                        Charge(unit: "credits", rates: [.init(dimension: "requests", rate: Rate(rate)!)])
                    ], minimum: minimum))
        }
        let before = #"{"charges":[{"unit":"credits","rates":{"requests":"1"}}],"minimum":4}"#
        let after = #"{"charges":[{"unit":"credits","rates":{"requests":"2"}}]}"#
        let dryRun = DryRun(
            differences: [
                .init(key: DocumentKey(.price, "f"), version: 7, before: price("1", 4), after: price("2", nil), accounts: 31),
                .init(key: DocumentKey(.unit, "x"), version: 0, before: nil, after: .unit(UnitDocument(scale: 2)), accounts: 0),
            ], effectiveAt: month.end)
        #expect(
            written { $0.dryRun(dryRun) }
                == #"{"dryRun":true,"effectiveAt":"2026-12-01T00:00:00.000000Z","differences":[{"key":"price/f","version":7,"before":\#(before),"after":\#(after),"fields":[{"path":"charges[0].rates.requests","before":"1","after":"2"},{"path":"minimum","before":4,"after":null}],"accounts":31},"#
                + #"{"key":"unit/x","version":0,"before":null,"after":{"scale":2},"fields":[{"path":"scale","before":null,"after":2}],"accounts":0}]}"#
        )
    }

    @Test func whatDoesNotDifferIsNotNamed() {
        let plan = Document.plan(PlanDocument(name: "Pro", allowances: [.init(unit: "a", amount: .unlimited, period: .day)]))
        #expect(DocumentDifference.between(plan, plan).isEmpty)
        #expect(
            DocumentDifference.between(plan, nil).map(\.path) == [
                "name", "allowances[0].unit", "allowances[0].amount", "allowances[0].period",
            ])
        #expect(DocumentDifference.between(nil, nil).isEmpty)
    }

    // MARK: Explanations

    private func line(_ event: Event) -> String { String(written { EventCodec.encode(event, into: &$0) }.dropLast()) }

    private func explanation(_ question: Explain, _ events: [Event], rejection: Rejection? = nil) -> String {
        let granted = group(
            .granted(Granted(account: "u", terms: LotTerms(source: .purchase), memo: nil, part: part(9, left: 9))), from: 4)[0]
        let document = Document.unit(UnitDocument(scale: 0))
        let text = written {
            $0.explanation(
                of: question, events: events, opened: [(SequenceNumber(4), granted)],
                documents: [(DocumentKey(.unit, "credits"), 1, document)],
                holdings: [Book.Holding(unit: "credits", balance: Balance(available: 1), lots: [])], rejection: rejection)
        }
        let tail =
            #","lots":[{"lot":4,"opened":\#(line(granted))}],"documents":[{"key":"unit/credits","version":1,"value":{"scale":0}}]}"#
        #expect(text.hasPrefix("{") && text.hasSuffix(tail), "\(text)")
        return String(text.dropFirst().dropLast(tail.count))
    }

    @Test func aCommandIsExplainedByItsEventAndItsGroup() {
        let events = group(.batchOpened(BatchOpened(account: "u", batch: "b")), debited, id: "d-1")
        #expect(
            explanation(.command(tenant: "acme", id: "d-1"), events)
                == #""event":\#(line(events[1])),"group":[\#(line(events[0])),\#(line(events[1]))]"#)
    }

    @Test func anItemIsExplainedByItsOwnEvent() {
        let item = { (id: Name) in
            Fact.debited(Debited(account: "u", priced: nil, use: Use(batch: "b"), item: id, parts: [part(1, left: 1)]))
        }
        let events = group(item("i-1"), item("i-2"), id: "b-1")
        #expect(explanation(.command(tenant: "acme", id: "i-2"), events).hasPrefix(#""event":\#(line(events[1])),"#))
    }

    /// A hold's id leads to its hold, though its end was read too.
    @Test func aHoldIsExplainedByItsHold() {
        let held = group(
            .held(
                Held(account: "u", priced: nil, use: Use(), terms: HoldTerms(expiresAt: month.start), parts: [part(1, left: 1)])),
            id: "h-1")
        let settled = group(
            .settled(HoldEnded(account: "u", hold: "h-1", held: SequenceNumber(12), method: .reported)), id: "s-1", from: 20)
        for (id, event) in [("h-1", held[0]), ("s-1", settled[0])] as [(Name, Event)] {
            #expect(
                explanation(.command(tenant: "acme", id: id), held + settled)
                    == #""event":\#(line(event)),"group":[\#(line(held[0])),\#(line(settled[0]))]"#)
        }
    }

    @Test func aBalanceAndAUseAreExplained() {
        #expect(
            explanation(.balance(tenant: "acme", account: "u", unit: nil), [])
                == #""balances":[{"unit":"credits","available":1,"held":0,"lots":[]}]"#)
        let use = Explain.use(Check(tenant: "acme", account: "u", ask: .amount(unit: "credits", 3)))
        #expect(explanation(use, group(debited)) == #""check":\#(allowed)"#)
        #expect(explanation(use, [], rejection: rejection) == #""check":\#(refused)"#)
    }
}
