/// Bytes as text and back: base64 of RFC 4648, section 4, and hexadecimal digits.
extension [UInt8] {
    /// The bytes that a base64 text stands for; nil unless the text is exactly what ``base64`` writes for them.
    init?(base64 text: some Collection<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for character in text where character != padding {
            guard let value = base64Value(character) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        // One text for the same bytes, or else a signed note could be changed and still verify: padding and the bits that
        // carry nothing are compared too.
        guard bytes.base64.utf8.elementsEqual(text) else { return nil }
        self = bytes
    }

    /// The bytes in base64, padded to a multiple of four characters.
    var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        for start in stride(from: 0, to: count, by: 3) {
            let group = self[start..<Swift.min(start + 3, count)]
            text += base64Characters(of: group)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

extension UInt32 {
    /// A number of four bytes, the highest first, as notes hold the hash of a key.
    init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

private let padding = UInt8(ascii: "=")
private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Four characters for one to three bytes.
private func base64Characters(of group: ArraySlice<UInt8>) -> [UInt8] {
    var bits: UInt32 = 0
    for byte in group { bits = bits << 8 | UInt32(byte) }
    bits <<= 8 * UInt32(3 - group.count)
    return (0..<4).map { $0 > group.count ? padding : alphabet[Int(bits >> (18 - 6 * UInt32($0)) & 63)] }
}

private func base64Value(_ character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}
