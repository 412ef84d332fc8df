import Foundation
import LedgerModel
import SegmentLog

/// The snapshots in a data directory: `snapshots/<sequence, 20 digits>.snapshot`, the newest two of them.
///
/// A snapshot spares the start most of the log. It is a hint and no more: one that is not what it says, or not of this log, is passed
/// over, and never deleted for that.
struct Snapshots: Sendable {
    private let path: String
    private let volume: any Volume
    private let reader: LogReader
    private let zones: ZoneTable

    private static let suffix = ".snapshot"
    private static let newSuffix = ".snapshot.new"
    private static let keptCount = 2

    /// - Parameter directory: The data directory.
    init(_ directory: String, _ volume: any Volume, _ reader: LogReader, _ zones: ZoneTable) {
        path = directory + "/snapshots"
        self.volume = volume
        self.reader = reader
        self.zones = zones
    }

    // MARK: Reading

    /// The book of the newest snapshot that fits the log; nil when none does.
    ///
    /// - Parameter note: Told in a sentence of each snapshot that is passed over.
    func newest(upTo head: LogHead, note: (String) -> Void) -> Book? {
        for sequence in (try? numbers())?.sorted(by: >) ?? [] {
            do {
                return try book(sequence, upTo: head)
            } catch {
                note("snapshots/\(Snapshots.name(sequence)) is not used: \(Snapshots.reason(error))")
            }
        }
        return nil
    }

    private func book(_ sequence: SequenceNumber, upTo head: LogHead) throws -> Book {
        let file = try SnapshotFile("\(path)/\(Snapshots.name(sequence))", volume)
        let watermark = file.header.watermark
        guard watermark.sequence == sequence else { throw SnapshotFault("it is the snapshot of event \(watermark.sequence)") }
        guard watermark.ledger == head.ledger else { throw SnapshotFault("it is of ledger \(watermark.ledger)") }
        guard watermark.sequence <= head.lastSequence else {
            throw SnapshotFault("it is newer than the log, which ends at event \(head.lastSequence)")
        }
        let batch = try reader.batch(holding: sequence, upTo: head)
        guard batch.lastSequence == sequence, batch.chain == watermark.chain else {
            throw SnapshotFault("the log has another history up to event \(sequence)")
        }
        return try file.book(zones: zones)
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let fault as SnapshotFault: fault.reason
        case let error as SnapshotError: error.description
        default: "\(error)"
        }
    }

    // MARK: Writing

    /// Writes a book as a snapshot, synced, under its final name; then only the newest two up to this one are kept.
    ///
    /// - Parameters:
    ///   - head: Where the log ends with the book's last event; all of it is synced.
    ///   - isCancelled: Asked now and then; nothing is left behind when it answers true.
    func write(_ book: Book, at head: LogHead, isCancelled: @escaping () -> Bool = { false }) throws {
        precondition(head.lastSequence == book.lastSequence, "a snapshot stands at the end of a log batch")
        try prepare()
        let final = "\(path)/\(Snapshots.name(head.lastSequence))"
        let temporary = "\(path)/\(LogNumber.padded(head.lastSequence))\(Snapshots.newSuffix)"
        do {
            try SnapshotWriting(try volume.createFile(temporary), head.watermark, isCancelled: isCancelled).write(book)
            try volume.rename(temporary, to: final)
        } catch {
            try? volume.remove(temporary)
            throw error
        }
        try volume.syncDirectory(path)
        try forgetOlder(than: head.lastSequence)
    }

    /// Makes the directory, and removes what a crash has left half made.
    private func prepare() throws {
        try volume.makeDirectory(path)
        for name in try volume.list(path) where name.hasSuffix(Snapshots.newSuffix) { try volume.remove("\(path)/\(name)") }
    }

    /// Those numbered beyond this one are not of this log, and left alone.
    private func forgetOlder(than newest: SequenceNumber) throws {
        let older = try numbers().filter { $0 < newest }.sorted(by: >)
        for sequence in older.dropFirst(Snapshots.keptCount - 1) { try volume.remove("\(path)/\(Snapshots.name(sequence))") }
    }

    // MARK: Names

    private func numbers() throws -> [SequenceNumber] {
        guard try volume.exists(path) else { return [] }
        return try volume.list(path).compactMap(Snapshots.number)
    }

    private static func name(_ sequence: SequenceNumber) -> String { LogNumber.padded(sequence) + suffix }

    private static func number(_ name: String) -> SequenceNumber? {
        guard name.hasSuffix(suffix), let number = UInt64(name.dropLast(suffix.count)), Self.name(SequenceNumber(number)) == name
        else {
            return nil
        }
        return SequenceNumber(number)
    }
}

/// Sequence numbers in file names: 20 digits, so that the names are in the numbers' order.
private enum LogNumber {
    static func padded(_ sequence: SequenceNumber) -> String {
        let digits = String(sequence.rawValue)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }
}
