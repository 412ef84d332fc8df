package import LedgerModel
package import SegmentLog

/// The log as something to look things up in, for one thread: it keeps the log batches that it read last, for what is looked up
/// together mostly stands together.
package final class Archive {
    private let reader: LogReader
    private var kept: [LogLines] = []

    /// Of at most 4 MiB each.
    private static let keptCountMax = 4

    package init(_ reader: LogReader) {
        self.reader = reader
    }

    func event(at sequence: SequenceNumber, upTo head: LogHead) throws(ArchiveError) -> Event {
        try event(sequence, in: lines(holding: sequence, upTo: head))
    }

    /// The group that an event begins, or the one event.
    func group(at sequence: SequenceNumber, upTo head: LogHead) throws(ArchiveError) -> [Event] {
        let lines = try lines(holding: sequence, upTo: head)
        var events = [try event(sequence, in: lines)]
        for number in 1..<(events[0].group?.count ?? 1) { events.append(try event(sequence.advanced(by: number), in: lines)) }
        return events
    }

    /// The group of the command that an event belongs to.
    func group(containing sequence: SequenceNumber, upTo head: LogHead) throws(ArchiveError) -> [Event] {
        let lines = try lines(holding: sequence, upTo: head)
        var first = sequence
        while try event(first, in: lines).group == nil { first = SequenceNumber(first.rawValue - 1) }
        return try group(at: first, upTo: head)
    }

    private func event(_ sequence: SequenceNumber, in lines: LogLines) throws(ArchiveError) -> Event {
        do { return try lines.event(sequence) } catch { throw ArchiveError("\(error)", damaged: segment(holding: sequence)) }
    }

    private func lines(holding sequence: SequenceNumber, upTo head: LogHead) throws(ArchiveError) -> LogLines {
        if let lines = kept.first(where: { $0.range.contains(sequence) }) { return lines }
        let batch: LogBatch
        do { batch = try reader.batch(holding: sequence, upTo: head) } catch {
            throw ArchiveError("\(error)", damaged: error.isDamage ? segment(holding: sequence) : nil)
        }
        if kept.count == Archive.keptCountMax { kept.removeFirst() }
        kept.append(LogLines(batch))
        return kept.last!
    }

    /// The segment that holds an event, by the names of the files.
    private func segment(holding sequence: SequenceNumber) -> SequenceNumber {
        (try? reader.segment(holding: sequence)) ?? .first
    }
}

/// Why something could not be read back.
package struct ArchiveError: Error {
    package let reason: String
    /// The segment that is damaged, by its first sequence number; nil when the trouble is another.
    package let damagedSegment: SequenceNumber?

    fileprivate init(_ reason: String, damaged segment: SequenceNumber?) {
        self.reason = reason
        damagedSegment = segment
    }
}

extension LogError {
    /// The bytes are not those that were written. All else may pass by itself.
    fileprivate var isDamage: Bool {
        switch code {
        case .volumeFailed, .diskFull, .locked, .stopped, .tooLarge, .notFound: false
        case .unknownVersion, .badHeader, .badBatch, .badSeal, .brokenChain, .missingSegment, .foreignSegment, .lostEvents,
            .otherHistory, .damagedBeforeGood, .damagedBelowWatermark, .damagedTail:
            true
        }
    }
}

/// The lines of a log batch, to be read in any order.
private struct LogLines {
    let range: ClosedRange<SequenceNumber>
    private let records: [UInt8]
    /// Where each line begins, and the end of the last.
    private let offsets: [Int]

    init(_ batch: LogBatch) {
        range = batch.firstSequence...batch.lastSequence
        records = batch.records
        offsets = batch.records.withUnsafeBytes { bytes in
            var offsets = [0]
            while offsets.last! < bytes.count { offsets.append(bytes.endOfLine(from: offsets.last!) + 1) }
            return offsets
        }
    }

    func event(_ sequence: SequenceNumber) throws(EngineError) -> Event {
        guard range.contains(sequence), case let number = Int(sequence.rawValue - range.lowerBound.rawValue),
            number + 1 < offsets.count
        else { throw .inconsistent(sequence: sequence.rawValue, reason: "its log batch does not hold its whole group") }
        let result = records.withUnsafeBytes { bytes in
            let line = UnsafeRawBufferPointer(rebasing: bytes[offsets[number]..<offsets[number + 1] - 1])
            return Result { () throws(EngineError) in try Event(line: line, sequence) }
        }
        return try result.get()
    }
}
