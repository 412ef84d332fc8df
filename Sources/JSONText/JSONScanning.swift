/// The grammar below the reader: strings, numbers, literals, and whole values that are only checked.
extension JSONReader {
    struct ScannedString {
        let start: Int
        let count: Int
        let hasEscapes: Bool
    }

    /// Passes over a string whose opening quote is next; its bytes are checked to be UTF-8, its escapes to be well-formed.
    mutating func scanString() throws(JSONError) -> ScannedString {
        let start = offset + 1
        offset = start
        var hasEscapes = false
        var isASCII = true
        while true {
            skipPlainBytes()
            if offset == end { throw error(.unexpectedEnd) }
            let byte = at(offset)
            if byte == UInt8(ascii: "\"") { break }
            if byte < 0x20 { throw error(.unexpectedByte) }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try scanEscape()
                continue
            }
            if byte >= 0x80 { isASCII = false }
            offset += 1
        }
        let text = ScannedString(start: start, count: offset - start, hasEscapes: hasEscapes)
        if !isASCII { try checkUTF8(text) }
        offset += 1
        return text
    }

    /// Passes over plain bytes, up to the first other one or to the last few bytes of the text: a word of eight at a time.
    @inline(__always)
    private mutating func skipPlainBytes() {
        while offset + 8 <= end {
            let count = PlainText.plainPrefix(base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += count
            if count < 8 { return }
        }
    }

    private func checkUTF8(_ text: ScannedString) throws(JSONError) {
        let bytes = UnsafeRawBufferPointer(start: base + text.start, count: text.count)
        if String(validating: bytes, as: UTF8.self) == nil { throw JSONError(code: .invalidText, offset: text.start) }
    }

    /// Passes over one escape (RFC 8259 section 7); a surrogate must have its other half.
    private mutating func scanEscape() throws(JSONError) {
        guard offset + 1 < end else { throw error(.unexpectedEnd) }
        switch at(offset + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            _ = try scanUnicodeEscape()
        default:
            throw error(.unexpectedByte)
        }
    }

    /// Passes over `\uXXXX`, or over both halves of a surrogate pair, and answers the scalar.
    private mutating func scanUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isHigh = first < 0xdc00
        guard isHigh, offset + 1 < end, at(offset) == UInt8(ascii: "\\"), at(offset + 1) == UInt8(ascii: "u"),
            case let second = try hexUnit(), (0xdc00...0xdfff).contains(second)
        else { throw JSONError(code: .invalidText, offset: start) }
        return Unicode.Scalar(0x10000 + (UInt32(first & 0x3ff) << 10) + UInt32(second & 0x3ff))!
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        offset += 2
        for _ in 0..<4 {
            if offset == end { throw error(.unexpectedEnd) }
            guard let digit = Self.hexDigit(at(offset)) else { throw error(.unexpectedByte) }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The text of a scanned string with its escapes resolved.
    func unescape(_ text: ScannedString) -> String {
        JSONReader.unescape(UnsafeRawBufferPointer(start: base + text.start, count: text.count))
    }

    /// The bytes of a string, which have been scanned, with their escapes resolved.
    static func unescape(_ bytes: UnsafeRawBufferPointer) -> String {
        var reader = JSONReader(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        while reader.offset < reader.end {
            let byte = reader.at(reader.offset)
            if byte != UInt8(ascii: "\\") {
                result.append(byte)
                reader.offset += 1
            } else if reader.at(reader.offset + 1) == UInt8(ascii: "u") {
                guard let scalar = try? reader.scanUnicodeEscape() else { preconditionFailure("the escapes have been scanned") }
                result.append(contentsOf: UTF8.encode(scalar)!)
            } else {
                result.append(shortEscape(reader.at(reader.offset + 1)))
                reader.offset += 2
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func shortEscape(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    mutating func literal(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            if offset == end { throw error(.unexpectedEnd) }
            if at(offset) != word.utf8Start[index] { throw error(.unexpectedByte) }
            offset += 1
        }
        valueEnded = true
    }

    /// At least one digit since `start`, and no zero before another digit.
    func checkLeadingDigits(from start: Int) throws(JSONError) {
        if offset == start { throw error(offset == end ? .unexpectedEnd : .unexpectedByte) }
        if at(start) == UInt8(ascii: "0"), offset - start > 1 { throw JSONError(code: .unexpectedByte, offset: start + 1) }
    }

    mutating func skipNumber() throws(JSONError) {
        if at(offset) == UInt8(ascii: "-") { offset += 1 }
        let digits = offset
        skipDigits()
        try checkLeadingDigits(from: digits)
        if offset < end, at(offset) == UInt8(ascii: ".") {
            offset += 1
            try skipDigitsAtLeastOne()
        }
        if offset < end, at(offset) | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < end, at(offset) == UInt8(ascii: "+") || at(offset) == UInt8(ascii: "-") { offset += 1 }
            try skipDigitsAtLeastOne()
        }
        valueEnded = true
    }

    private mutating func skipDigits() {
        while offset < end, at(offset) &- UInt8(ascii: "0") <= 9 { offset += 1 }
    }

    private mutating func skipDigitsAtLeastOne() throws(JSONError) {
        let start = offset
        skipDigits()
        if offset == start { throw error(offset == end ? .unexpectedEnd : .unexpectedByte) }
    }

    mutating func skipValue() throws(JSONError) {
        switch try peekType() {
        case .object:
            try beginObject()
            // By bytes: two spellings that Unicode calls equivalent are two keys.
            var keys: Set<[UInt8]> = []
            while let key = try nextKey() {
                if !keys.insert(Array(key.text.utf8)).inserted { throw JSONError(code: .duplicateKey, offset: key.offset) }
                try skipValue()
            }
        case .array:
            try beginArray()
            while try nextElement() { try skipValue() }
        case .string:
            _ = try scanString()
            valueEnded = true
        case .number: try skipNumber()
        case .boolean: _ = try boolean()
        case .null: try literal("null")
        }
    }
}
