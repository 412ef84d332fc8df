import ArgumentParser
import LedgerModel
import Notary
import Transparency

struct ShowCheckpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the signed head of the log, after checking it against the log.",
        discussion: """
            A C2SP checkpoint in a signed note, on standard output; how many events, and the key it is signed with, on \
            standard error. Keep it somewhere else: `daybookd prove --from FILE` proves later that nothing before it was \
            changed. May run beside the daemon, which signs one every ten seconds while there is something new, and at its \
            end; `daybook checkpoint` asks it for one up to the newest event.

            Exit status 0 when the log is what was signed, 1 when it is not, or when nothing was signed yet.
            """)

    @OptionGroup var data: DataOption

    func run() throws {
        let ledger = try SignedLedger(data.directory)
        _ = try ledger.tree()
        complain("\(grouped(ledger.checkpoint.sequence.rawValue)) events, signed by \(ledger.key)")
        print(ledger.checkpoint.note.encoded, terminator: "")
    }
}
