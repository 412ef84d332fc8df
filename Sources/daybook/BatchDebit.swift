import ArgumentParser
import LedgerClient

extension Batch {
    struct DebitItems: Verb {
        static let configuration = CommandConfiguration(
            commandName: "debit",
            abstract: "Debit many items at once.",
            discussion: """
                An item is ID=AMOUNT with --unit, or ID=DIMENSION:N[,DIMENSION:N] with --feature. A file has one item per line as JSON, \
                with id and either unit and amount or feature and quantities, and also labels, occurredAt and details if wanted; \
                --unit and --feature are not needed then. The items' ids can be refunded one by one.

                Examples:
                  daybook batch debit acme u-7 B-1 --unit credits a.example=3 b.example=2
                  daybook batch debit acme u-7 B-1 --feature siterank a.example=requests:1
                  daybook batch debit acme u-7 B-1 --file items.jsonl
                """)

        enum Mode: String, ExpressibleByArgument, CaseIterable { case atomic, each }

        @OptionGroup var place: Place
        @Argument(help: "The items.") var items: [Assignment] = []
        @Option(help: ArgumentHelp("One item per line as JSON; - for standard input.", valueName: "path"))
        var file: String?
        @Option(help: ArgumentHelp("The unit of items given as ID=AMOUNT.", valueName: "name"))
        var unit: String?
        @Option(help: ArgumentHelp("The feature of items given with quantities.", valueName: "name"))
        var feature: String?
        @Option(help: "atomic: all items or none. each: every item for itself.")
        var mode: Mode = .atomic
        @Option(help: ArgumentHelp("The API key that was used.", valueName: "name"))
        var key: String?
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func validate() throws {
            if (file == nil) == items.isEmpty { throw ValidationError("Give the items either as arguments or with --file.") }
            if file == nil, (unit == nil) == (feature == nil) { throw ValidationError("Say either --unit or --feature.") }
        }

        func run() throws {
            let all = try file.map(JSONLines.read) ?? items.map(item)
            let params: Params = ["mode": mode.rawValue, "items": JSONValue.array(all), "key": key]
            let part = mode == .each ? "what is accepted of " : ""
            let sentence = "debited \(part)a batch of \(grouped(Int64(all.count))) from \(place.account)"
            let result = place.params + params
            try command.send("debitBatch", tenant: place.tenant, result, sentence)
        }

        private func item(_ argument: Assignment) throws -> JSONValue {
            try unit.map { try BatchItems.explicit(argument, unit: $0) } ?? BatchItems.priced(argument, feature: feature ?? "")
        }
    }
}

/// The items of a `debitBatch` as people write them.
enum BatchItems {
    /// `ID=AMOUNT`
    static func explicit(_ argument: Assignment, unit: String) throws(Failure) -> JSONValue {
        guard let amount = Int64(argument.value) else {
            throw .usage("\(argument.name)=\(argument.value): the amount is no integer.")
        }
        return ["id": .string(argument.name), "unit": .string(unit), "amount": .integer(amount)]
    }

    /// `ID=DIMENSION:N,DIMENSION:N`
    static func priced(_ argument: Assignment, feature: String) throws(Failure) -> JSONValue {
        var quantities: [JSONValue.Member] = []
        for text in argument.value.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let count = Int64(parts[1]) else {
                throw .usage("\(argument.name)=\(argument.value): \(text) is not DIMENSION:N.")
            }
            quantities.append(JSONValue.Member(String(parts[0]), .integer(count)))
        }
        return ["id": .string(argument.name), "feature": .string(feature), "quantities": .object(quantities)]
    }
}
