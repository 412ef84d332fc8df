import ArgumentParser
import LedgerClient

extension Keys {
    struct Update: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Change keys, all or none. What is not said stays.",
            discussion: """
                A file has one key per line as JSON: key and what changes of it; null clears. At most 256 keys at once.

                Examples:
                  daybook keys update acme k-1 k-2 --status disabled
                  daybook keys update acme k-1 --limit credits=500/day --clear expires-at
                  daybook keys update acme --file changes.jsonl
                """)

        enum NewStatus: String, ExpressibleByArgument, CaseIterable { case active, disabled, faulty }

        enum Field: String, ExpressibleByArgument, CaseIterable {
            case platform, owner, name, tags, limit, features
            case expiresAt = "expires-at"
            case maxOpenHolds = "max-open-holds"

            /// As the method has it.
            var word: String {
                switch self {
                case .expiresAt: "expiresAt"
                case .maxOpenHolds: "maxOpenHolds"
                default: rawValue
                }
            }
        }

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The keys.") var keys: [String] = []
        @Option(help: ArgumentHelp("One key per line as JSON; - for standard input.", valueName: "path"))
        var file: String?
        @Option(help: "What becomes of them. `keys revoke` is for ever.")
        var status: NewStatus?
        @Option(help: "Take back what was said of this. Repeat it for more.")
        var clear: [Field] = []
        @OptionGroup(title: "About the keys") var terms: KeyTermsOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        /// What changes of every key.
        private var changes: [JSONValue.Member] {
            let status: Params = ["status": status?.rawValue]
            return (terms.params + status).members + clear.map { JSONValue.Member($0.word, .null) }
        }

        func validate() throws {
            try KeyFile.validate(keys, file)
            let names = changes.map(\.key)
            if file == nil, names.isEmpty { throw ValidationError("Say what changes, such as --status disabled.") }
            if Set(names).count < names.count { throw ValidationError("The same cannot be set and cleared, or cleared twice.") }
        }

        func run() throws {
            let all = try file.map(KeyFile.objects) ?? keys.map { .object([JSONValue.Member("key", .string($0))]) }
            let params: Params = ["keys": JSONValue.array(all.map(changed))]
            let names = all.compactMap { $0["key"]?.string }
            try command.send("updateKeys", tenant: tenant, params, "changed \(KeyFile.words(names))")
        }

        /// What a line says itself holds before what is said for all.
        private func changed(_ key: JSONValue) -> JSONValue {
            let own = key.members ?? []
            return .object(own + changes.filter { change in !own.contains { $0.key == change.key } })
        }
    }
}
