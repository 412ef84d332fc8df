/// A ledger began: its first event.
public struct LedgerOpened: Hashable, Sendable {
    /// The ledger's UUID as text.
    public var ledger: Name
    /// The origin line of its checkpoints (C2SP tlog-checkpoint).
    public var origin: Name
    /// The verifier key of its checkpoints (C2SP signed-note: name, hash, type and key).
    public var key: Name

    public init(ledger: Name, origin: Name, key: Name) {
        self.ledger = ledger
        self.origin = origin
        self.key = key
    }
}

/// An unfinished write was cut off the end of the log after a crash. Nothing of it had been answered.
public struct Recovered: Hashable, Sendable {
    /// The first sequence number of the segment.
    public var segment: SequenceNumber
    /// Where in the segment the cut was made, in bytes.
    public var offset: UInt64
    public var byteCount: UInt64
    /// The file below `torn/` that keeps the bytes.
    public var torn: Name

    public init(segment: SequenceNumber, offset: UInt64, byteCount: UInt64, torn: Name) {
        self.segment = segment
        self.offset = offset
        self.byteCount = byteCount
        self.torn = torn
    }
}

/// A ledger began as a copy of another's events up to one of them; it goes on under a name and a key of its own.
public struct Restored: Hashable, Sendable {
    /// The new ledger's UUID as text; segments bear it from this event on.
    public var ledger: Name
    public var origin: Name
    public var key: Name
    /// The UUID of the ledger that was copied.
    public var parent: Name
    /// Its last event that was copied: the one before this.
    public var sequence: SequenceNumber
    /// The root of its tree at that size (RFC 6962, section 2.1), in base64.
    public var root: Name

    public init(ledger: Name, origin: Name, key: Name, parent: Name, sequence: SequenceNumber, root: Name) {
        self.ledger = ledger
        self.origin = origin
        self.key = key
        self.parent = parent
        self.sequence = sequence
        self.root = root
    }
}

/// From here on checkpoints are signed with another key.
public struct SigningKeyReplaced: Hashable, Sendable {
    /// The new verifier key; the origin stays.
    public var key: Name
    public var reason: String

    public init(key: Name, reason: String) {
        self.key = key
        self.reason = reason
    }
}

/// Several commands were accepted as one: their groups follow in the same group.
public struct Submitted: Hashable, Sendable {
    /// How many.
    public var commands: Int

    public init(commands: Int) { self.commands = commands }
}
