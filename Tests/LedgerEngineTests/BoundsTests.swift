import SegmentLog
import Testing

@Suite("Bounds")
struct BoundsTests {
    @Test("what the tests of event lines take for the bound of a record is the log's own")
    func recordBound() { #expect(LogBounds.recordByteCountMax == 60 << 10) }
}
