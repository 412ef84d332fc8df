import EventCodec
import JSONText
import LedgerModel
import LedgerTestKit
import Testing

/// The largest event of each kind that the rules and the bounds of requests let come to be. Its line must fit 60 KiB, so that it fits
/// the leaf of a Merkle tree, which has a length of 16 bits.
@Suite("Largest event lines")
struct LineBoundTests {
    private static let byteCountMax = 60 << 10

    /// 128 bytes, each of which needs an escape. The index makes names differ.
    private static func name(_ index: Int = 0) -> Name {
        Name(String((0..<128).map { index >> $0 & 1 == 0 || $0 > 20 ? "\"" : "\\" }))!
    }

    /// A sentence of control characters: six bytes each in the line.
    private static let text = String(repeating: "\u{1}", count: FieldBounds.reasonByteCountMax)
    private static let labels = Labels(uniqueKeysWithValues: (0..<FieldBounds.labelCountMax).map { (name($0), name()) })
    private static let quantities = (0..<Charge.rateCountMax).map { Quantity(dimension: name($0), count: .max) }.sorted {
        $0.dimension < $1.dimension
    }
    private static let time = Timestamp.representable.upperBound
    private static let lot = SequenceNumber(17_592_186_044_415)
    private static let balance = Balance(available: .max, held: .max)

    /// 256 draws. Their amounts are those of lots whose sum is below 2^53, which makes them 45 bits at most.
    private static let part = Part(
        unit: name(), amount: .max,
        lots: (0..<256).map {
            Draw(lot: SequenceNumber(lot.rawValue - UInt64($0)), amount: 35_184_372_088_831, remaining: 35_184_372_088_831)
        },
        balance: balance)

    private static let facts: [Fact] = [
        .ledgerOpened(LedgerOpened(ledger: name(), origin: name(), key: name())),
        .recovered(Recovered(segment: lot, offset: lot.rawValue, byteCount: lot.rawValue, torn: name())),
        .accountOpened(AccountOpened(account: name(), name: name(), labels: labels)),
        .granted(
            Granted(
                account: name(), terms: LotTerms(priority: -1000, effectiveAt: time, expiresAt: time, source: .adjustment),
                memo: text, part: part)),
        .adjusted(Adjusted(account: name(), reason: text, isIncrease: false, before: balance, part: part)),
        .debited(
            Debited(
                account: name(), priced: Priced(feature: name(), quantities: quantities, version: Int(lot.rawValue)),
                use: Use(
                    key: name(), batch: name(), labels: labels, occurredAt: time,
                    details: String(repeating: "1", count: FieldBounds.detailsByteCountMax)),
                item: name(), parts: [part])),
        .itemsRejected(
            ItemsRejected(
                account: name(), batch: name(),
                items: (0..<32).map { _ in
                    .init(item: name(), rejection: RejectionRecord(.unknownDimension(feature: name(), dimension: name())))
                })),
        .refunded(
            Refunded(
                account: name(), of: name(), debit: lot, feature: name(), batch: name(), labels: labels, quantities: quantities,
                reason: text,
                returns: [
                    Refunded.Return(
                        part: part,
                        reopened: Dictionary(
                            uniqueKeysWithValues: part.lots.map {
                                ($0.lot, LotTerms(priority: -1000, expiresAt: time, source: .adjustment))
                            }),
                        expired: .max, reissued: LotTerms(priority: -1000, expiresAt: time, source: .refund))
                ])),
        .lotExpired(LotExpired(account: name(), lot: lot, expiresAt: time, part: part)),
        .batchOpened(BatchOpened(account: name(), batch: name(), feature: name(), size: Int(Amount.max.rawValue))),
        .batchClosed(BatchClosed(account: name(), batch: name())),
        .configured(
            Configured(
                key: DocumentKey(.price, name()), version: Int(lot.rawValue),
                document: .price(
                    PriceDocument(
                        charge: Charge(
                            unit: name(),
                            rates: quantities.map {
                                .init(dimension: $0.dimension, rate: Rate("99999999999999999.9/10000000000000000.0")!)
                            }),
                        minimum: .max, enabled: false)), reason: text, rollbackOf: Int(lot.rawValue))),
        .alertRaised(
            AlertRaised(
                rule: name(), severity: .warning, account: name(),
                condition: .lowBalance(unit: name(), below: .max, available: .max))),
        .alertDelivered(AlertAcknowledged(alerts: Array(repeating: lot, count: AcknowledgeAlerts.alertCountMax))),
        .alertRead(AlertAcknowledged(alerts: Array(repeating: lot, count: AcknowledgeAlerts.alertCountMax))),
    ]

    @Test("every kind fits its bound, and reads back", arguments: 0..<15)
    func largest(_ index: Int) throws {
        let event = Event(
            sequence: Self.lot, at: Self.time, day: Day(year: 9999, month: 12, day: 31)!, tenant: Self.name(), id: Self.name(),
            group: GroupHead(count: 99_999_999, body: .max), peer: .max, actor: Self.name(), fact: Self.facts[index])
        let line = encoded(event)
        #expect(line.utf8.count <= Self.byteCountMax, "\(event.fact.type): \(line.utf8.count)")
        #expect(try decode(line) == event)
    }

    @Test("no rejection of an item is told at greater length than the one above")
    func longestRejection() throws {
        let name = Self.name()
        let rejections: [Rejection] = [
            .occurredInFuture(at: Self.time, now: Self.time), .occurredTooLate(at: Self.time, lateDays: 36_500),
            .priceNotFound(feature: name),
            .priceDisabled(feature: name, version: Int(Self.lot.rawValue)), .amountOverflow(unit: name),
            .insufficientBalance(unit: name, asked: .max, available: .max, held: .max),
        ]
        func byteCount(_ rejection: Rejection) -> Int {
            var writer = JSONWriter()
            writer.rejectedItem(.init(item: name, rejection: RejectionRecord(rejection)))
            return writer.count
        }
        for rejection in rejections {
            #expect(byteCount(rejection) < byteCount(.unknownDimension(feature: name, dimension: name)))
        }
    }

    @Test("a refund of 256 lots that had been used up fits, whatever their terms")
    func widestRefund() throws {
        var (ledger, now) = (MemoryLedger(), ManualClock.start)
        func send(_ id: String, _ command: Command) throws -> [Event] {
            guard
                case .accepted(let events) = try ledger.send(
                    Request(tenant: "t", id: Name(id)!, body: 1, command: command), at: now)
            else { return [] }
            return events
        }
        for index in 0..<256 {
            let terms = LotTerms(
                priority: -1000, effectiveAt: now.adding(days: 1), expiresAt: now.adding(days: 9), source: .adjustment)
            _ = try send("g\(index)", .grant(Grant(account: "a", unit: "u", amount: 35_184_372_088_831, terms: terms)))
        }
        now = now.adding(days: 2)
        _ = try send("d", .debit(Debit(account: "a", ask: .amount(unit: "u", 9_007_199_254_740_736))))
        let refund = try send("r", .refund(Refund(of: "d", reason: Self.text)))
        let line = encoded(try #require(refund.first))
        #expect(line.components(of: "reopened") == 256)
        #expect(line.utf8.count < 50 << 10)
    }
}

extension String {
    fileprivate func components(of word: String) -> Int { split(separator: word, omittingEmptySubsequences: false).count - 1 }
}
