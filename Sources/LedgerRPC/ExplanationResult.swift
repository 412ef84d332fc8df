import EventCodec
public import JSONText
public import LedgerModel

/// The result of `explain`.
extension JSONWriter {
    /// What a thing comes from.
    ///
    /// - Of a command: `{event, group, lots, documents}`, where `event` is the line that did it and `group` all lines that were read.
    /// - Of a balance: `{balances, lots, documents}`.
    /// - Of a use: `{check, lots, documents}`, where `check` is what `check` answers.
    ///
    /// `lots` is `[{lot, opened}]`, each lot with the line that opened it; `documents` is `[{key, version, value}]`.
    ///
    /// - Parameters:
    ///   - events: The events of the command, or those that the use would write; none for a balance or a refused use.
    ///   - rejection: Why the use would be refused.
    public mutating func explanation(
        of question: Explain, events: [Event], opened: [(SequenceNumber, Event)], documents: [(DocumentKey, Int, Document)],
        holdings: [Book.Holding], rejection: Rejection?
    ) {
        beginObject()
        switch question {
        case .command(_, let id): explained(id, events)
        case .balance: balanceList(holdings)
        case .use:
            key("check")
            if let rejection { checkResult(rejection) } else { checkResult(events) }
        }
        openedLots(opened)
        usedDocuments(documents)
        endObject()
    }

    private mutating func explained(_ id: Name, _ events: [Event]) {
        if let event = CommandResult.event(of: id, in: events) {
            key("event")
            line(event)
        }
        key("group")
        beginArray()
        for event in events { line(event) }
        endArray()
    }

    private mutating func openedLots(_ opened: [(SequenceNumber, Event)]) {
        key("lots")
        beginArray()
        for (lot, event) in opened {
            beginObject()
            sequence("lot", lot)
            key("opened")
            line(event)
            endObject()
        }
        endArray()
    }

    private mutating func usedDocuments(_ documents: [(DocumentKey, Int, Document)]) {
        key("documents")
        beginArray()
        for (document, version, value) in documents {
            beginObject()
            key("key")
            string(document.description)
            key("version")
            integer(version)
            key("value")
            self.document(value)
            endObject()
        }
        endArray()
    }

    /// An event as it stands in the log, without its line feed.
    private mutating func line(_ event: Event) {
        var writer = JSONWriter(capacity: 1024)
        EventCodec.encode(event, into: &writer)
        raw(UnsafeRawBufferPointer(rebasing: writer.bytes.dropLast()))
    }
}

extension CommandResult {
    /// The event that an id stands for: the item's own, or what the command of that id did.
    static func event(of id: Name, in events: [Event]) -> Event? {
        if let item = events.first(where: { $0.isItem(id) }) { return item }
        let own = events.filter { $0.id == id }
        return events.isEmpty ? nil : deed(of: own.isEmpty ? events : own)
    }
}

extension Event {
    fileprivate func isItem(_ id: Name) -> Bool {
        if case .debited(let debited) = fact { debited.item == id } else { false }
    }
}
