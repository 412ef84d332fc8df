import ArgumentParser
import Foundation
import LedgerEngine
import LedgerModel
import Notary
import SegmentLog
import Transparency

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a ledger of a backup: the same one again, or with --until a new one from the beginning of it.",
        discussion: """
            Without --until the ledger keeps its identity, checkpoint and key. The original must never run again beside it: \
            the two would go on with different events under one name. If a newer checkpoint of the ledger is to be had (in \
            its data directory, or from anybody who was given a receipt), give it with --checkpoint: a backup that does not \
            reach it is refused, for events that were answered are not in it.

            With --until the result is a new ledger with a UUID, an origin and a key of its own, which begins with the events \
            of the old one up to the last whole command at or before an event number or an instant. Holds, windows and keys \
            that are due by now end when it first starts. Ids of commands behind the cut are free again.

              daybookd restore /mnt/backup/ledger --data ledger
              daybookd restore /mnt/backup/ledger --data trial --until 2026-11-20T23:59:59Z

            The backup is only read. Everything is copied, read back and verified before the directory gets its name.
            """)

    @Argument(help: ArgumentHelp("The backup; a data directory will do as well.", valueName: "backup"))
    var backup: String

    @Option(name: .customLong("data"), help: ArgumentHelp("The new data directory: absent or empty.", valueName: "dir"))
    var directory: String

    @Option(
        help: ArgumentHelp(
            "Make a new ledger of the events up to an event number or an instant (RFC 3339).", valueName: "seq|time"))
    var until: String?

    @Option(help: ArgumentHelp("With --until: the origin of the new ledger's checkpoints.", valueName: "name"))
    var origin: String?

    @Option(
        help: ArgumentHelp(
            "Without --until: a checkpoint of the ledger, or a receipt, that must hold for the backup.", valueName: "file"))
    var checkpoint: String?

    func validate() throws {
        if let until, RestorePoint(until) == nil {
            throw ValidationError("--until must be an event number, or an instant such as 2026-11-30T23:59:00Z")
        }
        if origin != nil, until == nil { throw ValidationError("--origin goes with --until: a restored ledger keeps its own") }
        if let origin, Name(origin) == nil || origin.contains(where: { $0 == " " || $0 == "+" }) {
            throw ValidationError("--origin must be a short name without spaces or plus signs")
        }
        if checkpoint != nil, until != nil {
            throw ValidationError("--checkpoint goes without --until: a new ledger has none yet")
        }
    }

    func run() throws {
        let site = RestoreSite(directory)
        try site.check()
        do {
            let words = try until.flatMap(RestorePoint.init).map { try begin($0, at: site) } ?? copy(to: site)
            try Verify.parse(["--data", site.building]).run()
            try site.finish()
            print(words)
        } catch {
            try? FileManager.default.removeItem(atPath: site.building)
            throw error
        }
    }

    private func begin(_ point: RestorePoint, at site: RestoreSite) throws -> String {
        var line = ProgressLine("restore")
        defer { line.finish() }
        let made = try point.makeLedger(from: backup, in: site.building, origin: origin.flatMap { Name($0) }) { done, total in
            line.show(done, of: total, "")
        }
        return """
            \(directory): a new ledger \(made.fact.ledger) with the events 1 to \(made.fact.sequence) of \
            \(made.fact.parent), the last of \(made.lastAt)
            origin \(made.fact.origin), verifier key \(made.fact.key)
            event \(made.head.lastSequence) says so; it is signed anew from here on, and read models are made when it starts
            """
    }

    private func copy(to site: RestoreSite) throws -> String {
        let newer = try checkpoint.map { try Self.read($0) }
        var line = ProgressLine("restore")
        defer { line.finish() }
        let summary = try site.copy(backup, files: BesideTheLog.keys, witness: BesideTheLog.checkpoint) {
            line.show($0.byteCount, of: $0.byteCountTotal, "\(grouped($0.byteCount)) bytes")
        }
        if let newer { try put(newer, over: summary, at: site) }
        let (ledger, last) = (summary.head.ledger, summary.head.lastSequence)
        var words = """
            \(directory): ledger \(ledger) as of event \(last)
            the original must never run again beside it: there would be two histories under one name
            if a checkpoint or receipt of it names a later event than \(last), events that were answered are not here: look \
            for a newer backup before it is served
            """
        if summary.absentFiles.contains(BesideTheLog.key) {
            words += "\nthe backup has no signing.key: put it there, or make a new one with daybookd replace-key"
        }
        return words
    }

    /// The checkpoint that was given takes the place of the backup's own unless it is older, so that verifying checks it,
    /// and the ledger never starts on less.
    private func put(_ newer: SignedCheckpoint, over summary: BackupSummary, at site: RestoreSite) throws {
        let head = summary.head
        guard newer.watermark.ledger == head.ledger else {
            throw refusal("the checkpoint is of ledger \(newer.watermark.ledger), and the backup of \(head.ledger)")
        }
        guard newer.sequence <= head.lastSequence else {
            throw refusal(
                """
                the checkpoint has signed \(newer.sequence) events, and the backup ends at event \(head.lastSequence): events \
                that were answered are not in it. Restore a newer backup; without --checkpoint this one is restored as it is, and \
                the events after \(head.lastSequence) are lost
                """)
        }
        let bytes = Data(newer.note.encoded.utf8)
        let own = URL(filePath: site.building).appending(path: BesideTheLog.checkpoint.name)
        let former = try? Data(contentsOf: own)
        try bytes.writeDurably(to: own)
        guard let former, let seen = summary.seen, seen.sequence > newer.sequence else { return }
        // Both must hold; the later one stays.
        try Verify.parse(["--data", site.building]).run()
        try former.writeDurably(to: own)
    }

    private func refusal(_ words: String) -> ExitCode {
        complain("daybookd: \(words)")
        return .failure
    }

    private static func read(_ path: String) throws -> SignedCheckpoint {
        do { return try SignedCheckpoint(SignedNote(proofFile: path)) } catch {
            throw ValidationError("\(path) is neither a checkpoint nor a receipt of a ledger: \(error)")
        }
    }
}

extension RestorePoint {
    /// An event number or an instant.
    fileprivate init?(_ text: String) {
        if let number = UInt64(text) {
            self = .sequence(SequenceNumber(number))
        } else if let time = Timestamp(rfc3339: text) {
            self = .time(time)
        } else {
            return nil
        }
    }
}

extension Data {
    fileprivate func writeDurably(to url: URL) throws {
        try write(to: url)
        let file = try FileHandle(forUpdating: url)
        try file.synchronize()
        try file.close()
    }
}
