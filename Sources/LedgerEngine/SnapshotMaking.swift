public import LedgerModel
import SegmentLog

extension LedgerEngine {
    /// Writes a snapshot of a ledger that no process serves: the log is opened and recovered as for serving, and nothing is added to it.
    ///
    /// - Returns: The event of the snapshot; zero for a log without events, which needs none.
    /// - Throws: `LogError(.locked)` while a process serves the ledger, which writes snapshots itself; else as opening does, and what
    ///   writing the file throws.
    public static func makeSnapshot(
        _ directory: String, _ options: Options, progress: (ReplayProgress) -> Void
    ) throws -> SequenceNumber {
        var options = options
        options.mustExist = true
        let (log, _) = try options.openLog(directory)
        let reader = LogReader(directory, volume: options.volume)
        let snapshots = Snapshots(directory, options.volume, reader, options.zones)
        var book = snapshots.newest(upTo: log.head, note: options.snapshots.note) ?? options.emptyBook
        try book.replay(reader, upTo: log.head, progress: progress)
        if log.head.lastSequence > .zero { try snapshots.write(book, at: log.head) }
        try log.close()
        return book.lastSequence
    }
}
