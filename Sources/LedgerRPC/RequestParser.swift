import EventCodec
import JSONText
import LedgerModel

/// Reads the requests of one line (JSON-RPC 2.0, sections 4 and 6).
///
/// A request whose members stand in the usual order is read in one pass. On any fault in it, and for every other order, the line is
/// read again by the exact way, which alone tells errors: first whether the line is JSON at all, then whether each request is one,
/// then its method, then its fields in the order of the text.
public struct RequestParser: Sendable {
    private let calls: CallReader

    /// `queries` are the names of the methods that read models answer, `peer` the user id of whoever sends.
    public init(queries: Set<String>, peer: UInt32) { calls = CallReader(queries: queries, peer: peer) }

    /// Hands over each request of a line, in order. A line with nothing that can be told apart gives one error without id.
    public func parse(_ line: UnsafeRawBufferPointer, _ take: (IncomingRequest) -> Void) {
        if let request = usualRequest(line) { take(request) } else { parseExactly(line, take) }
    }

    // MARK: The usual order

    private func usualRequest(_ line: UnsafeRawBufferPointer) -> IncomingRequest? {
        do {
            var reader = JSONReader(line)
            let request = try usualRequest(&reader)
            try reader.finish()
            return request
        } catch {
            return nil
        }
    }

    private func usualRequest(_ reader: inout JSONReader) throws -> IncomingRequest? {
        var id: RequestID?
        var method: String?
        var call: RPCCall?
        var hasVersion = false
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "jsonrpc" where !hasVersion: hasVersion = try reader.string() == "2.0"
            case "id" where id == nil: id = RequestID(&reader)
            case "method" where method == nil: method = try reader.string()
            case "params" where call == nil:
                call = try method.flatMap { method throws(FieldError) in try calls.read(method, &reader) }
            default: return nil
            }
        }
        guard hasVersion, let id, let call else { return nil }
        return IncomingRequest(id: id, call: .success(call))
    }

    // MARK: The exact way

    func parseExactly(_ line: UnsafeRawBufferPointer, _ take: (IncomingRequest) -> Void) {
        do {
            var reader = JSONReader(line)
            let isArray = try reader.peekType() == .array
            try reader.skipAnyValue()
            try reader.finish()
            reader = JSONReader(line)
            if isArray { try parseArray(&reader, take) } else { take(request(&reader)) }
        } catch {
            take(IncomingRequest(id: .null, call: .failure(.notJSON(error))))
        }
    }

    private func parseArray(_ reader: inout JSONReader, _ take: (IncomingRequest) -> Void) throws(JSONError) {
        var elements: [JSONReader] = []
        try reader.beginArray()
        while try reader.nextElement() {
            if elements.count == RPCBounds.arrayCountMax {
                return refuse(.tooLarge("more requests in one array", limit: RPCBounds.arrayCountMax), take)
            }
            elements.append(reader)
            try reader.skipAnyValue()
        }
        if elements.isEmpty { return refuse(.invalidRequest("the array is empty"), take) }
        for var element in elements { take(request(&element)) }
    }

    private func refuse(_ error: RPCError, _ take: (IncomingRequest) -> Void) {
        take(IncomingRequest(id: .null, call: .failure(error)))
    }

    private func request(_ reader: inout JSONReader) -> IncomingRequest {
        let members: RequestMembers
        do { members = try RequestMembers(&reader) } catch { return IncomingRequest(id: .null, call: .failure(.notJSON(error))) }
        do {
            return IncomingRequest(id: members.hasID ? members.id : nil, call: .success(try calls.read(members)))
        } catch {
            return IncomingRequest(id: members.id ?? .null, call: .failure(error))
        }
    }
}

/// The members of one request, found and not yet read.
struct RequestMembers {
    /// The first thing that makes this no request.
    private(set) var fault: String?
    private(set) var hasID = false
    private(set) var id: RequestID?
    private var version: JSONReader?
    private var method: JSONReader?
    private(set) var params: JSONReader?

    init(_ reader: inout JSONReader) throws(JSONError) {
        if try reader.peekType() != .object {
            fault = "must be an object or an array of objects"
            try reader.skipAnyValue()
            return
        }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            note(key, reader)
            try reader.skipAnyValue()
        }
    }

    private mutating func note(_ key: JSONKey, _ value: JSONReader) {
        switch key {
        case "jsonrpc" where version == nil: version = value
        case "method" where method == nil: method = value
        case "params" where params == nil: params = value
        case "id" where !hasID:
            hasID = true
            var value = value
            id = RequestID(&value)
        case "jsonrpc", "method", "params", "id": fault = fault ?? "\(key.text) stands there twice"
        default: fault = fault ?? "\(quoted(key.text)) is not a member of a request"
        }
    }

    /// The method's name, once everything around it is as JSON-RPC wants it.
    func checkedMethod() throws(RPCError) -> String {
        if let fault { throw .invalidRequest(fault) }
        if hasID, id == nil {
            throw .invalidRequest("id must be an integer, null or at most \(RPCBounds.idByteCountMax) bytes of text")
        }
        guard RequestMembers.text(version) == "2.0" else { throw .invalidRequest("jsonrpc must be \"2.0\"") }
        guard let method = RequestMembers.text(method) else { throw .invalidRequest("method must be there, and be a string") }
        return method
    }

    private static func text(_ reader: JSONReader?) -> String? {
        guard var reader else { return nil }
        return try? reader.string()
    }
}

extension JSONReader {
    /// Passes over a value and checks its grammar only. Keys that repeat are let through: those who read the object tell of them.
    mutating func skipAnyValue() throws(JSONError) {
        switch try peekType() {
        case .object:
            try beginObject()
            while try nextKey() != nil { try skipAnyValue() }
        case .array:
            try beginArray()
            while try nextElement() { try skipAnyValue() }
        case .string, .number, .boolean, .null: try rawValue()
        }
    }
}
