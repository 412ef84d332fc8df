/// The events of one command as they are found: what lapsed and opened first, then the command's own, then alerts.
struct GroupDraft {
    let now: Timestamp
    let id: Name
    private let tenant: Name
    private let body: UInt64
    private let peer: UInt32?
    private let actor: Name?
    private let zone: ZoneRules
    private var next: SequenceNumber
    private var events: [Event] = []

    init(_ request: Request, at now: Timestamp, after last: SequenceNumber, zone: ZoneRules) {
        self.now = now
        self.zone = zone
        tenant = request.tenant
        id = request.id
        body = request.body
        peer = request.peer
        actor = request.actor
        next = last.next
    }

    /// A group of the ledger's own.
    init(tenant: Name, id: Name, at now: Timestamp, after last: SequenceNumber, zone: ZoneRules) {
        self.now = now
        self.zone = zone
        self.tenant = tenant
        self.id = id
        (body, peer, actor) = (0, nil, nil)
        next = last.next
    }

    /// The number of the event that is added next: a lot that it opens is named by it.
    var nextSequence: SequenceNumber { next }

    mutating func reserve(_ count: Int) { events.reserveCapacity(count) }

    /// - Parameter occurredAt: When what the event tells of happened, if not now.
    @discardableResult
    mutating func add(_ fact: Fact, occurredAt: Timestamp? = nil) -> Event {
        let event = Event(
            sequence: next, at: now, day: zone.day(of: occurredAt ?? now), tenant: tenant, id: id, group: nil, peer: peer,
            actor: actor, fact: fact)
        events.append(event)
        next = next.next
        return event
    }

    consuming func finish() -> [Event] {
        events[0].group = GroupHead(count: events.count, body: body)
        return events
    }
}
