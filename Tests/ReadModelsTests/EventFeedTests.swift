import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// Whoever asks is given the same stretches, whether or not others ask at the same time and something is decoded ahead.
@Suite struct EventFeedTests {
    private let ledger: Ledger
    private let head: LogHead

    init() throws {
        ledger = try Ledger()
        var random = SeededGenerator(seed: 3)
        try ledger.append(generatedEvents(seed: 3, count: 1500), cutting: &random)
        head = ledger.log.head
    }

    private func feed(readsAhead: Bool) -> EventFeed {
        var bounds = ReadModelBounds()
        bounds.stretchEventCount = 40
        return EventFeed(ledger.reader, bounds: bounds, readsAhead: readsAhead)
    }

    /// Where the stretches end from a place on.
    private static func ends(_ feed: EventFeed, from start: SequenceNumber = .zero, _ head: LogHead) throws -> [SequenceNumber] {
        var ends: [SequenceNumber] = []
        while let stretch = try feed.stretch(after: ends.last ?? start, through: head.lastSequence, upTo: head) {
            #expect(stretch.first == (ends.last ?? start).next && stretch.tables[0].count >= stretch.eventCount)
            ends.append(stretch.last)
        }
        return ends
    }

    @Test func whatIsDecodedAheadIsTheSame() throws {
        let plain = try EventFeedTests.ends(feed(readsAhead: false), head)
        #expect(try EventFeedTests.ends(feed(readsAhead: true), head) == plain)
        #expect(plain.count > 20 && plain.last == head.lastSequence)
    }

    /// More followers at different places than stretches are kept.
    @Test func manyFollowersSeeTheSame() async throws {
        let plain = try EventFeedTests.ends(feed(readsAhead: false), head)
        let (feed, head) = (feed(readsAhead: true), head)
        try await withThrowingTaskGroup(of: ([SequenceNumber], Int).self) { group in
            for start in 0..<9 {
                group.addTask {
                    (try EventFeedTests.ends(feed, from: start == 0 ? .zero : plain[start - 1], head), start)
                }
            }
            for try await (ends, start) in group { #expect(ends == Array(plain[start...])) }
        }
    }

    @Test func noLogBatchBeyondTheLimitIsGivenEvenIfItIsThere() throws {
        let feed = feed(readsAhead: true)
        let whole = try #require(try feed.stretch(after: .zero, through: head.lastSequence, upTo: head))
        let batch = try ledger.reader.batch(holding: SequenceNumber(1), upTo: head)
        let first = try #require(try feed.stretch(after: .zero, through: batch.lastSequence, upTo: head))
        #expect(first.last == batch.lastSequence && first.last < whole.last)
        #expect(try feed.stretch(after: head.lastSequence, through: head.lastSequence, upTo: head) == nil)
    }

    /// What cannot be decoded fails for each who asks, and again: nobody is left waiting.
    @Test func damageFailsForAll() throws {
        let name = try #require(FileManager.default.contentsOfDirectory(atPath: ledger.directory + "/log").min())
        let path = ledger.directory + "/log/" + name
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let batch = try ledger.reader.batch(holding: SequenceNumber(700), upTo: head)
        bytes[Int(batch.offset + batch.endOffset) / 2] ^= 0x10
        try overwrite(path, with: bytes)
        let feed = feed(readsAhead: true)
        for _ in 0..<3 { #expect(throws: (any Error).self) { try EventFeedTests.ends(feed, head) } }
    }
}
