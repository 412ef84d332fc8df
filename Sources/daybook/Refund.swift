import ArgumentParser

struct Refund: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Give back a debit or settlement, whole or in part, to the lots it came from.",
        discussion: """
            ID is the debit's or settlement's command id, the id of an item in a batch, or that of a hold that was settled or captured. Without --amount and --quantity all that is left is given back.

            Examples:
              daybook refund acme d-1
              daybook refund acme d-1 --amount 2 --reason "two of three failed"
              daybook refund acme d-1 --quantity requests=2
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: ArgumentHelp("The id of the debit or item.", valueName: "id")) var of: String
    @OptionGroup var extent: ExtentOptions
    @Option(help: ArgumentHelp("Give what belonged to a lapsed lot anew, until then.", valueName: "time"))
    var reissueUntil: Instant?
    @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
    var reason: String?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let reissue: Params? = reissueUntil.map { ["expiresAt": $0] }
        let (debit, rest): (Params, Params) = (["of": of], ["reissue": reissue?.object, "reason": reason])
        try command.send("refund", tenant: tenant, debit + extent.params + rest, "refunded \(of)")
    }
}
