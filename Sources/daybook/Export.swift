import ArgumentParser
import LedgerClient

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Everything that a query answers, or the log, as CSV or JSON Lines.",
        discussion: """
            All of it is as of one event, which is named on standard error at the end, and there is no limit to its length. In CSV a text \
            that a spreadsheet would take for a formula has an apostrophe before it; JSON Lines have every text as it is.

            Examples:
              daybook export usage.history tenant=acme account=u-7 --csv
              daybook export balances.list tenant=acme --jsonl --output balances.jsonl
              daybook export log --tenant acme --csv --output log.csv
            """,
        subcommands: [ExportQuery.self, ExportLog.self], defaultSubcommand: ExportQuery.self)
}

/// As what, and where to.
struct ExportOptions: ParsableArguments {
    enum Format: EnumerableFlag {
        case csv, jsonl

        static func help(for format: Format) -> ArgumentHelp? {
            switch format {
            case .csv: "CSV as in RFC 4180, in UTF-8, with a header row."
            case .jsonl: "JSON Lines: an object on each line."
            }
        }
    }

    @Flag var format: Format
    @Option(help: ArgumentHelp("The file, which is there when it is whole. Default: standard output.", valueName: "path"))
    var output: String?
}

/// Tells on standard error how many rows there are, on a terminal also while they come.
struct ExportCount {
    private let noun: String
    private(set) var rows = 0
    private var lastShown = ContinuousClock.now

    init(_ noun: String) { self.noun = noun }

    mutating func add(_ count: Int) {
        rows += count
        let now = ContinuousClock.now
        if !Terminal.errors.isInteractive || now - lastShown < .milliseconds(100) { return }
        lastShown = now
        Terminal.errors.write("\r\u{1b}[K\(grouped(rows)) \(noun)")
    }

    func end(asOf sequence: Int64) {
        if Terminal.errors.isInteractive { Terminal.errors.write("\r\u{1b}[K") }
        Terminal.errors.line("\(grouped(rows)) \(noun), as of event \(sequence)")
    }
}
