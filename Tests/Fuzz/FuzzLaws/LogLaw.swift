import LedgerModel
import SegmentLog

/// The bytes of a log's segments, one behind the other: no bytes trap.
///
/// - What verifies as sound is read to its head, opens for writing, takes a batch, and verifies again with one more event.
/// - What is refused is not changed.
/// - Of one segment that opens, all that a reader saw stays, byte for byte, and it is sound if its batches hold the lines that
/// they say.
///
/// Opening and reading go by checksums and chain: a batch that has these right, and lines that are not, is found by verifying,
/// and by whoever reads the lines.
public func checkLog(_ bytes: UnsafeRawBufferPointer) throws(BrokenLaw) {
    let log = FuzzedLog(bytes)
    let read = log.records()
    let sound = log.verified().summary
    if let sound, read?.bytes.count != sound.rawByteCount { throw BrokenLaw("a sound log is not read to its end") }
    try log.checkOpening(wasSound: sound, read: read)
}

/// What was read of a log.
private struct ReadRecords {
    var bytes: [UInt8] = []
    /// To the head, with nothing that cannot be read.
    var isAll = true
    /// Each batch holds as many lines as it says, and no zero byte.
    var areLines = true

    mutating func add(_ batch: LogBatch) {
        bytes += batch.records
        let lineCount = batch.records.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        if lineCount != batch.count || batch.records.contains(0) { areLines = false }
    }
}

/// A log on a volume of its own.
private struct FuzzedLog {
    private let volume = PlainVolume()
    /// By path; of two segments of one name the later.
    private let files: [String: [UInt8]]

    init(_ bytes: UnsafeRawBufferPointer) {
        let named = segments(of: bytes).enumerated().map { index, bytes in ("/data/log/\(fileName(bytes, index))", bytes) }
        files = Dictionary(named) { $1 }
        for (path, bytes) in files { volume.put(path, bytes) }
    }

    func verified() -> LogVerification { LogVerifier.verify("/data", volume: volume) }

    /// All records up to the head, as far as they can be read; nil where there is no head.
    func records() -> ReadRecords? {
        let reader = LogReader("/data", volume: volume)
        guard let head = try? reader.head() else { return nil }
        _ = try? reader.faultBehind(head)
        _ = try? reader.batch(holding: head.lastSequence, upTo: head)
        var records = ReadRecords()
        let cursor = reader.cursor(from: .first)
        do { while let batch = try cursor.next(upTo: head) { records.add(batch) } } catch { records.isAll = false }
        return records
    }

    func checkOpening(wasSound sound: LogSummary?, read: ReadRecords?) throws(BrokenLaw) {
        let opened: SegmentLog
        do {
            (opened, _) = try SegmentLog.open(
                "/data", volume: volume, bounds: bounds, watermarks: [], creatingWith: nil, now: Timestamp(microseconds: 0))
        } catch {
            if sound != nil { throw BrokenLaw("a sound log is refused: \(error)") }
            return try checkNothingChanged("\(error)")
        }
        if sound == nil && files.count > 1 { return }  // sealed segments are opened by their seals alone
        try append(to: opened)
        guard let read, let now = records() else { throw BrokenLaw("a log that opened has no head") }
        if now.bytes != read.bytes + (read.isAll ? record : []) { throw BrokenLaw("opening changed what a reader saw") }
        let after = verified()
        guard let summary = after.summary else {
            if read.isAll && read.areLines { throw BrokenLaw("a log that opened is not sound then: \(after)") }
            return
        }
        if let sound, summary.eventCount != sound.eventCount + 1 { throw BrokenLaw("the count of events is wrong") }
    }

    private func append(to log: SegmentLog) throws(BrokenLaw) {
        do throws(LogError) {
            try record.withUnsafeBufferPointer { bytes throws(LogError) in
                try log.append(UnsafeRawBufferPointer(bytes), count: 1, at: Timestamp(microseconds: 1))
            }
            try log.close()
        } catch { throw BrokenLaw("a log that opened takes no batch: \(error)") }
    }

    private func checkNothingChanged(_ refusal: String) throws(BrokenLaw) {
        for (path, bytes) in files where volume.contents(path) != bytes {
            throw BrokenLaw("\(path) was changed, though the log was refused: \(refusal)")
        }
    }
}

extension LogVerification {
    /// What a sound log holds.
    fileprivate var summary: LogSummary? { if case .sound(let summary) = self { summary } else { nil } }
}

private let record = Array(#"{"fuzz":1}"#.utf8) + [UInt8(ascii: "\n")]

/// Small, so that a run costs little beside what it reads.
private let bounds: LogBounds = {
    var bounds = LogBounds()
    bounds.batchRawByteCountMax = 4 << 10
    bounds.segmentByteCountMax = 1 << 20
    bounds.tailChunkByteCount = 4 << 10
    return bounds
}()

/// Bytes cut where segment headers begin.
private func segments(of bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
    let start: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 0x50, 0, 0, 0]
    var cuts = [0]
    for offset in bytes.indices.dropFirst().dropLast(7) where bytes[offset] == start[0] {
        if bytes[offset..<offset + 8].elementsEqual(start), cuts.count < 8 { cuts.append(offset) }
    }
    return zip(cuts, cuts.dropFirst() + [bytes.count]).map { Array(bytes[$0..<$1]) }
}

/// The name that a segment's header asks for; without a header the first is 1.
private func fileName(_ segment: [UInt8], _ index: Int) -> String {
    var first: UInt64 = 0
    if segment.count >= 44 { for byte in segment[36..<44].reversed() { first = first << 8 | UInt64(byte) } }
    let digits = String(index == 0 ? 1 : first)
    return String(repeating: "0", count: 20 - digits.utf8.count) + digits + ".lz4"
}
