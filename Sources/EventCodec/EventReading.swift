import JSONText
public import LedgerModel

/// Why a line is not an event.
public struct EventError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, with the field or the place in the line.
    public let description: String

    init(_ error: FieldError) {
        switch error {
        case .text(let error): description = error.description
        case .shape(let field, let reason), .value(let field, let reason): description = "\(field) \(reason)"
        }
    }
}

extension EventCodec {
    /// Reads one line of the log, with or without its line feed. A field that is missing, unknown or out of its place is an error:
    /// nothing is filled in.
    public static func decode(_ line: UnsafeRawBufferPointer) throws(EventError) -> Event {
        var fields = OrderedFields(line)
        do throws(FieldError) {
            let event = try fields.nested { (fields) throws(FieldError) in try fields.event() }
            try fields.finish()
            return event
        } catch {
            throw EventError(error)
        }
    }
}

/// An event line's fields, read in the fixed order in which they were written.
struct OrderedFields {
    var reader: JSONReader

    init(_ line: UnsafeRawBufferPointer) { reader = JSONReader(line) }

    // MARK: Walking

    /// A field that must come next.
    @inline(__always)
    mutating func required<Value>(
        _ field: StaticString, _ read: (inout JSONReader, StaticString) throws(FieldError) -> Value
    ) throws(FieldError) -> Value {
        guard reader.takeKey(field) else { throw .missing(field.description) }
        return try read(&reader, field)
    }

    /// A field that may come next.
    @inline(__always)
    mutating func optional<Value>(
        _ field: StaticString, _ read: (inout JSONReader, StaticString) throws(FieldError) -> Value
    ) throws(FieldError) -> Value? {
        reader.takeKey(field) ? try read(&reader, field) : nil
    }

    /// Enters the object whose fields are read next.
    mutating func enter() throws(FieldError) {
        do throws(JSONError) { try reader.beginObject() } catch { throw FieldError(error, in: "event") }
    }

    /// The object that comes next, its fields read by `read` in order; it must have no further ones.
    mutating func nested<Value>(_ read: (inout OrderedFields) throws(FieldError) -> Value) throws(FieldError) -> Value {
        try enter()
        let value = try read(&self)
        if let key = try nextKey() { throw .unknown(key) }
        return value
    }

    /// The text of the key that comes next, whatever it is; nil at the end of the object.
    mutating func nextKey() throws(FieldError) -> String? {
        do throws(JSONError) { return try reader.nextKey()?.text } catch { throw FieldError(error, in: "event") }
    }

    /// An object that must come next.
    mutating func object<Value>(
        _ field: StaticString, _ read: (inout OrderedFields) throws(FieldError) -> Value
    ) throws(FieldError) -> Value {
        guard reader.takeKey(field) else { throw .missing(field.description) }
        return try nested(read)
    }

    /// An object that may come next.
    @inline(__always)
    mutating func optionalObject<Value>(
        _ field: StaticString, _ read: (inout OrderedFields) throws(FieldError) -> Value
    ) throws(FieldError) -> Value? {
        reader.takeKey(field) ? try nested(read) : nil
    }

    /// An array of objects that must come next.
    mutating func objects<Value>(
        _ field: StaticString, _ read: (inout OrderedFields) throws(FieldError) -> Value
    ) throws(FieldError) -> [Value] {
        guard reader.takeKey(field) else { throw .missing(field.description) }
        return try elements(of: field, read)
    }

    /// An array of objects that may come next; without it there are none.
    @inline(__always)
    mutating func optionalObjects<Value>(
        _ field: StaticString, _ read: (inout OrderedFields) throws(FieldError) -> Value
    ) throws(FieldError) -> [Value] {
        reader.takeKey(field) ? try elements(of: field, read) : []
    }

    private mutating func elements<Value>(
        of field: StaticString, _ read: (inout OrderedFields) throws(FieldError) -> Value
    ) throws(FieldError) -> [Value] {
        do throws(JSONError) { try reader.beginArray() } catch { throw FieldError(error, in: field.description) }
        guard try nextElement(of: field) else { return [] }
        // Mostly there is one only: to make an array of it costs half of what it costs to append it.
        var values = [try nested(read)]
        while try nextElement(of: field) { values.append(try nested(read)) }
        return values
    }

    private mutating func nextElement(of field: StaticString) throws(FieldError) -> Bool {
        do throws(JSONError) { return try reader.nextElement() } catch { throw FieldError(error, in: field.description) }
    }

    // MARK: Single fields

