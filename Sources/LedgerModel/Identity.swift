/// Who a ledger is: as its events say that name it.
public struct Identity: Hashable, Sendable {
    /// The ledger's UUID as text.
    public internal(set) var ledger: Name
    /// The origin of its checkpoints.
    public internal(set) var origin: Name
    /// The verifier keys of its checkpoints, oldest first; the last is the one in use.
    public internal(set) var keys: [Name]

    init(ledger: Name, origin: Name, keys: [Name]) {
        self.ledger = ledger
        self.origin = origin
        self.keys = keys
    }

    /// Follows an event of the ledger itself. All others leave it as it is.
    static func after(_ identity: Identity?, _ fact: Fact) -> Identity? {
        switch fact {
        case .ledgerOpened(let fact): return Identity(ledger: fact.ledger, origin: fact.origin, keys: [fact.key])
        case .restored(let fact): return Identity(ledger: fact.ledger, origin: fact.origin, keys: [fact.key])
        case .signingKeyReplaced(let fact):
            var next = identity
            next?.keys.append(fact.key)
            return next
        default: return identity
        }
    }
}
