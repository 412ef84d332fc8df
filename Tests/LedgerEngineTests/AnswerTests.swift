import Foundation
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@Suite("Questions and answers")
struct AnswerTests {
    @Test("an answer comes only when the committed head covers it, and its events stand in the log")
    func durable() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(1_000_000))
        var answered: [Event] = []
        for round in 0..<20 {
            let tags = try desk.put((0..<50).map { (UInt64($0), command(Name("d-\(round)-\($0)")!, debit(1))) })
            answered += tags.flatMap { desk.wait(for: $0).events }
        }
        #expect(desk.uncoveredEventCount == 0)
        let logged = try directory.events()
        #expect(logged.map(\.sequence.rawValue) == Array(1...UInt64(logged.count)))
        #expect(Array(logged.suffix(answered.count)) == answered.sorted { $0.sequence < $1.sequence })
        #expect(answered.count == 1000)
        desk.engine.stop()
    }

    @Test("a restart replays to the same ledger", arguments: Array(UInt64(101)...106))
    func restart(seed: UInt64) throws {
        let directory = DataDirectory()
        var (desk, memory, commands) = (
            try Desk(directory.path) { $0.zones = MemoryLedger.zones }, MemoryLedger(), RandomCommands(seed: seed)
        )
        for step in 1...400 {
            let request = commands.next()
            desk.clock.set(commands.now)
            let tag = try desk.put([(1, .command(request.afterOpening))])[0]
            let told = desk.wait(for: tag).told.withoutNumber
            try #require(told == AnswerTests.told(request, by: &memory, at: commands.now), "seed \(seed), step \(step)")
            commands.note(memory.events.suffix(10))
            if step % 100 == 0 {
                desk.engine.stop()
                desk = try Desk(directory.path, clock: desk.clock) { $0.zones = MemoryLedger.zones }
                try compare(desk, memory, at: commands.now)
            }
        }
        desk.engine.stop()
        _ = memory.passDue(at: commands.now)
        #expect(try directory.events().dropFirst().map(\.fact.caseName) == memory.events.map(\.fact.caseName))
    }

    private static func told(_ request: Request, by memory: inout MemoryLedger, at now: Timestamp) -> String {
        do throws(Rejection) {
            _ = memory.passDue(at: now)
            switch try memory.send(request, at: now) {
            case .accepted(let events): return Outcome.accepted(events, replayed: false).told
            case .known(let sequence): return request.told(known: memory.group(of: request.id, at: sequence))
            case .dryRun: return "dryRun"
            }
        } catch { return RejectionRecord(error).name }
    }

    private func compare(_ desk: Desk, _ memory: MemoryLedger, at now: Timestamp) throws {
        for tenant in RandomCommands.tenants {
            for account in RandomCommands.accounts {
                for unit in RandomCommands.units {
                    let holding = memory.book.holdings(of: account, in: tenant, at: now)?.first { $0.unit == unit }
                    #expect(try desk.balance(account, unit, tenant: tenant) == holding?.balance.available.rawValue)
                }
            }
        }
    }

    @Test("the same id gives the same events again, on any connection, after a restart too; another command is a mismatch")
    func repeats() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        let batch = Command.debitBatch(
            DebitBatch(account: "a", batch: "b", mode: .each, items: [item("i-1", 2), item("i-2", 500), item("i-3", 3)]))
        let first = try desk.ask("g", grant(100), body: 5)
        let items = try desk.ask("c", batch, body: 6)
        #expect(items.told == "accepted batchOpened debited debited itemsRejected")
        for _ in 0..<2 {
            for connection in [UInt64(1), 2] {
                let again = try desk.ask("g", grant(100), body: 5, on: connection)
                #expect(again.told == "replayed accountOpened granted" && again.events == first.events)
                let itemsAgain = try desk.ask("c", batch, body: 6, on: connection)
                #expect(itemsAgain.told.hasPrefix("replayed") && itemsAgain.events == items.events)
            }
            #expect(try desk.ask("g", grant(100), body: 7).told == "idMismatch 2")
            #expect(try desk.ask("i-1", debit(2), body: 5).told == "idMismatch 5")
            #expect(try desk.ask("i-3", batch, body: 6).told == "idMismatch 6")
            #expect(try desk.ask("g", grant(100), body: 5, tenant: "other").told != "idMismatch 2")
            #expect(try desk.balance("a") == 95)
            desk.engine.stop()
            desk = try Desk(directory.path)
        }
        #expect(try desk.ask("i-2", debit(1)).told == "accepted debited")
        desk.engine.stop()
    }

    private func item(_ id: Name, _ amount: Amount) -> DebitBatch.Item { .init(id: id, ask: .amount(unit: "u", amount)) }

    @Test("an item's id is a mismatch even where its event begins the group")
    func itemFirst() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("o", .openBatch(OpenBatch(account: "a", batch: "b")))
        let batch = Command.debitBatch(DebitBatch(account: "a", batch: "b", items: [item("i-1", 2), item("i-2", 3)]))
        let accepted = try desk.ask("c", batch)
        #expect(accepted.told == "accepted debited debited")
        #expect(try desk.ask("i-1", batch).told == "idMismatch 5")
        #expect(try desk.ask("c", batch).events == accepted.events)
        #expect(try desk.ask("r", .refund(Refund(of: "i-1"))).told == "accepted refunded")
        desk.engine.stop()
    }

    @Test("an old debit is read back for its refund, and only its own connection waits")
    func recall() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("d", debit(100))
        desk.engine.stop()
        desk = try Desk(directory.path)
        let refund = command("r", .refund(Refund(of: "d", extent: .amount(60))))
        let ask = Question.balance(tenant: "t", account: "a", unit: "u")
        let tags = try desk.put([
            (1, refund), (1, command("d-1", debit(60))), (1, command("r-2", .refund(Refund(of: "d")))), (1, ask), (2, ask),
            (2, command("d-2", debit(1))),
        ])
        let outcomes = tags.map { desk.wait(for: $0) }
        #expect(outcomes[0].told == "accepted refunded")
        #expect(outcomes[1].told == "accepted debited")
        #expect(outcomes[2].told == "accepted refunded")
        #expect(outcomes[3].balance == 40)
        #expect(outcomes[4].balance == 0)
        #expect(outcomes[5].told == "insufficientBalance")
        desk.engine.stop()
    }

    @Test("what waits for an old line is answered before the engine has stopped")
    func stopWhileRecalling() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("d", debit(100))
        for round in 1...10 {
            let tags = try desk.put([
                (1, command(Name("r-\(round)")!, .refund(Refund(of: "d", extent: .amount(1))))),
                (1, command(Name("d-\(round)")!, debit(1))),
                (2, command("g", grant(100))),
            ])
            desk.engine.stop()
            #expect(tags.map { desk.isAnswered($0) } == [true, true, true])
            #expect(desk.submit([(1, command("late", debit(1)))]) == nil)
            desk = try Desk(directory.path)
        }
        #expect(try desk.balance("a") == 0)
        desk.engine.stop()
    }

    @Test("threads that race on one account never overspend it")
    func race() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(1000))
        let spent = Tally()
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<60 {
                let amount = Amount(rawValue: Int64(number % 7 + 1))!
                let question = command(Name("d-\(thread)-\(number)")!, debit(amount))
                guard let tags = desk.submit([(UInt64(thread), question)]) else { return spent.note(.max) }
                if case .accepted = desk.wait(for: tags[0]) { spent.note(amount.rawValue) }
            }
        }
        #expect(spent.total <= 1000 && spent.total > 990)
        #expect(try desk.balance("a") == 1000 - spent.total)
        desk.engine.stop()
    }

    @Test("a group that does not fit a log batch is refused, and nothing has changed")
    func tooLarge() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(10_000))
        let details = "\"" + String(repeating: "x", count: 4000) + "\""
        func batch(_ count: Int) -> Command {
            .debitBatch(
                DebitBatch(
                    account: "a", batch: "b",
                    items: (0..<count).map { .init(id: Name("i-\($0)")!, ask: .amount(unit: "u", 1), details: details) }))
        }
        guard case .tooLarge(let byteCount, let limit) = try desk.ask("c", batch(1100)) else {
            Issue.record("it was not too large")
            return
        }
        #expect(limit == 4 << 20 && byteCount > limit)
        #expect(desk.engine.status.head.lastSequence == SequenceNumber(3))
        #expect(try desk.balance("a") == 10_000)
        #expect(try desk.ask("c", batch(900)).events.count == 901)
        #expect(try desk.balance("a") == 9100)
        desk.engine.stop()
    }

    @Test("what does not fit one log batch together is committed in several")
    func severalBatches() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) { $0.bounds.batchRawByteCountMax = 8 << 10 }
        _ = try desk.ask("g", grant(10_000))
        let details = "\"" + String(repeating: "x", count: 1000) + "\""
        let tags = try desk.put((0..<100).map { (UInt64($0), command(Name("d-\($0)")!, debit(1, details: details))) })
        #expect(tags.allSatisfy { desk.wait(for: $0).told == "accepted debited" })
        #expect(
            try desk.ask("large", debit(1, details: "[" + details + String(repeating: ",\(details)", count: 7) + "]")).told
                == "tooLarge")
        #expect(try desk.balance("a") == 9900)
        desk.engine.stop()
        #expect(try directory.events().count == 103)
    }

    @Test("a full mailbox takes nothing")
    func overload() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) { $0.mailboxCapacity = 10 }
        _ = try desk.ask("g", grant(100))
        func debits(_ count: Int) -> [(connection: UInt64, question: Question)] {
            (0..<count).map { (1, command(Name("d-\($0)")!, debit(1))) }
        }
        #expect(desk.submit(debits(11)) == nil)
        #expect(try desk.balance("a") == 100)
        let tags = try desk.put(debits(10))
        #expect(tags.allSatisfy { desk.wait(for: $0).told == "accepted debited" })
        desk.engine.stop()
    }
}

