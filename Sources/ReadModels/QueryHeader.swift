/// Reads the comment that heads a query's file.
///
/// ```
/// -- What the query answers, in one sentence or several lines.
/// -- param tenant text required
/// -- param limit integer default 50 max 1000
/// -- returns seq integer, at timestamp, id text
/// -- page seq down
/// SELECT ...
/// ```
struct QueryHeader {
    private(set) var sentence: [Substring] = []
    private(set) var parameters: [Query.Parameter] = []
    private(set) var columns: [Query.Column] = []
    private(set) var page: [Query.PageKey] = []

    /// A line of the header that cannot be read.
    struct Fault: Error {
        /// Counted from 1.
        let line: Int
        let reason: String
    }

    /// What is wrong with a line.
    struct Reason: Error {
        let words: String
        init(_ words: String) { self.words = words }
    }

    init(_ text: String) throws(Fault) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("--") else { break }
            do { try read(line.dropFirst(2)) } catch { throw Fault(line: index + 1, reason: error.words) }
        }
        if let reason = contradiction { throw Fault(line: 1, reason: reason) }
    }

    private mutating func read(_ line: Substring) throws(Reason) {
        let words = line.split(separator: " ")
        switch words.first {
        case "param": parameters.append(try Query.Parameter(header: words.dropFirst()))
        case "returns": for column in QueryHeader.list(words.dropFirst()) { columns.append(try QueryHeader.column(column)) }
        case "page": for key in QueryHeader.list(words.dropFirst()) { page.append(try QueryHeader.pageKey(key)) }
        case nil: break
        default: sentence.append(line.drop { $0 == " " })
        }
    }

    /// The words between commas.
    private static func list(_ words: ArraySlice<Substring>) -> [[Substring]] {
        words.joined(separator: " ").split(separator: ",").map { item in item.split(separator: " ").map { Substring(String($0)) }
        }
    }

    static func name(_ word: Substring) throws(Reason) -> String {
        guard let first = word.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            word.utf8.allSatisfy({ $0 < 0x80 && Character(Unicode.Scalar($0)).isLetter || (0x30...0x39).contains($0) }),
            word.utf8.count <= 64
        else { throw Reason("\"\(word)\" is not a name: a small letter, then letters and digits, 64 at most") }
        return String(word)
    }

    static func type(_ word: Substring?) throws(Reason) -> Query.ValueType {
        guard let word, let type = Query.ValueType(rawValue: String(word)) else {
            throw Reason("\"\(word ?? "")\" is not a type: \(Query.ValueType.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return type
    }

    private static func column(_ words: [Substring]) throws(Reason) -> Query.Column {
        guard words.count == 2, words[1] != "texts" else { throw Reason("a column is a name and a type, which is not texts") }
        return Query.Column(name: try name(words[0]), type: try type(words[1]))
    }

    private static func pageKey(_ words: [Substring]) throws(Reason) -> Query.PageKey {
        guard words.count == 2, ["up", "down"].contains(words[1]) else {
            throw Reason("a page key is a column and `up` or `down`")
        }
        return Query.PageKey(column: try name(words[0]), isDescending: words[1] == "down")
    }

    /// What two lines contradict each other in; nil when all agree.
    private var contradiction: String? {
        if sentence.isEmpty { return "the first comment must say what the query answers" }
        if columns.isEmpty { return "a query declares its columns: -- returns name type, ..." }
        if Set(parameters.map(\.name)).count < parameters.count { return "a parameter is declared twice" }
        if Set(columns.map(\.name)).count < columns.count { return "a column is declared twice" }
        if let key = page.first(where: { key in !columns.contains { $0.name == key.column } }) {
            return "the page key \(key.column) is not among the columns"
        }
        return page.isEmpty || hasPageSize
            ? nil
            : "a query with pages declares: -- param limit integer default N min 1 max N, and N is at most \(QueryHeader.pageRowCountMax)"
    }

    private var hasPageSize: Bool {
        guard let limit = parameters.first(where: { $0.name == Query.limit }), let range = limit.range else { return false }
        return limit.type == .integer && limit.defaultValue != .null
            && (1...QueryHeader.pageRowCountMax).contains(range.upperBound)
    }

    private static let pageRowCountMax = Int64(ReadModelBounds.standard.rowCountMax)
}
