import ArgumentParser
import LedgerClient

struct WhatIf: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatif",
        abstract: "What a past period would have cost under another price or plan. Nothing is written.",
        discussion: """
            Every use of the period is priced and judged again, account by account; it may take minutes for millions of them. What is \
            assumed stands in docs/what-if.md.

            Examples:
              daybook whatif price acme chat @new.json --from 2026-11-01 --to 2026-11-30
              daybook whatif plan acme starter @starter.json --top 50 \\
                --from 2026-11-01 --to 2026-11-30
            """,
        subcommands: [Price.self, Plan.self])

    struct Price: Verb {
        static let configuration = CommandConfiguration(abstract: "What uses of a feature would have cost.")

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The feature.") var feature: String
        @OptionGroup var proposal: Proposal
        @OptionGroup(title: "Common options") var connection: ConnectionOptions

        var wantsJSON: Bool { connection.json }

        func run() throws { try proposal.ask("whatif.price", ["tenant": tenant, "feature": feature], connection) }
    }

    struct Plan: Verb {
        static let configuration = CommandConfiguration(
            abstract: "What those who have a plan would have been given, and what that changes.")

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The plan's name.") var plan: String
        @OptionGroup var proposal: Proposal
        @OptionGroup(title: "Common options") var connection: ConnectionOptions

        var wantsJSON: Bool { connection.json }

        func run() throws { try proposal.ask("whatif.plan", ["tenant": tenant, "plan": plan], connection) }
    }

    /// The document, and what it is put to.
    struct Proposal: ParsableArguments {
        @Argument(
            help: "The proposed document as JSON: the text, @FILE, or - for standard input.", transform: JSONArgument.read)
        var value: JSONValue
        @Option(help: ArgumentHelp("The first day, as reports count days.", valueName: "day"))
        var from: CivilDate
        @Option(help: ArgumentHelp("The last day.", valueName: "day"))
        var to: CivilDate
        @Option(help: ArgumentHelp("How many accounts to name for each unit. Default: 10.", valueName: "n"))
        var top: Int64?

        func ask(_ method: String, _ subject: Params, _ connection: ConnectionOptions) throws {
            let params: Params = ["value": value, "from": from, "to": to, "top": top]
            let answer = try connection.connect().call(method, (subject + params).object)
            connection.show(answer) { WhatIfWords.lines($0, connection.amounts(of: subject.object["tenant"]?.string)) }
        }
    }
}

/// The answer of `whatif.price` and `whatif.plan` for people.
enum WhatIfWords {
    static func lines(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        heading(answer) + table("units", answer["units"], amounts) + table("features", answer["features"], amounts)
            + table("accounts most affected", answer["mostAffected"], amounts) + refusals(answer["refused"])
            + alerts(answer["alerts"]) + notes(answer)
    }

    private static func heading(_ answer: JSONValue) -> [String] {
        let text = ["key", "from", "to"].map { Terminal.printable(answer[$0]?.string ?? "") }
        let counts = "\(number(answer["uses"])) uses of \(number(answer["accounts"])) accounts"
        return [Terminal.output.bold("\(text[0]) from \(text[1]) to \(text[2])") + ": \(counts)"]
    }

    // MARK: Tables

    private static func table(_ title: String, _ rows: JSONValue?, _ amounts: Amounts) -> [String] {
        let rows = rows?.elements ?? []
        if rows.isEmpty { return [] }
        let left = ["account", "feature", "unit"]
        let right = ["uses", "was", "would be", "difference", "beyond allowances", "would be", "refused"]
        let columns =
            left.map { Table.Column(title: $0, alignment: .left) } + right.map { Table.Column(title: $0, alignment: .right) }
        return ["", Terminal.output.bold(title)] + Table(columns: columns, rows: rows.map { row($0, amounts) }).lines()
    }

    private static func row(_ row: JSONValue, _ amounts: Amounts) -> [String] {
        let unit = row["unit"]?.string
        func amount(_ value: JSONValue?) -> String { value?.integer.map { amounts.number($0, unit) } ?? "" }
        let feature = row["feature"].map { $0.string ?? "(by amount)" } ?? ""
        let beyond = row["beyondAllowance"]
        // Where allowances cover nothing it would be the same again.
        let isPlain = beyond?["actual"] == row["actual"] && beyond?["proposed"] == row["proposed"]
        return [
            Terminal.printable(row["account"]?.string ?? ""), Terminal.printable(feature), Terminal.printable(unit ?? ""),
            row["uses"] == nil ? "" : number(row["uses"]), amount(row["actual"]), amount(row["proposed"]),
            signed(row["difference"]?.integer ?? 0) { amounts.number($0, unit) }, isPlain ? "" : amount(beyond?["actual"]),
            isPlain ? "" : amount(beyond?["proposed"]), row["refused"]?.integer == 0 ? "" : row["refused"].map(number) ?? "",
        ]
    }

    private static func signed(_ value: Int64, _ number: (Int64) -> String) -> String {
        value > 0 ? "+\(number(value))" : number(value)
    }

    private static func number(_ value: JSONValue?) -> String { grouped(value?.integer ?? 0) }

    // MARK: Sentences

    private static func refusals(_ refused: JSONValue?) -> [String] {
        guard let uses = refused?["uses"]?.integer, uses > 0 else { return ["", "no use would have been refused"] }
        let reasons = (refused?["reasons"]?.elements ?? []).map { reason in
            "\(Terminal.printable(reason["rejection"]?.string ?? "")) \(number(reason["uses"]))"
        }
        return ["", "\(grouped(uses)) \(uses == 1 ? "use" : "uses") would have been refused: \(reasons.joined(separator: ", "))"]
    }

    private static func alerts(_ thresholds: JSONValue?) -> [String] {
        (thresholds?.elements ?? []).map { row in
            let unit = Terminal.printable(row["unit"]?.string ?? "")
            let counts = "\(number(row["proposed"])) instead of \(number(row["actual"]))"
            return "windows that reach \(number(row["threshold"])) % of \(unit): \(counts)"
                + " (\(number(row["gained"])) more, \(number(row["lost"])) fewer)"
        }
    }

    private static func notes(_ answer: JSONValue) -> [String] {
        var notes: [String] = []
        if let count = answer["notPriced"]?.integer, count > 0 {
            notes.append("\(grouped(count)) \(count == 1 ? "use" : "uses") without quantities cost what they did")
        }
        if let count = answer["notJudged"]?.integer, count > 0 {
            notes.append("\(grouped(count)) \(count == 1 ? "use was" : "uses were") taken for paid: what there was is not known")
        }
        let read = "\(number(answer["read"]?["uses"])) uses read in \(number(answer["read"]?["milliseconds"])) ms"
        return notes + [Terminal.output.dim("as of seq \(number(answer["asOf"]?["seq"])), \(read)")]
    }
}
