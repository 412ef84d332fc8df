import ArgumentParser
import LedgerModel
import Notary
import SegmentLog
import Transparency

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a ledger into another directory, beside the daemon or without it, or bring an earlier copy up to date.",
        discussion: """
            Takes no lock, and may run while the daemon serves. What is copied is durable in the ledger first, and read back \
            and checked before it gets its name in the backup. Segments that are there already are not copied again. Wherever \
            it is interrupted, the backup is whole, and the next run goes on. A target that holds another ledger, another \
            history or a longer log is refused and left as it is.

            A backup is laid out like a data directory: daybookd verify --data checks it, daybookd restore makes a ledger of \
            it. It covers what was answered before it began. It has the signing key, unless --without-key: who has the key \
            can sign for the ledger.

              daybookd backup /mnt/backup/ledger --data ledger
            """)

    @Argument(help: ArgumentHelp("The directory of the backup; made when absent.", valueName: "target"))
    var target: String

    @OptionGroup var data: DataOption

    @Flag(
        help:
            "Link closed segments instead of copying them: quick, on one file system only, and no help when it fails."
    )
    var link = false

    @Flag(
        help:
            "Leave the signing key out; a restored ledger then needs it from elsewhere, or a new one (replace-key)."
    )
    var withoutKey = false

    @Flag(help: "Read the whole backup afterwards, also what was there already.")
    var verifyAll = false

    func run() throws {
        // A checkpoint that the ledger did not sign must not take the place of a good one.
        if try Notary.lastCheckpoint(in: data.directory) != nil { _ = try SignedLedger(data.directory) }
        var backup = LogBackup(of: data.directory, to: target)
        backup.links = link
        backup.files = withoutKey ? [] : BesideTheLog.keys
        backup.witness = BesideTheLog.checkpoint
        let summary = try backup.runTellingProgress("backup")
        print(summary.words(of: target))
        if summary.absentFiles.contains(BesideTheLog.key) {
            complain("daybookd: \(data.directory) has no signing.key, so the backup has none either")
        }
        if verifyAll { try Verify.parse(["--data", target]).run() }
    }
}

/// What a ledger has beside its log that a backup keeps.
enum BesideTheLog {
    static let key = "signing.key"
    /// The second is there while the key is being replaced.
    static let keys = [key, "signing.key.next"]

    static let checkpoint = LogBackup.Witness("checkpoint") { bytes throws(LogError) in try watermark(ofCheckpoint: bytes) }

    private static func watermark(ofCheckpoint bytes: [UInt8]) throws(LogError) -> Watermark {
        do { return try SignedCheckpoint(SignedNote(parsing: bytes)).watermark } catch {
            throw LogError(.otherHistory, "the file checkpoint is not one of a ledger: \(error)")
        }
    }
}

extension LogBackup {
    fileprivate func runTellingProgress(_ label: String) throws -> BackupSummary {
        var line = ProgressLine(label)
        defer { line.finish() }
        return try run { line.show($0.byteCount, of: $0.byteCountTotal, "\(grouped($0.byteCount)) bytes") }
    }
}

extension BackupSummary {
    /// What was done, and what the backup does and does not hold.
    fileprivate func words(of target: String) -> String {
        let signed = seen.map { "; signed up to event \($0.sequence)" } ?? "; nothing of it was signed yet"
        return """
            \(target): copied \(grouped(copiedCount)) segments (\(grouped(copiedByteCount)) bytes), linked \
            \(grouped(linkedCount)), kept \(grouped(keptCount))
            ledger \(head.ledger), last event \(head.lastSequence)\(signed)
            not in it: what was accepted since this began, and what is made again from the log (views/, tree/, snapshots/)
            """
    }
}
