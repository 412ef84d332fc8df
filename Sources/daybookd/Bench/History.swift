import LedgerModel

/// An account with a long past, told as commands in the order of time; the account beside which it is measured has one grant
/// and nothing else.
struct History {
    /// Commands and the ledger's time at which they are sent.
    struct Step {
        let at: Timestamp
        let commands: [Command]
    }

    static let account: Name = "old"
    static let debitCount = 100_000
    static let expiredLotCount = 1000
    static let openHoldCount = 500
    private static let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z")!
    /// At most 256 lots of a unit may be open at once.
    private static let lotsAtOnce: Int64 = 200

    private(set) var steps: [Step] = []
    /// When it is over.
    private(set) var end = History.start

    init() {
        add([BenchLedger.configuration, History.grant(to: History.account)])
        let rounds = Int64(History.expiredLotCount) / History.lotsAtOnce
        for _ in 0..<rounds {
            add(Array(repeating: History.debit(History.account), count: History.debitCount / Int(rounds)))
            add((0..<History.lotsAtOnce).map { _ in lapsingGrant })
            end = end.adding(days: 2)
            // This writes that the lots have lapsed.
            add([History.debit(History.account)])
        }
        add(Array(repeating: History.hold, count: History.openHoldCount))
    }

    private mutating func add(_ commands: [Command]) { steps.append(Step(at: end, commands: commands)) }

    /// A lot that lapses a day later, with all that it held.
    private var lapsingGrant: Command {
        let terms = LotTerms(expiresAt: end.adding(days: 1), source: .bonus)
        return .grant(Grant(account: History.account, unit: "credits", amount: 10, terms: terms))
    }

    private static let hold = Command.hold(
        Hold(
            account: account, ask: .amount(unit: "credits", 10),
            expiresInSeconds: SettingsDocument.holdSecondsRange.upperBound))

    static func grant(to account: Name) -> Command {
        .grant(Grant(account: account, unit: "credits", amount: 1_000_000_000_000))
    }

    static func debit(_ account: Name) -> Command {
        let quantity = Quantity(dimension: "requests", count: 1)
        return .debit(Debit(account: account, ask: .priced(feature: BenchLedger.feature, quantities: [quantity])))
    }
}
