import EventCodec
import LedgerModel
import LedgerTestKit
import Testing

/// The longest line that a book itself can be brought to write of one unit.
@Suite("The widest refund")
struct WidestRefundTests {
    /// A sentence of control characters: six bytes each in the line.
    private static let text = String(repeating: "\u{1}", count: FieldBounds.reasonByteCountMax)

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
