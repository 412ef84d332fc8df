import LedgerTestKit
import Testing

/// The rules of prices, batches and refunds.
@Suite("Rules of use")
struct UseRuleTests {
    @Test("a price is exact, and rounds up once, at the end")
    func prices() {
        let table = RuleTable(
            """
            debit u-7 feature siterank requests=1                          => accountNotFound
            grant u-7 credits 1000                                         => ok
            debit u-7 feature siterank requests=1                          => priceNotFound
            configure price/siterank credits requests=2 pages=1/3          => ok configured
            debit u-7 feature siterank requests=1                          => ok
            last amount                                                    => 2
            debit u-7 feature siterank pages=1                             => ok
            last amount                                                    => 1
            debit u-7 feature siterank pages=3                             => ok
            last amount                                                    => 1
            debit u-7 feature siterank pages=4 requests=1                  => ok
            last amount                                                    => 4
            debit u-7 feature siterank words=1                             => unknownDimension
            debit u-7 feature siterank                                     => ok
            last amount                                                    => 0
            configure price/siterank credits requests=1/10 pages=1/10 minimum 5 => ok
            debit u-7 feature siterank requests=1                          => ok
            last amount                                                    => 5
            debit u-7 feature siterank requests=26 pages=25                => ok
            last amount                                                    => 6
            configure price/siterank credits requests=1/10 disabled        => ok
            debit u-7 feature siterank requests=1                          => priceDisabled
            configure price/siterank delete                                => ok
            debit u-7 feature siterank requests=1                          => priceNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("a rate is in whole units: the scale says how many minor units that is")
    func scale() {
        let table = RuleTable(
            """
            configure unit/usd 6 , price/chat usd inputTokens=2.50/1000000 outputTokens=10/1000000   => ok configured configured
            openAccount u-7                                                => ok
            grant u-7 usd 1_000_000                                        => ok
            debit u-7 feature chat inputTokens=1000000                     => insufficientBalance
            debit u-7 feature chat inputTokens=1 outputTokens=0            => ok
            last amount                                                    => 3
            debit u-7 feature chat inputTokens=3 outputTokens=1            => ok
            last amount                                                    => 18
            debit u-7 feature chat inputTokens=3602879701896396            => insufficientBalance
            debit u-7 feature chat inputTokens=3602879701896397            => amountOverflow
            debit u-7 feature chat inputTokens=2^53-1 outputTokens=2^53-1  => amountOverflow
            configure price/huge usd units=999999999999999999              => rateOutOfRange
            configure price/odd usd a=1/999999999999999989 b=1/999999999999999967 => rateOutOfRange
            """)
        #expect(table.complaints == [])
    }

    @Test("a batch opens with its first debit and takes none when closed")
    func batches() {
        let table = RuleTable(
            """
            openBatch u-7 b-1                           => accountNotFound
            closeBatch u-7 b-1                          => accountNotFound
            grant u-7 credits 100                       => ok
            grant u-8 credits 100                       => ok
            closeBatch u-7 b-1                          => batchNotFound
            openBatch u-7 b-1 size 3                    => ok batchOpened
            openBatch u-7 b-1                           => batchExists
            openBatch u-8 b-1                           => ok batchOpened
            debit u-7 credits 1 batch b-1               => ok debited
            debit u-7 credits 1 batch b-2               => ok batchOpened debited
            debit u-7 credits 500 batch b-3             => insufficientBalance
            closeBatch u-7 b-3                          => batchNotFound
            closeBatch u-7 b-1                          => ok batchClosed
            closeBatch u-7 b-1                          => batchClosed
            openBatch u-7 b-1                           => batchExists
            debit u-7 credits 1 batch b-1               => batchClosed
            debitBatch u-7 b-1 i-1 credits 1            => batchClosed
            debit u-8 credits 1 batch b-1               => ok debited
            """)
        #expect(table.complaints == [])
    }

    @Test("an atomic batch is all or nothing, and names the item that refuses")
    func atomic() {
        let table = RuleTable(
            """
            debitBatch u-7 b-1 i-1 credits 1                                   => accountNotFound
            grant u-7 credits 10                                               => ok
            debitBatch u-7 b-1 empty                                           => invalidField
            debitBatch u-7 b-1 i-1 credits 6 , i-2 credits 5 , i-3 credits 1   => insufficientBalance in i-2
            balance u-7 credits                                                => 10
            debitBatch u-7 b-1 i-1 credits 6 , i-2 feature nope a=1            => priceNotFound in i-2
            debitBatch u-7 b-1 i-1 credits 6 , i-2 credits 1 occurred +1s      => occurredInFuture in i-2
            debitBatch u-7 b-1 i-1 credits 6 , i-2 credits 4                   => ok batchOpened debited debited
            last available                                                     => 4 0
            balance u-7 credits                                                => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a batch of single items takes what it can, and leaves the ids of the others free")
    func each() {
        let table = RuleTable(
            """
            grant u-7 credits 10                                                    => ok
            debitBatch u-7 b-1 each i-1 credits 6 , i-2 credits 5 , i-3 credits 4 id r-1   => ok batchOpened debited debited itemsRejected
            last rejected                                                           => i-2:insufficientBalance
            balance u-7 credits                                                     => 0
            debit u-7 credits 0 id i-1                                              => known 4
            debit u-7 credits 0 id i-3                                              => known 5
            debit u-7 credits 0 id i-2                                              => ok debited
            debitBatch u-7 b-1 each i-4 credits 6 , i-5 credits 5                   => ok itemsRejected
            last rejected                                                           => i-4:insufficientBalance i-5:insufficientBalance
            debitBatch u-7 b-1 each i-6 credits 0 , i-1 credits 0                   => duplicateId
            debitBatch u-7 b-1 each i-6 credits 0 , i-6 credits 0                   => duplicateId
            debitBatch u-7 b-1 each r-1 credits 0                                   => duplicateId
            debitBatch u-7 b-1 i-6 credits 0 id i-6                                 => duplicateId
            debitBatch u-7 b-1 i-6 credits 0 id r-2                                 => ok debited
            debitBatch u-7 b-1 i-6 credits 0 id r-3                                 => duplicateId
            """)
        #expect(table.complaints == [])
    }

    @Test("refused items are told in as many events as their lines need")
    func manyRejected() {
        let items = (1...65).map { "i-\($0) credits 1" }.joined(separator: " , ")
        let table = RuleTable(
            """
            openAccount u-7                   => ok
            debitBatch u-7 b-1 each \(items)  => ok batchOpened itemsRejected itemsRejected itemsRejected
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund goes back where it came from, last drawn first, and never passes the debit")
    func refunds() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +9d           => ok
            grant u-7 credits 20                       => ok
            debit u-7 credits 25 id d-1                => ok
            last drawn                                 => 10 15
            lots u-7 credits                           => 5
            refund d-0                                 => debitNotFound
            refund d-1 amount 0                        => invalidField
            refund d-1 amount 26                       => refundExceedsDebit
            refund d-1 amount 12                       => ok refunded
            last drawn                                 => 12
            lots u-7 credits                           => 17
            refund d-1 amount 5 id r-2                 => ok
            last drawn                                 => 3 2
            last reopened                              => 1
            lots u-7 credits                           => 2 20
            refund d-1 amount 9                        => refundExceedsDebit
            refund d-1 requests=1                      => notRefundable
            refund d-1                                 => ok
            last drawn                                 => 8
            last reopened                              => 0
            refund d-1                                 => notRefundable
            refund d-1 amount 1                        => refundExceedsDebit
            refund r-2                                 => notRefundable
            refund command-1                           => notRefundable
            lots u-7 credits                           => 10 20
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund of quantities reprices the rest, with its minimum, by the version of the debit")
    func refundOfQuantities() {
        let table = RuleTable(
            """
            grant u-7 credits 100                                     => ok
            configure price/s credits pages=3 words=1/2 minimum 5     => ok
            debit u-7 feature s pages=4 words=3 id d-1                => ok
            last amount                                               => 14
            configure price/s credits pages=50                        => ok
            refund d-1 lines=1                                        => unknownDimension
            refund d-1 pages=5                                        => refundExceedsDebit
            refund d-1 pages=0                                        => invalidField
            refund d-1 words=2                                        => ok
            last amount                                               => 1
            refund d-1 pages=3                                        => ok
            last amount                                               => 8
            refund d-1 words=1                                        => ok
            last amount                                               => 0
            refund d-1 words=1                                        => refundExceedsDebit
            refund d-1 pages=1                                        => ok
            last amount                                               => 5
            balance u-7 credits                                       => 100
            debit u-7 feature s pages=1 id d-2                        => ok
            refund d-2 amount 45                                      => ok
            refund d-2 pages=1                                        => ok
            last amount                                               => 5
            refund d-2                                                => notRefundable
            """)
        #expect(table.complaints == [])
    }

    @Test("what belonged to a lapsed lot is reported as expired, unless it is given anew")
    func refundToLapsed() {
        let table = RuleTable(
            """
            grant u-7 credits 10 priority 3 expires +1d   => ok
            grant u-7 credits 10                          => ok
            debit u-7 credits 15 id d-1                   => ok
            debit u-7 credits 1 id d-2                    => ok
            at +2d
            refund d-1 amount 7                           => ok refunded
            last drawn                                    => 5 2
            last expired                                  => 2
            last reissued                                 => no
            balance u-7 credits                           => 9
            refund d-1 reissue +2d                        => invalidField
            refund unknown reissue +2d                    => invalidField
            refund d-1 amount 3 reissue +5d               => ok refunded
            last expired                                  => 3
            last reissued                                 => yes
            lots u-7 credits                              => 3 9
            refund d-1 reissue forever                    => ok
            lots u-7 credits                              => 3 5 9
            refund d-2 reissue +5d                        => ok
            last reissued                                 => no
            debit u-7 credits 8 id d-3                    => ok
            last drawn                                    => 3 5
            at +5d
            refund d-3                                    => ok
            last expired                                  => 3
            lots u-7 credits                              => 5 10
            """)
        #expect(table.complaints == [])
    }

    @Test("an item is refunded by its own id, its batch's command not at all")
    func refundOfItems() {
        let table = RuleTable(
            """
            grant u-7 credits 10                                      => ok
            debitBatch u-7 b-1 i-1 credits 2 , i-2 credits 3 id c-1   => ok
            closeBatch u-7 b-1                                        => ok
            refund c-1                                                => notRefundable
            refund i-2                                                => ok
            last amount                                               => 3
            refund i-1 amount 1                                       => ok
            debit u-7 credits 4 batch b-2 id d-1                      => ok batchOpened debited
            refund d-1                                                => ok
            balance u-7 credits                                       => 9
            debitBatch u-7 b-2 i-3 credits 2 id c-2                   => ok debited
            refund c-2                                                => notRefundable
            refund i-3                                                => ok
            debit u-7 credits 0 id d-0                                => ok
            refund d-0                                                => notRefundable
            """)
        #expect(table.complaints == [])
    }
}
