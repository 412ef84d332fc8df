import Foundation
import LedgerEngine
import LedgerModel
import SegmentLog
import Testing

/// `serve --on-segment` carries every sealed segment elsewhere, in order, across restarts.
@Suite struct SegmentHookTests {
    @Test func sealedSegmentsAreHandedOver() throws {
        let directory = try TemporaryDirectory()
        let (data, copies) = (directory.path + "/ledger", directory.path + "/copies")
        try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
        let hook =
            #"cp "$DAYBOOK_SEGMENT" '\#(copies)' && basename "$DAYBOOK_SEGMENT" >> '\#(copies)/order' && "#
            + #"echo "$DAYBOOK_LEDGER" > '\#(copies)/ledger'"#
        for count in [2, 5] {
            try seal(count, in: data)
            let sealed = try LogReader(data).sealedSegments(upTo: LogReader(data).head())
            let daemon = try RunningDaemon(data: data, arguments: ["--on-segment", hook])
            try waitUntil { (try? text(data + "/shipped")) == "\(sealed.last!.firstSequence)\n" }
            #expect(daemon.stop() == 0)
            let names = sealed.map { URL(filePath: $0.path).lastPathComponent }
            #expect(try text(copies + "/order") == names.map { $0 + "\n" }.joined())
            for segment in sealed {
                let copy = copies + "/" + URL(filePath: segment.path).lastPathComponent
                #expect(FileManager.default.contentsEqual(atPath: segment.path, andPath: copy))
            }
        }
        #expect(try text(copies + "/ledger") == "\(try LogReader(data).head().ledger)\n")
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// Grants on an engine with small segments, until so many are sealed.
    private func seal(_ count: Int, in data: String) throws {
        var options = LedgerEngine.Options()
        options.bounds.batchRawByteCountMax = 8 << 10
        options.bounds.segmentByteCountMax = 9 << 10
        options.bounds.tailChunkByteCount = 4 << 10
        let answered = DispatchSemaphore(value: 0)
        let engine = try LedgerEngine(data, options, onFailure: { Issue.record($0) })
        let lane = engine.addLane { for _ in $0 { answered.signal() } }
        while try LogReader(data).sealedSegments(upTo: engine.status.head).count < count {
            let id = Name("g-\(engine.status.head.lastSequence)")!
            let grant = Grant(account: "a", unit: "u", amount: 1, memo: String(repeating: "m", count: 200))
            let request = Request(tenant: "t", id: id, body: 1, command: .grant(grant))
            #expect(engine.submit([Asked(lane: lane, connection: 1, tag: 1, question: .command(request))]))
            answered.wait()
        }
        engine.stop()
    }

    private func waitUntil(_ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !condition() { try #require(ContinuousClock.now < deadline) }
    }
}
