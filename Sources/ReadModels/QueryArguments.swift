import JSONText
import LedgerModel

/// A query's parameters with their values, checked against its header.
struct QueryArguments {
    /// Every parameter of the statement, by name.
    private(set) var values: [String: Statement.Value] = [:]
    /// Rows of a page; nil when the query has no pages.
    let pageRowCount: Int?

    init(_ query: Query, _ given: [String: QueryValue], cursor: String?, now: Timestamp) throws(QueryError) {
        for name in given.keys.sorted() where !query.parameters.contains(where: { $0.name == name }) {
            throw .unknownParameter(name, known: query.parameters.map(\.name))
        }
        for parameter in query.parameters {
            values[parameter.name] = try QueryArguments.value(of: parameter, given[parameter.name] ?? .null)
        }
        values[Query.now] = .integer(now.rawValue)
        pageRowCount = try QueryArguments.limit(of: query, in: values)
        if let pageRowCount { values[Query.limit] = .integer(Int64(pageRowCount) + 1) }
        try setPlace(query, cursor)
    }

    private static func limit(of query: Query, in values: [String: Statement.Value]) throws(QueryError) -> Int? {
        guard !query.page.isEmpty, case .integer(let limit) = values[Query.limit] else { return nil }
        if limit < 1 {
            throw .outOfRange(Query.limit, 1...(query.parameters.first { $0.name == Query.limit }?.range?.upperBound ?? 1))
        }
        return Int(limit)
    }

    private static func value(of parameter: Query.Parameter, _ given: QueryValue) throws(QueryError) -> Statement.Value {
        if given == .null {
            if parameter.isRequired { throw .missingParameter(parameter.name) }
            return parameter.defaultValue == .null ? .null : try bound(parameter, parameter.defaultValue)
        }
        return try bound(parameter, given)
    }

    private static func bound(_ parameter: Query.Parameter, _ given: QueryValue) throws(QueryError) -> Statement.Value {
        switch (parameter.type, given) {
        case (.integer, .integer(let value)):
            if let range = parameter.range, !range.contains(value) { throw .outOfRange(parameter.name, range) }
            return .integer(value)
        case (.text, .text(let text)):
            if !parameter.choices.isEmpty, !parameter.choices.contains(text) {
                throw .noChoice(parameter.name, choices: parameter.choices)
            }
            return .text(text)
        case (.texts, .texts(let texts)):
            if let fault = parameter.fault(of: texts) { throw fault }
            return .text(jsonArray(texts))
        case (.boolean, .boolean(let value)): return .integer(value ? 1 : 0)
        case (.timestamp, .text(let text)):
            if let instant = Timestamp(rfc3339: text) { return .integer(instant.rawValue) }
        case (.day, .text(let text)):
            if Day(text) != nil { return .text(text) }
        default: break
        }
        throw .wrongType(parameter.name, expected: parameter.type)
    }

    private static func jsonArray(_ texts: [String]) -> String {
        var writer = JSONWriter(capacity: 256)
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    // MARK: Pages

    /// Where the page begins: behind the last row of the page before, or before all rows.
    private mutating func setPlace(_ query: Query, _ cursor: String?) throws(QueryError) {
        if cursor != nil, query.page.isEmpty { throw .badCursor }
        let keys = query.page.map { key in (key, query.columns.first { $0.name == key.column }?.type ?? .text) }
        let place = try cursor.map { (text) throws(QueryError) in try QueryArguments.keys(in: text, types: keys.map(\.1)) }
        for (index, (key, type)) in keys.enumerated() {
            values[Query.after(key.column)] = place?[index] ?? QueryArguments.start(isDescending: key.isDescending, type)
        }
    }

    private static func start(isDescending: Bool, _ type: Query.ValueType) -> Statement.Value {
        switch (isDescending, type.isText) {
        case (true, true): .aboveAll
        case (true, false): .integer(.max)
        case (false, true): .text("")
        case (false, false): .integer(.min)
        }
    }

    /// A cursor is the JSON array of the last row's keys.
    private static func keys(in cursor: String, types: [Query.ValueType]) throws(QueryError) -> [Statement.Value] {
        let keys = Array(cursor.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            return try? reader.keys(types)
        }
        guard let keys else { throw .badCursor }
        return keys
    }

    /// The cursor of a page that ends with a row. A text key that is null counts as '', for that is how a key is kept that may be missing.
    static func cursor(_ query: Query, endingWith row: Statement) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.beginArray()
        for key in query.page {
            switch row.value(query.columns.firstIndex { $0.name == key.column } ?? 0) {
            case .integer(let value): writer.integer(value)
            case .text(let text): writer.string(text)
            case .null, .aboveAll: writer.string("")
            }
        }
        writer.endArray()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Query.Parameter {
    fileprivate func fault(of texts: [String]) -> QueryError? {
        if !(1...ReadModelBounds.listCountMax).contains(texts.count) {
            return .badCount(name, 1...ReadModelBounds.listCountMax)
        }
        if !choices.isEmpty, !texts.allSatisfy(choices.contains) { return .noChoice(name, choices: choices) }
        return nil
    }
}

extension JSONReader {
    /// An array of one value for each type, and nothing behind it.
    fileprivate mutating func keys(_ types: [Query.ValueType]) throws -> [Statement.Value] {
        var keys: [Statement.Value] = []
        try beginArray()
        for type in types {
            guard try nextElement() else { throw QueryError.badCursor }
            keys.append(type.isText ? .text(try string()) : .integer(try integer()))
        }
        if try nextElement() { throw QueryError.badCursor }
        try finish()
        return keys
    }
}

extension Query.ValueType {
    /// Whether SQLite compares it as a text.
    fileprivate var isText: Bool { self == .text || self == .day || self == .json }
}
