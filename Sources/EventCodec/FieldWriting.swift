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
        endObject()
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
