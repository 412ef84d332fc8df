import ArgumentParser
import LedgerEngine
import LedgerModel
import ReadModels
import SegmentLog

struct Snapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a snapshot, from which the next start goes on, while no daemon serves.",
        discussion: """
            A snapshot holds the balances, holds, plans, keys and ids of a ledger after one of its events: a start reads the newest one that \
            fits the log, and replays only what follows it. The daemon writes snapshots itself, every million events and when it ends; this is \
            for a ledger that has none, such as one just restored. The newest two are kept, in snapshots/. They can be deleted at any time.
            """)

    @OptionGroup var data: DataOption

    func run() throws {
        var options = LedgerEngine.Options()
        // Opened as the daemon opens it: recovered, and refused if read models have seen what the log no longer has.
        options.watermarks = try seen(in: data.directory)
        options.snapshots.note = { complain("daybookd: \($0)") }
        var line = ProgressLine("snapshot")
        let sequence = try LedgerEngine.makeSnapshot(data.directory, options) { progress in
            line.show(progress.events, of: progress.eventsTotal, "\(grouped(progress.events)) events")
        }
        line.finish()
        print(sequence == .zero ? "the log has no events yet" : "snapshot of \(grouped(sequence.rawValue)) events written")
    }
}
