import ArgumentParser
import Foundation
import LedgerEngine
import LedgerModel
import Notary
import SegmentLog

struct Recover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cut a damaged end off a log that the daemon refuses to open.",
        discussion: """
            The daemon itself cuts only what was certainly never answered. When the last log batch is damaged and cannot be told apart from \
            an acknowledged one that has rotted, it refuses, and the decision is yours: restore a backup, or cut. The cut bytes are kept \
            in torn/, and a `recovered` event in the log says what was cut.
            """)

    @OptionGroup var data: DataOption

    @Flag(help: "Yes, cut. Events in the damaged batch are lost, even if somebody was told of them.")
    var cut = false

    func validate() throws {
        if !cut { throw ValidationError("say --cut if you have decided to cut; run daybookd verify first to see the damage") }
    }

    func run() throws {
        var options = LedgerEngine.Options()
        options.operatorCuts = true
        options.mustExist = true
        options.acceptClock = true
        var cut: Cut?
        let engine = try LedgerEngine(data.directory, options, notice: { if case .cut(let made) = $0 { cut = made } }) { fault in
            complain("daybookd: the log cannot be written: \(fault)")
            Foundation.exit(70)
        }
        engine.stop()
        // A cut that is the last thing the log tells of may have been interrupted before the rest was done.
        let isFresh = engine.recovery.cuts.contains { $0.firstSequence == engine.status.head.lastSequence }
        guard cut != nil || isFresh else { return try tellThereIsNothing(engine.status.head) }
        let aside = try cleanUp(engine.status.head)
        guard let cut else {
            print("nothing to cut any more: what an earlier cut left to do is done")
            return aside.map { print("the checkpoint had signed what is gone: it is kept as torn/\($0)") } ?? ()
        }
        print(
            """
            cut \(grouped(cut.byteCount)) bytes from sequence \(cut.firstSequence) on, kept as torn/\(cut.tornFile); event \
            \(engine.status.head.lastSequence) records it
            the read models are made anew at the next start
            """)
        if let aside { print("the checkpoint had signed what is gone: it is kept as torn/\(aside)") }
    }

    private func tellThereIsNothing(_ head: LogHead) throws {
        guard let witness = try seen(in: data.directory).first(where: { $0.sequence > head.lastSequence }) else {
            return print("nothing to cut: the log opens as it is, last sequence \(head.lastSequence)")
        }
        complain(
            "nothing to cut: the log ends well at event \(head.lastSequence), but event \(witness.sequence) was seen by its read models or "
                + "its checkpoint. It is an older copy: restore the newer one")
        throw ExitCode.failure
    }

    /// Read models may have seen what is gone now; they are made anew at the next start. So may the checkpoint: then it is set aside.
    private func cleanUp(_ head: LogHead) throws -> String? {
        let views = "\(data.directory)/views"
        if FileManager.default.fileExists(atPath: views) { try FileManager.default.removeItem(atPath: views) }
        return try Notary.setAsideCheckpoint(in: data.directory, unlessSeenBy: head)
    }
}
