import Foundation
import LedgerModel
import LedgerTestKit

@testable import SegmentLog

/// What the tests write: always the same ledger, clock and lines.
enum Sample {
    static let ledger = LedgerID("6f1c2a34-9d0e-4b7a-8c55-0123456789ab")!
    static let otherLedger = LedgerID("00000000-0000-4000-8000-000000000001")!
    static let directory = "/data"
    static let firstSegment = "/data/log/00000000000000000001.lz4"

    /// 2026-01-01T00:00:00Z and that many seconds.
    static func time(_ seconds: Int64 = 0) -> Timestamp {
        Timestamp(microseconds: 1_767_225_600_000_000 + seconds * Timestamp.microsecondsPerSecond)
    }

    static func line(_ sequence: Int) -> String {
        #"{"seq":\#(sequence),"type":"granted","account":"u-\#(sequence % 7)","amount":\#(sequence * 100)}"# + "\n"
    }

    static func lines(_ sequences: some Collection<Int>) -> [UInt8] { Array(sequences.map(line).joined().utf8) }
}

extension LogBounds {
    /// Small enough that a few batches fill a segment.
    static func small(segment: Int = 2400, chunk: Int = 1024, batch: Int = 2048) -> LogBounds {
        var bounds = LogBounds()
        bounds.batchRawByteCountMax = batch
        bounds.segmentByteCountMax = segment
        bounds.tailChunkByteCount = chunk
        return bounds
    }
}

extension SegmentLog {
    static func open(
        _ volume: any Volume, _ directory: String = Sample.directory, bounds: LogBounds = .small(), watermarks: [Watermark] = [],
        operatorCuts: Bool = false
    ) throws(LogError) -> (log: SegmentLog, recovery: Recovery) {
        try open(
            directory, volume: volume, bounds: bounds, watermarks: watermarks, operatorCuts: operatorCuts,
            creatingWith: { Sample.ledger }, now: Sample.time())
    }

    /// Appends the next `count` lines of the sample as one batch.
    func append(_ count: Int) throws(LogError) {
        let first = Int(head.lastSequence.next.rawValue)
        try append(Sample.lines(first..<first + count), count: count, at: Sample.time(Int64(first)))
    }

    func append(_ records: [UInt8], count: Int, at time: Timestamp) throws(LogError) {
        try records.withUnsafeBufferPointer { records throws(LogError) in
            try append(UnsafeRawBufferPointer(records), count: count, at: time)
        }
    }
}

/// A volume and a directory in it, for tests that must hold on both.
struct Place: CustomStringConvertible {
    let volume: any Volume
    let directory: String
    let description: String

    static func memory() -> Place { Place(volume: MemoryVolume(), directory: "/data", description: "memory") }

    /// A new directory on the disk, without `data` in it.
    static func disk() throws -> Place {
        let base = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        return Place(volume: PosixVolume(), directory: base.path + "/data", description: "disk")
    }

    func remove() {
        if description == "disk" {
            try? FileManager.default.removeItem(atPath: (directory as NSString).deletingLastPathComponent)
        }
    }
}

enum Medium: CaseIterable {
    case memory, disk

    func withPlace<Result>(_ body: (Place) throws -> Result) throws -> Result {
        let place = try self == .memory ? .memory() : Place.disk()
        defer { place.remove() }
        return try body(place)
    }
}

extension LogReader {
    /// Every batch up to a head, in order.
    func batches(from sequence: SequenceNumber = .first, upTo head: LogHead) throws(LogError) -> [LogBatch] {
        let cursor = cursor(from: sequence)
        var batches: [LogBatch] = []
        while let batch = try cursor.next(upTo: head) { batches.append(batch) }
        return batches
    }
}

/// The code that an error has, or nil when nothing was thrown.
func code(_ body: () throws -> Void) -> LogError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? LogError)?.code }
}

func project(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
        path: path)
}
