import LedgerTestKit
import Testing

@testable import LedgerModel

/// Law 5: touching an account every hour or once gives the same at the same instant.
@Suite("Law 5")
struct TouchLawTests {
    @Test("a year of an account touched hourly is, field by field, the year of one touched a few times", arguments: 1...60)
    func touched(seed: Int) throws {
        var year = Year(seed: UInt64(seed))
        try year.begin()
        for _ in 0..<12 {
            try year.passMonth()
            let (busy, idle) = (year.busy.told(at: year.now), year.idle.told(at: year.now))
            try #require(busy == idle, "seed \(seed), \(year.now): \(year.plan)")
        }
    }
}

/// Two ledgers in which the same happens, but that in one of them somebody looks in every hour.
private struct Year {
    private(set) var busy = MemoryLedger(zones: .ofSimulation)
    private(set) var idle = MemoryLedger(zones: .ofSimulation)
    private(set) var now: Timestamp
    private(set) var plan: PlanDocument
    private var random: SeededGenerator
    private var commandCount = 0
    private static let units: [Name] = ["a", "b"]

    /// Years with and without a leap day, and every zone there is.
    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let start = Timestamp(rfc3339: "2023-11-20T00:00:00Z")!
        now = start.adding(days: Int64.random(in: 0...800, using: &random)).adding(
            seconds: .random(in: 0...86_399, using: &random))
        plan = PlanDocument()
        plan = Year.plan(&random)
    }

    private static func plan(_ random: inout SeededGenerator) -> PlanDocument {
        var allowances: [AllowanceDocument] = []
        for unit in units {
            for period in Period.allCases where Int.random(in: 0...3, using: &random) > 0 {
                let isUnlimited = Int.random(in: 0...9, using: &random) == 0
                allowances.append(
                    AllowanceDocument(
                        unit: unit,
                        amount: isUnlimited ? .unlimited : .units(Amount(rawValue: .random(in: 0...50, using: &random))!),
                        period: period, priority: .random(in: 8...12, using: &random),
                        rollover: Bool.random(using: &random) ? Amount(rawValue: .random(in: 0...120, using: &random)) : nil,
                        anchor: Bool.random(using: &random) ? .subscription : .calendar))
            }
        }
        return PlanDocument(allowances: allowances)
    }

    mutating func begin() throws {
        let zone: Name = ["UTC", "Europe/Berlin", "America/New_York"].randomElement(using: &random)!
        try both(
            .configure(
                configuration([DocumentKey(.plan, "p"): .plan(plan), .settings: .settings(SettingsDocument(timeZone: zone))])))
        for unit in Year.units { try both(.grant(Grant(account: "u", unit: unit, amount: 5000))) }
        try both(.subscribe(Subscribe(account: "u", plan: "p", anchor: .random(in: 28...31, using: &random))))
    }

    private func configuration(_ documents: [DocumentKey: Document]) -> Configure {
        Configure(changes: documents.sorted { "\($0.key)" < "\($1.key)" }.map { .init(key: $0, document: $1) }, reason: "r")
    }

    /// A month in which the plan or the zone may change, and something is used once or twice.
    mutating func passMonth() throws {
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            try passHours(.random(in: 200...400, using: &random))
            switch Int.random(in: 0...5, using: &random) {
            case 0: try both(.configure(configuration([DocumentKey(.plan, "p"): .plan(Year.plan(&random))])))
            case 1:
                let zone: Name = ["UTC", "Europe/Berlin", "America/New_York"].randomElement(using: &random)!
                try both(.configure(configuration([.settings: .settings(SettingsDocument(timeZone: zone))])))
            default:
                let amount = Amount(rawValue: .random(in: 1...60, using: &random))!
                try both(.debit(Debit(account: "u", ask: .amount(unit: Year.units.randomElement(using: &random)!, amount))))
            }
        }
    }

    private mutating func passHours(_ count: Int) throws {
        for _ in 0..<count {
            now = now.adding(seconds: 3600)
            for unit in Year.units {
                _ = try? busy.send(request(.debit(Debit(account: "u", ask: .amount(unit: unit, 0)))), at: now)
            }
        }
    }

    /// The same for both; whether it is accepted too.
    private mutating func both(_ command: Command) throws {
        now = now.adding(seconds: 1)
        let request = request(command)
        let (first, second) = (outcome(&busy, request), outcome(&idle, request))
        try #require(first == second)
    }

    private func outcome(_ ledger: inout MemoryLedger, _ request: Request) -> String {
        do throws(Rejection) {
            _ = try ledger.send(request, at: now)
            return "accepted"
        } catch { return error.message }
    }

    private mutating func request(_ command: Command) -> Request {
        commandCount += 1
        return Request(tenant: "t", id: Name("c-\(commandCount)")!, body: 1, command: command)
    }
}

extension MemoryLedger {
    /// What there is of the account, but for the numbers of events.
    fileprivate func told(at now: Timestamp) -> [String] {
        let holdings = book.holdings(of: "u", in: "t", at: now)!.sorted { $0.unit < $1.unit }.map { holding in
            let lots = holding.lots.map { "\($0.remaining, default: "-") \($0.held) \($0.terms)" }
            return "\(holding.unit) \(holding.balance) \(lots)"
        }
        return holdings + book.quota(of: "u", in: "t", at: now)!.map { "\($0)" }.sorted()
    }
}
