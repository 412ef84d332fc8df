import LedgerTestKit
import Testing

/// The tables themselves: one that cannot fail would prove nothing.
@Suite("Rule tables")
struct RuleTableTests {
    @Test(
        "what does not hold is complained of",
        arguments: [
            "debit u-7 credits 1 => ok", "openAccount u-7 => accountNotFound", "openAccount u-7", "balance u-7 credits => 5",
            "openAccount u-7 => ok granted", "openAccount u-7 more => ok", "fly u-7 => ok", "at noon", "last wish => 1",
            "debit u-7 credits 1 => accountNotFound account u-8", "debit u-7 credits 1 => accountNotFound account",
            "at +1d => due holdExpired", "due => due", "nextDue => +1d", "quota u-7 => pro/articles/day", "key k-1 => active",
        ])
    func complaints(_ line: String) {
        #expect(RuleTable(line).complaints.count == 1)
        #expect(RuleTable(line).complaints.first?.hasPrefix("line 1: \(line): ") == true)
    }

    @Test("what holds is not, nor are comments and empty lines")
    func silence() {
        #expect(RuleTable("# nothing\n\n  \nopenAccount u-7 => ok accountOpened # indeed\n").complaints == [])
    }

    @Test("what comes due unforeseen is complained of")
    func unforeseen() {
        let hold = "openAccount u-7 => ok\nhold h-1 u-7 credits 0 for 1m => ok\n"
        #expect(RuleTable(hold + "at +1m => due holdExpired").complaints == [])
        #expect(RuleTable(hold + "at +1m").complaints.count == 1)
        #expect(RuleTable(hold + "at +1m => due holdExpired / holdExpired").complaints.count == 1)
        let schedule = "configure alert/soon expiring 30 => ok\nopenAccount u-7 => ok\nissue k-1 u-7 expires +1d => ok\n"
        #expect(RuleTable(schedule + "due => due alertRaised").complaints == [])
        #expect(RuleTable(schedule + "balance u-7 credits => none").complaints.count == 1)
    }

    @Test("times are the same however they are written, numbers are not times")
    func times() {
        let hold = "openAccount u-7 => ok\nhold h-1 u-7 credits 0 for 1m => ok\n"
        #expect(RuleTable(hold + "nextDue => +60s\nnextDue => 2026-03-01T00:01:00Z").complaints == [])
        #expect(RuleTable(hold + "nextDue => +59s\nnextDue => 60").complaints.count == 2)
    }
}
