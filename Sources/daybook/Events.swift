import ArgumentParser
import LedgerClient

struct Events: Verb {
    static let configuration = CommandConfiguration(
        abstract: "The events of the log, in order; with --follow also those to come.",
        discussion: """
            With --json each line is the very line of the log.

            Examples:
              daybook events --from 1 --type debited --type refunded
              daybook events --follow
              daybook events --follow --from 5000 --tenant acme --json
            """)

    @Flag(help: "Go on with the events to come. Without --from, only those.")
    var follow = false
    @Option(help: ArgumentHelp("The first event's number. Default: 1.", valueName: "seq"))
    var from: Int64?
    @Option(help: ArgumentHelp("Only events of this type. Repeat it for more.", valueName: "name"))
    var type: [String] = []
    @Option(help: ArgumentHelp("Only events of this tenant.", valueName: "name"))
    var tenant: String?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws { try follow ? printForEver() : printUntilNow() }

    private func printForEver() throws(ClientError) {
        let events = try EventSubscription(socketPath: connection.path, from: from, tenant: tenant, types: type)
        while true { show(try events.next()) }
    }

    /// Up to the newest event there is at the start. All are read, since a filtered stream would not tell when that one has gone by.
    private func printUntilNow() throws {
        let status = try connection.connect().call("status")
        guard let newest = Head.sequence(in: status) else {
            throw Failure(status: .failed, message: "`status` does not tell the head.")
        }
        let first = max(from ?? 1, 1)
        if first > newest { return }
        let events = try EventSubscription(socketPath: connection.path, from: first)
        var seen = first - 1
        while seen < newest {
            let event = try events.next()
            seen = event.sequence
            if seen <= newest, isWanted(event.value) { show(event) }
        }
    }

    private func isWanted(_ event: JSONValue) -> Bool {
        (tenant == nil || event["tenant"]?.string == tenant) && (type.isEmpty || type.contains(event["type"]?.string ?? ""))
    }

    private func show(_ event: EventLine) { Terminal.output.line(connection.json ? event.text : EventWords.line(event.value)) }
}

/// An event on one line for people.
enum EventWords {
    static func line(_ event: JSONValue) -> String {
        let fixed = [
            padded(String(event["seq"]?.integer ?? 0), 8, left: true), Rows.shortTime(event["at"]?.string ?? ""),
            padded(event["type"]?.string ?? "", 14),
        ]
        let rest =
            ["tenant", "account", "feature", "batch", "key"].compactMap { event[$0]?.string } + moves(event) + ["id=\(id(event))"]
        return Terminal.printable((fixed + rest).joined(separator: "  "))
    }

    private static func id(_ event: JSONValue) -> String { event["item"]?.string ?? event["id"]?.string ?? "" }

    private static func moves(_ event: JSONValue) -> [String] {
        (event["parts"]?.elements ?? []).map { part in
            let sign = event["direction"]?.string == "down" ? "-" : ""
            return "\(sign)\(grouped(part["amount"]?.integer ?? 0)) \(part["unit"]?.string ?? "")"
        }
    }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }
}
