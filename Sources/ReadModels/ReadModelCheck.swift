import CSQLite
import LedgerModel
import SegmentLog

/// Holds the file of a read model against one that is built anew to the same place in the log.
///
/// It needs no lock: the file may be in use, and the log may grow. What it reads of the file is one state of it, for as long as it takes; the
/// file's write-ahead log grows meanwhile. The new file has no name in the directory, and is gone when the check ends, however it ends.
struct ReadModelCheck: Sendable {
    private let projection: Projection
    private let directory: ReadModelDirectory
    private let builder: FileBuilder

    init(_ projection: Projection, in directory: ReadModelDirectory, builder: FileBuilder) {
        self.projection = projection
        self.directory = directory
        self.builder = builder
    }

    /// - Parameter head: the end of the log; asked when the file's own end is known, so that it lies behind that.
    func firstDifference(
        in path: String, upTo head: () throws -> LogHead, progress: (SequenceNumber) throws -> Void
    ) throws -> ReadModelDifference? {
        let live = try Connection(path, .reading)
        return try live.snapshot {
            let mark = try ReadModelMark.read(from: live)
            let head = try head()
            try judge(mark, head)
            try checkIntegrity(of: live)
            let rebuilt = try builder.buildPrivate(
                projection, in: directory, through: mark.watermark.sequence, upTo: head, progress: progress)
            if rebuilt.mark != mark { throw ReadModelError("\(projection.name) has seen another history of the ledger") }
            return try ReadModelComparison(live: live, rebuilt: rebuilt.connection).firstDifference()
        }
    }

    private func judge(_ mark: ReadModelMark, _ head: LogHead) throws {
        guard mark.version == projection.version else {
            throw ReadModelError("\(projection.name) was built from other SQL: there is nothing to compare, it has to be rebuilt")
        }
        guard mark.watermark.ledger == head.ledger, mark.watermark.sequence <= head.lastSequence else {
            throw ReadModelError(
                "\(projection.name) has seen \(mark.watermark.sequence) of \(mark.watermark.ledger), which the log has not")
        }
    }

    /// An index that has lost an entry makes queries answer wrongly, and no table shows it.
    private func checkIntegrity(of live: Connection) throws {
        let statement = try live.statement("PRAGMA integrity_check(1)")
        defer { statement.reset() }
        if try statement.step(), statement.text(0) != "ok" {
            throw SQLiteError(code: SQLITE_CORRUPT, message: "the file of \(projection.name) is damaged: \(statement.text(0))")
        }
    }
}
