import EventCodec
import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct CommandReading {
    @Test func everyFieldOfACommandIsRead() throws {
        #expect(
            try command("grant", fullCommands[1].params)
                == .grant(
                    Grant(
                        account: "u-7", unit: "credits", amount: 1000,
                        terms: LotTerms(
                            priority: -3, effectiveAt: Timestamp(microseconds: 1_767_225_600_000_000),
                            expiresAt: Timestamp(microseconds: 1_798_761_600_000_000), source: .bonus),
                        memo: "hello")))
        #expect(
            try command("openAccount", fullCommands[0].params)
                == .openAccount(
                    OpenAccount(account: "u-7", name: "Seven", labels: ["tier": "gold", "city": "Köln"])))
        #expect(
            try command("adjust", fullCommands[2].params)
                == .adjust(
                    Adjust(account: "u-7", unit: "credits", amount: 5, isIncrease: false, reason: "typo")))
        let use = Use(
            key: "k-1", batch: "b-1", labels: ["model": "m"], occurredAt: Timestamp(microseconds: 1_767_323_045_678_901),
            details: #"{"a":[1,2.50]}"#)
        #expect(
            try command("debit", fullCommands[3].params)
                == .debit(Debit(account: "u-7", ask: .amount(unit: "credits", 3), use: use)))
    }

    @Test func quantitiesAreOrderedByDimension() throws {
        let quantities = [Quantity(dimension: "inputTokens", count: 1), Quantity(dimension: "outputTokens", count: 2)]
        #expect(
            try command("debit", fullCommands[4].params)
                == .debit(Debit(account: "u-7", ask: .priced(feature: "chat", quantities: quantities))))
    }

    @Test func aBatchOfDebits() throws {
        let items = [
            DebitBatch.Item(
                id: "i-1", ask: .amount(unit: "credits", 1), labels: ["model": "m"],
                occurredAt: Timestamp(microseconds: 1_767_323_045_000_000), details: "null"),
            DebitBatch.Item(id: "i-2", ask: .priced(feature: "chat", quantities: [])),
        ]
        #expect(
            try command("debitBatch", fullCommands[5].params)
                == .debitBatch(
                    DebitBatch(account: "u-7", batch: "b", mode: .each, items: items, key: "k")))
    }

    @Test func refundsInEachExtent() throws {
        let until = Refund.Reissue(expiresAt: Timestamp(microseconds: 1_798_761_600_000_000))
        #expect(
            try command("refund", fullCommands[8].params)
                == .refund(Refund(of: "d-1", extent: .amount(2), reissue: until, reason: "sorry")))
        #expect(
            try command("refund", fullCommands[9].params)
                == .refund(
                    Refund(
                        of: "d-1", extent: .quantities([Quantity(dimension: "inputTokens", count: 1)]),
                        reissue: Refund.Reissue(expiresAt: nil))))
        #expect(try command("refund", #"{"tenant":"acme","id":"r","of":"d-1"}"#) == .refund(Refund(of: "d-1")))
    }

    @Test func documentsOfEachKind() throws {
        guard case .configure(let configure) = try command("configure", fullCommands[10].params) else { throw NoCommand() }
        let charge = Charge(
            unit: "credits",
            rates: [.init(dimension: "requests", rate: Rate("1")!), .init(dimension: "inputTokens", rate: Rate("2.50/1000000")!)])
        #expect(configure.reason == "start")
        #expect(
            configure.changes == [
                .init(
                    key: DocumentKey(.price, "chat"),
                    document: .price(PriceDocument(charges: [charge], minimum: 1, enabled: false)),
                    expectVersion: 0),
                .init(key: DocumentKey(.unit, "usd"), document: .unit(UnitDocument(scale: 6))),
                .init(
                    key: DocumentKey(.alert, "low"),
                    document: .alert(AlertDocument(rule: .lowBalance(unit: "credits", below: 10)))),
                .init(key: .settings, document: .settings(SettingsDocument(timeZone: "Europe/Berlin", lateDays: 400))),
                .init(key: DocumentKey(.price, "old"), document: nil),
            ])
    }

    @Test func documentsOfTheLaterKinds() throws {
        guard case .configure(let configure) = try fullCommand("configure", 1) else { throw NoCommand() }
        #expect(configure.effectiveAt == instant("2027-01-01T00:00:00Z") && configure.isDryRun)
        let charge = { (unit: Name, rate: String) in
            Charge(unit: unit, rates: [.init(dimension: "inputTokens", rate: Rate(rate)!)])
        }
        let plan = PlanDocument(
            name: "Pro", price: PlanPrice(unit: "eur", amount: 2000), cycle: "monthly", enabled: false,
            allowances: [
                .init(unit: "articles", amount: .units(5), period: .day, priority: 3, rollover: 2, anchor: .subscription),
                .init(unit: "reports", amount: .unlimited, period: .month),
            ])
        let alert = { (rule: AlertDocument.Rule) in Document.alert(AlertDocument(rule: rule)) }
        let expected: [(String, Document)] = [
            ("price/chat", .price(PriceDocument(charges: [charge("tokens", "1"), charge("usd", "2.50/1000000")]))),
            ("plan/pro", .plan(plan)),
            (
                "alert/used",
                .alert(AlertDocument(rule: .allowanceUsed(unit: "articles", thresholds: [50, 100]), severity: .info))
            ),
            ("alert/low", .alert(AlertDocument(rule: .lowBalance(unit: "credits", below: 10), enabled: false))),
            ("alert/spend", alert(.spend(subject: .tag, unit: "usd", period: .day, above: 7))),
            ("alert/keys", alert(.keyExpiring(days: [30, 2]))), ("alert/faulty", alert(.keyFaulty)),
            ("alert/old", alert(.holdAgeing(seconds: 60))), ("tag/red", .tag(TagDocument(colour: "red", note: "hot"))),
            (
                "tenant/settings",
                .settings(
                    SettingsDocument(timeZone: "Europe/Berlin", defaultPlan: "free", holdSeconds: 60, maxOpenHolds: 5))
            ),
        ]
        #expect(
            configure.changes == expected.map { Configure.Change(key: DocumentKey($0.0)!, action: .put($0.1)) }
                + [Configure.Change(key: DocumentKey(.price, "old"), action: .cancel, expectVersion: 2)])
    }

    @Test func theRest() throws {
        #expect(
            try command("openBatch", fullCommands[6].params)
                == .openBatch(OpenBatch(account: "u-7", batch: "b", feature: "chat", size: 9)))
        #expect(try command("closeBatch", fullCommands[7].params) == .closeBatch(CloseBatch(account: "u-7", batch: "b")))
        #expect(
            try command("rollback", fullCommands[11].params)
                == .rollback(Rollback(key: DocumentKey(.price, "chat"), version: 1, reason: "back")))
        #expect(
            try command("acknowledgeAlerts", fullCommands[12].params)
                == .acknowledgeAlerts(
                    AcknowledgeAlerts(alerts: [SequenceNumber(12), SequenceNumber(14)], state: .read)))
    }

    @Test func whatSurroundsACommand() throws {
        let request = try request("debit", fullCommands[3].params)
        #expect(request.tenant == "acme" && request.id == "d-1" && request.actor == "ann" && request.peer == 7)
        #expect(request.body == request.command.body)
    }

    /// Every field of every shape is known to its reader: read with a value of a type that none takes, it is named in the error.
    @Test func everyDescribedFieldIsRead() {
        for method in CommandMethod.allCases {
            for field in Shape.of(method).fields {
                let told = refusal(line(method.rawValue, #"{"\#(field.key)":{"a":true,"a":true}}"#).utf8)
                #expect(told.hasPrefix("-32602 \(method.rawValue): \(field.key)"), "\(told)")
            }
        }
    }

    @Test func aCommandsShapeHasWhatFullCommandsUse() throws {
        for (method, params) in fullCommands { #expect(throws: Never.self, "\(method)") { try command(method, params) } }
    }

    @Test func theExactWayReadsTheSame() throws {
        for (method, params) in fullCommands {
            let usual = try request(method, params)
            let members = [#""params":\#(params)"#, #""method":"\#(method)""#, #""id":1"#, #""jsonrpc":"2.0""#]
            let answers = parsed("{\(members.joined(separator: ","))}")
            guard case .command(let exact) = try answers[0].call.get() else { throw NoCommand() }
            #expect(exact.command == usual.command && exact.body == usual.body && exact.id == usual.id)
        }
    }
}
