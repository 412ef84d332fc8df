import EventCodec
public import JSONText
public import LedgerModel

/// Why a request was not done, as it is answered: the numbers of JSON-RPC 2.0 section 5.1, and the ledger's own from -32010 on.
public enum RPCError: Error, Hashable, Sendable {
    case notJSON(JSONError)
    /// JSON, but not a request.
    case invalidRequest(String)
    case unknownMethod(String)
    /// A field is missing, unknown, there twice or of the wrong type. `fields` are those that the method has.
    case invalidParameters(method: String, field: String, reason: String, fields: [String])
    /// Trouble on this side, not the client's.
    case internalError(String)
    /// The ledger said no.
    case rejected(RejectionRecord)
    /// The id belongs to another command, whose group begins at this sequence number.
    case idMismatch(SequenceNumber)
    /// The engine's mailbox is full, or clients leave too many answers unread: nothing was done, and the same may be sent again.
    case overloaded
    /// A read model stands at `reached` and did not come to `asked` in time.
    case lagging(reached: SequenceNumber, asked: SequenceNumber)
    /// Not answerable yet.
    case notReady(String)
    /// There is no space for the log: nothing was done, and few commands are taken until there is.
    case diskFull
    /// A query took longer than it may.
    case timeLimit
    /// The user id of the peer is not one that may speak here.
    case unauthorized(peer: UInt32)
    /// Something passes a bound: what, and the bound.
    case tooLarge(String, limit: Int)

    public var code: Int {
        switch self {
        case .notJSON: -32700
        case .invalidRequest: -32600
        case .unknownMethod: -32601
        case .invalidParameters: -32602
        case .internalError: -32603
        case .rejected: -32010
        case .idMismatch: -32011
        case .overloaded: -32020
        case .lagging: -32021
        case .notReady: -32022
        case .diskFull: -32023
        case .timeLimit: -32024
        case .unauthorized: -32030
        case .tooLarge: -32031
        }
    }

    /// A sentence for people.
    public var message: String {
        switch self {
        case .notJSON(let error): "not JSON: \(error)"
        case .invalidRequest(let reason): "not a request: \(reason)"
        case .unknownMethod(let method): "there is no method \(quoted(method))"
        case .invalidParameters(let method, let field, let reason, let fields):
            "\(method): \(field) \(reason)" + (fields.isEmpty ? "" : "; its fields are \(fields.joined(separator: ", "))")
        case .internalError(let reason): reason
        case .rejected(let record): record.message
        case .idMismatch(let sequence): "the id belongs to another command, at sequence \(sequence)"
        case .overloaded: "too much is waiting to be done or to be read; nothing was done, send it again later"
        case .lagging(let reached, let asked): "the read model is at \(reached), not yet at \(asked)"
        case .notReady(let reason): reason
        case .diskFull:
            "the disk of the ledger is full: nothing was done; until there is space, only settle, release, extend, refund, revokeKeys "
                + "and configure are taken. Make room, then send it again"
        case .timeLimit: "the query took longer than it may"
        case .unauthorized(let peer): "the user \(peer) may not speak here"
        case .tooLarge(let what, let limit): "\(what), above the limit of \(limit)"
        }
    }

    init(_ error: FieldError, method: String, fields: [String]) {
        switch error {
        case .text(let error): self = .notJSON(error)
        case .shape(let field, let reason):
            self = .invalidParameters(method: method, field: quoted(field), reason: reason, fields: fields)
        case .value(let field, let reason):
            self = .rejected(RejectionRecord(.invalidField(field: quoted(field), reason: reason)))
        }
    }
}

extension JSONWriter {
    /// The `error` member's value: code, message, and the facts for programs in `data`.
    public mutating func rpcError(_ error: RPCError) {
        beginObject()
        key("code")
        integer(error.code)
        key("message")
        string(error.message)
        errorData(error)
        endObject()
    }

    private mutating func errorData(_ error: RPCError) {
        switch error {
        case .invalidParameters(_, let field, let reason, let fields): data { $0.shapeData(field, reason, fields) }
        case .rejected(let record): data { $0.rejectionFields(record) }
        case .idMismatch(let sequence): data { $0.sequence("seq", sequence) }
        case .lagging(let reached, let asked): data { $0.laggingData(reached, asked) }
        case .tooLarge(_, let limit): data { $0.limitData(limit) }
        case .unauthorized(let peer): data { $0.peerData(peer) }
        case .notJSON(let error): data { $0.offsetData(error.offset) }
        case .invalidRequest, .unknownMethod, .internalError, .overloaded, .notReady, .diskFull, .timeLimit: return
        }
    }

    private mutating func data(_ fields: (inout JSONWriter) -> Void) {
        key("data")
        beginObject()
        fields(&self)
        endObject()
    }

    private mutating func shapeData(_ field: String, _ reason: String, _ fields: [String]) {
        key("field")
        string(field)
        key("reason")
        string(reason)
        key("fields")
        beginArray()
        for field in fields { string(field) }
        endArray()
    }

    private mutating func laggingData(_ reached: SequenceNumber, _ asked: SequenceNumber) {
        sequence("reached", reached)
        sequence("asked", asked)
    }

    private mutating func limitData(_ limit: Int) {
        key("limit")
        integer(limit)
    }

    private mutating func peerData(_ peer: UInt32) {
        key("peer")
        integer(Int64(peer))
    }

    private mutating func offsetData(_ offset: Int) {
        key("offset")
        integer(offset)
    }

    mutating func sequence(_ name: StaticString, _ number: SequenceNumber) {
        key(name)
        sequence(number)
    }
}
