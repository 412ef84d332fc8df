import LedgerModel
import LedgerTestKit

/// Events at random that need not follow from any rules: what the codec must carry, not what a book would write.
struct RandomEvents {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func next() -> Event {
        Event(
            sequence: sequence(), at: time(), day: Day(daysSinceEpoch: .random(in: 0...100_000, using: &random)), tenant: name(),
            id: name(),
            group: maybe { GroupHead(count: $0.count(1...9999), body: $0.random.next()) },
            peer: maybe { UInt32(truncatingIfNeeded: $0.random.next()) },
            actor: maybe { $0.name() }, fact: fact())
    }

    // MARK: Pieces

    private mutating func count(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }
    private mutating func maybe<Value>(_ make: (inout RandomEvents) -> Value) -> Value? {
        Bool.random(using: &random) ? make(&self) : nil
    }
    private mutating func list<Value>(_ range: ClosedRange<Int>, _ make: (inout RandomEvents) -> Value) -> [Value] {
        (0..<count(range)).map { _ in make(&self) }
    }

    private mutating func sequence() -> SequenceNumber {
        SequenceNumber(.random(in: 1...17_592_186_044_415, using: &random) >> UInt64.random(in: 0...20, using: &random) | 1)
    }
    private mutating func time() -> Timestamp {
        Timestamp(microseconds: .random(in: 0...Timestamp.representable.upperBound.rawValue, using: &random))
    }
    private mutating func amount() -> Amount {
        Amount(rawValue: .random(in: 0...Amount.max.rawValue, using: &random) >> Int64.random(in: 0...53, using: &random))!
    }

    private mutating func name() -> Name {
        let pieces = [
            "a", "Z", "7", "-", " ", "\"", "\\", "/", "é", "e\u{301}", "\u{301}", "€", "😀", "\u{2028}", "\u{feff}", "$",
            "\u{10ffff}",
        ]
        return Name(list(1...12) { $0.pick(pieces) }.joined())!
    }

    private mutating func text() -> String {
        let pieces = ["a", "\n", "\r", "\t", "\u{0}", "\u{1f}", "\u{7f}", "\u{85}", "\"", "\\", "é", "\u{301}", "😀", " "]
        return list(0...20) { $0.pick(pieces) }.joined()
    }

