public import LedgerModel

/// What a request asks for, read and checked.
public enum RPCCall: Sendable {
    /// Indirect, for a request is some hundred bytes and is handed on several times.
    indirect case command(Request)
    /// What an account has, from the writer.
    case balance(tenant: Name, account: Name, unit: Name?)
    /// What an account's plans give, and how much of it is used; from the writer.
    case quota(tenant: Name, account: Name)
    /// Whether a use would be allowed, and what it would cost.
    indirect case check(Check)
    /// What is known of the API key whose secret has this hash.
    case verifyKey(KeyHash)
    /// Why something is as it is.
    indirect case explain(Explain)
    /// That the log holds an event, or continues what it was.
    case proof(ProofQuestion)
    /// A named query of a read model.
    case query(method: String, QueryParameters)
    /// All rows of a query, a chunk at a time.
    case export(ExportCall)
    /// What a past period would have been under another document.
    indirect case whatIf(WhatIfCall)
    /// A read model is to be made anew, or held against one that is.
    case rebuild(RebuildCall)
    case status
    case discover
    case subscribe(EventFilter, from: SequenceNumber?)
    case unsubscribe
}

/// What is to be explained.
public enum Explain: Hashable, Sendable {
    /// A command or an item of a batch.
    case command(tenant: Name, id: Name)
    /// What an account has, of one unit or of all.
    case balance(tenant: Name, account: Name, unit: Name?)
    /// What a use would cost now, or why it would be refused.
    case use(Check)
}

/// The parameters of a query, which only its read model can judge.
public struct QueryParameters: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
        case integer(Int64)
        case text(String)
        case texts([String])
        case boolean(Bool)
        case null
    }

    public var values: [String: Value]
    /// `next` of the page before; nil for the first page.
    public var cursor: String?
    /// The read model must have come this far before it answers.
    public var minSeq: SequenceNumber?

    public init(values: [String: Value] = [:], cursor: String? = nil, minSeq: SequenceNumber? = nil) {
        self.values = values
        self.cursor = cursor
        self.minSeq = minSeq
    }
}

/// One request of a line: what to answer to, and what it asks for or why it cannot be done.
public struct IncomingRequest: Sendable {
    /// Nil for a notification, which is done and not answered (JSON-RPC 2.0, section 4.1).
    public var id: RequestID?
    public var call: Result<RPCCall, RPCError>

    public init(id: RequestID?, call: Result<RPCCall, RPCError>) {
        self.id = id
        self.call = call
    }
}
