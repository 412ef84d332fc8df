public import JSONText

/// What a client names a request by, given back with the answer (JSON-RPC 2.0, section 4).
public enum RequestID: Hashable, Sendable {
    case integer(Int64)
    case text(String)
    case null

    /// Reads an integer, a string of bounded length or null; anything else is nil.
    init?(_ reader: inout JSONReader) {
        guard let id = try? RequestID.read(&reader) else { return nil }
        self = id
    }

    private static func read(_ reader: inout JSONReader) throws(JSONError) -> RequestID? {
        switch try reader.peekType() {
        case .number: return .integer(try reader.integer())
        case .string:
            let text = try reader.string()
            return text.utf8.count <= RPCBounds.idByteCountMax ? .text(text) : nil
        case .null: return try reader.null() ? .null : nil
        case .object, .array, .boolean: return nil
        }
    }
}

extension JSONWriter {
    public mutating func requestID(_ id: RequestID) {
        switch id {
        case .integer(let value): integer(value)
        case .text(let text): string(text)
        case .null: null()
        }
    }
}
