import ArgumentParser
import Glibc
import LedgerEngine
import SegmentLog

struct PrintBook: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book",
        abstract: "Print the state that a log leads to: accounts, lots, windows, holds, batches, keys.",
        discussion: """
            Replays every committed event from the first, and prints JSON Lines in one canonical order and form \
            (docs/events.md, "The state as text"), so that an auditor who computes the state from the events alone can \
            compare byte by byte. Snapshots and read models are not looked at. Takes no lock, changes nothing and may run \
            beside the daemon; damage ends with exit status 1.

              daybookd book --data ledger > book.jsonl
              daybookd book --data ledger | jq 'select(.kind == "lots")'
              daybookd book --data ledger | cmp - audit.jsonl
            """)

    @OptionGroup var data: DataOption

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let reader = LogReader(data.directory)
        let head = try reader.head()
        var line = ProgressLine("book")
        defer { line.finish() }
        try BookListing.list(reader, upTo: head) { progress in
            line.show(progress.events, of: progress.eventsTotal, "\(grouped(progress.events)) events")
        } write: { lines in
            line.finish()
            try writeOut(lines)
        }
        if let fault = try reader.faultBehind(head) {
            line.finish()
            complain("daybookd: what stands behind event \(head.lastSequence) is damaged and is not in the book: \(fault)")
            throw ExitCode.failure
        }
    }
}
