import EventCodec
import JSONText
import LedgerModel
import Testing

/// The largest event of each kind that the rules and the bounds of requests let come to be. Its line must fit 60 KiB, so that it fits
/// the leaf of a Merkle tree, which has a length of 16 bits.
@Suite("Largest event lines")
struct LineBoundTests {
    private static let byteCountMax = 60 << 10

    /// 128 bytes, each of which needs an escape. The index makes names differ.
    private static func name(_ index: Int = 0) -> Name {
        Name(String((0..<128).map { index >> $0 & 1 == 0 || $0 > 20 ? "\"" : "\\" }))!
    }

    /// A sentence of control characters: six bytes each in the line.
    private static let text = String(repeating: "\u{1}", count: FieldBounds.reasonByteCountMax)
    private static let details = String(repeating: "1", count: FieldBounds.detailsByteCountMax)
    private static let labels = Labels(uniqueKeysWithValues: (0..<FieldBounds.labelCountMax).map { (name($0), name()) })
    private static let quantities = (0..<Charge.rateCountMax).map { Quantity(dimension: name($0), count: .max) }.sorted {
        $0.dimension < $1.dimension
    }
    private static let time = Timestamp.representable.upperBound
    private static let lot = SequenceNumber(17_592_186_044_415)
    private static let balance = Balance(available: .max, held: .max)

    /// 256 draws. Their amounts are those of lots whose sum is below 2^53, which makes them 45 bits at most.
    private static let part = Part(
        unit: name(), amount: .max,
        lots: (0..<256).map {
            Draw(lot: SequenceNumber(lot.rawValue - UInt64($0)), amount: 35_184_372_088_831, remaining: 35_184_372_088_831)
        },
        balance: balance)

    private static let use = Use(key: name(), batch: name(), labels: labels, occurredAt: time, details: details)
    private static let priced = Priced(feature: name(), quantities: quantities, version: Int(lot.rawValue))
    private static let window = Interval(start: time, end: time)
    private static let meters = [
        Meter(
            counter: .allowance(plan: name(), .month, lot: SequenceNumber(1 << 44)), unit: name(), used: .max, limit: .max,
            window: window),
        Meter(counter: .key(name()), unit: name(), used: .max, limit: .max, window: window),
        Meter(counter: .spend(rule: name(), subject: name()), unit: name(), used: .max, limit: .max, window: window),
    ]
    private static let late = LateSettlement(hold: name(), held: lot, method: .estimated, shortfall: .max)
    private static let lotTerms = LotTerms(priority: -1000, effectiveAt: time, expiresAt: time, source: .adjustment)

    private static let accountFacts: [Fact] = [
        .ledgerOpened(LedgerOpened(ledger: name(), origin: name(), key: name())),
        .recovered(Recovered(segment: lot, offset: lot.rawValue, byteCount: lot.rawValue, torn: name())),
        .restored(Restored(ledger: name(), origin: name(), key: name(), parent: name(), sequence: lot, root: name())),
        .signingKeyReplaced(SigningKeyReplaced(key: name(), reason: text)),
        .submitted(Submitted(commands: Submit.commandCountMax)),
        .accountOpened(AccountOpened(account: name(), name: name(), labels: labels)),
        .accountFrozen(AccountStateChanged(account: name(), reason: text)),
        .accountUnfrozen(AccountStateChanged(account: name(), reason: text)),
        .accountClosed(AccountStateChanged(account: name(), reason: text)),
        .granted(Granted(account: name(), terms: lotTerms, memo: text, part: part)),
        .adjusted(
            Adjusted(account: name(), reason: text, isIncrease: false, before: balance, part: part, meters: meters)),
        .lotExpired(LotExpired(account: name(), lot: lot, expiresAt: time, part: part)),
        .batchOpened(BatchOpened(account: name(), batch: name(), feature: name(), size: Int(Amount.max.rawValue))),
        .batchClosed(BatchClosed(account: name(), batch: name())),
    ]

