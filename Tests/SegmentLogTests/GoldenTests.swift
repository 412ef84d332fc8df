import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

/// Bytes that were written once and stay readable for ever. Golden files are only ever added.
@Suite("Golden log 1")
struct GoldenTests {
    static let names = ["00000000000000000001.lz4", "00000000000000000041.lz4"]

    static func golden(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: project("Tests/Golden/log-1/\(name)")))
    }

    /// A sealed segment with batches of 1, 20, 8, 8, 2 and 1 events, and an open one with batches of 24, 2 and 1.
    private func written() throws -> MemoryVolume {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        for count in [1, 20, 8, 8, 2, 1, 24, 2, 1] { try log.append(count) }
        return volume
    }

    private func kept() throws -> MemoryVolume {
        let volume = MemoryVolume()
        for name in Self.names { volume.put("/data/log/" + name, try Self.golden(name)) }
        return volume
    }

    @Test("the writer still writes exactly these bytes")
    func writer() throws {
        let volume = try written()
        #expect(try volume.list("/data/log").sorted() == Self.names)
        for name in Self.names { #expect(volume.contents("/data/log/" + name) == (try Self.golden(name)), "\(name)") }
    }

    @Test("the reader still reads them")
    func reader() throws {
        let volume = try kept()
        let reader = LogReader(Sample.directory, volume: volume)
        let head = try reader.head()
        #expect(head.ledger == Sample.ledger)
        #expect(head.lastSequence == SequenceNumber(67))
        #expect(head.segment == SequenceNumber(41))
        #expect(head.chain.description == "afc84ec9859d265d6f9428d65796c732530357287a0bf1745406567497d59013")
        let batches = try reader.batches(upTo: head)
        #expect(batches.map(\.count) == [1, 20, 8, 8, 2, 1, 24, 2, 1])
        #expect(batches.flatMap(\.records) == Sample.lines(1...67))
        #expect(batches.map(\.committedAt) == [1, 2, 22, 30, 38, 40, 41, 65, 67].map { Sample.time($0) })
        #expect(LogVerifier.isSound(volume))
    }

    @Test("the writer goes on behind them")
    func resume() throws {
        let volume = try kept()
        let (log, recovery) = try SegmentLog.open(volume)
        #expect(recovery.cuts.isEmpty)
        try log.append(1)
        #expect(log.head.lastSequence == SequenceNumber(68))
        #expect(LogVerifier.isSound(volume))
    }
}
