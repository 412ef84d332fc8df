import ArgumentParser
import Foundation
import LedgerEngine
import LedgerModel
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
        options.acceptClock = true
        let engine = try LedgerEngine(data.directory, options, onFailure: { fault in complain("\(fault)") })
        engine.stop()
        // Read models may have seen what is gone now; they are made anew.
        try? FileManager.default.removeItem(atPath: "\(data.directory)/views")
        print("open: last sequence \(engine.status.head.lastSequence); \(engine.recovery.cuts.count) cuts kept in torn/")
    }
}
