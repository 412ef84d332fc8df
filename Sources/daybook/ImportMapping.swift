import ArgumentParser
import LedgerClient

/// How a row of the file becomes a debit.
struct ImportMapping: ParsableArguments {
    @Option(help: ArgumentHelp("The tenant.", valueName: "name"))
    var tenant: String
    @Option(help: ArgumentHelp("The account, as a template: u-{row%97} or {User}.", valueName: "template"))
    var account: Template
    @Option(help: ArgumentHelp("The feature whose price is asked; with --quantity.", valueName: "name"))
    var feature: String?
    @Option(help: ArgumentHelp("A dimension and the column that counts it. Repeat it for more.", valueName: "dimension=column"))
    var quantity: [Assignment] = []
    @Option(help: ArgumentHelp("The unit to take; with --amount.", valueName: "name"))
    var unit: String?
    @Option(help: ArgumentHelp("The column with the amount.", valueName: "column"))
    var amount: String?
    @Option(help: ArgumentHelp("The column with the time of the use.", valueName: "column"))
    var occurredAt: String?
    @Option(
        help: ArgumentHelp(
            "The zone of times that do not name one: UTC, +02:00 or Europe/Berlin. Default: UTC.", valueName: "zone"))
    var timeZone: Zone?
    @Option(help: ArgumentHelp("A label and its column. Repeat it for more; an empty cell gives none.", valueName: "name=column"))
    var label: [Assignment] = []
    @Option(help: ArgumentHelp("The batch, as a template.", valueName: "template"))
    var batch: Template?
    @Option(
        help: ArgumentHelp(
            "The command ids, as a template that differs in every row. Default: import-{file}-{row}.", valueName: "template"))
    var id: Template?

    func validate() throws {
        let isPriced = feature != nil && !quantity.isEmpty && unit == nil && amount == nil
        let isExplicit = unit != nil && amount != nil && feature == nil && quantity.isEmpty
        if !isPriced, !isExplicit { throw ValidationError("Say either --feature with --quantity, or --unit with --amount.") }
    }

    /// The columns that are counted, with the names under which their sums are told.
    var counted: [Assignment] {
        quantity.isEmpty ? [Assignment(argument: "\(unit ?? "")=\(amount ?? "")")].compactMap(\.self) : quantity
    }

    /// Every column that is named.
    var columns: [String] {
        account.columns + counted.map(\.value) + [occurredAt].compactMap(\.self) + label.map(\.value) + (batch?.columns ?? [])
            + (id?.columns ?? [])
    }
}

/// One row, ready to be sent.
struct ImportRow {
    /// From 1, the header not counted.
    var row: Int
    var line: Int
    var call: Call
    /// In the order of `ImportMapping.counted`.
    var counts: [Int64]
}

/// Makes debits of the records of one file.
struct RowReader {
    /// Why a row is no debit.
    struct Fault: Error {
        var reason: String
    }

    private let mapping: ImportMapping
    private let width: Int
    private let places: [String: Int]
    private let file: String
    private let id: Template

    /// `file` stands for the file's content in ids. Throws when a column is named that the header does not have, or has twice.
    init(_ mapping: ImportMapping, header: [String], file: String) throws(Failure) {
        self.mapping = mapping
        self.file = file
        width = header.count
        id = mapping.id ?? Template(argument: "import-{file}-{row}")!
        places = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for column in mapping.columns {
            switch header.filter({ $0 == column }).count {
            case 0: throw .usage("there is no column \(column); the columns are \(header.joined(separator: ", ")).")
            case 1: continue
            default: throw .usage("the column \(column) is there twice: rename one.")
            }
        }
    }

    func read(_ record: CSVReader.Record, row: Int) throws(Fault) -> ImportRow {
        if record.fields.count != width { throw Fault(reason: "\(record.fields.count) fields, the header has \(width)") }
        var counts: [Int64] = []
        for assignment in mapping.counted { counts.append(try count(assignment.value, record)) }
        let params = head(record, row) + ask(counts) + about(record, row) + (try when(record))
        if let empty = params.members.first(where: { $0.value == "" }) { throw Fault(reason: "the \(empty.key) is empty") }
        return ImportRow(row: row, line: record.line, call: Call("debit", params.object), counts: counts)
    }

    private func head(_ record: CSVReader.Record, _ row: Int) -> Params {
        ["tenant": mapping.tenant, "id": expand(id, record, row), "account": expand(mapping.account, record, row)]
    }

    private func ask(_ counts: [Int64]) -> Params {
        if let unit = mapping.unit { return ["unit": unit, "amount": counts[0]] }
        let quantities = zip(mapping.quantity, counts).map { JSONValue.Member($0.name, .integer($1)) }
        return ["feature": mapping.feature, "quantities": JSONValue.object(quantities)]
    }

    private func about(_ record: CSVReader.Record, _ row: Int) -> Params {
        let labels = mapping.label.map { JSONValue.Member($0.name, .string(cell($0.value, record))) }.filter { $0.value != "" }
        let batch = mapping.batch.map { expand($0, record, row) }
        return ["batch": batch, "labels": labels.isEmpty ? Optional.none : JSONValue.object(labels)]
    }

    private func when(_ record: CSVReader.Record) throws(Fault) -> Params {
        guard let column = mapping.occurredAt else { return [:] }
        let text = cell(column, record)
        guard let instant = Instant(text, zone: mapping.timeZone ?? .utc) else {
            throw Fault(reason: "\(column): '\(text)' is no time")
        }
        return ["occurredAt": instant]
    }

    private func count(_ column: String, _ record: CSVReader.Record) throws(Fault) -> Int64 {
        let text = cell(column, record)
        guard let count = Int64(text), (0...RowReader.countMax).contains(count) else {
            throw Fault(reason: "\(column): '\(text)' is no integer from 0 to \(RowReader.countMax)")
        }
        return count
    }

    /// 2^53 - 1, the largest amount of the ledger.
    static let countMax: Int64 = 9_007_199_254_740_991

    private func expand(_ template: Template, _ record: CSVReader.Record, _ row: Int) -> String {
        template.text(row: row, file: file) { cell($0, record) }
    }

    private func cell(_ column: String, _ record: CSVReader.Record) -> String { record.fields[places[column]!] }
}
