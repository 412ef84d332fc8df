import EventCodec
import JSONText
import LedgerModel

/// Reads the parameters of each method into what it asks for.
struct CallReader: Sendable {
    let queries: Set<String>
    let peer: UInt32

    /// What the members of a request ask for, or the error that tells why it cannot be done.
    func read(_ members: RequestMembers) throws(RPCError) -> RPCCall {
        let method = try members.checkedMethod()
        var params = members.params ?? CallReader.noParams
        let call: RPCCall?
        do { call = try read(method, &params) } catch {
            throw RPCError(error, method: method, fields: Method.fieldNames(of: method))
        }
        guard let call else { throw .unknownMethod(method) }
        return call
    }

    /// Nil when there is no such method.
    func read(_ method: String, _ params: inout JSONReader) throws(FieldError) -> RPCCall? {
        if let method = CommandMethod(rawValue: method) { return .command(try request(method, &params)) }
        if let method = LedgerMethod(rawValue: method) { return try params.call(method) }
        if let method = ExportMethod(rawValue: method) { return .export(try params.call(method, queries: queries)) }
        if let method = WhatIfMethod(rawValue: method) { return .whatIf(try params.call(method)) }
        if let method = RebuildMethod(rawValue: method) { return .rebuild(try params.call(method)) }
        if queries.contains(method) { return .query(method: method, try params.queryParameters()) }
        return nil
    }

    private func request(_ method: CommandMethod, _ params: inout JSONReader) throws(FieldError) -> Request {
        var head = CommandHead()
        let command = try params.command(method, &head)
        return Request(tenant: head.tenant!, id: head.id!, body: command.body, peer: peer, actor: head.actor, command: command)
    }

    /// What stands for params that are not there.
    private static var noParams: JSONReader {
        let text: StaticString = "{}"
        return JSONReader(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension JSONReader {
    /// A flat object; what it may hold beside `cursor` and `minSeq` is the query's to say.
    fileprivate mutating func queryParameters() throws(FieldError) -> QueryParameters {
        var parameters = QueryParameters()
        var seen: Set<String> = []
        try object("params") { (key, reader) throws(FieldError) in
            let name = key.text
            if !seen.insert(name).inserted { throw .shape(field: quoted(name), reason: "stands there twice") }
            if name.utf8.count > RPCBounds.parameterNameByteCountMax { throw .unknown(quoted(name)) }
            switch key {
            case "minSeq": parameters.minSeq = try reader.sequence("minSeq")
            case "cursor": parameters.cursor = try reader.cursor()
            default: parameters.values[name] = try reader.queryValue(name)
            }
        }
        return parameters
    }

    private mutating func cursor() throws(FieldError) -> String? {
        switch try queryValue("cursor") {
        case .text(let cursor): return cursor
        case .null: return nil
        case .integer, .texts, .boolean: throw .shape(field: "cursor", reason: "must be a string or null")
        }
    }

    /// A value given to a query: what its type must be is the query's to say.
    mutating func queryValue(_ name: String) throws(FieldError) -> QueryParameters.Value {
        do throws(FieldError) {
            switch (try? peekType()) ?? .object {
            case .number: return .integer(try int64(""))
            case .string: return .text(try text(""))
            case .null:
                _ = try json("", byteCountMax: 4)
                return .null
            case .boolean: return .boolean(try flag(""))
            case .array:
                return .texts(
                    try elements("", countMax: RPCBounds.queryListCountMax) { (reader) throws(FieldError) in try reader.text("") }
                )
            case .object:
                throw .shape(field: "", reason: "must be an integer, a string, true or false, an array of strings or null")
            }
        } catch .shape(let place, let reason), .value(let place, let reason) {
            throw .shape(field: quoted(name) + place, reason: reason)
        } catch { throw error }
    }
}