    private static let useFacts: [Fact] = [
        .debited(
            Debited(account: name(), priced: priced, use: use, item: name(), parts: [part], meters: meters, late: late)),
        .itemsRejected(
            ItemsRejected(
                account: name(), batch: name(),
                items: (0..<32).map { _ in .init(item: name(), rejection: RejectionRecord(longestRejection)) })),
        .refunded(
            Refunded(
                account: name(), of: name(), debit: lot, feature: name(), batch: name(), labels: labels, quantities: quantities,
                reason: text,
                returns: [
                    Return(
                        part: part,
                        reopened: Dictionary(
                            uniqueKeysWithValues: part.lots.map {
                                ($0.lot, LotTerms(priority: -1000, expiresAt: time, source: .adjustment))
                            }),
                        expired: .max, reissued: LotTerms(priority: -1000, expiresAt: time, source: .refund))
                ])),
        .usageRecorded(UsageRecorded(account: name(), ask: .priced(feature: name(), quantities: quantities), use: use)),
        .held(
            Held(
                account: name(), priced: priced, use: use,
                terms: HoldTerms(expiresAt: time, onExpiry: .release, overage: .allow(.max)), parts: [part], meters: meters)),
        .holdExtended(HoldExtended(account: name(), hold: name(), expiresAt: time)),
        .settled(ended), .released(ended), .holdExpired(ended),
    ]

    /// All that was drawn, in two halves of one hold: what was used and what came back.
    private static let ended = HoldEnded(
        account: name(), hold: name(), held: lot, priced: priced, use: use, method: .estimated, reason: text, parts: [part],
        returns: [Return(part: part)], shortfall: .max, meters: [])

    private static let planFacts: [Fact] = [
        .subscribed(Subscribed(account: name(), plan: name(), from: time, until: time, anchor: 31, isDefault: true)),
        .planChanged(
            PlanChanged(account: name(), from: name(), to: name(), effectiveAt: time, until: time, anchor: 31)),
        .unsubscribed(Unsubscribed(account: name(), plan: name(), endedAt: time)),
        .allowanceOpened(
            AllowanceOpened(
                account: name(), plan: name(), version: Int(lot.rawValue), period: .month, window: window, amount: .max,
                carried: .max, used: .max, replaces: lot, priority: -1000, expiresAt: time, part: part)),
        .allowanceOverridden(
            AllowanceOverridden(
                account: name(), plan: name(), unit: name(), period: .month, amount: .units(.max), reason: text)),
        .allowanceReset(AllowanceReset(account: name(), plan: name(), unit: name(), period: .month, reason: text)),
    ]

    private static let price = PriceDocument(
        charges: (0..<PriceDocument.chargeCountMax).map {
            Charge(
                unit: name($0),
                rates: quantities.map {
                    .init(dimension: $0.dimension, rate: Rate("99999999999999999.9/10000000000000000.0")!)
                })
        }, minimum: .max, enabled: false)
    private static let plan = PlanDocument(
        name: text, price: PlanPrice(unit: name(), amount: .max), cycle: name(), enabled: false,
        allowances: (0..<PlanDocument.allowanceCountMax).map {
            AllowanceDocument(
                unit: name($0), amount: .units(.max), period: .month, priority: -1000, rollover: .max, anchor: .subscription)
        })
    private static let keyTerms = KeyTerms(
        platform: name(), owner: name(), name: name(), tags: (0..<KeyTerms.tagCountMax).map(name).sorted(), expiresAt: time,
        limit: KeyLimit(unit: name(), amount: .max, period: .month),
        features: (0..<KeyTerms.featureCountMax).map(name).sorted(), maxOpenHolds: 1_000_000)
    private static let hash = KeyHash(String(repeating: "f", count: 64))!

    private static let otherFacts: [Fact] = [
        configured(.price(price)), configured(.plan(plan)),
        .configurationScheduled(
            ConfigurationScheduled(
                key: DocumentKey(.price, name()), document: .price(price), reason: text, effectiveAt: time)),
        .configurationCancelled(ConfigurationCancelled(key: DocumentKey(.price, name()), scheduled: lot, reason: text)),
        .keyIssued(KeyIssued(key: name(), hash: hash, account: name(), terms: keyTerms)),
        .keyUpdated(KeyUpdated(key: name(), account: name(), status: .disabled, terms: keyTerms)),
        .keyRevoked(KeyRevoked(key: name(), account: name(), reason: text)),
        .alertRaised(
            AlertRaised(
                rule: name(), severity: .warning, account: name(),
                condition: .spend(
                    AlertRaised.Spend(
                        subject: .platform, name: name(), unit: name(), window: window, above: .max, spent: .max)))),
        .alertDelivered(AlertAcknowledged(alerts: Array(repeating: lot, count: AcknowledgeAlerts.alertCountMax))),
        .alertRead(AlertAcknowledged(alerts: Array(repeating: lot, count: AcknowledgeAlerts.alertCountMax))),
        .usageReported(
            UsageReported(
                platform: name(), key: name(), from: time, to: time, quantities: quantities, unit: name(), cost: .max)),
        .syncReported(
            SyncReported(platform: name(), status: .succeeded, from: time, to: time, counts: quantities, error: text)),
    ]