    mutating func name(_ field: StaticString) throws(FieldError) -> Name {
        try required(field) { (reader, field) throws(FieldError) in try reader.name(field) }
    }

    mutating func optionalName(_ field: StaticString) throws(FieldError) -> Name? {
        try optional(field) { (reader, field) throws(FieldError) in try reader.name(field) }
    }

    mutating func text(_ field: StaticString) throws(FieldError) -> String {
        try required(field) { (reader, field) throws(FieldError) in try reader.text(field) }
    }

    mutating func optionalText(_ field: StaticString) throws(FieldError) -> String? {
        try optional(field) { (reader, field) throws(FieldError) in try reader.text(field) }
    }

    mutating func amount(_ field: StaticString) throws(FieldError) -> Amount {
        try required(field) { (reader, field) throws(FieldError) in try reader.amount(field) }
    }

    mutating func optionalAmount(_ field: StaticString) throws(FieldError) -> Amount? {
        try optional(field) { (reader, field) throws(FieldError) in try reader.amount(field) }
    }

    mutating func allotment(_ field: StaticString) throws(FieldError) -> Allotment {
        try required(field) { (reader, field) throws(FieldError) in try reader.allotment(field) }
    }

    mutating func integer(_ field: StaticString, in range: ClosedRange<Int>) throws(FieldError) -> Int {
        try required(field) { (reader, field) throws(FieldError) in try reader.integer(field, in: range) }
    }

    mutating func integer(_ field: StaticString) throws(FieldError) -> Int {
        try required(field) { (reader, field) throws(FieldError) in try reader.integer(field, in: 0...Int(Amount.max.rawValue)) }
    }

    mutating func optionalInteger(_ field: StaticString) throws(FieldError) -> Int? {
        try optional(field) { (reader, field) throws(FieldError) in try reader.integer(field, in: 0...Int(Amount.max.rawValue)) }
    }

    mutating func sequence(_ field: StaticString) throws(FieldError) -> SequenceNumber {
        try required(field) { (reader, field) throws(FieldError) in try reader.sequence(field) }
    }

    mutating func optionalSequence(_ field: StaticString) throws(FieldError) -> SequenceNumber? {
        try optional(field) { (reader, field) throws(FieldError) in try reader.sequence(field) }
    }

    mutating func timestamp(_ field: StaticString) throws(FieldError) -> Timestamp {
        try required(field) { (reader, field) throws(FieldError) in try reader.loggedTimestamp(field) }
    }

    mutating func optionalTimestamp(_ field: StaticString) throws(FieldError) -> Timestamp? {
        try optional(field) { (reader, field) throws(FieldError) in try reader.loggedTimestamp(field) }
    }

    mutating func labels() throws(FieldError) -> Labels {
        try optional("labels") { (reader, field) throws(FieldError) in try reader.labels(field) } ?? [:]
    }

    mutating func quantities(_ field: StaticString = "quantities") throws(FieldError) -> [Quantity] {
        try required(field) { (reader, field) throws(FieldError) in try reader.quantities(field) }
    }

    mutating func optionalQuantities() throws(FieldError) -> [Quantity]? {
        try optional("quantities") { (reader, field) throws(FieldError) in try reader.quantities(field) }
    }

    mutating func names(_ field: StaticString, countMax: Int) throws(FieldError) -> [Name] {
        try optional(field) { (reader, field) throws(FieldError) in try reader.names(field, countMax: countMax) } ?? []
    }

    mutating func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(_ field: StaticString, of type: Choice.Type)
        throws(FieldError) -> Choice?
    {
        try optional(field) { (reader, field) throws(FieldError) in try reader.choice(field, of: type) }
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ field: StaticString, of type: Choice.Type)
        throws(FieldError) -> Choice
    {
        try required(field) { (reader, field) throws(FieldError) in try reader.choice(field, of: type) }
    }

    /// False when it is not there.
    mutating func flag(_ field: StaticString) throws(FieldError) -> Bool {
        try optional(field) { (reader, field) throws(FieldError) in try reader.flag(field) } ?? false
    }

    mutating func period() throws(FieldError) -> Period { try choice("period", of: Period.self) }

    mutating func balance(_ field: StaticString) throws(FieldError) -> Balance {
        try object(field) { (fields) throws(FieldError) in
            Balance(
                available: try fields.amount("available"), held: try fields.amount("held"),
                isUnlimited: try fields.flag("unlimited"))
        }
    }

    /// The end of the line.
    mutating func finish() throws(FieldError) {
        do throws(JSONError) { try reader.finish() } catch { throw .text(error) }
    }
}
