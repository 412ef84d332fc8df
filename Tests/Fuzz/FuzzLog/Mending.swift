import CChecksum

/// Makes the checksums and the chain of a log's bytes right again, as `docs/log-format.md` gives them, and with `places` also
/// the fields that say where a batch stands.
func mend(_ bytes: UnsafeMutableRawBufferPointer, places: Bool) {
    var mending = Mending(bytes: bytes, mendsPlaces: places)
    while mending.mendNext() {}
}

private struct Mending {
    let bytes: UnsafeMutableRawBufferPointer
    let mendsPlaces: Bool
    private var offset = 0
    private var segmentStart = 0
    private var segment: UInt64 = 1
    private var next: UInt64 = 1
    /// What the next batch's chain begins with, and the chain of the batch before.
    private var link = [UInt8](repeating: 0, count: 32)
    private var chain = [UInt8](repeating: 0, count: 32)

    init(bytes: UnsafeMutableRawBufferPointer, mendsPlaces: Bool) {
        self.bytes = bytes
        self.mendsPlaces = mendsPlaces
    }

    /// Mends what begins here; false where nothing of a log begins.
    mutating func mendNext() -> Bool {
        guard offset + 4 <= bytes.count else { return false }
        switch bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) {
        case 0x184d_2a50 where offset + 88 <= bytes.count: mendSegmentHeader()
        case 0x184d_2a51 where offset + 112 <= bytes.count: mendBatch()
        case 0x184d_2a52 where offset + 76 <= bytes.count: mendSeal()
        default: return false
        }
        return true
    }

    private mutating func mendSegmentHeader() {
        if mendsPlaces {
            put(next, at: 36)
            put(chain, at: 52)
        }
        putChecksum(at: 84)
        (segmentStart, segment, next) = (offset, number(at: 36), number(at: 36))
        link = hash([UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 88])])
        offset += 88
    }

    private mutating func mendBatch() {
        if mendsPlaces {
            put(next, at: 16)
            put(segment, at: 24)
            put(UInt64(offset - segmentStart), at: 32)
        }
        let left = bytes.count - offset - 96
        let storedByteCount = min(left, max(16, Int(number(at: 52) as UInt32)))
        if mendsPlaces { put(UInt32(storedByteCount), at: 52) }
        let stored = UnsafeRawBufferPointer(rebasing: bytes[offset + 96..<offset + 96 + storedByteCount])
        put(checksum_crc32c(0, stored.baseAddress, stored.count), at: 56)
        let fields = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 60])
        chain = link.withUnsafeBytes { hash([$0, fields, stored]) }
        link = chain
        put(chain, at: 60)
        putChecksum(at: 92)
        next = number(at: 16) &+ UInt64(number(at: 12) as UInt32)
        offset += 96 + storedByteCount
    }

    private mutating func mendSeal() {
        if mendsPlaces {
            put(UInt32(truncatingIfNeeded: next &- segment), at: 12)
            put(next &- 1, at: 16)
            put(segment, at: 24)
            put(UInt64(offset - segmentStart), at: 32)
            put(chain, at: 40)
        }
        putChecksum(at: 72)
        offset += 76
    }

    private func number<Number: FixedWidthInteger & BitwiseCopyable>(at field: Int) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + field, as: Number.self))
    }

    private func put<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at field: Int) {
        bytes.storeBytes(of: number.littleEndian, toByteOffset: offset + field, as: Number.self)
    }

    private func put(_ hash: [UInt8], at field: Int) {
        UnsafeMutableRawBufferPointer(rebasing: bytes[(offset + field)...]).copyBytes(from: hash)
    }

    /// CRC-32C of all bytes before the field.
    private func putChecksum(at field: Int) {
        put(checksum_crc32c(0, bytes.baseAddress! + offset, field), at: field)
    }

    private func hash(_ parts: [UnsafeRawBufferPointer]) -> [UInt8] {
        var sha = checksum_sha256()
        checksum_sha256_init(&sha)
        for part in parts { checksum_sha256_update(&sha, part.baseAddress, part.count) }
        var digest = [UInt8](repeating: 0, count: 32)
        checksum_sha256_final(&sha, &digest)
        return digest
    }
}
