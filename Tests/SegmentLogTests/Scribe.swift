import LedgerModel
import LedgerTestKit

@testable import SegmentLog

/// Somebody who writes a log and remembers what it has answered. Every attempt writes other lines, so that nothing can
/// come back unnoticed that was never answered.
struct Scribe {
    /// The lines of all batches that were answered.
    private(set) var acknowledged: [UInt8] = []
    private(set) var sequence = 0
    /// What a follower has seen, who sees each batch once it is synced.
    private(set) var watermark: Watermark?
    /// The batch that was never answered.
    private var inFlight: (count: Int, lines: [UInt8])?
    private var attempts = 0

    /// Small segments, and zeros ahead that begin and end within sectors.
    static let bounds = LogBounds.small(segment: 2400, chunk: 700, batch: 2048)

    /// Opens the log, and holds what it has against what was answered.
    mutating func open(
        _ volume: any Volume, isWatched: Bool = true, operatorCuts: Bool = false
    ) throws(ScribeError) -> (log: SegmentLog, recovery: Recovery) {
        let opened: (log: SegmentLog, recovery: Recovery)
        do {
            opened = try SegmentLog.open(
                volume, bounds: Self.bounds, watermarks: isWatched ? [watermark].compactMap(\.self) : [],
                operatorCuts: operatorCuts)
        } catch { throw .log(error) }
        try compare(opened.log.head, volume)
        return opened
    }

    /// Appends a batch of so many events, or, below zero, of one event of so many bytes.
    mutating func append(_ size: Int, to log: SegmentLog) throws(ScribeError) {
        attempts += 1
        let count = max(1, size)
        let lines = (1...count).flatMap { number in
            Array(#"{"seq":\#(sequence + number),"attempt":\#(attempts),"note":""#.utf8) + note(-size) + Array("\"}\n".utf8)
        }
        inFlight = (count, lines)
        do {
            try log.append(lines, count: count, at: Sample.time(Int64(attempts)))
        } catch { throw .log(error) }
        acknowledge(log.head)
    }

    /// Text that cannot be compressed.
    private func note(_ byteCount: Int) -> ArraySlice<UInt8> { Self.noise[attempts % 50..<attempts % 50 + max(0, byteCount)] }

    private static let noise: [UInt8] = {
        var random = SeededGenerator(seed: 1)
        return (0..<1000).map { _ in UInt8.random(in: 48...90, using: &random) }
    }()

    private mutating func acknowledge(_ head: LogHead) {
        guard let inFlight else { return }
        acknowledged += inFlight.lines
        sequence += inFlight.count
        watermark = head.watermark
        self.inFlight = nil
    }

    /// Everything that was answered is there, and nothing else but perhaps the whole batch that was in flight.
    private mutating func compare(_ head: LogHead, _ volume: any Volume) throws(ScribeError) {
        let found: [UInt8]
        do {
            found = try LogReader(Sample.directory, volume: volume).batches(upTo: head).flatMap(\.records)
        } catch { throw .log(error) }
        if found != acknowledged, let inFlight, found == acknowledged + inFlight.lines { acknowledge(head) }
        inFlight = nil
        guard found == acknowledged else { throw .otherLines(found: found.count, acknowledged: acknowledged.count) }
    }
}

/// Why a scribe is not content.
enum ScribeError: Error {
    case log(LogError)
    /// The log has other lines than were answered: so many bytes of them.
    case otherLines(found: Int, acknowledged: Int)
    /// The log was opened and does not verify.
    case unsound(LogError)
    /// The log goes on after an error.
    case goesOn

    var code: LogError.Code? { if case .log(let error) = self { error.code } else { nil } }
}
