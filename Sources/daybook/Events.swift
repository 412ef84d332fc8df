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
        try refuseUnknownTypes()
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

    /// The daemon knows the types: a subscription to what is to come is refused when one is not there.
    private func refuseUnknownTypes() throws(ClientError) {
        if !type.isEmpty { _ = try EventSubscription(socketPath: connection.path, types: type, patience: .none) }
    }

    private func isWanted(_ event: JSONValue) -> Bool {
        (tenant == nil || event["tenant"]?.string == tenant) && (type.isEmpty || type.contains(event["type"]?.string ?? ""))
    }

    private func show(_ event: EventLine) { Terminal.output.line(connection.json ? event.text : EventWords.line(event.value)) }
}
