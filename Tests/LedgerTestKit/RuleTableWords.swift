import LedgerModel

/// The words of one line of a rule table, taken from the left.
struct Words {
    let all: [String]
    private var index = 0

    init(_ line: Substring) { self.init(line.split(whereSeparator: \.isWhitespace).flatMap(Words.withoutComma)) }
    private init(_ words: [String]) { all = words }

    /// `5 day, 6 day` is one list within another: the comma at a word's end becomes a word of its own.
    private static func withoutComma(_ word: Substring) -> [String] {
        word.count > 1 && word.last == "," ? [String(word.dropLast()), listComma] : [String(word)]
    }

    private static let listComma = "(,)"

    var isAtEnd: Bool { index == all.count }
    var peek: String? { isAtEnd ? nil : all[index] }
    var rest: String { all[index...].joined(separator: " ") }

    mutating func next() throws(Unreadable) -> String {
        guard let word = peek else { throw Unreadable("the line ends too early") }
        index += 1
        return word
    }

    /// Takes the next word if it is this one.
    mutating func take(_ word: String) -> Bool {
        guard peek == word else { return false }
        index += 1
        return true
    }

    /// Takes a comma that stands by itself, between the members of a list.
    mutating func comma() -> Bool { take(",") }

    /// Takes a comma at a word's end, between the members of a list within a member of another.
    mutating func innerComma() -> Bool { take(Words.listComma) }

    /// Takes what may be said in any order: again and again, until nothing more is understood.
    mutating func inAnyOrder(_ read: (inout Words) throws(Unreadable) -> Void) throws(Unreadable) {
        var before: Int
        repeat {
            before = index
            try read(&self)
        } while index != before
    }

    mutating func expect(_ word: String) throws(Unreadable) {
        if !take(word) { throw Unreadable("\(word) is missing before \(rest)") }
    }

    /// What is left, cut at a word that stands by itself; nothing is left then.
    mutating func takeRest(cutAt separator: String) -> [Words] {
        defer { index = all.count }
        return all[index...].split(separator: separator).map { Words(Array($0)) }
    }

    static func read<Value>(_ word: String, _ read: (String) -> Value?) throws(Unreadable) -> Value {
        guard let value = read(word) else { throw Unreadable("\(word) cannot be read") }
        return value
    }

    /// Takes the next word if it can be read.
    mutating func takeIf<Value>(_ read: (String) -> Value?) -> Value? {
        guard let value = peek.flatMap(read) else { return nil }
        index += 1
        return value
    }

    mutating func takeCase<Value: RawRepresentable<String>>(_ type: Value.Type) -> Value? { takeIf(Value.init(rawValue:)) }

    mutating func oneOf<Value: RawRepresentable<String>>(_ type: Value.Type) throws(Unreadable) -> Value {
        try Words.read(next(), Value.init(rawValue:))
    }
}

/// Names, numbers and times.
extension Words {
    mutating func name() throws(Unreadable) -> Name { try Words.read(next(), Name.init) }
    mutating func integer() throws(Unreadable) -> Int { try Words.read(next()) { Int($0) } }
    mutating func amount() throws(Unreadable) -> Amount { try Words.read(next(), Words.amount) }
    mutating func key() throws(Unreadable) -> DocumentKey { try Words.read(next(), DocumentKey.init) }
    mutating func period() throws(Unreadable) -> Period { try oneOf(Period.self) }
    mutating func time() throws(Unreadable) -> Timestamp { try Words.read(next(), Words.time) }

    /// `900`, or `15m` and the like.
    mutating func seconds() throws(Unreadable) -> Int {
        try Words.read(next()) { word in Int(word) ?? Words.seconds(word[...]).map(Int.init) }
    }

    /// `5`, or `-1` without limit.
    mutating func allotment() throws(Unreadable) -> Allotment { take("-1") ? .unlimited : .units(try amount()) }

    /// `a+b+c`, or `nothing`.
    mutating func names() throws(Unreadable) -> [Name] {
        if take("nothing") { return [] }
        var names: [Name] = []
        for word in try next().split(separator: "+") { names.append(try Words.read(String(word), Name.init)) }
        return names
    }

    /// `1_000`, or `2^53-1` for the most there is.
    static func amount(_ word: String) -> Amount? {
        word == "2^53-1" ? .max : Int64(word.filter { $0 != "_" }).flatMap { Amount(rawValue: $0) }
    }

    /// `+2d`, `-36h`, `+1d12h30m5s` from the table's start, or an RFC 3339 time.
    static func time(_ word: String) -> Timestamp? {
        if let instant = Timestamp(rfc3339: word) { return instant }
        guard let sign = word.first, sign == "+" || sign == "-", let seconds = seconds(word.dropFirst()) else { return nil }
        let offset = (sign == "-" ? -seconds : seconds) * Timestamp.microsecondsPerSecond
        return Timestamp(microseconds: ManualClock.start.rawValue + offset)
    }

    private static func seconds(_ word: Substring) -> Int64? {
        var (seconds, number): (Int64, Int64?) = (0, nil)
        for character in word {
            if let digit = character.wholeNumberValue {
                number = (number ?? 0) * 10 + Int64(digit)
            } else if let unit = Words.secondsPerUnit[character], let count = number {
                (seconds, number) = (seconds + count * unit, nil)
            } else {
                return nil
            }
        }
        return number == nil ? seconds : nil
    }

    private static let secondsPerUnit: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]

    /// `requests=3 inputTokens=10`, in order of the names.
    mutating func quantities() throws(Unreadable) -> [Quantity] {
        var quantities: [Quantity] = []
        while let (name, value) = pair() {
            quantities.append(Quantity(dimension: try Words.read(name, Name.init), count: try Words.read(value, Words.amount)))
        }
        return quantities.sorted { $0.dimension < $1.dimension }
    }

    mutating func labels() throws(Unreadable) -> Labels {
        var labels: Labels = [:]
        while let (name, value) = pair() { labels[try Words.read(name, Name.init)] = try Words.read(value, Name.init) }
        return labels
    }

    mutating func pair() -> (String, String)? {
        takeIf { word in
            let halves = word.split(separator: "=", maxSplits: 1)
            return halves.count == 2 ? (String(halves[0]), String(halves[1])) : nil
        }
    }
}
