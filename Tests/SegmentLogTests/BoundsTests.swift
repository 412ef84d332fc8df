import Testing

@testable import SegmentLog

@Suite("Bounds")
struct BoundsTests {
    @Test("the bounds of a ledger agree with each other")
    func standard() {
        #expect(LogBounds.standard.disagreement == nil)
        #expect(LogBounds.recordByteCountMax <= LogBounds.standard.batchRawByteCountMax)
        #expect(LogBounds.recordByteCountMax < 65_535)
        #expect(LogBounds.compressedFromByteCount <= LogBounds.standard.batchRawByteCountMax)
        #expect(LogBounds.readByteCount >= BatchHeader.byteCount)
        #expect(LogBounds.indexStrideByteCount >= UInt64(SegmentHeader.byteCount))
        #expect(UInt64(LogBounds.batchRawByteCountLimit) <= UInt64.max - LogBounds.sequenceMax)
        #expect(LogBounds.standard.batchByteCountMax <= Int(UInt32.max))
    }

    @Test("bounds that contradict each other are named")
    func disagreement() {
        #expect(LogBounds.small().disagreement == nil)
        #expect(LogBounds.small(batch: 0).disagreement == "a batch must hold a byte")
        #expect(LogBounds.small(segment: 64 << 20, batch: 4 << 20 + 1).disagreement == "a batch must fit one LZ4 block")
        #expect(LogBounds.small(segment: 2048 + 88 + 96 + 15 + 76).disagreement == nil)
        #expect(LogBounds.small(segment: 2048 + 88 + 96 + 15 + 75).disagreement?.contains("largest batch") == true)
        #expect(LogBounds.small(chunk: 2401).disagreement == "a chunk must fit the segment")
        #expect(LogBounds.small(chunk: 0).disagreement == "a chunk must fit the segment")
        #expect(LogBounds.small(segment: Int(UInt32.max) + 1).disagreement?.contains("32 bits") == true)
    }
}