    private mutating func labels() -> Labels {
        Labels(list(0...8) { ($0.name(), $0.name()) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func quantities() -> [Quantity] {
        Dictionary(list(0...5) { ($0.name(), $0.amount()) }, uniquingKeysWith: { first, _ in first })
            .map { Quantity(dimension: $0.key, count: $0.value) }.sorted { $0.dimension < $1.dimension }
    }

    private mutating func terms() -> LotTerms {
        LotTerms(
            priority: count(LotTerms.priorityRange), effectiveAt: maybe { $0.time() }, expiresAt: maybe { $0.time() },
            source: pick(LotSource.allCases))
    }

    private mutating func balance() -> Balance { Balance(available: amount(), held: amount()) }
    private mutating func draw() -> Draw { Draw(lot: sequence(), amount: amount(), remaining: amount()) }
    private mutating func part() -> Part {
        Part(unit: name(), amount: amount(), lots: list(0...4) { $0.draw() }, balance: balance())
    }

    // MARK: Facts

    private mutating func fact() -> Fact {
        switch count(0...14) {
        case 0: .ledgerOpened(LedgerOpened(ledger: name(), origin: name(), key: name()))
        case 1:
            .recovered(Recovered(segment: sequence(), offset: sequence().rawValue, byteCount: sequence().rawValue, torn: name()))
        case 2: .accountOpened(AccountOpened(account: name(), name: maybe { $0.name() }, labels: labels()))
        case 3: .granted(Granted(account: name(), terms: terms(), memo: maybe { $0.text() }, part: part()))
        case 4:
            .adjusted(
                Adjusted(account: name(), reason: text(), isIncrease: .random(using: &random), before: balance(), part: part()))
        case 5: .debited(debited())
        case 6: .itemsRejected(ItemsRejected(account: name(), batch: name(), items: list(1...3) { $0.rejectedItem() }))
        case 7: .refunded(refunded())
        case 8: .lotExpired(LotExpired(account: name(), lot: sequence(), expiresAt: time(), part: part()))
        case 9:
            .batchOpened(
                BatchOpened(account: name(), batch: name(), feature: maybe { $0.name() }, size: maybe { $0.count(0...99_999) }))
        case 10: .batchClosed(BatchClosed(account: name(), batch: name()))
        case 11: .configured(configured())
        case 12:
            .alertRaised(
                AlertRaised(
                    rule: name(), severity: pick(AlertSeverity.allCases), account: name(),
                    condition: .lowBalance(unit: name(), below: amount(), available: amount())))
        case 13: .alertDelivered(AlertAcknowledged(alerts: list(1...9) { $0.sequence() }))
        default: .alertRead(AlertAcknowledged(alerts: list(1...9) { $0.sequence() }))
        }
    }

    private mutating func debited() -> Debited {
        let details = ["null", "7", "\"\"", "{}", #"{"a":[1.5e10,"é\u0000",{"b":null}], "c" : true}"#, "[\"😀\"]"]
        let use = Use(
            key: maybe { $0.name() }, batch: maybe { $0.name() }, labels: labels(), occurredAt: maybe { $0.time() },
            details: maybe { $0.pick(details) })
        return Debited(
            account: name(),
            priced: maybe { Priced(feature: $0.name(), quantities: $0.quantities(), version: $0.count(1...999)) }, use: use,
            item: maybe { $0.name() }, parts: list(1...3) { $0.part() })
    }

    private mutating func rejectedItem() -> ItemsRejected.Item {
        let rejection: Rejection =
            switch count(0...5) {
            case 0: .insufficientBalance(unit: name(), asked: amount(), available: amount(), held: amount())
            case 1: .unknownDimension(feature: name(), dimension: name())
            case 2: .priceDisabled(feature: name(), version: count(1...99))
            case 3: .occurredInFuture(at: time(), now: time())
            case 4: .inItem(name(), .priceNotFound(feature: name()))
            default: .alertNotFound(sequence())
            }
        return ItemsRejected.Item(item: name(), rejection: RejectionRecord(rejection))
    }

    private mutating func refunded() -> Refunded {
        Refunded(
            account: name(), of: name(), debit: sequence(), feature: maybe { $0.name() }, batch: maybe { $0.name() },
            labels: labels(),
            quantities: quantities(), reason: maybe { $0.text() }, returns: list(1...2) { $0.returned() })
    }

    private mutating func returned() -> Refunded.Return {
        let part = part()
        var reopened: [SequenceNumber: LotTerms] = [:]
        for draw in part.lots { reopened[draw.lot] = maybe { $0.terms() } }
        return Refunded.Return(
            part: part, reopened: reopened, expired: maybe { $0.amount() } ?? .zero, reissued: maybe { $0.terms() })
    }

    private mutating func configured() -> Configured {
        let kind = pick(DocumentKey.Kind.allCases)
        return Configured(
            key: kind == .tenant ? .settings : DocumentKey(kind, name()), version: count(1...999),
            document: maybe { $0.document(kind) }, reason: text(),
            rollbackOf: maybe { $0.count(1...99) })
    }

    private mutating func document(_ kind: DocumentKey.Kind) -> Document {
        switch kind {
        case .unit: return .unit(UnitDocument(scale: count(UnitDocument.scaleRange)))
        case .price:
            let rates = Dictionary(
                list(1...5) { ($0.name(), $0.pick(["1", "0.35", "2.50/1000000", "007", "0"])) },
                uniquingKeysWith: { first, _ in first })
            let charge = Charge(unit: name(), rates: rates.map { Charge.DimensionRate(dimension: $0.key, rate: Rate($0.value)!) })
            return .price(PriceDocument(charge: charge, minimum: maybe { $0.amount() }, enabled: .random(using: &random)))
        case .alert:
            return .alert(
                AlertDocument(
                    unit: name(), below: Amount(rawValue: max(1, amount().rawValue))!, severity: pick(AlertSeverity.allCases)))
        case .tenant:
            return .settings(
                SettingsDocument(timeZone: maybe { $0.name() }, lateDays: maybe { $0.count(SettingsDocument.lateDaysRange) }))
        }
    }
}
