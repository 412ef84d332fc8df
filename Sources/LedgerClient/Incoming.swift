import JSONText

/// What the daemon sends: an answer to a call, or a notification.
enum Incoming {
    /// The number is nil when the daemon could not tell which request it is about.
    case answer(number: Int64?, Result<JSONValue, RPCError>)
    /// The parameters as they stand in the line.
    case notification(method: String, params: String)

    static func read(_ line: UnsafeRawBufferPointer) -> Result<Incoming, StreamError> {
        Result { () throws(StreamError) in
            var message = Message()
            do { try message.read(line) } catch { throw .notUnderstood("\(error)") }
            return try message.incoming()
        }
    }

    /// The members of a message as they are met, in any order.
    private struct Message {
        var number: Int64?
        var result: JSONValue?
        var error: JSONValue?
        var method: String?
        var params = "null"

        mutating func read(_ line: UnsafeRawBufferPointer) throws(JSONError) {
            var reader = JSONReader(line)
            try reader.beginObject()
            while let key = try reader.nextKey() { try read(key, from: &reader) }
            try reader.finish()
        }

        private mutating func read(_ key: JSONKey, from reader: inout JSONReader) throws(JSONError) {
            switch key {
            case "id": number = try reader.null() ? nil : try reader.integer()
            case "result": result = try JSONValue(parsing: reader.rawValue())
            case "error": error = try JSONValue(parsing: reader.rawValue())
            case "method": method = try reader.string()
            case "params": params = String(decoding: try reader.rawValue(), as: UTF8.self)
            default: try reader.rawValue()
            }
        }

        func incoming() throws(StreamError) -> Incoming {
            if let method { return .notification(method: method, params: params) }
            if let result { return .answer(number: number, .success(result)) }
            guard let error, let code = error["code"]?.integer, let message = error["message"]?.string else {
                throw .notUnderstood("a message without result, error and method")
            }
            return .answer(number: number, .failure(RPCError(code: Int(code), message: message, data: error["data"])))
        }
    }
}

/// A request: a method with its parameters.
public struct Call: Hashable, Sendable {
    public var method: String
    /// An object, as every method of the daemon wants it.
    public var params: JSONValue

    public init(_ method: String, _ params: JSONValue = [:]) {
        self.method = method
        self.params = params
    }

    /// The call as a line of JSON-RPC 2.0, with its line feed.
    func line(number: Int64) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.key("jsonrpc")
        writer.string("2.0")
        writer.key("id")
        writer.integer(number)
        writer.key("method")
        writer.string(method)
        writer.key("params")
        params.write(to: &writer)
        writer.endObject()
        writer.endLine()
        return Array(writer.bytes)
    }
}
