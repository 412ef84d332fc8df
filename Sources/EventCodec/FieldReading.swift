public import JSONText
public import LedgerModel

/// The ledger's types, each read from one JSON value. `field` names the value in errors.
extension JSONReader {
    public mutating func text(_ field: StaticString) throws(FieldError) -> String {
        do { return try string() } catch { throw FieldError(error, in: field.description) }
    }

    /// A text that is only compared or taken apart.
    public mutating func token(_ field: StaticString) throws(FieldError) -> JSONKey {
        do throws(JSONError) { return try token() } catch { throw FieldError(error, in: field.description) }
    }

    /// A text of 1 to `byteCountMax` bytes.
    public mutating func text(_ field: StaticString, byteCountMax: Int) throws(FieldError) -> String {
        let text = try text(field)
        guard (1...byteCountMax).contains(text.utf8.count) else {
            throw .value(field: field.description, reason: "must be 1 to \(byteCountMax) bytes of text")
        }
        return text
    }

    public mutating func name(_ field: StaticString) throws(FieldError) -> Name {
        guard let name = try token(field).name else {
            throw .value(
                field: field.description, reason: "must be 1 to \(Name.byteCountMax) bytes of UTF-8 without control characters")
        }
        return name
    }

    public mutating func int64(_ field: StaticString) throws(FieldError) -> Int64 {
        do { return try integer() } catch { throw FieldError(error, in: field.description) }
    }

    /// An integer within a range.
    public mutating func integer(_ field: StaticString, in range: ClosedRange<Int>) throws(FieldError) -> Int {
        guard let value = Int(exactly: try int64(field)), range.contains(value) else {
            throw .value(field: field.description, reason: "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    public mutating func amount(_ field: StaticString) throws(FieldError) -> Amount {
        guard let amount = Amount(rawValue: try int64(field)) else {
            throw .value(field: field.description, reason: "must be an integer from 0 to 2^53-1")
        }
        return amount
    }

    /// An amount, or -1 for no limit.
    public mutating func allotment(_ field: StaticString) throws(FieldError) -> Allotment {
        let value = try int64(field)
        if value == -1 { return .unlimited }
        guard let amount = Amount(rawValue: value) else {
            throw .value(field: field.description, reason: "must be an integer from 0 to 2^53-1, or -1 for no limit")
        }
        return .units(amount)
    }

    public mutating func sequence(_ field: StaticString) throws(FieldError) -> SequenceNumber {
        let amount = try amount(field)
        if amount == .zero { throw .value(field: field.description, reason: "must be a sequence number, from 1") }
        return SequenceNumber(UInt64(amount.rawValue))
    }

    public mutating func timestamp(_ field: StaticString) throws(FieldError) -> Timestamp {
        let text = try token(field)
        guard let instant = text.plainBytes.map({ Timestamp(rfc3339: $0) }) ?? Timestamp(rfc3339: text.text) else {
            throw .value(field: field.description, reason: "must be a time such as 2026-11-21T01:23:45Z (RFC 3339)")
        }
        return instant
    }

    /// As it is written in the log: in UTC, with six digits of a second. Requests may write it otherwise.
    mutating func loggedTimestamp(_ field: StaticString) throws(FieldError) -> Timestamp {
        let text = try token(field)
        guard let bytes = text.plainBytes, bytes.count == 27, bytes[10] == UInt8(ascii: "T"), bytes[26] == UInt8(ascii: "Z"),
            let instant = Timestamp(rfc3339: bytes)
        else {
            throw .value(field: field.description, reason: "must be a time such as 2026-11-21T01:23:45.678901Z, with six digits")
        }
        return instant
    }

    public mutating func flag(_ field: StaticString) throws(FieldError) -> Bool {
        do { return try boolean() } catch { throw FieldError(error, in: field.description) }
    }

    /// One of the raw values of an enumeration of texts.
    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ field: StaticString, of type: Choice.Type)
        throws(FieldError)
        -> Choice
    {
        guard let choice = Choice(rawValue: try text(field)) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .value(field: field.description, reason: "must be one of \(all)")
        }
        return choice
    }

    public mutating func keyHash(_ field: StaticString) throws(FieldError) -> KeyHash {
        guard let hash = KeyHash(try text(field)) else {
            throw .value(field: field.description, reason: "must be 64 lower-case hexadecimal digits")
        }
        return hash
    }

    /// `"reject"`, `"cap"` or `{"allow": n}`.
    public mutating func overage(_ field: StaticString) throws(FieldError) -> HoldTerms.Overage {
        if (try? peekType()) == .object { return .allow(try allowed(field)) }
        switch try text(field) {
        case "reject": return .reject
        case "cap": return .cap
        default: throw .value(field: field.description, reason: "must be \"reject\", \"cap\" or {\"allow\": amount}")
        }
    }

    private mutating func allowed(_ field: StaticString) throws(FieldError) -> Amount {
        var allowed: Amount?
        do throws(FieldError) {
            try object("", fields: ["allow"]) { (_, reader) throws(FieldError) in allowed = try reader.amount("allow") }
            guard let allowed else { throw .missing("allow") }
            return allowed
        } catch {
            throw error.inside(field.description)
        }
    }

