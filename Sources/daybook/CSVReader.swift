/// Reads comma-separated values (RFC 4180) record by record, in constant memory.
///
/// Quoted fields may hold separators, line breaks and doubled quotes. Lines end with CRLF or LF, the last one with or without.
/// A byte order mark at the start and empty lines are passed over.
struct CSVReader {
    /// One record, and the line of the file where it begins, from 1.
    struct Record: Hashable {
        var line: Int
        var fields: [String]
    }

    /// Why the text is not CSV, and on which line.
    struct Fault: Error, Hashable, CustomStringConvertible {
        var line: Int
        var reason: String
        var description: String { "line \(line): \(reason)" }
    }

    /// A bound on what an open quote can make us keep.
    static let fieldByteCountMax = 1 << 20
    static let fieldCountMax = 10_000

    private let separator: UInt8
    /// The next bytes of the file; nil or none at its end.
    private let nextChunk: () throws -> [UInt8]?
    private var chunk: [UInt8] = []
    private var index = 0
    private var line = 1
    private var isAtStart = true

    init(separator: UInt8 = UInt8(ascii: ","), nextChunk: @escaping () throws -> [UInt8]?) {
        self.separator = separator
        self.nextChunk = nextChunk
    }

    /// The next record, or nil at the end of the file.
    mutating func next() throws -> Record? {
        if isAtStart { try passByteOrderMark() }
        while let byte = try peek() {
            if byte != cr, byte != lf { return try record() }
            _ = try endOfLine()
        }
        return nil
    }

    private enum Stop { case separator, endOfRecord }

    private mutating func record() throws -> Record {
        var record = Record(line: line, fields: [])
        while true {
            let (field, stop) = try peek() == quote ? quotedField() : plainField()
            record.fields.append(field)
            if record.fields.count > Self.fieldCountMax { throw fault("more than \(Self.fieldCountMax) fields") }
            if stop == .endOfRecord { return record }
        }
    }

    private mutating func plainField() throws -> (String, Stop) {
        var bytes: [UInt8] = []
        while let byte = try peek(), byte != separator, byte != cr, byte != lf {
            if byte == quote { throw fault("a quote inside a field that does not begin with one") }
            try append(byte, to: &bytes)
        }
        return (try text(bytes), try stop())
    }

    private mutating func quotedField() throws -> (String, Stop) {
        let start = line
        var bytes: [UInt8] = []
        index += 1
        while true {
            guard let byte = try peek() else { throw Fault(line: start, reason: "a quote that is opened here and never closed") }
            if byte == quote {
                index += 1
                if try peek() != quote { return (try text(bytes), try stop()) }
            }
            if byte == lf { line += 1 }
            try append(byte, to: &bytes)
        }
    }

    /// What comes after a field: a separator, the end of the line, or the end of the file.
    private mutating func stop() throws -> Stop {
        guard let byte = try peek() else { return .endOfRecord }
        if byte == separator {
            index += 1
            return .separator
        }
        if byte == cr || byte == lf, try endOfLine() { return .endOfRecord }
        throw fault("text after a closing quote")
    }

    private mutating func endOfLine() throws -> Bool {
        if chunk[index] == cr {
            index += 1
            if try peek() != lf { throw fault("a carriage return without a line feed") }
        }
        index += 1
        line += 1
        return true
    }

    private mutating func append(_ byte: UInt8, to bytes: inout [UInt8]) throws {
        if bytes.count == Self.fieldByteCountMax { throw fault("a field above \(Self.fieldByteCountMax) bytes") }
        bytes.append(byte)
        index += 1
    }

    private func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("a field that is not UTF-8") }
        return text
    }

    private mutating func passByteOrderMark() throws {
        isAtStart = false
        guard try peek() == 0xef else { return }
        for byte: UInt8 in [0xef, 0xbb, 0xbf] {
            guard try peek() == byte else { throw fault("a field that is not UTF-8") }
            index += 1
        }
    }

    /// The next byte, not taken yet; nil at the end of the file.
    private mutating func peek() throws -> UInt8? {
        while index == chunk.count {
            guard let next = try nextChunk(), !next.isEmpty else { return nil }
            chunk = next
            index = 0
        }
        return chunk[index]
    }

    private func fault(_ reason: String) -> Fault { Fault(line: line, reason: reason) }

    private var quote: UInt8 { UInt8(ascii: "\"") }
    private var cr: UInt8 { UInt8(ascii: "\r") }
    private var lf: UInt8 { UInt8(ascii: "\n") }
}