extension Request {
    /// The same in a ledger whose first event is its own `ledgerOpened`: every number is one higher.
    fileprivate var afterOpening: Request {
        var request = self
        request.command = command.afterOpening
        return request
    }

    /// How an id that was used before is answered.
    ///
    /// - Parameter group: The group of the command that used it.
    fileprivate func told(known group: [Event]) -> String {
        let isSame = group[0].id == id && group[0].group?.body == body
        return isSame ? Outcome.accepted(group, replayed: true).told : "idMismatch"
    }
}

extension Command {
    fileprivate var afterOpening: Command {
        switch self {
        case .acknowledgeAlerts(let command):
            return .acknowledgeAlerts(AcknowledgeAlerts(alerts: command.alerts.map(\.next), state: command.state))
        case .submit(var submit):
            for index in submit.commands.indices { submit.commands[index].command = submit.commands[index].command.afterOpening }
            return .submit(submit)
        default: return self
        }
    }
}

extension MemoryLedger {
    /// The group of the command that used an id, which may lead to what ended its hold.
    fileprivate func group(of id: Name, at sequence: SequenceNumber) -> [Event] {
        var first = Int(sequence.rawValue) - 1
        if let held = events[first].endOfHold(id) {
            first = Int(held.rawValue) - 1
            while events[first].group == nil { first -= 1 }
        }
        return group(at: SequenceNumber(UInt64(first + 1)))
    }
}

extension Event {
    /// The number of the `held` of a hold that this event ended.
    fileprivate func endOfHold(_ hold: Name) -> SequenceNumber? {
        switch fact {
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.hold == hold ? fact.held : nil
        case .debited(let fact): fact.late?.hold == hold ? fact.late?.held : nil
        case .refunded(let fact): fact.late?.hold == hold ? fact.late?.held : nil
        default: nil
        }
    }
}

extension String {
    /// A mismatch without the event's number.
    fileprivate var withoutNumber: String { hasPrefix("idMismatch") ? "idMismatch" : self }
}

/// A sum that several threads add to.
private final class Tally: @unchecked Sendable {
    private let lock = NSLock()
    private var sum: Int64 = 0

    func note(_ amount: Int64) { lock.withLock { sum += amount } }
    var total: Int64 { lock.withLock { sum } }
}
