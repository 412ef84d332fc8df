/// Puts values of the book into bytes, and hands the bytes on as they gather.
///
/// Numbers are little-endian base-128 with a continuation bit (LEB128, as in DWARF 5 section 7.6), signed ones zigzag before that.
struct SnapshotWriter {
    private var bytes: [UInt8] = []
    /// Names that were written before, with their numbers from 1.
    private var names: [Name: UInt64] = [:]
    private let sink: (UnsafeRawBufferPointer) throws -> Void
    /// What the sink threw first; it is given nothing after that.
    private var failure: (any Error)?

    /// So many bytes are handed on at once: few calls, and little memory beside the book.
    private static let drainByteCount = 1 << 20

    init(to sink: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.sink = sink
        bytes.reserveCapacity(SnapshotWriter.drainByteCount + 4096)
    }

    mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    mutating func number(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func signed(_ number: Int64) { self.number(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    /// Eight bytes, whatever the value.
    mutating func word(_ word: UInt64) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func text(_ text: String) {
        number(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A name that hardly ever comes twice.
    mutating func unique(_ name: Name) { text(name.text) }

    /// A name of which there are few: in full where it is first met, by its number after that.
    mutating func shared(_ name: Name) {
        if let known = names[name] { return number(known) }
        names[name] = UInt64(names.count + 1)
        number(0)
        unique(name)
    }

    /// Hands on what has gathered if that is much. To be called between the entries of a table.
    mutating func drain() {
        if bytes.count >= SnapshotWriter.drainByteCount { handOn() }
    }

    /// Hands on the rest. Throws what the sink threw.
    mutating func finish() throws {
        handOn()
        if let failure { throw failure }
    }

    private mutating func handOn() {
        if failure == nil {
            do { try bytes.withUnsafeBytes(sink) } catch { failure = error }
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
