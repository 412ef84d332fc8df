import EventCodec
import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct CommandResults {
    private func item(_ id: Name, _ parts: Part...) -> Fact {
        .debited(Debited(account: "u", priced: nil, use: Use(batch: "b"), item: id, parts: parts))
    }

    private let lowBalance = Fact.alertRaised(
        AlertRaised(
            rule: "low", severity: .warning, account: "u", condition: .lowBalance(unit: "credits", below: 5, available: 4)))

    @Test func aGrantNamesItsLot() {
        let granted = Fact.granted(
            Granted(account: "u", terms: LotTerms(source: .purchase), memo: nil, part: part(1000, left: 1000)))
        #expect(deed(group(granted)) == #""lot":12,"balance":{"available":1000,"held":0}"#)
        #expect(
            deed(group(.accountOpened(AccountOpened(account: "u")), granted))
                == #""lot":13,"balance":{"available":1000,"held":0}"#)
    }

    @Test func anAdjustmentNamesALotWhenItOpensOne() {
        let adjusted = { (isIncrease: Bool) in
            Fact.adjusted(
                Adjusted(
                    account: "u", reason: "r", isIncrease: isIncrease, before: Balance(available: 1), part: part(1, left: 2))
            )
        }
        #expect(deed(group(adjusted(true))) == #""lot":12,"balance":{"available":2,"held":0}"#)
        #expect(deed(group(adjusted(false))) == #""balance":{"available":2,"held":0}"#)
    }

    @Test func aDebitTellsItsPartsAndAlerts() {
        let priced = Priced(feature: "f", quantities: [], version: 3)
        let debited = Fact.debited(Debited(account: "u", priced: priced, use: Use(), parts: [part(3, left: 4)]))
        #expect(
            deed(group(debited, lowBalance))
                == #""price":3,"parts":[{"unit":"credits","amount":3,"balance":{"available":4,"held":0}}],"alerts":[{"seq":13,"rule":"low","severity":"warning","kind":"lowBalance"}]"#
        )
    }

    @Test func aBatchIsSummedPerUnit() {
        let rejected = ItemsRejected.Item(item: "i-3", rejection: RejectionRecord(.batchClosed("b")))
        let events = group(
            .batchOpened(BatchOpened(account: "u", batch: "b")), item("i-1", part(3, left: 7)),
            item("i-2", part(2, left: 5), part(1, of: "ap", left: 9)),
            .itemsRejected(ItemsRejected(account: "u", batch: "b", items: [rejected])))
        #expect(
            deed(events)
                == #""batch":"b","accepted":2,"rejected":[{"item":"i-3","message":"the batch b is closed","data":{"rejection":"batchClosed","number":160,"batch":"b"}}],"parts":[{"unit":"credits","amount":5,"balance":{"available":5,"held":0}},{"unit":"ap","amount":1,"balance":{"available":9,"held":0}}]"#
        )
    }

    @Test func aBatchOfWhichNothingWasAccepted() {
        let rejected = ItemsRejected.Item(item: "i", rejection: RejectionRecord(.duplicateId("i")))
        #expect(
            deed(group(.itemsRejected(ItemsRejected(account: "u", batch: "b", items: [rejected])))).hasPrefix(
                #""batch":"b","accepted":0,"rejected":[{"item":"i","#))
    }

    @Test func aRefundTellsWhatHadExpired() {
        let back = Return(part: part(5, left: 9), expired: 2, reissued: LotTerms(source: .refund))
        let refunded = Refunded(
            account: "u", of: "d-1", debit: SequenceNumber(3), feature: nil, batch: nil, labels: [:], quantities: [], reason: nil,
            returns: [back])
        #expect(
            deed(group(.refunded(refunded)))
                == #""of":"d-1","parts":[{"unit":"credits","amount":5,"expired":2,"lot":12,"balance":{"available":9,"held":0}}]"#)
    }

    @Test func theOthersNameWhatTheyTouched() {
        let configured = { (name: Name, version: Int) in
            Fact.configured(Configured(key: DocumentKey(.unit, name), version: version, document: nil, reason: "r"))
        }
        #expect(
            deed(group(configured("a", 1), configured("b", 7)))
                == #""changes":[{"key":"unit/a","version":1},{"key":"unit/b","version":7}]"#)
        #expect(
            deed(group(.alertRead(AlertAcknowledged(alerts: [SequenceNumber(5), SequenceNumber(6)]))))
                == #""acknowledged":[5,6]"#)
        #expect(deed(group(.accountOpened(AccountOpened(account: "u")))) == #""account":"u""#)
        #expect(
            deed(group(.accountOpened(AccountOpened(account: "u")), .batchOpened(BatchOpened(account: "u", batch: "b"))))
                == #""batch":"b""#)
        #expect(deed(group(.batchClosed(BatchClosed(account: "u", batch: "b")))) == #""batch":"b""#)
    }

    /// A replayed id answers from events that were read back from the log.
    @Test func eventsReadBackGiveTheSame() throws {
        let rejected = ItemsRejected.Item(
            item: "i-3", rejection: RejectionRecord(.insufficientBalance(unit: "c", asked: 3, available: 1, held: 0)))
        let events = group(
            item("i-1", part(3, left: 7)), .itemsRejected(ItemsRejected(account: "u", batch: "b", items: [rejected])), lowBalance)
        let back = try events.map { event in
            try Array(written { EventCodec.encode(event, into: &$0) }.utf8).withUnsafeBytes { try EventCodec.decode($0) }
        }
        #expect(written { $0.commandResult(back, replayed: true) } == written { $0.commandResult(events, replayed: true) })
    }
}
