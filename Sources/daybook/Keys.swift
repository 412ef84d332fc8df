import ArgumentParser
import LedgerClient

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "API keys: who may spend what, until when. The ledger knows hashes, never secrets.",
        discussion: """
            Examples:
              daybook keys issue acme u-7 k-1 --generate --limit credits=1000/month
              daybook keys issue acme --file keys.jsonl
              daybook keys acme --expires-before 2026-12-01
              daybook keys update acme k-1 k-2 k-3 --status disabled
              daybook keys revoke acme k-1 --reason "leaked"
            """,
        subcommands: [List.self, Issue.self, Update.self, Revoke.self], defaultSubcommand: List.self)

    enum Status: String, ExpressibleByArgument, CaseIterable { case active, disabled, faulty, revoked }

    struct List: Verb {
        static let configuration = CommandConfiguration(
            abstract: "The keys of a tenant: whose they are, how they are, when they expire.",
            discussion: """
                Examples:
                  daybook keys list acme --owner jane --status active
                  daybook keys list acme --tag batch --expires-before 2026-12-01
                """)

        @Argument(help: "The tenant.") var tenant: String
        @Option(help: ArgumentHelp("Only keys of this account.", valueName: "name"))
        var account: String?
        @Option(help: ArgumentHelp("Only keys of this owner.", valueName: "name"))
        var owner: String?
        @Option(help: ArgumentHelp("Only keys with this tag.", valueName: "name"))
        var tag: String?
        @Option(help: ArgumentHelp("Only keys for this provider.", valueName: "name"))
        var platform: String?
        @Option(help: "Only keys of this status.") var status: Status?
        @Option(help: ArgumentHelp("Only keys that expire before this time.", valueName: "time"))
        var expiresBefore: Instant?
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let filter: Params = [
                "tenant": tenant, "account": account, "owner": owner, "tag": tag, "platform": platform,
                "status": status?.rawValue,
                "expiresBefore": expiresBefore,
            ]
            try query.show("keys.list", filter + page.params, hiding: ["hash"])
        }
    }

    struct Revoke: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Refuse keys from the very next command on, for ever; all or none.",
            discussion: """
                A file has one key per line: its name, or a JSON object with key. At most 256 keys at once.

                Examples:
                  daybook keys revoke acme k-1 k-2 --reason "leaked"
                  daybook keys revoke acme --file leaked.txt
                """)

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The keys.") var keys: [String] = []
        @Option(help: ArgumentHelp("One key per line; - for standard input.", valueName: "path"))
        var file: String?
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String?
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func validate() throws { try KeyFile.validate(keys, file) }

        func run() throws {
            let names = try file.map(KeyFile.names) ?? keys
            let params: Params = ["keys": JSONValue.array(names.map { .string($0) }), "reason": reason]
            try command.send("revokeKeys", tenant: tenant, params, "revoked \(KeyFile.words(names))")
        }
    }
}

/// Many keys at once: names on the command line, or a file.
enum KeyFile {
    static func validate(_ keys: [String], _ file: String?) throws {
        if (file == nil) == keys.isEmpty { throw ValidationError("Give the keys either as arguments or with --file.") }
    }

    /// One name per line, or one object with `key` per line.
    static func names(_ path: String) throws(Failure) -> [String] {
        guard let text = path == "-" ? InputText.standardInput() : InputText.file(path) else {
            throw .usage("\(path) cannot be read as UTF-8 text.")
        }
        return try names(text, of: path)
    }

    static func names(_ text: String, of path: String) throws(Failure) -> [String] {
        try JSONLines.parse(text, of: path) { line throws(JSONFault) in
            if !line.hasPrefix("{") { return line.trimmingSpaces }
            guard let key = try JSONFault.parsing(line)["key"]?.string else { throw JSONFault(reason: "it names no key.") }
            return key
        }
    }

    /// One object with `key` per line.
    static func objects(_ path: String) throws(Failure) -> [JSONValue] {
        let objects = try JSONLines.read(path)
        for (index, object) in objects.enumerated() where object["key"]?.string == nil {
            throw .usage("\(path): key number \(index + 1) has no name in key.")
        }
        return objects
    }

    /// `k-1`, `k-1 and k-2`, `256 keys`
    static func words(_ names: [String]) -> String {
        names.count <= 3 ? names.joined(separator: " and ") : "\(grouped(names.count)) keys"
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        let rest = drop(while: \.isWhitespace)
        return String(rest.prefix(rest.count - rest.reversed().prefix(while: \.isWhitespace).count))
    }
}
