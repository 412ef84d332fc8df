import ArgumentParser
import LedgerClient

/// How a document is changed: why, when, and whether at all.
struct ChangeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; it goes into the log. Not needed for a dry run.", valueName: "text"))
    var reason: String?
    @Option(help: ArgumentHelp("Only if this is the version now; 0 for none yet.", valueName: "n"))
    var expectVersion: Int64?
    @Option(
        help: ArgumentHelp(
            "When it comes into force, if not now. One change can wait per document: a newer one replaces it.", valueName: "time")
    )
    var at: Instant?
    @Flag(help: "Show what would change and how many accounts it touches; change nothing.")
    var dryRun = false

    func validate() throws {
        if reason == nil, !dryRun { throw ValidationError("Say why with --reason, or look first with --dry-run.") }
    }

    func put(_ value: JSONValue, at key: String, of tenant: String, _ command: CommandOptions) throws {
        try configure(key, value, of: tenant, command, ["wrote", "will write", "would write"])
    }

    func delete(_ key: String, of tenant: String, _ command: CommandOptions) throws {
        try configure(key, .null, of: tenant, command, ["deleted", "will delete", "would delete"])
    }

    /// The verbs are of what is done now, later, or not at all.
    private func configure(
        _ key: String, _ value: JSONValue, of tenant: String, _ command: CommandOptions, _ verbs: [String]
    ) throws {
        let change: Params = ["key": key, "value": value, "expectVersion": expectVersion]
        let params: Params = [
            "reason": reason ?? "dry run", "changes": JSONValue.array([change.object]), "effectiveAt": at,
            "dryRun": dryRun ? true : nil,
        ]
        try command.send("configure", tenant: tenant, params, "\(verbs[dryRun ? 2 : at == nil ? 0 : 1]) \(key)")
    }
}

extension QueryOptions {
    /// Shows one configuration document, at its newest version or at another.
    func showDocument(_ key: String, of tenant: String, version: Int64? = nil) throws {
        let params: Params = ["tenant": tenant, "key": key, "version": version]
        let missing = "there is no document \(key)\(version.map { " of version \($0)" } ?? "")."
        let (answer, row) = try find(version == nil ? "config.document" : "config.version", params, missing: missing)
        connection.show(answer) { _ in [Self.head(key, row)] + Documents.pretty(row["value"]) }
    }

    private static func head(_ key: String, _ row: JSONValue) -> String {
        let deleted = row["value"]?.isNull == true ? ", deleted" : ""
        return Terminal.output.dim("\(key) version \(row["version"]?.integer ?? 0)\(deleted)")
    }
}
