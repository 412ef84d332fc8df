import ArgumentParser
import LedgerClient

extension Keys {
    struct Issue: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Make API keys known, all or none.",
            discussion: """
                KEY is a name for the key, not its secret. The secret stays on this side: the ledger is given its SHA-256. --generate makes \
                one and prints it once; keep it, for nobody can tell it again.

                A file has one key per line as JSON: key, account, and either hash, or secret (which is hashed here and not sent), or \
                neither with --generate; and platform, owner, name, tags, expiresAt, limit, features, maxOpenHolds if wanted. ACCOUNT and \
                the options hold for lines that do not say otherwise. At most 256 keys at once.

                Examples:
                  daybook keys issue acme u-7 k-1 k-2 --generate --owner jane --tag batch
                  daybook keys issue acme u-7 k-3 --secret-file k-3.secret --feature rank
                  daybook keys issue acme --file keys.jsonl
                """)

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The account that pays.") var account: String?
        @Argument(help: "The keys' names.") var keys: [String] = []
        @Flag(help: "Make a secret for each key that has none, and print it, once.")
        var generate = false
        @Option(help: ArgumentHelp("The secret of the one key: a file, or - for standard input.", valueName: "path"))
        var secretFile: String?
        @Option(help: ArgumentHelp("The SHA-256 of the one key's secret, as 64 lower-case hexadecimal digits.", valueName: "hex"))
        var hash: String?
        @Option(help: ArgumentHelp("One key per line as JSON; - for standard input.", valueName: "path"))
        var file: String?
        @OptionGroup(title: "About the keys") var terms: KeyTermsOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func validate() throws {
            try KeyFile.validate(keys, file)
            if file == nil, account == nil { throw ValidationError("Say which account pays: TENANT ACCOUNT KEY.") }
            let sources = [generate, secretFile != nil, hash != nil].count { $0 }
            if file == nil, sources != 1 { throw ValidationError("Say one of --generate, --secret-file and --hash.") }
            if file != nil, sources != (generate ? 1 : 0) {
                throw ValidationError("With --file each line has its own hash or secret.")
            }
            if keys.count > 1, !generate { throw ValidationError("--secret-file and --hash are of one key.") }
        }

        func run() throws {
            let new = try newKeys()
            let id = command.commandID
            let params: Params = ["keys": JSONValue.array(new.map(\.json))]
            let result = try NewKey.keepingSecrets(new) { try command.perform("issueKeys", tenant: tenant, id: id, params) }
            try command.tell(NewKey.adding(new, to: result), tenant: tenant, id: id) { _ in
                "issued \(KeyFile.words(new.map(\.name)))"
            }
        }

        private func newKeys() throws(Failure) -> [NewKey] {
            if let file { return try NewKey.complete(KeyFile.objects(file), account: account, terms, generate: generate) }
            let given = try givenHash()
            return keys.map { NewKey($0, account: account ?? "", hash: given, terms) }
        }

        /// Nil when a secret is to be made.
        private func givenHash() throws(Failure) -> String? {
            if let secretFile { return try Secret.read(secretFile).hash }
            return hash
        }
    }
}

/// A key to be issued, with the secret that was made for it here.
struct NewKey {
    let json: JSONValue
    let generated: Secret?

    var name: String { json["key"]?.string ?? "" }

    /// Without a hash a secret is made.
    init(_ key: String, account: String, hash: String?, _ terms: KeyTermsOptions) {
        generated = hash == nil ? .generated() : nil
        let head: Params = ["key": key, "hash": hash ?? generated?.hash, "account": account]
        json = (head + terms.params).object
    }

    private init(json: JSONValue, generated: Secret?) { (self.json, self.generated) = (json, generated) }

    /// Keys as they stand in a file, completed by what was said for all of them.
    static func complete(
        _ objects: [JSONValue], account: String?, _ terms: KeyTermsOptions, generate: Bool
    ) throws(Failure) -> [NewKey] {
        let common: Params = ["account": account]
        var keys: [NewKey] = []
        for object in objects { keys.append(try complete(object, (common + terms.params).members, generate)) }
        return keys
    }

    /// A secret is replaced by its hash, wherever it came from.
    private static func complete(
        _ object: JSONValue, _ common: [JSONValue.Member], _ generate: Bool
    ) throws(Failure) -> NewKey {
        let given = object["secret"]?.string.map { Secret(text: $0) }
        let generated = generate && given == nil && object["hash"] == nil ? Secret.generated() : nil
        guard let hash = (given ?? generated)?.hash ?? object["hash"]?.string else {
            throw .usage("the key \(object["key"]?.string ?? "") has neither hash nor secret; --generate makes one.")
        }
        let own = (object.members ?? []).filter { !["secret", "hash"].contains($0.key) }
        let rest = common.filter { member in !own.contains { $0.key == member.key } }
        return NewKey(json: .object(own + [JSONValue.Member("hash", .string(hash))] + rest), generated: generated)
    }

    // MARK: Secrets made here

    private static func secrets(_ keys: [NewKey]) -> [JSONValue] {
        keys.compactMap { key in key.generated.map { ["key": .string(key.name), "secret": .string($0.text)] } }
    }

    /// The result with the secrets made here, which are told this once.
    static func adding(_ keys: [NewKey], to result: JSONValue) -> JSONValue {
        let secrets = secrets(keys)
        guard let members = result.members, !secrets.isEmpty else { return result }
        return .object(members + [JSONValue.Member("secrets", .array(secrets))])
    }

    /// The keys may have been issued although no answer came: their secrets must not be lost.
    static func keepingSecrets(_ keys: [NewKey], _ body: () throws -> JSONValue) throws -> JSONValue {
        do { return try body() } catch let failure as Failure where failure.status == .noDaemon && !secrets(keys).isEmpty {
            throw Failure(status: failure.status, message: unanswered(secrets(keys)))
        }
    }

    private static func unanswered(_ secrets: [JSONValue]) -> String {
        let lines = secrets.map { "\n  \($0["key"]?.string ?? "")  \($0["secret"]?.string ?? "")" }.joined()
        return "the connection broke. The keys may have been issued or not; see `daybook keys list`.\nTheir secrets:\(lines)"
    }
}
