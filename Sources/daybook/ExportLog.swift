import ArgumentParser
import LedgerClient

struct ExportLog: Verb {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "The log, up to the newest event there is at the start.",
        discussion: """
            JSON Lines are the very lines of the log. CSV has a row for each event, or one for each unit that it moves: what came back has 1 \
            in `returned`. Its last column, in the event's first row, is the line.

            Examples:
              daybook export log --jsonl --output log.jsonl
              daybook export log --csv --tenant acme --type debited --from 5000
            """)

    @Option(help: ArgumentHelp("Only events of this tenant.", valueName: "name"))
    var tenant: String?
    @Option(help: ArgumentHelp("Only events of this type. Repeat it for more.", valueName: "name"))
    var type: [String] = []
    @Option(help: ArgumentHelp("The first event's number. Default: 1.", valueName: "seq"))
    var from: Int64 = 1
    @OptionGroup(title: "Output") var export: ExportOptions
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func validate() throws {
        if from < 1 { throw ValidationError("--from is at least 1.") }
    }

    func run() throws {
        let status = try connection.connect().call("status")
        guard let newest = Head.sequence(in: status) else {
            throw Failure(status: .failed, message: "`status` does not tell the head.")
        }
        // The daemon knows the types: a subscription to what is to come is refused when one is not there.
        if !type.isEmpty { _ = try EventSubscription(socketPath: connection.path, types: type, patience: .none) }
        let file = try ExportFile(export.output)
        let count = try write(upTo: newest, to: file)
        try file.complete()
        count.end(asOf: newest)
    }

    /// All events are read, since a filtered stream would not tell when the last has gone by.
    private func write(upTo newest: Int64, to file: ExportFile) throws -> ExportCount {
        var count = ExportCount("events")
        var layout = EventLayout(export.format)
        try file.write(layout.head)
        if from > newest { return count }
        let events = try EventSubscription(socketPath: connection.path, from: from)
        var seen = from - 1
        while seen < newest {
            let event = try events.next()
            seen = event.sequence
            guard seen <= newest, isWanted(event) else { continue }
            try file.write(layout.lines(of: event))
            count.add(1)
        }
        return count
    }

    private func isWanted(_ event: EventLine) -> Bool {
        if tenant == nil, type.isEmpty { return true }
        let event = event.value
        return (tenant == nil || event["tenant"]?.string == tenant)
            && (type.isEmpty || type.contains(event["type"]?.string ?? ""))
    }
}

/// Events as they are written.
struct EventLayout {
    private let format: ExportOptions.Format
    private var csv = CSVWriter()

    init(_ format: ExportOptions.Format) { self.format = format }

    /// What stands before the first event.
    var head: [UInt8] {
        if format == .jsonl { return [] }
        var csv = CSVWriter()
        let names = ["seq", "part"] + EventLayout.members + ["unit", "amount", "returned", "available", "held", "json"]
        csv.record(names.map { .text($0) })
        return csv.bytes
    }

    mutating func lines(of event: EventLine) -> [UInt8] {
        if format == .jsonl { return Array((event.text + "\n").utf8) }
        csv.removeAll()
        for record in EventLayout.records(of: event) { csv.record(record) }
        return csv.bytes
    }

    /// Members of an event that are columns of their own, as they stand in it.
    private static let members = [
        "at", "day", "type", "tenant", "account", "id", "item", "actor", "feature", "batch", "hold", "key", "plan", "reason",
    ]

    private static func records(of event: EventLine) -> [[CSVWriter.Cell]] {
        let value = event.value
        let moves = moves(of: value)
        let told: [CSVWriter.Cell] = members.map { cell(value[$0]) }
        return moves.enumerated().map { part, move in
            [.plain(String(event.sequence)), .plain(String(part))] + told + move + [part == 0 ? .plain(event.text) : .none]
        }
    }

    /// Unit, amount, whether it came back, and the balance afterwards, once for each unit that the event moves. An event without parts may
    /// name a unit and an amount of its own.
    private static func moves(of event: JSONValue) -> [[CSVWriter.Cell]] {
        let isRefund = event["type"]?.string == "refunded"
        let moves = moves(event["parts"], cameBack: isRefund) + moves(event["returns"], cameBack: true)
        return moves.isEmpty ? [[cell(event["unit"]), cell(event["amount"]), .none, .none, .none]] : moves
    }

    private static func moves(_ parts: JSONValue?, cameBack: Bool) -> [[CSVWriter.Cell]] {
        (parts?.elements ?? []).map { part in
            [cell(part["unit"]), cell(part["amount"]), .plain(cameBack ? "1" : "0")] + balance(part["balance"])
        }
    }

    private static func balance(_ balance: JSONValue?) -> [CSVWriter.Cell] {
        [cell(balance?["available"]), cell(balance?["held"])]
    }

    private static func cell(_ value: JSONValue?) -> CSVWriter.Cell {
        switch value {
        case nil, .null?: .none
        case .string(let text)?: .text(text)
        case let value?: .plain(value.description)
        }
    }
}
