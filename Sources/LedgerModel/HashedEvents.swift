/// Events that follow each other, with the hashes of the ids that they bring: what can be made of events before their turn, on
/// any thread.
public struct HashedEvents: Sendable {
    public let events: [Event]
    let identifiers: [(id: HashedIdentifier, sequence: SequenceNumber)]

    /// - Parameter hasher: The book's that will take them.
    public init(_ events: [Event], _ hasher: inout IdentifierHasher) {
        var identifiers: [(id: HashedIdentifier, sequence: SequenceNumber)] = []
        identifiers.reserveCapacity(events.count)
        // Field by field: to copy an event costs as much as to hash its id.
        for index in events.indices {
            let (tenant, sequence) = (events[index].tenant, events[index].sequence)
            events[index].fact.forEachIdentifier(group: events[index].group == nil ? nil : events[index].id) {
                identifiers.append((hasher.hash($0, of: tenant), sequence))
            }
        }
        (self.events, self.identifiers) = (events, identifiers)
    }

    /// Where the next event of another tenant stands, or the end.
    func endOfTenant(from start: Int) -> Int {
        let tenant = events[start].tenant
        var end = start + 1
        while end < events.count, events[end].tenant == tenant { end += 1 }
        return end
    }
}

extension Fact {
    /// The ids that lead to this fact's event from now on: that of a group to its first event, that of an item to its own,
    /// that of a hold that has ended to its end.
    ///
    /// - Parameter group: The id of the group that the event begins; nil when it begins none.
    func forEachIdentifier(group: Name?, _ body: (Name) -> Void) {
        if let group { body(group) }
        if let hold = endedHold { body(hold.id) }
        if case .debited(let fact) = self, let item = fact.item { body(item) }
    }
}
