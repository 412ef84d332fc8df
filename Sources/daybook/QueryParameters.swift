import LedgerClient

/// A query's parameters as they are given on the command line: `account=u-7`; one that is a list once for each value.
extension [Assignment] {
    /// The parameters as the query's method takes them. One that it does not have stays a text: the daemon says so, and what it does have.
    ///
    /// - Parameter description: the answer of `rpc.discover`.
    func params(of query: String, describedBy description: JSONValue) throws(Failure) -> Params {
        let method = description["methods"]?.elements?.first { $0["name"]?.string == query }
        let schemas = method?["params"]?.elements ?? []
        var params: [JSONValue.Member] = []
        for assignment in self {
            let schema = schemas.first { $0["name"]?.string == assignment.name }?["schema"]
            let place = params.firstIndex { $0.key == assignment.name }
            let value = try assignment.json(schema)
            switch (place, value) {
            case (nil, _): params.append(JSONValue.Member(assignment.name, value))
            case (let place?, .array(let more)): params[place].value = .array((params[place].value.elements ?? []) + more)
            case (.some, _): throw .usage("\(assignment.name) is given twice, and is no list.")
            }
        }
        return Params(params)
    }
}

extension Assignment {
    fileprivate func json(_ schema: JSONValue?) throws(Failure) -> JSONValue {
        switch schema?["type"]?.string {
        case "integer":
            guard let number = Int64(value) else { throw .usage("\(name) is an integer, not \"\(value)\".") }
            return .integer(number)
        case "boolean":
            guard let isSo = Bool(value) else { throw .usage("\(name) is true or false, not \"\(value)\".") }
            return .boolean(isSo)
        case "array": return [.string(value)]
        case "string" where schema?["format"]?.string == "date-time":
            return .string(Instant(argument: value)?.description ?? value)
        default: return .string(value)
        }
    }
}
