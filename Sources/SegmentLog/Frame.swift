import CLZ4
import Glibc

/// The LZ4 frame that holds a batch's JSON Lines (LZ4 Frame Format 1.6): one block, without checksums, for ours cover it.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 7 | `04 22 4d 18 60 70 73`: magic, independent blocks, blocks of up to 4 MiB, descriptor checksum |
/// | 7 | 4 | bytes in the block; the highest bit says that they are stored as they are |
/// | 11 | n | the block |
/// | 11 + n | 4 | end mark: zeros |
enum Frame {
    /// Bytes of a frame beside its block.
    static let overheadByteCount = 15
    static let blockOffset = 11
    static let endMarkByteCount = 4

    private static let start: UInt64 = 0x0073_7060_184d_2204
    private static let asIs: UInt32 = 1 << 31

    /// The block within a frame.
    private static func block(of frame: UnsafeRawBufferPointer) throws(Fault) -> (bytes: UnsafeRawBufferPointer, isAsIs: Bool) {
        let count = frame.count - overheadByteCount
        guard count > 0, frame.number(at: 0) & 0x00ff_ffff_ffff_ffff == start else {
            throw Fault(.badBatch, "the stored bytes are not an LZ4 frame of ours")
        }
        let size: UInt32 = frame.number(at: 7)
        guard size & ~asIs == UInt32(count), frame.number(at: blockOffset + count) == UInt32(0) else {
            throw Fault(.badBatch, "the LZ4 frame does not end with its block")
        }
        return (frame.part(blockOffset, count), size & asIs != 0)
    }

    /// Fills `raw` with the JSON Lines that a frame holds.
    static func decode(_ frame: UnsafeRawBufferPointer, into raw: UnsafeMutableRawBufferPointer) throws(Fault) {
        let block = try block(of: frame)
        guard expand(block.bytes, isAsIs: block.isAsIs, into: raw) == raw.count else {
            throw Fault(.badBatch, "the block does not expand to the \(raw.count) bytes that the header says")
        }
        guard raw[raw.count - 1] == UInt8(ascii: "\n") else { throw Fault(.badBatch, "the last event has no newline") }
    }

    private static func expand(
        _ block: UnsafeRawBufferPointer, isAsIs: Bool, into raw: UnsafeMutableRawBufferPointer
    ) -> Int {
        if !isAsIs { return Int(LZ4_decompress_safe(block.chars, raw.chars, Int32(block.count), Int32(raw.count))) }
        if block.count == raw.count { raw.copyMemory(from: block) }
        return block.count
    }

    fileprivate static func putEnds(around count: Int, isAsIs: Bool, in frame: UnsafeMutableRawBufferPointer) {
        frame.put(start, at: 0)
        frame.put(UInt32(count) | (isAsIs ? asIs : 0), at: 7)
        frame.put(UInt32(0), at: blockOffset + count)
    }
}

/// Makes LZ4 frames, with one compression state for all of them.
final class FrameEncoder {
    private let stream: UnsafeMutablePointer<LZ4_stream_t>

    init() {
        guard let stream = LZ4_createStream() else { fatalError("no memory for an LZ4 stream") }
        self.stream = stream
    }

    deinit { LZ4_freeStream(stream) }

    /// Writes the frame of some JSON Lines, at most their count and `Frame.overheadByteCount` bytes, and returns its count.
    func encode(_ raw: UnsafeRawBufferPointer, into frame: UnsafeMutableRawBufferPointer) -> Int {
        let block = UnsafeMutableRawBufferPointer(rebasing: frame[Frame.blockOffset...])
        let compressed = raw.count < LogBounds.compressedFromByteCount ? 0 : compress(raw, into: block)
        if compressed == 0 { block.copyMemory(from: raw) }
        let count = compressed > 0 ? compressed : raw.count
        Frame.putEnds(around: count, isAsIs: compressed == 0, in: frame)
        return count + Frame.overheadByteCount
    }

    /// The byte count of the block; zero when it would not be smaller.
    private func compress(_ raw: UnsafeRawBufferPointer, into block: UnsafeMutableRawBufferPointer) -> Int {
        LZ4_resetStream_fast(stream)
        let count = LZ4_compress_fast_continue(stream, raw.chars, block.chars, Int32(raw.count), Int32(raw.count - 1), 1)
        // After a failure the state is undefined and must be made anew (lz4.h).
        if count <= 0 { _ = LZ4_initStream(stream, MemoryLayout<LZ4_stream_t>.size) }
        return max(0, Int(count))
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var chars: UnsafePointer<CChar>? { baseAddress?.assumingMemoryBound(to: CChar.self) }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate var chars: UnsafeMutablePointer<CChar>? { baseAddress?.assumingMemoryBound(to: CChar.self) }
}