    /// At most `countMax` names, each once, in order of the names.
    public mutating func names(_ field: StaticString, countMax: Int) throws(FieldError) -> [Name] {
        let names = try array(field, countMax: countMax) { (reader) throws(FieldError) in try reader.name("") }.sorted()
        if let twice = zip(names, names.dropFirst()).first(where: { $0 == $1 })?.0 {
            throw .value(field: field.description, reason: "has \(twice) twice")
        }
        return names
    }

    /// Any JSON of at most `byteCountMax` bytes, as it stands.
    public mutating func json(_ field: StaticString, byteCountMax: Int) throws(FieldError) -> String {
        do {
            let bytes = try rawValue()
            if bytes.count > byteCountMax {
                throw FieldError.value(field: field.description, reason: "must be at most \(byteCountMax) bytes")
            }
            return String(decoding: bytes, as: UTF8.self)
        } catch let error as JSONError {
            throw FieldError(error, in: field.description)
        } catch let error as FieldError {
            throw error
        } catch { preconditionFailure("no other error is thrown above") }
    }

    /// An object whose keys are names, in order of the names; at most `countMax`.
    public mutating func namedValues<Value>(
        _ field: StaticString, countMax: Int, _ read: (inout JSONReader) throws(FieldError) -> Value
    ) throws(FieldError) -> [(name: Name, value: Value)] {
        try named(field, countMax: countMax, by: { $0.name }) { (name, reader) throws(FieldError) in (name, try read(&reader)) }
    }

    /// An object whose keys are names, each read together with its value.
    private mutating func named<Element>(
        _ field: StaticString, countMax: Int, by nameOf: (Element) -> Name,
        _ read: (Name, inout JSONReader) throws(FieldError) -> Element
    ) throws(FieldError) -> [Element] {
        var elements: [Element] = []
        try object(field) { (key, reader) throws(FieldError) in
            guard let name = key.name else {
                throw .value(field: field.description, reason: "has a key that is not a name")
            }
            if elements.contains(where: { nameOf($0) == name }) {
                throw FieldError.shape(field: name.text, reason: "stands there twice").inside(field.description)
            }
            if elements.count == countMax {
                throw .value(field: field.description, reason: "must have at most \(countMax) entries")
            }
            do throws(FieldError) { elements.append(try read(name, &reader)) } catch {
                throw error.of(name.text).inside(field.description)
            }
        }
        if elements.count > 1 { elements.sort { nameOf($0) < nameOf($1) } }
        return elements
    }

    public mutating func labels(_ field: StaticString) throws(FieldError) -> Labels {
        let values = try namedValues(field, countMax: FieldBounds.labelCountMax) { (reader) throws(FieldError) in
            try reader.name("label")
        }
        return Labels(uniqueKeysWithValues: values.map { ($0.name, $0.value) })
    }

    public mutating func quantities(_ field: StaticString) throws(FieldError) -> [Quantity] {
        try named(field, countMax: Charge.rateCountMax, by: \.dimension) { (name, reader) throws(FieldError) in
            Quantity(dimension: name, count: try reader.amount("count"))
        }
    }

    /// Walks an object: `body` reads the value of each key.
    public mutating func object(
        _ field: StaticString, _ body: (JSONKey, inout JSONReader) throws(FieldError) -> Void
    ) throws(FieldError) {
        do { try beginObject() } catch { throw FieldError(error, in: field.description) }
        while true {
            let key: JSONKey?
            do { key = try nextKey() } catch { throw FieldError(error, in: field.description) }
            guard let key else { return }
            try body(key, &self)
        }
    }

    /// Walks an object that has no other keys than `fields` (at most 64), and none twice: `body` reads the value of each.
    public mutating func object(
        _ field: StaticString, fields: [StaticString], _ body: (JSONKey, inout JSONReader) throws(FieldError) -> Void
    ) throws(FieldError) {
        var seen = SeenKeys()
        try object(field) { (key, reader) throws(FieldError) in
            guard let index = fields.firstIndex(where: { $0 ~= key }) else { throw .unknown(key.text) }
            do throws(JSONError) { try seen.insert(index, at: key) } catch { throw FieldError(error, in: key.text) }
            try body(key, &reader)
        }
    }

    /// Walks an array of at most `countMax` elements; `read` reads one.
    public mutating func array<Element>(
        _ field: StaticString, countMax: Int, _ read: (inout JSONReader) throws(FieldError) -> Element
    ) throws(FieldError) -> [Element] {
        var elements: [Element] = []
        do { try beginArray() } catch { throw FieldError(error, in: field.description) }
        while true {
            do { if try !nextElement() { return elements } } catch { throw FieldError(error, in: field.description) }
            if elements.count == countMax {
                throw .value(field: field.description, reason: "must have at most \(countMax) elements")
            }
            do { elements.append(try read(&self)) } catch { throw error.inside("\(field)[\(elements.count)]") }
        }
    }
}

extension JSONKey {
    /// The text as a name; nil when it is none.
    fileprivate var name: Name? { plainBytes.map { Name(utf8: $0) } ?? Name(text) }
}

/// Bounds of single fields, each with its reason.
public enum FieldBounds {
    /// Labels are for filtering in reports; more would make a second database of them.
    public static let labelCountMax = 8
    /// What a use may carry of its own, so that one event's line stays below 60 KiB.
    public static let detailsByteCountMax = 4096
    /// A reason or memo is a sentence, not a document.
    public static let reasonByteCountMax = 1024
}
