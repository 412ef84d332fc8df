import CChecksum
import Glibc

/// Numbers in bytes: unaligned and little-endian, as everywhere in the format.
extension UnsafeRawBufferPointer {
    func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    func part(_ offset: Int, _ byteCount: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[offset..<offset + byteCount])
    }

    /// Every byte is zero; true of no bytes. A run is zero when it begins with zero and equals itself moved by one.
    var isZero: Bool {
        guard let start = baseAddress, count > 0 else { return true }
        return self[0] == 0 && memcmp(start, start + 1, count - 1) == 0
    }

    /// How many newlines there are.
    var lineCount: Int {
        guard var start = baseAddress else { return 0 }
        // By `memchr`, which looks at a vector at a time: lines are long beside the cost of a call.
        let end = start + count
        var found = 0
        while let newline = memchr(start, Int32(UInt8(ascii: "\n")), end - start) {
            found += 1
            start = UnsafeRawPointer(newline) + 1
        }
        return found
    }

    var hasZeroByte: Bool {
        guard let start = baseAddress else { return false }
        return memchr(start, 0, count) != nil
    }

    /// CRC-32C (RFC 3720, appendix B.4).
    var crc32c: UInt32 { checksum_crc32c(0, baseAddress, count) }
}

extension UnsafeMutableRawBufferPointer {
    func put<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at offset: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }

    func part(_ offset: Int, _ byteCount: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[offset..<offset + byteCount])
    }
}

extension [UInt8] {
    /// Zeros, into which a closure then writes.
    init(zeros count: Int, writing: (UnsafeMutableRawBufferPointer) -> Void) {
        self.init(repeating: 0, count: count)
        withUnsafeMutableBytes(writing)
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Swift.Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The bytes that hexadecimal digits stand for; nil when the text is anything else.
func decoded(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
