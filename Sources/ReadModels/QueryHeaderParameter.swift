/// A line such as `-- param limit integer default 50 min 1 max 1000`.
extension Query.Parameter {
    /// - Parameter words: what stands behind `param`.
    init(header words: ArraySlice<Substring>) throws(QueryHeader.Reason) {
        guard let first = words.first else { throw QueryHeader.Reason("a parameter has a name and a type") }
        let (name, type) = (try QueryHeader.name(first), try QueryHeader.type(words.dropFirst().first))
        if ["now", "minSeq", "cursor"].contains(name) {
            throw QueryHeader.Reason("the parameter \(name) is there without being declared")
        }
        if type == .json { throw QueryHeader.Reason("a parameter is text, texts, integer, boolean, timestamp or day") }
        let options = try ParameterOptions(words.dropFirst(2))
        self.init(
            name: name, type: type, isRequired: options.isRequired,
            defaultValue: try options.defaultValue.map { (word) throws(QueryHeader.Reason) in try type.value(word) } ?? .null,
            range: try options.range(of: type), choices: try options.choices(of: type))
        try checkDefault()
    }

    /// A default is held to what a client is held to.
    private func checkDefault() throws(QueryHeader.Reason) {
        if defaultValue == .null { return }
        if isRequired { throw QueryHeader.Reason("\(name) is required, and so has no default") }
        do { _ = try bound(defaultValue) } catch {
            throw QueryHeader.Reason("the default of \(name) \(error.reason ?? "is wrong")")
        }
    }
}

/// What stands behind a parameter's name and type.
private struct ParameterOptions {
    private(set) var isRequired = false
    private(set) var defaultValue: Substring?
    private var choices: Substring?
    private var min: Int64?
    private var max: Int64?

    init(_ words: ArraySlice<Substring>) throws(QueryHeader.Reason) {
        var (rest, seen) = (words, Set<Substring>())
        while let option = rest.popFirst() {
            if !seen.insert(option).inserted { throw QueryHeader.Reason("\(option) stands there twice") }
            switch option {
            case "required": isRequired = true
            case "default": defaultValue = try ParameterOptions.word(after: option, &rest)
            case "oneof": choices = try ParameterOptions.word(after: option, &rest)
            case "min": min = try ParameterOptions.integer(after: option, &rest)
            case "max": max = try ParameterOptions.integer(after: option, &rest)
            default: throw QueryHeader.Reason("\"\(option)\" is not an option: required, default, min, max, oneof")
            }
        }
    }

    private static func word(after option: Substring, _ rest: inout ArraySlice<Substring>) throws(QueryHeader.Reason) -> Substring
    {
        guard let word = rest.popFirst() else { throw QueryHeader.Reason("\(option) is followed by a value") }
        return word
    }

    private static func integer(after option: Substring, _ rest: inout ArraySlice<Substring>) throws(QueryHeader.Reason) -> Int64
    {
        guard let value = Int64(try word(after: option, &rest)) else {
            throw QueryHeader.Reason("\(option) is followed by an integer")
        }
        return value
    }

    /// From 0 when only `max` is there, unless that is below; without end when only `min` is.
    func range(of type: Query.ValueType) throws(QueryHeader.Reason) -> ClosedRange<Int64>? {
        if min == nil, max == nil { return nil }
        if type != .integer { throw QueryHeader.Reason("min and max go with integer") }
        let (low, high) = (min ?? Swift.min(0, max ?? 0), max ?? .max)
        if low > high { throw QueryHeader.Reason("min \(low) is above max \(high)") }
        return low...high
    }

    func choices(of type: Query.ValueType) throws(QueryHeader.Reason) -> [String] {
        guard let choices else { return [] }
        if type != .text, type != .texts { throw QueryHeader.Reason("oneof goes with text and texts") }
        let texts = choices.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        if texts.contains("") { throw QueryHeader.Reason("oneof is followed by texts with | between them: a|b|c") }
        if Set(texts).count < texts.count { throw QueryHeader.Reason("oneof names a text twice") }
        return texts
    }
}

extension Query.ValueType {
    /// A value of a parameter as a header says it: one word; a list has | between its texts.
    fileprivate func value(_ word: Substring) throws(QueryHeader.Reason) -> QueryValue {
        switch self {
        case .integer:
            guard let value = Int64(word) else { throw QueryHeader.Reason("the default of an integer is an integer") }
            return .integer(value)
        case .boolean:
            guard let value = Bool(String(word)) else { throw QueryHeader.Reason("the default of a boolean is true or false") }
            return .boolean(value)
        case .texts: return .texts(word.split(separator: "|").map(String.init))
        case .text, .timestamp, .day, .json: return .text(String(word))
        }
    }
}
