import JSONText
import LedgerModel
import LedgerRPC
import ReadModels

extension RPCError {
    /// Why a query is not answered.
    init(_ error: QueryError, in query: Query) { self.init(error, method: query.name, Method(query).parameters.map(\.name)) }

    /// Why an export of a query does not begin, or go on.
    init(_ error: QueryError, exporting query: Query) {
        self.init(error, method: "export of " + query.name, query.exportParameters.map(\.name))
    }

    private init(_ error: QueryError, method: String, _ fields: [String]) {
        switch error {
        case .unknownQuery(let name): self = .unknownMethod(name)
        case .missingParameter, .unknownParameter, .wrongType, .outOfRange, .noChoice, .tooLong, .badCount, .badCursor:
            self = .invalidParameters(method: method, field: error.parameter ?? "", reason: error.reason ?? "", fields: fields)
        case .lagging(let reached, let asked): self = .lagging(reached: reached, asked: asked)
        case .rebuilding: self = .notReady(error.description)
        case .timeLimit: self = .timeLimit
        case .tooLarge: self = .tooLarge(error.description, limit: RPCBounds.lineByteCountMax)
        case .failed: self = .internalError(error.description)
        }
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
