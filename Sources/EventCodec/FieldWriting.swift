public import JSONText
public import LedgerModel

/// The ledger's types, each written as one JSON value.
extension JSONWriter {
    public mutating func name(_ name: Name) { string(name.text) }
    public mutating func amount(_ amount: Amount) { integer(amount.rawValue) }
    public mutating func sequence(_ sequence: SequenceNumber) { integer(Int64(sequence.rawValue)) }

    public mutating func day(_ day: Day) { quoted { $0.date(day) } }

    /// RFC 3339 in UTC with six digits of a second.
    public mutating func timestamp(_ instant: Timestamp) {
        quoted { writer in
            let day = Day(utc: instant)
            let time = UInt64(instant.rawValue - day.daysSinceEpoch * Timestamp.microsecondsPerDay)
            let seconds = time / 1_000_000
            writer.date(day)
            writer.byte(UInt8(ascii: "T"))
            writer.digits(seconds / 3600, width: 2)
            writer.byte(UInt8(ascii: ":"))
            writer.digits(seconds / 60 % 60, width: 2)
            writer.byte(UInt8(ascii: ":"))
            writer.digits(seconds % 60, width: 2)
            writer.byte(UInt8(ascii: "."))
            writer.digits(time % 1_000_000, width: 6)
            writer.byte(UInt8(ascii: "Z"))
        }
    }

    private mutating func date(_ day: Day) {
        let (year, month, date) = day.components
        digits(UInt64(year), width: 4)
        byte(UInt8(ascii: "-"))
        digits(UInt64(month), width: 2)
        byte(UInt8(ascii: "-"))
        digits(UInt64(date), width: 2)
    }

    /// Sixteen hexadecimal digits.
    public mutating func body(_ body: UInt64) {
        quoted { writer in
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(body >> UInt64(shift) & 15)
                writer.byte(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    public mutating func balance(_ balance: Balance) {
        beginObject()
        key("available")
        amount(balance.available)
        key("held")
        amount(balance.held)
        if balance.isUnlimited {
            key("unlimited")
            boolean(true)
        }
        endObject()
    }

    /// -1 stands for no limit.
    public mutating func allotment(_ allotment: Allotment) {
        integer(allotment.units?.rawValue ?? -1)
    }

    public mutating func keyHash(_ hash: KeyHash) { string(hash.text) }

    /// `"reject"`, `"cap"` or `{"allow": n}`.
    public mutating func overage(_ overage: HoldTerms.Overage) {
        switch overage {
        case .reject: string("reject")
        case .cap: string("cap")
        case .allow(let amount):
            beginObject()
            field("allow", amount)
            endObject()
        }
    }

    public mutating func names(_ names: [Name]) {
        beginArray()
        for name in names { self.name(name) }
        endArray()
    }

    public mutating func quantities(_ quantities: [Quantity]) {
        beginObject()
        for quantity in quantities {
            key(quantity.dimension.text)
            amount(quantity.count)
        }
        endObject()
    }

    /// In order of the labels' names.
    public mutating func labels(_ labels: Labels) {
        beginObject()
        for (label, value) in labels.count > 1 ? labels.sorted(by: { $0.key < $1.key }) : Array(labels) {
            key(label.text)
            name(value)
        }
        endObject()
    }

    /// `rejection`, `number`, `message` and the rejection's own fields, into an object that is open.
    public mutating func rejectionFields(_ record: RejectionRecord) {
        key("rejection")
        string(record.name)
        key("number")
        integer(record.number)
        for field in record.fields {
            key(field.name)
            switch field.value {
            case .text(let text): string(text)
            case .number(let number): integer(number)
            }
        }
    }
}

/// A key and its value; one that is absent writes nothing.
extension JSONWriter {
    mutating func named(_ field: StaticString, _ name: Name) {
        key(field)
        self.name(name)
    }

    mutating func field(_ field: StaticString, _ value: Int) {
        key(field)
        integer(value)
    }

    mutating func field(_ field: StaticString, _ value: Amount) {
        key(field)
        amount(value)
    }

    mutating func field(_ field: StaticString, _ value: SequenceNumber) {
        key(field)
        sequence(value)
    }

    mutating func field(_ field: StaticString, _ instant: Timestamp) {
        key(field)
        timestamp(instant)
    }

    mutating func field(_ field: StaticString, text: String) {
        key(field)
        string(text)
    }

    mutating func choice(_ field: StaticString, _ choice: some RawRepresentable<String>) {
        key(field)
        string(choice.rawValue)
    }

    mutating func optional(_ field: StaticString, _ name: Name?) {
        if let name { named(field, name) }
    }

    mutating func optional(_ field: StaticString, _ value: Int?) {
        if let value { self.field(field, value) }
    }

    mutating func optional(_ field: StaticString, _ value: Amount?) {
        if let value { self.field(field, value) }
    }

    mutating func optional(_ field: StaticString, _ value: SequenceNumber?) {
        if let value { self.field(field, value) }
    }

    mutating func optional(_ field: StaticString, _ instant: Timestamp?) {
        if let instant { self.field(field, instant) }
    }

    mutating func optional(_ field: StaticString, text: String?) {
        if let text { self.field(field, text: text) }
    }

    /// What is 0 is left out.
    mutating func positive(_ field: StaticString, _ value: Amount) {
        if value > .zero { self.field(field, value) }
    }

    /// What is empty is left out.
    mutating func nonempty(_ field: StaticString, _ labels: Labels) {
        if labels.isEmpty { return }
        key(field)
        self.labels(labels)
    }

    /// What is empty is left out.
    mutating func nonempty(_ field: StaticString, _ names: [Name]) {
        if names.isEmpty { return }
        key(field)
        self.names(names)
    }
}
