import LedgerTestKit
import Testing

/// Several commands as one, and commands that move nothing.
@Suite("Rules of submissions and reports")
struct SubmissionRuleTests {
    @Test("each command is decided on the book that those before it left, and has a group of its own within the whole")
    func submit() {
        let table = RuleTable(
            """
            submit grant u-7 credits 10 ; debit u-7 credits 4 id d-1 ; debit u-7 credits 6 id d-2   => ok submitted accountOpened granted debited debited
            last heads                                     => 5 2 - 1 1
            last id                                        => command-1 command-1.1 command-1.1 d-1 d-2
            balance u-7 credits                            => 0
            debit u-7 credits 4 id d-1                     => known 4
            refund d-1 amount 3                            => ok refunded
            refund command-1                               => notRefundable
            balance u-7 credits                            => 3
            """)
        #expect(table.complaints == [])
    }

    @Test("all or nothing: the first that is refused refuses the whole, and no id is used")
    func allOrNothing() {
        let table = RuleTable(
            """
            grant u-7 credits 10                                                           => ok
            submit debit u-7 credits 4 id d-1 ; debit u-7 credits 7 id d-2                 => insufficientBalance in d-2 asked 7 available 6
            balance u-7 credits                                                            => 10
            submit debit u-7 credits 4 id d-1 ; debit u-9 credits 1 id d-2 ; debit u-7 credits 99 id d-3   => accountNotFound in d-2 account u-9
            submit debit u-7 credits 4 id d-1 ; debit u-7 credits 6 id d-2                 => ok submitted debited debited
            last heads                                                                     => 3 1 1
            last available                                                                 => 6 0
            debit u-7 credits 4 id d-1                                                     => known 4
            debit u-7 credits 6 id d-2                                                     => known 5
            submit debit u-7 credits 0 id d-3 ; debit u-7 credits 0 id d-2                 => duplicateId in d-2 duplicate d-2
            submit debit u-7 credits 0 id d-3 ; debit u-7 credits 0 id d-3                 => duplicateId in d-3 duplicate d-3
            submit debit u-7 credits 0 id $d                                               => reservedName in $d name $d
            submit debitBatch u-7 b i-1 credits 0 , d-4 credits 0 ; debit u-7 credits 0 id d-4   => duplicateId in d-4 duplicate d-4
            submit debitBatch u-7 b i-1 credits 0 , d-1 credits 0                          => duplicateId in command-11.1 duplicate d-1
            """)
        #expect(table.complaints == [])
    }

    @Test("what one command opens, holds, issues or configures is there for the next")
    func chain() {
        let table = RuleTable(
            """
            submit openAccount u-7 ; grant u-7 credits 100 ; configure price/s credits n=2 ; debit u-7 feature s n=5 id d-1 ; refund d-1 n=2 id r-1   => ok submitted accountOpened granted configured debited refunded
            balance u-7 credits                                                            => 94
            refund d-1 n=3                                                                 => ok
            submit hold h-1 u-7 credits 50 ; settle h-1 30 id s-1 ; refund s-1 amount 10   => ok submitted held settled refunded
            balance u-7 credits                                                            => 80
            refund h-1 amount 21                                                           => refundExceedsDebit left 20
            settle h-1                                                                     => holdClosed
            submit hold h-2 u-7 credits 50 ; release h-2 ; settle h-2 id s-2               => holdClosed in s-2
            submit issue k-1 u-7 ; debit u-7 credits 1 key k-1 ; revoke k-1                => ok submitted keyIssued debited keyRevoked
            submit issue k-2 u-7 ; revoke k-2 ; debit u-7 credits 1 key k-2 id d-9         => keyRevoked in d-9
            key k-2                                                                        => none
            submit hold h-3 u-7 credits 50 ; debit u-7 credits 30 id d-8                   => insufficientBalance in d-8 asked 30 available 29 held 50
            nextDue                                                                        => never
            submit plan pro credits 5 day ; subscribe u-7 pro ; debit u-7 credits 1        => ok submitted configured subscribed allowanceOpened debited
            """)
        #expect(table.complaints == [])
    }

    @Test("what lapsed is told once, by the first that touches it")
    func touching() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +1d               => ok
            grant u-7 credits 10                           => ok
            at +1d
            submit debit u-7 credits 1 ; debit u-7 credits 1   => ok submitted lotExpired debited debited
            last heads                                     => 4 2 - 1
            """)
        #expect(table.complaints == [])
    }

    @Test("it has 1 to 1,000 commands, none of them another submission or a dry run")
    func bounds() {
        let many = (1...1001).map { _ in "openBatch u-7 b" }
        let table = RuleTable(
            """
            submit nothing                                                     => invalidField
            openAccount u-7                                                    => ok
            submit submit openAccount u-8 ; openAccount u-9                    => invalidField
            submit configure dryRun unit/a 2                                   => invalidField in command-4.1
            submit \(many.joined(separator: " ; "))                            => invalidField
            submit \(many.dropLast().joined(separator: " ; "))                 => batchExists in command-6.2
            """)
        #expect(table.complaints == [])
    }

    @Test("a history line moves nothing and may lie far back")
    func recordUsage() {
        let table = RuleTable(
            """
            recordUsage u-7 credits 5                                          => accountNotFound
            grant u-7 credits 10                                               => ok
            recordUsage u-7 credits 500 occurred -3000d                        => ok usageRecorded
            last day                                                           => 2017-12-13
            recordUsage u-7 feature nope n=1                                   => ok usageRecorded
            recordUsage u-7 credits 5 occurred +1s                             => occurredInFuture
            balance u-7 credits                                                => 10
            """)
        #expect(table.complaints == [])
    }

    @Test("a provider's own figures are kept as they are")
    func reports() {
        let table = RuleTable(
            """
            reportUsage web -2d -1d requests=7 usd 500                         => ok usageReported
            reportUsage web -1d -2d requests=7 usd 500                         => invalidField
            reportSync web failed -2h -1h keys=3                               => ok syncReported
            reportSync web failed -1h -2h                                      => invalidField
            """)
        #expect(table.complaints == [])
    }

    @Test("what was forgotten is read back for a command inside as for one alone")
    func recall() {
        let table = RuleTable(
            """
            grant u-7 credits 50                           => ok
            debit u-7 credits 10 id d-1                    => ok
            hold h-1 u-7 credits 10 for 1m                 => ok
            hold h-2 u-7 credits 10 for 1m capture         => ok
            at +1m                                         => due holdExpired / holdExpired
            submit refund d-1 amount 4 ; refund d-1 amount 6 ; settle h-1 3 ; settle h-2 3 ; refund h-2 amount 1   => ok submitted refunded refunded debited refunded refunded
            balance u-7 credits                            => 45
            submit openAccount u-9 ; refund d-1 id r-1     => notRefundable in r-1
            """)
        #expect(table.complaints == [])
    }
}
