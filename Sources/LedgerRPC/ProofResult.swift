import EventCodec
public import JSONText
public import LedgerModel

/// What is to be proven of the log.
public enum ProofQuestion: Hashable, Sendable {
    /// That it holds an event.
    case receipt(of: SequenceNumber)
    /// Its signed head; and that it continues the log as it was at an older size.
    case checkpoint(from: SequenceNumber?)
}

/// What the notary answers with, as text: hashes are in base64.
public enum ProofAnswer: Hashable, Sendable {
    /// A C2SP tlog-proof for an event, in a tree of so many.
    case receipt(sequence: SequenceNumber, size: UInt64, text: String)
    /// A C2SP checkpoint. The consistency path leads from the older size; nil when none was asked for.
    case checkpoint(size: UInt64, root: String, text: String, consistency: [String]?)
}

extension JSONWriter {
    /// The result of `proof` and `checkpoint`.
    public mutating func proof(_ answer: ProofAnswer) {
        beginObject()
        switch answer {
        case .receipt(let sequence, let size, let text):
            self.sequence("seq", sequence)
            key("size")
            integer(Int64(size))
            key("receipt")
            string(text)
        case .checkpoint(let size, let root, let text, let consistency):
            key("size")
            integer(Int64(size))
            key("root")
            string(root)
            key("checkpoint")
            string(text)
            if let consistency { path(consistency) }
        }
        endObject()
    }

    private mutating func path(_ hashes: [String]) {
        key("consistency")
        beginArray()
        for hash in hashes { string(hash) }
        endArray()
    }
}
