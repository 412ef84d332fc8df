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
        ])
    func complaints(_ line: String) {
        #expect(RuleTable(line).complaints.count == 1)
        #expect(RuleTable(line).complaints.first?.hasPrefix("line 1: \(line): ") == true)
    }

    @Test("what holds is not, nor are comments and empty lines")
    func silence() {
        #expect(RuleTable("# nothing\n\n  \nopenAccount u-7 => ok accountOpened # indeed\n").complaints == [])
    }
}
