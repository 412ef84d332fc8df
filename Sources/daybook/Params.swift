import LedgerClient

/// Anything that can be a parameter.
protocol ParamValue {
    var json: JSONValue { get }
}

extension JSONValue: ParamValue { var json: JSONValue { self } }
extension String: ParamValue { var json: JSONValue { .string(self) } }
extension Int64: ParamValue { var json: JSONValue { .integer(self) } }
extension Bool: ParamValue { var json: JSONValue { .boolean(self) } }
extension Seconds: ParamValue { var json: JSONValue { .integer(count) } }
extension CivilDate: ParamValue { var json: JSONValue { .string(description) } }
extension Instant: ParamValue { var json: JSONValue { .string(description) } }

/// The parameters of a method, in order. What is nil is left out.
struct Params: ExpressibleByDictionaryLiteral {
    private(set) var members: [JSONValue.Member]

    init(dictionaryLiteral members: (String, (any ParamValue)?)...) {
        self.members = members.compactMap { name, value in value.map { JSONValue.Member(name, $0.json) } }
    }

    init(_ members: [JSONValue.Member]) { self.members = members }

    static func + (left: Params, right: Params) -> Params {
        var all = left
        all.members += right.members
        return all
    }

    var object: JSONValue { .object(members) }
}
