public import LedgerModel

/// What led to an event, a balance or a refusal: facts of the log and the documents they were decided by.
public struct Explanation: Sendable {
    /// What is explained, in order: the group that an id led to, with the hold or debit before it; or what a use would write.
    public var events: [Event]
    /// The event that opened each lot which the events move, or which is held; in order of the lots.
    public var opened: [(SequenceNumber, Event)]
    /// The versions of prices and plans that decided, each once.
    public var documents: [(DocumentKey, Int, Document)]
    /// What the account has: for a balance, and for a use that would be refused.
    public var holdings: [Book.Holding]
    /// Why a use would be refused.
    public var rejection: Rejection?

    public init(
        events: [Event] = [], opened: [(SequenceNumber, Event)] = [], documents: [(DocumentKey, Int, Document)] = [],
        holdings: [Book.Holding] = [], rejection: Rejection? = nil
    ) {
        self.events = events
        self.opened = opened
        self.documents = documents
        self.holdings = holdings
        self.rejection = rejection
    }
}

extension Explanation {
    /// A document by its version.
    struct Version: Hashable {
        let key: DocumentKey
        let number: Int
    }

    /// The lots to explain, in order.
    var lots: [SequenceNumber] {
        let drawn = events.flatMap(\.fact.movedParts).flatMap(\.lots).map(\.lot)
        return Set(drawn + holdings.flatMap(\.lots).map(\.number)).sorted()
    }

    /// The versions by which the events were decided: prices of uses, plans of windows.
    var versions: [Version] {
        var versions: [Version] = []
        for event in events + opened.map(\.1) {
            guard let version = event.fact.decidingVersion, !versions.contains(version) else { continue }
            versions.append(version)
        }
        return versions
    }
}

extension Fact {
    /// What the event moved into or out of lots.
    var movedParts: [Part] {
        switch self {
        case .granted(let fact): [fact.part]
        case .adjusted(let fact): [fact.part]
        case .lotExpired(let fact): [fact.part]
        case .allowanceOpened(let fact): [fact.part]
        case .debited(let fact): fact.parts
        case .refunded(let fact): fact.returns.map(\.part)
        case .held(let fact): fact.parts
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.parts + fact.returns.map(\.part)
        default: []
        }
    }

    fileprivate var decidingVersion: Explanation.Version? {
        switch self {
        case .debited(let fact): fact.priced?.deciding
        case .held(let fact): fact.priced?.deciding
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.priced?.deciding
        case .allowanceOpened(let fact): Explanation.Version(key: DocumentKey(.plan, fact.plan), number: fact.version)
        default: nil
        }
    }

    /// The event to which this one leads back: the `held` of a hold that ended, the use that a refund gave back of.
    var cause: SequenceNumber? {
        if case .refunded(let fact) = self { fact.debit } else { endedHold?.held }
    }
}

extension Priced {
    fileprivate var deciding: Explanation.Version { Explanation.Version(key: DocumentKey(.price, feature), number: version) }
}
