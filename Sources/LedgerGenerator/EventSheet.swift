public import LedgerModel

/// Events in the order of the log, group by group, as far as they have not been taken away.
public struct EventSheet {
    /// Whole groups, between two commands.
    public private(set) var events: [Event] = []
    /// The number of the event that is added next.
    public private(set) var next = SequenceNumber.first
    private var groupStart = 0
    private var head = Head(tenant: .system, id: "$ledger", at: Timestamp(microseconds: 0))

    /// What all events of a group have in common.
    struct Head {
        var tenant: Name
        var id: Name
        var at: Timestamp
        var body: UInt64 = 0
        var peer: UInt32?
        var actor: Name?
    }

    public init() {}

    /// The ledger's time of the group that was begun last.
    var at: Timestamp { head.at }

    /// The number of the event that was added last.
    var last: SequenceNumber { SequenceNumber(next.rawValue - 1) }

    mutating func begin(_ head: Head) {
        self.head = head
        groupStart = events.count
    }

    /// - Parameter occurredAt: when what the event tells of happened, if not at the time of the group.
    mutating func add(_ fact: Fact, occurredAt: Timestamp? = nil) {
        events.append(
            Event(
                sequence: next, at: head.at, day: Day(utc: occurredAt ?? head.at), tenant: head.tenant, id: head.id, group: nil,
                peer: head.peer, actor: head.actor, fact: fact))
        next = next.next
    }

    mutating func end() {
        events[groupStart].group = GroupHead(count: events.count - groupStart, body: head.body)
    }

    /// Adds a group that was decided elsewhere under the next numbers.
    mutating func add(group: [Event]) {
        precondition(group[0].sequence == next, "events are dense")
        events += group
        next = next.advanced(by: group.count)
    }

    /// Begins with an empty sheet, under the numbers that follow.
    public mutating func forget() { events.removeAll(keepingCapacity: true) }
}