    private static func configured(_ document: Document) -> Fact {
        .configured(
            Configured(
                key: DocumentKey(document.kind, name()), version: Int(lot.rawValue), document: document, reason: text,
                rollbackOf: Int(lot.rawValue), effectiveAt: time))
    }

    private static let facts = accountFacts + useFacts + planFacts + otherFacts

    private static func event(_ fact: Fact) -> Event {
        Event(
            sequence: lot, at: time, day: Day(year: 9999, month: 12, day: 31)!, tenant: name(), id: name(),
            group: GroupHead(count: 99_999_999, body: .max), peer: .max, actor: name(), fact: fact)
    }

    @Test("every kind fits its bound, and reads back", arguments: Fact.types)
    func largest(_ type: String) throws {
        let events = Self.facts.filter { $0.type.description == type }.map(Self.event)
        #expect(!events.isEmpty)
        for event in events {
            let line = encoded(event)
            #expect(line.utf8.count <= Self.byteCountMax, "\(type): \(line.utf8.count)")
            #expect(try decode(line) == event)
        }
    }

    @Test("a hold of 256 lots and 64 counters fits when names are 24 bytes long")
    func widestHold() throws {
        let name: Name = "a-name-of-24-bytes-0123"
        func short(_ part: Part) -> Part {
            Part(unit: name, amount: part.amount, lots: part.lots, balance: part.balance)
        }
        let meters = (0..<64).map { _ in
            Meter(
                counter: .allowance(plan: name, .month, lot: SequenceNumber(1 << 44)), unit: name, used: .max, limit: .max,
                window: Self.window)
        }
        let ended = HoldEnded(
            account: name, hold: name, held: Self.lot, use: Use(key: name, batch: name, details: Self.details),
            method: .estimated, parts: [short(Self.part)], returns: [Return(part: short(Self.part))], shortfall: .max,
            meters: meters)
        let line = encoded(Self.event(.settled(ended)))
        #expect(line.utf8.count <= Self.byteCountMax, "\(line.utf8.count)")
    }

    /// Of those that an item can meet, the one that is told at the greatest length.
    private static let longestRejection = Rejection.allowanceExhausted(
        AllowanceShortage(
            unit: name(), asked: .max, available: .max, held: .max, plan: name(), period: .month, used: .max, limit: .max,
            resetsAt: time))

    @Test("no rejection of an item is told at greater length than the one above")
    func otherRejections() throws {
        let name = Self.name()
        let rejections: [Rejection] = [
            .occurredInFuture(at: Self.time, now: Self.time), .occurredTooLate(at: Self.time, lateDays: 36_500),
            .keyNotFound(name), .keyOfOtherAccount(name, account: name), .keyRevoked(name), .keyExpired(name, at: Self.time),
            .keyDisabled(name), .featureNotAllowed(key: name, feature: name), .priceNotFound(feature: name),
            .priceDisabled(feature: name, version: Int(Self.lot.rawValue)), .unknownDimension(feature: name, dimension: name),
            .amountOverflow(unit: name),
            .keyLimitExceeded(key: name, unit: name, asked: .max, used: .max, limit: .max, resetsAt: Self.time),
            .insufficientBalance(unit: name, asked: .max, available: .max, held: .max),
        ]
        func byteCount(_ rejection: Rejection) -> Int {
            var writer = JSONWriter()
            writer.rejectedItem(.init(item: name, rejection: RejectionRecord(rejection)))
            return writer.count
        }
        for rejection in rejections { #expect(byteCount(rejection) < byteCount(Self.longestRejection)) }
    }
}
