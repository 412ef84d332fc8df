/// A part of the book that has a form in bytes. The law: what is read is what was written.
protocol SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError)
    func write(to writer: inout SnapshotWriter)
}

extension SnapshotWriter {
    mutating func write(_ value: some SnapshotValue) { value.write(to: &self) }
}

extension SnapshotReader {
    /// The next value, of the type that is asked for.
    @inline(__always)
    mutating func next<Value: SnapshotValue>() throws(SnapshotError) -> Value { try Value(from: &self) }
}

// MARK: Numbers and names

extension Bool: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        let byte = try reader.byte()
        guard byte < 2 else { throw reader.error("a flag is neither 0 nor 1") }
        self = byte == 1
    }

    func write(to writer: inout SnapshotWriter) { writer.byte(self ? 1 : 0) }
}

extension Int: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) { self = Int(try reader.signed()) }
    func write(to writer: inout SnapshotWriter) { writer.signed(Int64(self)) }
}

extension String: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) { self = try reader.text() }
    func write(to writer: inout SnapshotWriter) { writer.text(self) }
}

/// Of the names of units, plans, features and the like there are few. Others are written and read by `unique`.
extension Name: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) { self = try reader.shared() }
    func write(to writer: inout SnapshotWriter) { writer.shared(self) }
}

extension SequenceNumber: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) { self.init(try reader.number()) }
    func write(to writer: inout SnapshotWriter) { writer.number(rawValue) }
}

extension Timestamp: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(microseconds: Int64(bitPattern: try reader.word()))
    }

    func write(to writer: inout SnapshotWriter) { writer.word(UInt64(bitPattern: rawValue)) }
}

extension Amount: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        guard let value = Int64(exactly: try reader.number()), let amount = Amount(rawValue: value) else {
            throw reader.error("an amount is above 2^53-1")
        }
        self = amount
    }

    func write(to writer: inout SnapshotWriter) { writer.number(UInt64(rawValue)) }
}

extension Rate: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        guard let rate = Rate(try reader.text()) else { throw reader.error("a text is not a rate") }
        self = rate
    }

    func write(to writer: inout SnapshotWriter) { writer.text(text) }
}

// MARK: Several

extension Optional: SnapshotValue where Wrapped: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        let isThere: Bool = try reader.next()
        self = isThere ? try Wrapped(from: &reader) : nil
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(self != nil)
        if let self { writer.write(self) }
    }
}

extension Array: SnapshotValue where Element: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self = []
        let count = try reader.count()
        reserveCapacity(reader.capacity(for: count))
        for _ in 0..<count { append(try reader.next()) }
    }

    func write(to writer: inout SnapshotWriter) {
        writer.number(UInt64(count))
        for element in self { writer.write(element) }
    }
}

extension Set: SnapshotValue where Element: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self = []
        for _ in 0..<(try reader.count()) {
            guard insert(try reader.next()).inserted else { throw reader.error("an element comes twice") }
        }
    }

    func write(to writer: inout SnapshotWriter) {
        writer.number(UInt64(count))
        for element in self { writer.write(element) }
    }
}

extension Dictionary: SnapshotValue where Key: SnapshotValue, Value: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self = [:]
        for _ in 0..<(try reader.count()) {
            let key: Key = try reader.next()
            guard updateValue(try reader.next(), forKey: key) == nil else { throw reader.error("a key comes twice") }
        }
    }

    func write(to writer: inout SnapshotWriter) {
        writer.number(UInt64(count))
        for (key, value) in self {
            writer.write(key)
            writer.write(value)
        }
    }
}

// MARK: Choices

/// An enumeration without further content: its cases are numbered in their order, which so becomes part of the form.
protocol SnapshotChoice: SnapshotValue, CaseIterable, Equatable {}

extension SnapshotChoice {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        let number = Int(try reader.byte())
        guard number < Self.allCases.count else { throw reader.error("there is no such choice") }
        self = Self.allCases[Self.allCases.index(Self.allCases.startIndex, offsetBy: number)]
    }

    func write(to writer: inout SnapshotWriter) {
        let number = Self.allCases.enumerated().first { $0.element == self }
        writer.byte(UInt8(number!.offset))
    }
}

extension AccountState: SnapshotChoice {}
extension AlertSeverity: SnapshotChoice {}
extension AllowanceDocument.Anchor: SnapshotChoice {}
extension DocumentKey.Kind: SnapshotChoice {}
extension HoldTerms.Expiry: SnapshotChoice {}
extension KeyStatus: SnapshotChoice {}
extension LotSource: SnapshotChoice {}
extension Period: SnapshotChoice {}
extension SpendSubject: SnapshotChoice {}
