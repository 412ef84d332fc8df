import EventCodec
import JSONText
import LedgerModel

/// The methods by which all rows of a query are fetched, a chunk at a time.
public enum ExportMethod: String, Sendable, CaseIterable {
    case begin = "export"
    case next = "export.next"
    case end = "export.end"
}

/// What is asked of an export.
public enum ExportCall: Hashable, Sendable {
    /// Every row of a query, as of now.
    case begin(query: String, QueryParameters)
    /// The rows behind those that were sent; the number is the one that the export began with.
    case next(Int64)
    /// No more of it.
    case end(Int64)
}

extension Shape {
    static func of(_ method: ExportMethod) -> Shape {
        switch method {
        case .begin: beginExport
        case .next, .end: export
        }
    }

    private static let beginExport = Shape([
        .required(
            "query", .text(byteCountMax: RPCBounds.queryNameByteCountMax), "A query of a read model, such as usage.history"),
        .optional("params", .fields, "The query's parameters, without limit, cursor and minSeq"),
        .optional("minSeq", .positive, "Waits until the read model has come this far"),
    ])
    private static let export = Shape([.required("export", .positive, "The number that export answered")])
}

extension ExportMethod {
    var told: (sentence: String, result: String) {
        switch self {
        case .begin:
            (
                "Begins to fetch all rows of a query, without pages and as of one sequence number; they are fetched with export.next",
                "export, asOf, columns of name and type"
            )
        case .next:
            (
                "The next rows of an export: at most 1,000 and about a mebibyte",
                "rows, each an array in the order of columns; done"
            )
        case .end: ("Ends an export before all its rows are fetched", "nothing")
        }
    }
}

extension JSONReader {
    /// - Parameter queries: the queries there are.
    mutating func call(_ method: ExportMethod, queries: Set<String>) throws(FieldError) -> ExportCall {
        switch method {
        case .begin: try beginExport(queries)
        case .next: .next(try exportNumber(method))
        case .end: .end(try exportNumber(method))
        }
    }

    private mutating func beginExport(_ queries: Set<String>) throws(FieldError) -> ExportCall {
        var query = ""
        var parameters = QueryParameters()
        var minSeq: SequenceNumber?
        try fields(of: .of(ExportMethod.begin), in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "query": query = try reader.text("query")
            case "minSeq": minSeq = try reader.sequence("minSeq")
            default: parameters.values = try reader.exportParameters()
            }
        }
        if !queries.contains(query) { throw .shape(field: "query", reason: "is not a query there is: \(quoted(query))") }
        parameters.minSeq = minSeq
        return .begin(query: query, parameters)
    }

    private mutating func exportParameters() throws(FieldError) -> [String: QueryParameters.Value] {
        var values: [String: QueryParameters.Value] = [:]
        try object("params") { (key, reader) throws(FieldError) in
            let name = key.text
            if values[name] != nil { throw FieldError.shape(field: quoted(name), reason: "stands there twice").inside("params") }
            if name.utf8.count > RPCBounds.parameterNameByteCountMax { throw FieldError.unknown(quoted(name)).inside("params") }
            do throws(FieldError) { values[name] = try reader.queryValue(name) } catch { throw error.inside("params") }
        }
        return values
    }

    private mutating func exportNumber(_ method: ExportMethod) throws(FieldError) -> Int64 {
        var number: Int64 = 0
        try fields(of: .of(method), in: "params") { (_, reader) throws(FieldError) in
            number = try reader.int64("export")
        }
        return number
    }
}
