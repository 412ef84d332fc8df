import LedgerModel
import LedgerTestKit

/// Events at random that need not follow from any rules: what the codec must carry, not what a book would write.
struct RandomEvents {
    var random: SeededGenerator

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

    mutating func count(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }
    mutating func maybe<Value>(_ make: (inout RandomEvents) -> Value) -> Value? {
        Bool.random(using: &random) ? make(&self) : nil
    }
    mutating func list<Value>(_ range: ClosedRange<Int>, _ make: (inout RandomEvents) -> Value) -> [Value] {
        (0..<count(range)).map { _ in make(&self) }
    }

    mutating func sequence() -> SequenceNumber {
        SequenceNumber(.random(in: 1...17_592_186_044_415, using: &random) >> UInt64.random(in: 0...20, using: &random) | 1)
    }
    mutating func time() -> Timestamp {
        Timestamp(microseconds: .random(in: 0...Timestamp.representable.upperBound.rawValue, using: &random))
    }
    mutating func amount() -> Amount {
        Amount(rawValue: .random(in: 0...Amount.max.rawValue, using: &random) >> Int64.random(in: 0...53, using: &random))!
    }

    mutating func name() -> Name {
        let pieces = [
            "a", "Z", "7", "-", " ", "\"", "\\", "/", "é", "e\u{301}", "\u{301}", "€", "😀", "\u{2028}", "\u{feff}", "$",
            "\u{10ffff}",
        ]
        return Name(list(1...12) { $0.pick(pieces) }.joined())!
    }

    mutating func text() -> String {
        let pieces = ["a", "\n", "\r", "\t", "\u{0}", "\u{1f}", "\u{7f}", "\u{85}", "\"", "\\", "é", "\u{301}", "😀", " "]
        return list(0...20) { $0.pick(pieces) }.joined()
    }

    mutating func flag() -> Bool { .random(using: &random) }
    mutating func names(_ range: ClosedRange<Int>) -> [Name] { Set(list(range) { $0.name() }).sorted() }
    mutating func interval() -> Interval { Interval(start: time(), end: maybe { $0.time() }) }
    mutating func period() -> Period { pick(Period.allCases) }
    mutating func allotment() -> Allotment { maybe { .units($0.amount()) } ?? .unlimited }

    mutating func labels() -> Labels {
        Labels(list(0...8) { ($0.name(), $0.name()) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func quantities() -> [Quantity] {
        Dictionary(list(0...5) { ($0.name(), $0.amount()) }, uniquingKeysWith: { first, _ in first })
            .map { Quantity(dimension: $0.key, count: $0.value) }.sorted { $0.dimension < $1.dimension }
    }

    mutating func terms() -> LotTerms {
        LotTerms(
            priority: count(LotTerms.priorityRange), effectiveAt: maybe { $0.time() }, expiresAt: maybe { $0.time() },
            source: pick(LotSource.allCases))
    }

    mutating func balance() -> Balance { Balance(available: amount(), held: amount(), isUnlimited: flag()) }
    mutating func draw() -> Draw { Draw(lot: sequence(), amount: amount(), remaining: maybe { $0.amount() }) }
    mutating func part() -> Part {
        Part(unit: name(), amount: amount(), lots: list(0...4) { $0.draw() }, balance: balance())
    }

    mutating func returned() -> Return {
        let part = part()
        var reopened: [SequenceNumber: LotTerms] = [:]
        for draw in part.lots { reopened[draw.lot] = maybe { $0.terms() } }
        return Return(part: part, reopened: reopened, expired: maybe { $0.amount() } ?? .zero, reissued: maybe { $0.terms() })
    }

    mutating func meters() -> [Meter] {
        list(0...3) { random in
            let counter: Meter.Counter =
                switch random.count(0...2) {
                case 0: .allowance(plan: random.name(), random.period(), lot: random.sequence())
                case 1: .key(random.name())
                default: .spend(rule: random.name(), subject: random.name())
                }
            return Meter(
                counter: counter, unit: random.name(), used: random.amount(), limit: random.maybe { $0.amount() },
                window: random.interval())
        }
    }

    mutating func priced() -> Priced { Priced(feature: name(), quantities: quantities(), version: count(1...999)) }

    mutating func use() -> Use {
        let details = ["null", "7", "\"\"", "{}", #"{"a":[1.5e10,"é\u0000",{"b":null}], "c" : true}"#, "[\"😀\"]"]
        return Use(
            key: maybe { $0.name() }, batch: maybe { $0.name() }, labels: labels(), occurredAt: maybe { $0.time() },
            details: maybe { $0.pick(details) })
    }

    mutating func late() -> LateSettlement {
        LateSettlement(
            hold: name(), held: sequence(), method: pick(SettlementMethod.allCases), shortfall: maybe { $0.amount() } ?? .zero)
    }
}
