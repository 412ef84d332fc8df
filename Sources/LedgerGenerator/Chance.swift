import LedgerModel

/// Chance that a seed repeats: S. Vigna's SplitMix64.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// A number from 0 to `bound` - 1, each as often: the high half of a product, without a division.
    mutating func below(_ bound: Int) -> Int { Int(bits().multipliedFullWidth(by: UInt64(bound)).high) }

    mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(below(Int(range.upperBound - range.lowerBound + 1)))
    }

    /// From 0 up to 1.
    mutating func share() -> Double { Double(bits() >> 11) * 0x1p-53 }

    /// True once in so many times.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}

extension Chance {
    /// The text of a random UUID (RFC 9562, section 5.4): what clients mostly send as an id.
    mutating func identifier() -> Name {
        let (high, low) = (bits() & 0xffff_ffff_ffff_0fff | 0x4000, bits() & 0x3fff_ffff_ffff_ffff | 1 << 63)
        let text = String(unsafeUninitializedCapacity: 36) { buffer in
            var offset = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[offset] = UInt8(ascii: "-")
                    offset += 1
                }
                let word = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - index % 16 * 4)) & 15
                buffer[offset] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                offset += 1
            }
            return offset
        }
        return Name(text)!
    }

    /// A hash that is no other key's.
    mutating func keyHash() -> KeyHash {
        let digits = (0..<4).map { _ in
            let digits = String(bits(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return KeyHash(digits.joined())!
    }
}
