public import LedgerModel

/// A ledger without disk or thread: it decides, applies at once, and keeps its events for what must be read back.
public struct MemoryLedger: Sendable {
    /// What became of an accepted request.
    public enum Reply: Sendable {
        case accepted([Event])
        case known(SequenceNumber)
        case dryRun(DryRun)
    }

    public private(set) var book: Book
    public private(set) var events: [Event] = []

    public init(zones: ZoneTable = MemoryLedger.zones) { book = MemoryLedger.emptyBook(zones: zones) }

    /// A book that equals the one of any other memory ledger after the same events.
    public static func emptyBook(zones: ZoneTable = MemoryLedger.zones) -> Book {
        Book(hashKey: HashKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908), zones: zones)
    }

    /// UTC, Berlin in 2026, and the first place to see a day.
    public static let zones = ZoneTable { name in
        switch name {
        case "UTC": .utc
        case "Europe/Berlin":
            ZoneRules(
                name: name.text, initialOffsetSeconds: 3600,
                transitions: [
                    .init(at: Timestamp(rfc3339: "2026-03-29T01:00:00Z")!, offsetSeconds: 7200),
                    .init(at: Timestamp(rfc3339: "2026-10-25T01:00:00Z")!, offsetSeconds: 3600),
                ])
        case "Pacific/Kiritimati": ZoneRules(name: name.text, initialOffsetSeconds: 50_400, transitions: [])
        default: nil
        }
    }

    /// Decides and applies a request. What is due must have been done before.
    public mutating func send(_ request: Request, at now: Timestamp) throws(Rejection) -> Reply {
        var recalled = Recalled.none
        while true {
            switch try book.decide(request, at: now, recalled: recalled) {
            case .accepted(let group):
                take(group)
                return .accepted(group)
            case .known(let sequence): return .known(sequence)
            case .dryRun(let difference): return .dryRun(difference)
            case .recall(let numbers): for number in numbers { recalled.merge(recall(number)) }
            }
        }
    }

    /// Does what is due at an instant, and answers the groups.
    public mutating func passDue(at now: Timestamp) -> [[Event]] {
        var groups: [[Event]] = []
        while let group = book.decideDue(at: now) {
            take(group)
            groups.append(group)
        }
        return groups
    }

    /// Takes an event that the ledger wrote of itself.
    public mutating func note(_ event: Event) { take([event]) }

    private mutating func take(_ group: [Event]) {
        for event in group { book.apply(event) }
        events += group
    }

    private func recall(_ sequence: SequenceNumber) -> Recalled {
        let group = group(at: sequence)
        var lots: [SequenceNumber: LotTerms] = [:]
        for part in group.flatMap(\.partsTaken) {
            for draw in part.lots { lots[draw.lot] = self.group(at: draw.lot)[0].openedLots[part.unit] }
        }
        return Recalled(groups: [sequence: group], lots: lots)
    }

    /// The group that an event begins, or the one event.
    public func group(at sequence: SequenceNumber) -> [Event] {
        let first = Int(sequence.rawValue) - 1
        return Array(events[first..<first + (events[first].group?.count ?? 1)])
    }
}

extension Fact {
    /// The event's type, by the name of the case.
    public var caseName: String { Mirror(reflecting: self).children.first!.label! }
}
