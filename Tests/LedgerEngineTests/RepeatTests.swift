import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@Suite("Repeated commands")
struct RepeatTests {
    /// Every command there is, in an order in which each is accepted.
    static let commands: [(id: Name, command: Command)] = [
        ("open", .openAccount(OpenAccount(account: "a", name: "A"))),
        ("grant", grant(10_000)),
        ("adjust", .adjust(Adjust(account: "a", unit: "u", amount: 5, isIncrease: false, reason: "count"))),
        ("configure", .configure(Configure(changes: documents, reason: "start"))),
        ("again", .configure(Configure(changes: [documents[1]], reason: "again"))),
        ("rollback", .rollback(Rollback(key: DocumentKey(.plan, "pro"), version: 1, reason: "back"))),
        ("debit", debit(10)),
        ("batch", .openBatch(OpenBatch(account: "a", batch: "b", size: 2))),
        ("items", .debitBatch(DebitBatch(account: "a", batch: "b", items: [item("i-1"), item("i-2")]))),
        ("closed", .closeBatch(CloseBatch(account: "a", batch: "b"))),
        ("refund", .refund(Refund(of: "i-1"))),
        (
            "usage",
            .recordUsage(
                RecordUsage(
                    account: "a", ask: .amount(unit: "u", 3), use: Use(occurredAt: end)))
        ),
        ("hold-1", hold(10)), ("hold-2", hold(10)), ("hold-3", hold(10)), ("hold-4", hold(10, onExpiry: .capture)),
        ("hold-5", hold(10)),
        ("extend", .extend(Extend(hold: "hold-5", expiresInSeconds: 100_000))),
        ("settle", settle("hold-1", 4)),
        ("release", .release(Release(hold: "hold-2"))),
        ("subscribe", .subscribe(Subscribe(account: "a", plan: "pro"))),
        ("change", .changePlan(ChangePlan(account: "a", from: "pro", to: "max"))),
        ("windows", debit(1)),
        (
            "override",
            .overrideAllowance(
                OverrideAllowance(account: "a", plan: "max", unit: "u", period: .day, amount: .units(7), reason: "kind"))
        ),
        ("reset", .resetAllowance(ResetAllowance(account: "a", plan: "max", unit: "u", period: .day, reason: "kind"))),
        ("unsubscribe", .unsubscribe(Unsubscribe(account: "a", plan: "max"))),
        ("keys", .issueKeys(IssueKeys(keys: [key("k-1", "1"), key("k-2", "2")]))),
        ("faulty", .updateKeys(UpdateKeys(keys: [faulty]))),
        ("revoke", .revokeKeys(RevokeKeys(keys: ["k-2"]))),
        (
            "reported",
            .reportUsage(UsageReported(platform: "p", key: nil, from: start, to: end, quantities: [], unit: "u", cost: 3))
        ),
        ("synced", .reportSync(SyncReported(platform: "p", status: .partial, from: start, to: end, counts: [], error: "half"))),
        (
            "submit",
            .submit(
                Submit(commands: [
                    .init(id: "s-1", body: 1, command: grant(5, to: "b")), .init(id: "s-2", body: 1, command: hold(2, of: "b")),
                    .init(id: "s-3", body: 1, command: settle("s-2")), .init(id: "s-4", body: 1, command: hold(3, of: "b")),
                ]))
        ),
        ("freeze", .freezeAccount(ChangeAccountState(account: "b", reason: "odd"))),
        ("unfreeze", .unfreezeAccount(ChangeAccountState(account: "b", reason: "even"))),
    ]

    private static let start = Timestamp(rfc3339: "2026-02-27T00:00:00Z")!
    private static let end = Timestamp(rfc3339: "2026-02-28T00:00:00Z")!
    private static let documents: [Configure.Change] = [
        .init(key: DocumentKey(.alert, "faulty"), document: .alert(AlertDocument(rule: .keyFaulty))),
        .init(key: DocumentKey(.plan, "pro"), document: .plan(PlanDocument(allowances: [allowance(50)]))),
        .init(key: DocumentKey(.plan, "max"), document: .plan(PlanDocument(allowances: [allowance(80)]))),
    ]
    private static var faulty: UpdateKeys.Change {
        var change = UpdateKeys.Change(key: "k-1")
        change.status = .faulty
        return change
    }

    private static func allowance(_ amount: Amount) -> AllowanceDocument {
        AllowanceDocument(unit: "u", amount: .units(amount), period: .day)
    }
    private static func item(_ id: Name) -> DebitBatch.Item { .init(id: id, ask: .amount(unit: "u", 2)) }
    private static func key(_ name: Name, _ digit: String) -> KeyIssued {
        KeyIssued(key: name, hash: KeyHash(String(repeating: digit, count: 64))!, account: "a", terms: KeyTerms())
    }

