import ArgumentParser
import LedgerClient

struct Import: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Debit every row of a CSV file, once.",
        discussion: """
            The whole file is checked before anything is sent: rows that do not parse are named by their line. The ids come from the \
            file's content and the row, so running the same import again adds nothing, also after one that was interrupted. A row can \
            still be rejected by the ledger; the summary names the first ones, and the exit status is 1.

            Old rows need `tenant/settings` with a lateDays that reaches back to them.

            Example:
              daybook import usage.csv --tenant acme --account 'u-{row%97}' \\
                --feature code --quantity inputTokens=ContextTokens \\
                --quantity outputTokens=GeneratedTokens --occurred-at TIMESTAMP
              daybook import spent.csv --tenant acme --account '{User}' \\
                --unit credits --amount Spent --dry-run
            """)

    @Argument(help: "A CSV file with a header row (RFC 4180).") var file: String
    @OptionGroup(title: "From rows to debits") var mapping: ImportMapping
    @Option(help: ArgumentHelp("Only the first rows.", valueName: "n"))
    var limit: Int?
    @Option(help: ArgumentHelp("What stands between fields.", valueName: "character"))
    var separator = ","
    @Flag(help: "Check the file and show what would be sent.")
    var dryRun = false
    @Option(help: ArgumentHelp("On whose behalf; it goes into the log.", valueName: "name"))
    var actor: String?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func validate() throws {
        if separator.utf8.count != 1 || separator == "\"" {
            throw ValidationError("--separator is one ASCII character, not a quote.")
        }
        if let limit, limit < 0 { throw ValidationError("--limit is at least 0.") }
    }

    func run() throws {
        let file = try HashedFile(path: file)
        let check = try ImportCheck.run(self, file)
        if dryRun { return showOnly(try check.sampled(self, file)) }
        let tally = try send(check, file)
        connection.show(tally.json) { _ in tally.lines }
        if tally.rejected > 0 { throw Failure(status: .rejected, message: "\(grouped(tally.rejected)) rows were rejected.") }
    }

    private func showOnly(_ check: ImportCheck) { connection.show(check.json) { _ in check.lines } }

    /// The second pass over a checked file.
    func send(_ check: ImportCheck, _ file: HashedFile) throws -> Tally {
        var sending = Sending(check, connection: try connection.connect())
        do { try sending.run(rows(of: file, named: check.hash)) } catch { throw sending.stopped(by: error) }
        if try file.finish() != check.hash {
            throw Failure(status: .failed, message: "\(file.path) changed while it was imported.")
        }
        return sending.tally
    }

    /// The rows of the file from its start, in order.
    func rows(of file: HashedFile, named hash: String) throws -> RowSource {
        var records = CSVReader(separator: separator.utf8.first!) { try file.nextChunk() }
        guard let header = try records.next() else { throw Failure.usage("\(file.path) is empty: a header row is needed.") }
        return RowSource(
            reader: try RowReader(mapping, header: header.fields, file: hash), records: records, limit: limit ?? .max,
            actor: actor)
    }
}

/// Rows, one after the other.
struct RowSource {
    fileprivate let reader: RowReader
    fileprivate var records: CSVReader
    fileprivate let limit: Int
    fileprivate let actor: String?
    private(set) var row = 0

    fileprivate init(reader: RowReader, records: CSVReader, limit: Int, actor: String?) {
        (self.reader, self.records, self.limit, self.actor) = (reader, records, limit, actor)
    }

    /// The next row or why it is none, with its line; nil at the end. Throws when the text is no CSV from here on.
    mutating func next() throws -> (line: Int, Result<ImportRow, RowReader.Fault>)? {
        if row == limit { return nil }
        guard let record = try records.next() else { return nil }
        row += 1
        return (record.line, Result { () throws(RowReader.Fault) in try self.read(record) })
    }

    private func read(_ record: CSVReader.Record) throws(RowReader.Fault) -> ImportRow {
        var row = try reader.read(record, row: row)
        if let actor, let members = row.call.params.members {
            row.call.params = .object(members + [JSONValue.Member("actor", .string(actor))])
        }
        return row
    }
}
