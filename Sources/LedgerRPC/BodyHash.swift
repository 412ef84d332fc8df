import CChecksum
import LedgerModel

/// What makes the same id the same command: the first 8 bytes, big-endian, of SHA-256 over the command's typed fields.
///
/// The form that is hashed, in this order and with defaults filled in:
///
/// | part | bytes |
/// |---|---|
/// | text | its byte count in UTF-8 as a number, then the bytes |
/// | number | 8 bytes, big-endian, two's complement |
/// | time | its microseconds since 1970 as a number |
/// | list, labels | its count as a number, then the elements in order; labels in order of their names, each name and value |
/// | what may be absent | one byte 0, or one byte 1 and the value |
/// | one of several | one byte that says which, then its fields |
/// | yes or no | one byte 1 or 0 |
/// | what was added later | nothing when it is absent or the default, else one byte from 2 on that says which, and the value |
/// | command | its method's name as text, then its fields in the order of the functions of this extension |
struct BodyHash: ~Copyable {
    private var sha = checksum_sha256()

    init() { checksum_sha256_init(&sha) }

    consuming func finish() -> UInt64 {
        var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &digest) { checksum_sha256_final(&sha, $0.baseAddress!.assumingMemoryBound(to: UInt8.self)) }
        return UInt64(bigEndian: digest.0)
    }

    // MARK: Parts

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            number(Int64(utf8.count))
            checksum_sha256_update(&sha, utf8.baseAddress, utf8.count)
        }
    }

    mutating func name(_ name: Name) { text(name.text) }

    mutating func number(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { checksum_sha256_update(&sha, $0.baseAddress, $0.count) }
    }

    mutating func number(_ value: Int) { number(Int64(value)) }
    mutating func amount(_ amount: Amount) { number(amount.rawValue) }
    mutating func time(_ instant: Timestamp) { number(instant.rawValue) }

    mutating func choice(_ value: UInt8) {
        withUnsafeBytes(of: value) { checksum_sha256_update(&sha, $0.baseAddress, 1) }
    }

    mutating func flag(_ value: Bool) { choice(value ? 1 : 0) }

    /// A field that its command or document did not always have: what came without it then has the same hash now.
    mutating func addition<Value>(_ number: UInt8, _ value: Value?, _ write: (inout BodyHash, Value) -> Void) {
        guard let value else { return }
        choice(number)
        write(&self, value)
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout BodyHash, Value) -> Void) {
        choice(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout BodyHash, Element) -> Void) {
        number(elements.count)
        for element in elements { write(&self, element) }
    }

    mutating func labels(_ labels: Labels) {
        list(labels.sorted { $0.key < $1.key }) { hash, label in
            hash.name(label.key)
            hash.name(label.value)
        }
    }

    mutating func quantities(_ quantities: [Quantity]) {
        list(quantities) { hash, quantity in
            hash.name(quantity.dimension)
            hash.amount(quantity.count)
        }
    }

    mutating func names(_ names: [Name]) { list(names) { $0.name($1) } }

    /// -1 is unlimited.
    mutating func allotment(_ allotment: Allotment) { number(allotment.units?.rawValue ?? -1) }
}
