import ArgumentParser
import EventCodec
import LedgerEngine
import LedgerModel
import Notary
import ReadModels

struct ReplaceKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a ledger a new signing key, while no daemon serves it.",
        discussion: """
            For a key that was lost, or that somebody else may have read. The log says that it was replaced, when and why; \
            what the old key signed stays verifiable, for the log names both. The old key is gone afterwards. Tell the new \
            verifier key to everybody who checks receipts.

            Whatever fails in between, the ledger starts afterwards, with one key or the other.

              daybookd replace-key --data ledger --reason 'the old disk was sold'
            """)

    @OptionGroup var data: DataOption

    @Option(help: "Why: it is written into the log, for ever.")
    var reason: String

    func validate() throws {
        guard (1...FieldBounds.reasonByteCountMax).contains(reason.utf8.count) else {
            throw ValidationError("--reason must have 1 to \(FieldBounds.reasonByteCountMax) bytes")
        }
    }

    func run() throws {
        var line = ProgressLine("keys")
        let replacement = try LedgerEngine.replaceKey(
            in: data.directory, reason: reason, watermarks: seen(in: data.directory),
            progress: { line.show($0, of: $1, "\(grouped($0)) events") })
        line.finish()
        print(
            """
            event \(replacement.sequence) replaces the key
            old \(replacement.old)
            new \(replacement.new)
            """)
    }
}
