import LedgerModel
import Testing

@testable import SegmentLog

@Suite("Format")
struct FormatTests {
    @Test("a ledger's identity is the text of a UUID, both ways")
    func ledgerID() {
        #expect(Sample.ledger.description == "6f1c2a34-9d0e-4b7a-8c55-0123456789ab")
        #expect(LedgerID(Sample.ledger.description.uppercased()) == Sample.ledger)
        #expect(LedgerID(bytes: Sample.ledger.bytes) == Sample.ledger)
        for text in [
            "", "6f1c2a34", "6f1c2a349d0e4b7a8c550123456789ab", "6f1c2a34-9d0e-4b7a-8c55-0123456789ag",
            "6f1c2a34-9d0e-4b7a-8c55-0123456789ab-",
        ] {
            #expect(LedgerID(text) == nil)
        }
        let random = LedgerID.random()
        #expect(random != LedgerID.random())
        #expect(random.bytes[6] >> 4 == 4 && random.bytes[8] >> 6 == 2)
    }

    @Test("a chain hash is 64 digits, both ways")
    func chainHash() {
        let hash = "a0" + String(repeating: "1f", count: 31)
        #expect(ChainHash(hex: hash)?.description == hash)
        #expect(ChainHash(hex: hash)?.bytes.first == 0xa0)
        for text in ["", String(hash.dropLast()), hash + "00", "g" + hash.dropFirst(), "é" + hash.dropFirst(2)] {
            #expect(ChainHash(hex: text) == nil)
        }
    }

    @Test("a segment's name is its first sequence number in 20 digits")
    func names() {
        #expect(LogDirectory.segmentName(SequenceNumber(17)) == "00000000000000000017.lz4")
        #expect(LogDirectory.first(ofSegment: "00000000000000000017.lz4") == SequenceNumber(17))
        for name in [
            "17.lz4", "00000000000000000017.lz4.new", "0000000000000000001x.lz4", "+0000000000000000017.lz4",
            "99999999999999999999.lz4",
        ] {
            #expect(LogDirectory.first(ofSegment: name) == nil)
        }
    }

    @Test(
        "the directory above",
        arguments: [("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b/", "a"), ("./a", "."), ("/", "/"), ("a//b", "a")])
    func parent(path: String, parent: String) {
        #expect(LogDirectory(path: path, volume: PosixVolume()).parent == parent)
    }

    @Test("the name of a torn piece is read back, and no other")
    func tornName() {
        let text = "00000000000000000001-279-17-2.torn"
        #expect(TornName(text)?.text == text)
        #expect(TornName(text)?.firstSequence == SequenceNumber(17))
        for name in ["00000000000000000001-279-17-2.torn.new", "1-279-17-2.torn", "00000000000000000001-279-17.torn", "x.torn"] {
            #expect(TornName(name) == nil)
        }
    }

    @Test("decode is the inverse of encode")
    func inverse() throws {
        let header = SegmentHeader(
            ledger: Sample.ledger, firstSequence: SequenceNumber(17), createdAt: Sample.time(3),
            previousChain: ChainHash(bytes: Array(0..<32))!)
        #expect(try header.encoded().withUnsafeBytes { try SegmentHeader(decoding: $0) } == header)
        var position = LogPosition(header, hash: .zero)
        position.offset = 4711
        position.next = SequenceNumber(20)
        let seal = Seal(at: position)
        #expect(try seal.encoded().withUnsafeBytes { try Seal(decoding: $0) } == seal)
        #expect(seal.count == 3)
    }

    @Test("no bit of a header or a seal can change unnoticed")
    func everyBit() throws {
        let header = SegmentHeader(ledger: Sample.ledger, firstSequence: .first, createdAt: Sample.time(), previousChain: .zero)
        try everyFlip(of: header.encoded()) { bytes in _ = try SegmentHeader(decoding: bytes) }
        var position = LogPosition(header, hash: .zero)
        position.next = SequenceNumber(5)
        try everyFlip(of: Seal(at: position).encoded()) { bytes in _ = try Seal(decoding: bytes) }
    }

    private func everyFlip(of bytes: [UInt8], _ decode: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes(decode)
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: Fault.self, "bit \(bit)") { try flipped.withUnsafeBytes(decode) }
        }
    }

    @Test("a frame gives back its lines, whatever their number", arguments: [1, 5, 11, 12, 100, 5000])
    func frame(count: Int) throws {
        let lines = Sample.lines(1...count)
        let encoder = FrameEncoder()
        // Twice: the second use of the same state must not depend on the first.
        let frames = (0..<2).map { _ in encode(lines, encoder) }
        #expect(frames[0] == frames[1])
        #expect(frames[0].starts(with: [0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73]))
        #expect(frames[0].suffix(4).allSatisfy { $0 == 0 })
        #expect(try decode(frames[0], lines.count) == lines)
        #expect(throws: Fault.self) { try decode(frames[0], lines.count + 1) }
        #expect(throws: Fault.self) { try decode(frames[0], lines.count - 1) }
    }

    @Test("an encoder works on after lines that cannot be compressed")
    func incompressible() throws {
        let noise = (0..<5000).map { _ in UInt8.random(in: 32...255) } + [10]
        let encoder = FrameEncoder()
        #expect(try decode(encode(noise, encoder), noise.count) == noise)
        let lines = Sample.lines(1...100)
        #expect(encode(lines, encoder) == encode(lines, FrameEncoder()))
        #expect(encode(lines, encoder).count < lines.count)
    }

    private func encode(_ lines: [UInt8], _ encoder: FrameEncoder) -> [UInt8] {
        var frame = [UInt8](repeating: 0xAA, count: lines.count + Frame.overheadByteCount)
        let count = lines.withUnsafeBytes { lines in frame.withUnsafeMutableBytes { encoder.encode(lines, into: $0) } }
        return Array(frame[..<count])
    }

    private func decode(_ frame: [UInt8], _ rawByteCount: Int) throws -> [UInt8] {
        var raw = [UInt8](repeating: 0, count: rawByteCount)
        try frame.withUnsafeBytes { frame in try raw.withUnsafeMutableBytes { try Frame.decode(frame, into: $0) } }
        return raw
    }

    @Test("lines are counted in any number of bytes")
    func lineCount() {
        for count in [0, 1, 127, 128, 129, 1000] {
            let bytes = [UInt8](repeating: 10, count: count) + [1, 2]
            #expect(bytes.withUnsafeBytes { $0.lineCount } == count)
        }
    }
}
