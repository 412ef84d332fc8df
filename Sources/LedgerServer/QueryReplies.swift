import JSONText
import LedgerModel
import LedgerRPC
import ReadModels

extension RPCError {
    init(_ error: QueryError, in query: Query?) {
        switch error {
        case .unknownQuery(let name): self = .unknownMethod(name)
        case .missingParameter, .unknownParameter, .wrongType, .outOfRange, .badCursor: self.init(parameterOf: query, error)
        case .lagging(let reached, let asked): self = .lagging(reached: reached, asked: asked)
        case .rebuilding: self = .notReady(error.description)
        case .timeLimit: self = .timeLimit
        case .tooLarge: self = .tooLarge(error.description, limit: RPCBounds.lineByteCountMax)
        case .failed: self = .internalError(error.description)
        }
    }

    private init(parameterOf query: Query?, _ error: QueryError) {
        self = .invalidParameters(
            method: query?.name ?? "", field: error.parameter ?? "", reason: error.description,
            fields: query.map { Method($0).parameters.map(\.name) } ?? [])
    }
}

extension Method {
    /// A read model's query as a method: its own parameters, and what every query takes.
    init(_ query: Query) {
        let page = query.page.isEmpty ? [] : [Parameter("cursor", .text(byteCountMax: nil), isRequired: false, "Where the next page begins: next of the page before")]
        let caughtUp = Parameter("minSeq", .integer(1...Int64(Amount.max.rawValue)), isRequired: false, "Waits until the read model has come this far")
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
        case .text, .json: self = .text(byteCountMax: nil)
        }
    }
}

extension Query.Parameter {
    fileprivate var defaultSentence: String {
        switch defaultValue {
        case .integer(let value): "\(value) when absent"
        case .text(let text): "\(text) when absent"
        case .null: isRequired ? "Must be given" : "May be left out"
        }
    }
}
