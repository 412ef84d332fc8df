import ArgumentParser
import LedgerClient

/// A query's parameter on the command line: `account=u-7`.
struct ExportParameter: ExpressibleByArgument, Hashable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }

    /// The parameters as the query's method takes them. One that it does not have stays a text: the daemon says so, and what it does have.
    ///
    /// - Parameter description: the answer of `rpc.discover`.
    static func object(
        _ parameters: [ExportParameter], for query: String, describedBy description: JSONValue
    ) throws(Failure) -> JSONValue {
        let method = description["methods"]?.elements?.first { $0["name"]?.string == query }
        let schemas = method?["params"]?.elements ?? []
        var members: [JSONValue.Member] = []
        for parameter in parameters {
            let schema = schemas.first { $0["name"]?.string == parameter.name }?["schema"]
            let place = members.firstIndex { $0.key == parameter.name }
            let value = try parameter.json(schema)
            switch (place, value) {
            case (nil, _): members.append(JSONValue.Member(parameter.name, value))
            case (let place?, .array(let more)): members[place].value = .array((members[place].value.elements ?? []) + more)
            case (.some, _): throw .usage("\(parameter.name) is given twice, and is no list.")
            }
        }
        return .object(members)
    }

    private func json(_ schema: JSONValue?) throws(Failure) -> JSONValue {
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