    @Test("every command gives its first answer again: after it, after what it began has ended, and after a restart")
    func everyCommand() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        var answers: [Outcome] = []
        for (id, command) in RepeatTests.commands {
            let answer = try desk.ask(id, command)
            try #require(answer.told.hasPrefix("accepted "), "\(id): \(answer.told)")
            answers.append(answer)
            #expect(try desk.ask(id, command).events == answer.events, "\(id) at once")
        }
        let alerts = answers.flatMap(\.events).compactMap { if case .alertRaised = $0.fact { $0.sequence } else { nil } }
        let read = Command.acknowledgeAlerts(AcknowledgeAlerts(alerts: alerts, state: .read))
        answers.append(try desk.ask("read", read))
        answers.append(try desk.ask("close", .closeAccount(ChangeAccountState(account: "b", reason: "odd"))))
        #expect(answers.suffix(2).map(\.told) == ["accepted alertRead", "holdsOpen"])
        answers.removeLast()
        let commands = RepeatTests.commands + [("read", read)]
        for seconds in [0, 60, 0] as [Int64] {
            desk.clock.advance(seconds: seconds)
            try compare(desk, commands, answers)
            desk.engine.stop()
            desk = try Desk(directory.path, clock: desk.clock)
            try compare(desk, commands, answers)
        }
        desk.engine.stop()
    }

    private func compare(_ desk: Desk, _ commands: [(id: Name, command: Command)], _ answers: [Outcome]) throws {
        for ((id, command), answer) in zip(commands, answers) {
            let again = try desk.ask(id, command)
            #expect(again.told == "replayed" + answer.told.dropFirst("accepted".count), "\(id)")
            #expect(again.events == answer.events, "\(id)")
            let first = answer.events[0].sequence
            #expect(try desk.ask(id, command, body: 2).told == "idMismatch \(first)", "\(id)")
        }
    }

    @Test("what a submit holds is answered by its own ids too, a hold that has ended included")
    func withinSubmit() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        let submit = RepeatTests.commands.first { $0.id == "submit" }!
        let answer = try desk.ask(submit.id, submit.command)
        #expect(answer.told == "accepted submitted accountOpened granted held settled held")
        desk.clock.advance(seconds: 60)
        for _ in 0..<2 {
            guard case .submit(let inner) = submit.command else { return }
            let told = try inner.commands.map { try desk.ask($0.id, $0.command).told }
            #expect(told == ["replayed accountOpened granted", "replayed held", "replayed settled", "replayed held"])
            desk.engine.stop()
            desk = try Desk(directory.path, clock: desk.clock)
        }
        desk.engine.stop()
    }

    @Test("several commands are one group in one log batch, or none of them is done")
    func submitIsAtomic() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        let refused = Submit(commands: [
            .init(id: "i-1", body: 1, command: debit(60)), .init(id: "i-2", body: 1, command: debit(60)),
        ])
        #expect(try desk.ask("s", .submit(refused)).told == "insufficientBalance")
        #expect(try desk.balance("a") == 100)
        let inner = (1...50).map { Submit.Inner(id: Name("i-\($0)")!, body: 1, command: debit(2)) }
        let answer = try desk.ask("s", .submit(Submit(commands: inner)))
        #expect(answer.events.count == 51 && answer.events[0].group?.count == 51)
        #expect(try desk.balance("a") == 0)
        desk.engine.stop()
        #expect(
            try directory.batches().contains {
                $0.firstSequence <= answer.events[0].sequence && $0.lastSequence >= answer.events[50].sequence
            })
    }

    @Test("a submit may refund and settle what only the log remembers")
    func submitRecalls() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        for number in 1...3 { _ = try desk.ask(Name("d-\(number)")!, debit(10)) }
        _ = try desk.ask("h", hold(10, onExpiry: .capture))
        desk.engine.stop()
        desk.clock.advance(seconds: 60)
        desk = try Desk(directory.path, clock: desk.clock)
        var inner = (1...3).map { Submit.Inner(id: Name("r-\($0)")!, body: 1, command: .refund(Refund(of: Name("d-\($0)")!))) }
        inner.append(.init(id: "s", body: 1, command: settle("h", 0)))
        #expect(
            try desk.ask("all", .submit(Submit(commands: inner))).told == "accepted submitted refunded refunded refunded refunded"
        )
        #expect(try desk.balance("a") == 100)
        desk.engine.stop()
    }
}
