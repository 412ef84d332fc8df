import LedgerModel
import LedgerTestKit

@testable import WhatIf

/// Two ledgers that hear the same commands; the second only those that the first accepted.
struct Twins {
    var actual = MemoryLedger()
    var proposed = MemoryLedger()
    /// By the name of the rejection.
    var refusals: [String: Int] = [:]
    private var count = 0
    var now = ManualClock.start

    /// Answers whether the second took it, nil when the first did not.
    @discardableResult
    mutating func send(_ command: Command, other: Command? = nil) -> Bool? {
        count += 1
        let id = Name("c-\(count)")!
        func request(_ command: Command) -> Request {
            Request(tenant: "acme", id: id, body: UInt64(count), peer: 1, command: command)
        }
        _ = actual.passDue(at: now)
        _ = proposed.passDue(at: now)
        guard (try? actual.send(request(command), at: now)) != nil else { return nil }
        do throws(Rejection) {
            _ = try proposed.send(request(other ?? command), at: now)
            return true
        } catch {
            refusals[RejectionRecord(error).name, default: 0] += 1
            return false
        }
    }

    /// Sends what goes with the command before: with what was refused, it is refused too, and not counted again.
    mutating func follow(_ command: Command) {
        let refusals = refusals
        send(command)
        self.refusals = refusals
    }

    var lastID: Name { Name("c-\(count)")! }
}

// MARK: What accounts do

extension Twins {
    static let accounts: [Name] = ["u-1", "u-2", "u-3"]

    static func configure(_ key: DocumentKey, _ document: Document) -> Command {
        .configure(Configure(changes: [Configure.Change(key: key, document: document)], reason: "to begin with"))
    }

    static func price(_ random: inout SeededGenerator, charges: Int) -> PriceDocument {
        let units: [Name] = ["credits", "usd"]
        let rates = ["1", "2", "3", "1/2", "5/3", "0.7"]
        return PriceDocument(
            charges: units.prefix(charges).map { unit in
                Charge(unit: unit, rates: [.init(dimension: "in", rate: Rate(rates.randomElement(using: &random)!)!)])
            }, minimum: Bool.random(using: &random) ? Amount(rawValue: .random(in: 0...9, using: &random)) : nil)
    }

    static func plan(_ random: inout SeededGenerator, rollover: Bool) -> PlanDocument {
        var allowances: [AllowanceDocument] = []
        for period in [Period.day, .month] where Int.random(in: 0..<4, using: &random) > 0 {
            allowances.append(
                AllowanceDocument(
                    unit: "credits", amount: .units(Amount(rawValue: .random(in: 5...120, using: &random))!), period: period,
                    rollover: rollover ? Amount(rawValue: .random(in: 0...60, using: &random)) : nil))
        }
        return PlanDocument(allowances: allowances)
    }

    /// What accounts do for some days, with what they have.
    mutating func live(_ random: inout SeededGenerator, steps: Int) {
        for _ in 0..<steps {
            let seconds = Int64.random(in: 0...20_000, using: &random)
            now = Timestamp(microseconds: now.rawValue + seconds * Timestamp.microsecondsPerSecond)
            let account = Twins.accounts.randomElement(using: &random)!
            let count = Amount(rawValue: .random(in: 0...60, using: &random))!
            let priced = Ask.priced(feature: "chat", quantities: [Quantity(dimension: "in", count: count)])
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let unit: Name = Bool.random(using: &random) ? "credits" : "usd"
                send(.grant(Grant(account: account, unit: unit, amount: Amount(rawValue: .random(in: 1...200, using: &random))!)))
            case 1: send(.debit(Debit(account: account, ask: .amount(unit: "credits", count), use: Use())))
            case 2:
                guard send(.hold(Hold(account: account, ask: priced, use: Use()))) != nil else { continue }
                follow(.settle(Settle(hold: lastID)))
            case 3:
                guard send(.debit(Debit(account: account, ask: priced, use: Use()))) != nil else { continue }
                follow(.refund(Refund(of: lastID)))
            default: send(.debit(Debit(account: account, ask: priced, use: Use())))
            }
        }
    }

    /// Two ledgers with two prices, each for as many charges, in which accounts have lived for a while.
    static func priced(seed: UInt64) -> (twins: Twins, proposed: PriceDocument) {
        var random = SeededGenerator(seed: seed)
        var twins = Twins()
        let charges = seed % 2 == 0 ? 2 : 1
        let (was, would) = (price(&random, charges: charges), price(&random, charges: charges))
        let key = DocumentKey(.price, "chat")
        twins.send(configure(key, .price(was)), other: configure(key, .price(would)))
        for account in accounts {
            for unit in ["credits", "usd"] as [Name] { twins.send(.grant(Grant(account: account, unit: unit, amount: 300))) }
        }
        twins.live(&random, steps: 200)
        return (twins, would)
    }

    /// Two ledgers with two plans.
    static func planned(seed: UInt64) -> (twins: Twins, proposed: PlanDocument) {
        var random = SeededGenerator(seed: seed)
        var twins = Twins()
        let rollover = seed % 4 == 0
        let (was, would) = (plan(&random, rollover: rollover), plan(&random, rollover: rollover))
        let price = price(&random, charges: seed % 3 == 0 ? 2 : 1)
        twins.send(configure(DocumentKey(.price, "chat"), .price(price)))
        let key = DocumentKey(.plan, "basic")
        twins.send(configure(key, .plan(was)), other: configure(key, .plan(would)))
        for account in accounts.dropLast() { twins.send(.subscribe(Subscribe(account: account, plan: "basic"))) }
        for account in accounts { twins.send(.grant(Grant(account: account, unit: "credits", amount: 200))) }
        for account in accounts { twins.send(.grant(Grant(account: account, unit: "usd", amount: 200))) }
        twins.live(&random, steps: 200)
        return (twins, would)
    }
}
