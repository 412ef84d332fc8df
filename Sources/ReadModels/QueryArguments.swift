import JSONText
import LedgerModel

/// A query's parameters with their values, checked against its header.
struct QueryArguments {
    /// Every parameter of the statement, by name.
    private(set) var values: [String: Statement.Value] = [:]
    /// Rows of a page; nil when the query has no pages.
    let pageRowCount: Int?

    /// For one page, or for the whole answer of a query that has none.
    init(_ query: Query, _ given: [String: QueryValue], cursor: String?, now: Timestamp) throws(QueryError) {
        values = try QueryArguments.values(of: query.parameters, given)
        values[Query.now] = .integer(now.rawValue)
        pageRowCount = try QueryArguments.limit(of: query, in: values)
        if let pageRowCount { values[Query.limit] = .integer(Int64(pageRowCount) + 1) }
        try setPlace(query, cursor)
    }

    /// For all rows of a query: it has no pages, and so no `limit`.
    init(allRowsOf query: Query, _ given: [String: QueryValue], now: Timestamp) throws(QueryError) {
        values = try QueryArguments.values(of: query.exportParameters, given)
        values[Query.now] = .integer(now.rawValue)
        pageRowCount = nil
        if !query.page.isEmpty { values[Query.limit] = .integer(.max) }
        try setPlace(query, nil)
    }

    private static func values(
        of parameters: [Query.Parameter], _ given: [String: QueryValue]
    ) throws(QueryError) -> [String: Statement.Value] {
        for name in given.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
            throw .unknownParameter(name, known: parameters.map(\.name))
        }
        var values: [String: Statement.Value] = [:]
        for parameter in parameters { values[parameter.name] = try parameter.value(given[parameter.name] ?? .null) }
        return values
    }

    private static func limit(of query: Query, in values: [String: Statement.Value]) throws(QueryError) -> Int? {
        guard !query.page.isEmpty, case .integer(let limit) = values[Query.limit] else { return nil }
        if limit < 1 {
            throw .outOfRange(Query.limit, 1...(query.parameters.first { $0.name == Query.limit }?.range?.upperBound ?? 1))
        }
        return Int(limit)
    }

    // MARK: Pages

    /// Where the page begins: behind the last row of the page before, or before all rows.
    private mutating func setPlace(_ query: Query, _ cursor: String?) throws(QueryError) {
        if cursor != nil, query.page.isEmpty { throw .badCursor }
        let keys = query.page.map { key in (key, query.columns.first { $0.name == key.column }?.type ?? .text) }
        let place = try cursor.map { (text) throws(QueryError) in try QueryArguments.keys(in: text, of: query, keys.map(\.1)) }
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

    /// A cursor is the JSON array of the query's name and the last row's keys.
    private static func keys(in cursor: String, of query: Query, _ types: [Query.ValueType]) throws(QueryError) -> [Statement
        .Value]
    {
        if cursor.utf8.count > ReadModelBounds.cursorByteCountMax { throw .badCursor }
        let keys = Array(cursor.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            return try? reader.keys(of: query.name, types)
        }
        guard let keys else { throw .badCursor }
        return keys
    }

    /// The cursor of a page that ends with a row. A text key that is null counts as '', for that is how a key is kept that may be missing.
    static func cursor(_ query: Query, endingWith row: Statement) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.beginArray()
        writer.string(query.name)
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

extension Query {
    /// The parameters of an export: those of the query without `limit`, where that would be the size of a page.
    public var exportParameters: [Parameter] { page.isEmpty ? parameters : parameters.filter { $0.name != Query.limit } }
}

extension Query.Parameter {
    /// What is bound for a value given, or for the default where none is.
    fileprivate func value(_ given: QueryValue) throws(QueryError) -> Statement.Value {
        if given != .null { return try bound(given) }
        if isRequired { throw .missingParameter(name) }
        return defaultValue == .null ? .null : try bound(defaultValue)
    }

    /// What is bound for a value; throws what is wrong with it.
    func bound(_ given: QueryValue) throws(QueryError) -> Statement.Value {
        switch (type, given) {
        case (.integer, .integer(let value)): return .integer(try checked(value))
        case (.text, .text(let text)): return .text(try checked(text))
        case (.texts, .texts(let texts)): return .text(try jsonArray(texts))
        case (.boolean, .boolean(let value)): return .integer(value ? 1 : 0)
        case (.timestamp, .text(let text)):
            if let instant = Timestamp(rfc3339: text) { return .integer(instant.rawValue) }
        case (.day, .text(let text)):
            if Day(text) != nil { return .text(text) }
        default: break
        }
        throw .wrongType(name, expected: type)
    }

    private func checked(_ value: Int64) throws(QueryError) -> Int64 {
        if let range, !range.contains(value) { throw .outOfRange(name, range) }
        return value
    }

    private func checked(_ text: String) throws(QueryError) -> String {
        if text.utf8.count > ReadModelBounds.textByteCountMax {
            throw .tooLong(name, byteCountMax: ReadModelBounds.textByteCountMax)
        }
        if !choices.isEmpty, !choices.contains(text) { throw .noChoice(name, choices: choices) }
        return text
    }

    private func jsonArray(_ texts: [String]) throws(QueryError) -> String {
        let counts = 1...ReadModelBounds.listCountMax
        if !counts.contains(texts.count) { throw .badCount(name, counts) }
        var writer = JSONWriter(capacity: 256)
        writer.beginArray()
        for text in texts { writer.string(try checked(text)) }
        writer.endArray()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSONReader {
    /// An array of a name and one value for each type, and nothing behind it.
    fileprivate mutating func keys(of name: String, _ types: [Query.ValueType]) throws -> [Statement.Value] {
        var keys: [Statement.Value] = []
        try beginArray()
        guard try nextElement(), try string() == name else { throw QueryError.badCursor }
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
