import Foundation
import Testing

@testable import SegmentLog

@Suite("docs/log-format.md")
struct DocumentTests {
    /// The offset and the bytes on each line of the hex dump.
    private func dump() throws -> [(offset: Int, bytes: [UInt8])] {
        let text = try String(contentsOf: project("docs/log-format.md"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: /([0-9a-f]{8})  ((?:[0-9a-f]{2} ?)+)(?: .*)?/) else { return nil }
            let bytes = match.2.split(separator: " ").compactMap { UInt8($0, radix: 16) }
            return (Int(match.1, radix: 16)!, bytes)
        }
    }

    @Test("the hex dump is the golden file, from the header through the first batch, and the seal")
    func hexDump() throws {
        let golden = try GoldenTests.golden(GoldenTests.names[0])
        var covered = IndexSet()
        for (offset, bytes) in try dump() {
            #expect(Array(golden[offset..<offset + bytes.count]) == bytes, "offset \(offset)")
            covered.insert(integersIn: offset..<offset + bytes.count)
        }
        #expect(covered == IndexSet(integersIn: 0..<255).union(IndexSet(integersIn: golden.count - 76..<golden.count)))
    }

    @Test(
        "the table of each frame covers its bytes without a gap",
        arguments: [("Segment header", 88), ("Batch header", 96), ("Seal", 76)])
    func tables(name: String, byteCount: Int) throws {
        let text = try String(contentsOf: project("docs/log-format.md"), encoding: .utf8)
        let section = try #require(text.range(of: "### \(name), \(byteCount) bytes")).upperBound
        var next = 0
        for line in text[section...].split(separator: "\n").drop(while: { !$0.hasPrefix("|") }).prefix(while: {
            $0.hasPrefix("|")
        }) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let offset = Int(cells[0]), let size = Int(cells[1]) else { continue }
            #expect(offset == next, "\(line)")
            next = offset + size
        }
        #expect(next == byteCount)
    }
}
