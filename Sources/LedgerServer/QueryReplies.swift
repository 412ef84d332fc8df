import JSONText
import LedgerModel
import LedgerRPC
import ReadModels

extension RPCError {
    init(_ error: QueryError, in query: Query) {
        switch error {
        case .unknownQuery(let name): self = .unknownMethod(name)
        case .missingParameter(let name): self.init(query, name, "is missing")
        case .unknownParameter(let name, _): self.init(query, name, "is not a field here")
        case .wrongType(let name, let expected): self.init(query, name, "must be of the type \(expected.rawValue)")
        case .outOfRange(let name, let range): self.init(query, name, "must be \(range.lowerBound) to \(range.upperBound)")
        case .noChoice(let name, let choices): self.init(query, name, "must be one of \(choices.joined(separator: ", "))")
        case .badCount(let name, let range):
            self.init(query, name, "must have \(range.lowerBound) to \(range.upperBound) values")
        case .badCursor: self.init(query, "cursor", "is not one that this query gave")
        case .lagging(let reached, let asked): self = .lagging(reached: reached, asked: asked)
        case .rebuilding: self = .notReady(error.description)
        case .timeLimit: self = .timeLimit
        case .tooLarge: self = .tooLarge(error.description, limit: RPCBounds.lineByteCountMax)
        case .failed: self = .internalError(error.description)
        }
    }

    private init(_ query: Query, _ field: String, _ reason: String) {
        self = .invalidParameters(method: query.name, field: field, reason: reason, fields: Method(query).parameters.map(\.name))
    }
}

extension Method {
    /// A read model's query as a method: its own parameters, and what every query takes.
    init(_ query: Query) {
        let page =
            query.page.isEmpty
            ? []
            : [
                Parameter(
                    "cursor", .text(byteCountMax: nil), isRequired: false, "Where the next page begins: next of the page before")
            ]
        let caughtUp = Parameter(
            "minSeq", .integer(1...Int64(Amount.max.rawValue)), isRequired: false, "Waits until the read model has come this far")
        self.init(
            name: query.name, sentence: query.sentence, parameters: query.parameters.map(Parameter.init) + page + [caughtUp],
            result: "asOf, rows of " + query.columns.map(\.name).joined(separator: ", ") + ", next")
    }
}

extension Parameter {
    fileprivate init(_ parameter: Query.Parameter) {
        self.init(parameter.name, ValueType(parameter), isRequired: parameter.isRequired, parameter.defaultSentence)
    }
}

extension ValueType {
    fileprivate init(_ parameter: Query.Parameter) {
        switch parameter.type {
        case .integer: self = .integer(parameter.range ?? .min ... .max)
        case .timestamp: self = .timestamp
        case .day: self = .day
        case .boolean: self = .boolean
        case .text where !parameter.choices.isEmpty: self = .choice(parameter.choices)
        case .text, .json: self = .text(byteCountMax: nil)
        case .texts:
            self = .array(
                parameter.choices.isEmpty ? .text(byteCountMax: nil) : .choice(parameter.choices),
                count: 1...RPCBounds.queryListCountMax)
        }
    }
}

extension Query.Parameter {
    fileprivate var defaultSentence: String {
        switch defaultValue {
        case .integer(let value): "\(value) when absent"
        case .text(let text): "\(text) when absent"
        case .texts(let texts): "\(texts.joined(separator: " and ")) when absent"
        case .boolean(let value): "\(value) when absent"
        case .null: isRequired ? "Must be given" : "May be left out"
        }
    }
}
