import LedgerTestKit
import Testing

/// Every reason to refuse, with the facts that it tells, and which of two reasons is told.
@Suite("Rules of rejections")
struct RejectionRuleTests {
    @Test("every rejection is met, and tells its facts", arguments: Self.tables.keys.sorted())
    func met(_ name: String) throws {
        let table = RuleTable(try #require(Self.tables[name]))
        #expect(table.complaints == [])
        #expect(table.rejections.contains(name))
    }

    @Test("there is a table for every rejection that there is")
    func complete() throws {
        #expect(Set(Self.tables.keys) == Set(try Self.names()))
    }

    /// The cases as the source lists them, but for those that only say where another was met.
    private static func names() throws -> [String] {
        let cases = try sourceText("LedgerModel/Rejection.swift").split(separator: "\n}")[0].split(separator: "\n")
        return cases.compactMap { line in
            let words = line.split(separator: " ").drop { $0 == "indirect" }
            return words.first == "case" ? String(words.dropFirst().first!.prefix { $0.isLetter }) : nil
        }.filter { !["inItem", "inCommand"].contains($0) }
    }

    static let tables: [String: String] = [
        "invalidField": "grant u-7 credits 0 => invalidField field amount",
        "reservedName": """
        grant u-7 credits 1 id $g                      => reservedName field id name $g
        tenant $system
        grant u-7 credits 1                            => reservedName field tenant name $system
        tenant acme
        configure alert/$mine credits below 30         => reservedName field changes name $mine
        """,
        "duplicateId": """
        grant u-7 credits 1 id g-1                     => ok
        debitBatch u-7 b g-1 credits 0                 => duplicateId duplicate g-1
        """,
        "unknownTimeZone": "configure tenant/settings zone Mars/Olympus => unknownTimeZone timeZone Mars/Olympus",
        "occurredInFuture": """
        openAccount u-7                                => ok
        debit u-7 credits 0 occurred +1s               => occurredInFuture occurredAt +1s now +0s
        """,
        "occurredTooLate": """
        openAccount u-7                                => ok
        debit u-7 credits 0 occurred -35d1s            => occurredTooLate occurredAt -35d1s lateDays 35
        """,
        "documentNotFound": "rollback price/s 1 => documentNotFound key price/s",
        "nothingScheduled": "configure price/s cancel => nothingScheduled key price/s",
        "versionMismatch": "configure price/s credits n=1 expect 2 => versionMismatch key price/s expected 2 actual 0",
        "versionNotFound": """
        configure price/s credits n=1                  => ok
        rollback price/s 2                             => versionNotFound key price/s version 2 newest 1
        """,
        "scaleInUse": """
        grant u-7 credits 1                            => ok
        configure unit/credits 2                       => scaleInUse unit credits scale 0
        """,
        "rateOutOfRange": "configure unit/usd 12 , price/s usd n=999999999999999999 => rateOutOfRange key price/s",
        "planNotFound": "subscribe u-7 pro => planNotFound plan pro",
        "planDisabled": """
        plan pro articles 5 day disabled               => ok
        subscribe u-7 pro                              => planDisabled plan pro version 1
        """,
        "accountExists": """
        openAccount u-7                                => ok
        openAccount u-7                                => accountExists account u-7
        """,
        "accountNotFound": "debit u-7 credits 0 => accountNotFound account u-7",
        "accountClosed": """
        openAccount u-7                                => ok
        closeAccount u-7                               => ok
        debit u-7 credits 0                            => accountClosed account u-7
        """,
        "accountFrozen": """
        openAccount u-7                                => ok
        freezeAccount u-7                              => ok
        debit u-7 credits 0                            => accountFrozen account u-7
        """,
        "accountNotFrozen": """
        openAccount u-7                                => ok
        unfreezeAccount u-7                            => accountNotFrozen account u-7
        """,
        "holdsOpen": """
        openAccount u-7                                => ok
        hold h-1 u-7 credits 0                         => ok
        closeAccount u-7                               => holdsOpen account u-7 count 1
        """,
        "batchExists": """
        openAccount u-7                                => ok
        openBatch u-7 b                                => ok
        openBatch u-7 b                                => batchExists batch b
        """,
        "batchNotFound": """
        openAccount u-7                                => ok
        closeBatch u-7 b                               => batchNotFound batch b
        """,
        "batchClosed": """
        openAccount u-7                                => ok
        openBatch u-7 b                                => ok
        closeBatch u-7 b                               => ok
        debit u-7 credits 0 batch b                    => batchClosed batch b
        """,
        "alreadySubscribed": """
        plan pro articles 5 day                        => ok
        subscribe u-7 pro                              => ok
        subscribe u-7 pro                              => alreadySubscribed account u-7 plan pro
        """,
        "notSubscribed": """
        plan pro articles 5 day                        => ok
        openAccount u-7                                => ok
        unsubscribe u-7 pro                            => notSubscribed account u-7 plan pro
        """,
        "tooManyPlans": """
        \((1...17).map { "plan p-\($0) articles 1 day => ok" }.joined(separator: "\n"))
        \((1...16).map { "subscribe u-7 p-\($0) => ok" }.joined(separator: "\n"))
        subscribe u-7 p-17                             => tooManyPlans account u-7 limit 16
        """,
        "allowanceNotFound": """
        plan pro articles 5 day                        => ok
        subscribe u-7 pro                              => ok
        override u-7 pro reports month 5               => allowanceNotFound plan pro unit reports period month
        """,
        "alertNotFound": "acknowledge 7 => alertNotFound alert 7",
        "keyExists": """
        openAccount u-7                                => ok
        issue k-1 u-7                                  => ok
        issue k-1 u-7                                  => keyExists key k-1
        """,
        "keyHashExists": """
        openAccount u-7                                => ok
        issue k-1 u-7                                  => ok
        issue k-2 u-7 hash of k-1                      => keyHashExists key k-2
        """,
        "keyNotFound": """
        openAccount u-7                                => ok
        debit u-7 credits 0 key k-1                    => keyNotFound key k-1
        """,
        "keyOfOtherAccount": """
        openAccount u-7                                => ok
        openAccount u-8                                => ok
        issue k-1 u-8                                  => ok
        debit u-7 credits 0 key k-1                    => keyOfOtherAccount key k-1 account u-7
        """,
        "keyRevoked": """
        openAccount u-7                                => ok
        issue k-1 u-7                                  => ok
        revoke k-1                                     => ok
        debit u-7 credits 0 key k-1                    => keyRevoked key k-1
        """,
        "keyExpired": """
        configure alert/quiet expiring 1 disabled      => ok
        openAccount u-7                                => ok
        issue k-1 u-7 expires +1d                      => ok
        at +2d
        debit u-7 credits 0 key k-1                    => keyExpired key k-1 expiresAt +1d
        """,
        "keyDisabled": """
        openAccount u-7                                => ok
        issue k-1 u-7                                  => ok
        update k-1 status disabled                     => ok
        debit u-7 credits 0 key k-1                    => keyDisabled key k-1
        """,
        "featureNotAllowed": """
        openAccount u-7                                => ok
        configure price/s credits n=1                  => ok
        issue k-1 u-7 features chat                    => ok
        debit u-7 feature s n=0 key k-1                => featureNotAllowed key k-1 feature s
        """,
        "debitNotFound": "refund d-1 => debitNotFound of d-1",
        "notRefundable": """
        openAccount u-7 id a-1                         => ok
        refund a-1                                     => notRefundable of a-1
        """,
        "refundExceedsDebit": """
        grant u-7 credits 5                            => ok
        debit u-7 credits 5 id d-1                     => ok
        refund d-1 amount 6                            => refundExceedsDebit of d-1 asked 6 left 5
        """,
        "holdNotFound": "release h-1 => holdNotFound hold h-1",
        "holdClosed": """
        openAccount u-7                                => ok
        hold h-1 u-7 credits 0                         => ok
        release h-1                                    => ok
        release h-1                                    => holdClosed hold h-1
        """,
        "notSettleable": """
        openAccount u-7                                => ok
        hold h-1 u-7 credits 0                         => ok
        settle h-1 n=1                                 => notSettleable hold h-1
        """,
        "priceNotFound": """
        openAccount u-7                                => ok
        debit u-7 feature s n=1                        => priceNotFound feature s
        """,
        "priceDisabled": """
        openAccount u-7                                => ok
        configure price/s credits n=1                  => ok
        configure price/s credits n=1 disabled         => ok
        debit u-7 feature s n=1                        => priceDisabled feature s version 2
        """,
        "unknownDimension": """
        openAccount u-7                                => ok
        configure price/s credits n=1, usd m=1         => ok
        debit u-7 feature s o=1                        => unknownDimension feature s dimension o
        """,
        "amountOverflow": """
        grant u-7 credits 2^53-1                       => ok
        grant u-7 credits 1                            => amountOverflow unit credits
        """,
        "tooManyLots": """
        \((1...256).map { "grant u-7 credits 1 expires +\($0)d => ok" }.joined(separator: "\n"))
        grant u-7 credits 1                            => tooManyLots account u-7 unit credits limit 256
        """,
        "tooManyHolds": """
        configure tenant/settings maxOpenHolds 1       => ok
        openAccount u-7                                => ok
        hold h-1 u-7 credits 0                         => ok
        hold h-2 u-7 credits 0                         => tooManyHolds of u-7 limit 1
        """,
        "amountExceedsHold": """
        grant u-7 credits 5                            => ok
        hold h-1 u-7 credits 3                         => ok
        settle h-1 4                                   => amountExceedsHold hold h-1 unit credits asked 4 held 3
        """,
        "keyLimitExceeded": """
        grant u-7 credits 50                           => ok
        issue k-1 u-7 limit credits 10 month           => ok
        debit u-7 credits 8 key k-1                    => ok
        debit u-7 credits 3 key k-1                    => keyLimitExceeded key k-1 unit credits asked 3 used 8 limit 10 resetsAt 2026-04-01T00:00:00Z
        """,
        "allowanceExhausted": """
        plan pro articles 5 day                        => ok
        subscribe u-7 pro                              => ok
        debit u-7 articles 3                           => ok
        hold h-1 u-7 articles 1                        => ok
        debit u-7 articles 2                           => allowanceExhausted unit articles asked 2 available 1 held 1 plan pro period day used 3 limit 5 resetsAt +1d
        """,
        "insufficientBalance": """
        grant u-7 credits 5                            => ok
        hold h-1 u-7 credits 3                         => ok
        debit u-7 credits 3                            => insufficientBalance unit credits asked 3 available 2 held 3
        """,
    ]

    @Test("in an atomic batch and in a submission it is told where the reason was met")
    func places() {
        let table = RuleTable(
            """
            grant u-7 credits 5                                                            => ok
            debitBatch u-7 b i-1 credits 5 , i-2 credits 1                                 => insufficientBalance in i-2 item i-2 asked 1 available 0
            submit debit u-7 credits 5 id d-1 ; debit u-7 credits 1 id d-2                 => insufficientBalance in d-2 command d-2 asked 1 available 0
            submit debitBatch u-7 b i-1 credits 5 , i-2 credits 1 id b-1                   => insufficientBalance in b-1 command b-1 item i-2
            """)
        #expect(table.complaints == [])
    }

    @Test("of two reasons against a debit the one with the lower number is told")
    func debit() {
        let table = RuleTable(
            """
            configure alert/quiet expiring 1 disabled , tenant/settings maxOpenHolds 1              => ok
            debit u-0 feature nope n=1 key k-0 batch b occurred +1s id $d                          => reservedName
            debit u-0 feature nope n=1 key k-0 batch b occurred +1s                                => occurredInFuture
            debit u-0 feature nope n=1 key k-0 batch b occurred -99d                               => occurredTooLate
            debit u-0 feature nope n=1 key k-0 batch b                                             => accountNotFound
            openAccount u-7                                                                        => ok
            openAccount u-8                                                                        => ok
            openBatch u-7 b                                                                        => ok
            closeBatch u-7 b                                                                       => ok
            freezeAccount u-7                                                                      => ok
            debit u-7 feature nope n=1 key k-0 batch b                                             => accountFrozen
            unfreezeAccount u-7                                                                    => ok
            debit u-7 feature nope n=1 key k-0 batch b                                             => batchClosed
            debit u-7 feature nope n=1 key k-0                                                     => keyNotFound
            issue k-8 u-8 expires +1d features x , k-1 u-7 expires +1d features x , k-2 u-7 expires +1d features x , k-3 u-7 features x , k-4 u-7 features x , k-5 u-7 limit b 1 day features s   => ok
            update k-8 status disabled , k-1 status disabled , k-2 status disabled , k-3 status disabled   => ok
            revoke k-8 k-1                                                                         => ok
            at +1d
            debit u-7 feature nope n=1 key k-8                                                     => keyOfOtherAccount
            debit u-7 feature nope n=1 key k-1                                                     => keyRevoked
            debit u-7 feature nope n=1 key k-2                                                     => keyExpired
            debit u-7 feature nope n=1 key k-3                                                     => keyDisabled
            debit u-7 feature nope n=1 key k-4                                                     => featureNotAllowed
            update k-5 features s+nope                                                             => ok
            debit u-7 feature nope n=1 key k-5                                                     => priceNotFound
            configure price/s a n=2, b n=2 disabled                                                => ok
            debit u-7 feature s m=1 key k-5                                                        => priceDisabled
            configure price/s a n=2, b n=2                                                         => ok
            debit u-7 feature s m=1 n=2^53-1 key k-5                                               => unknownDimension
            debit u-7 feature s n=2^53-1 key k-5                                                   => amountOverflow
            debit u-7 feature s n=1 key k-5                                                        => keyLimitExceeded
            hold h-1 u-7 credits 0                                                                 => ok
            hold h-2 u-7 feature s n=2^53-1 key k-5                                                => amountOverflow
            hold h-2 u-7 feature s n=1 key k-5                                                     => tooManyHolds
            plan pro b 1 day                                                                       => ok
            subscribe u-7 pro                                                                      => ok
            debit u-7 feature s n=1 key k-5                                                        => keyLimitExceeded
            debit u-7 feature s n=1                                                                => allowanceExhausted
            """)
        #expect(table.complaints == [])
    }

    @Test("of two reasons against the end of a hold")
    func settlement() {
        let table = RuleTable(
            """
            extend h-0 0                                                   => invalidField
            configure price/s a n=1                                        => ok
            grant u-7 a 10                                                 => ok
            hold h-1 u-7 feature s n=5                                     => ok
            settle h-1 m=1 n=2^53-1                                        => unknownDimension
            settle h-1 n=2^53-1                                            => amountExceedsHold
            hold h-2 u-7 a 5                                               => ok
            settle h-2 m=1                                                 => notSettleable
            release h-2                                                    => ok
            settle h-2 m=1                                                 => holdClosed
            settle h-2 99                                                  => holdClosed
            """)
        #expect(table.complaints == [])
    }

    @Test("of two reasons against a plan")
    func plans() {
        let plans = (1...16).map { "plan p-\($0) articles 1 day => ok\nsubscribe u-7 p-\($0) => ok" }.joined(separator: "\n")
        let table = RuleTable(
            """
            subscribe u-0 nope until -1d                                   => invalidField
            openAccount u-8                                                => ok
            closeAccount u-8                                               => ok
            subscribe u-8 nope                                             => planNotFound
            plan old articles 1 day disabled                               => ok
            subscribe u-8 old                                              => planDisabled
            \(plans)
            subscribe u-8 p-1                                              => accountClosed
            subscribe u-7 p-1                                              => alreadySubscribed
            subscribe u-7 old                                              => planDisabled
            changePlan u-0 nope old                                        => planDisabled
            changePlan u-0 p-1 p-2                                         => accountNotFound
            changePlan u-7 p-1 p-2                                         => alreadySubscribed
            changePlan u-7 nope p-2                                        => alreadySubscribed
            override u-0 p-1 nope day 1                                    => accountNotFound
            override u-7 old nope day 1                                    => notSubscribed
            override u-7 p-1 nope day 1                                    => allowanceNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("of two reasons against keys, over all that are named")
    func keys() {
        let table = RuleTable(
            """
            openAccount u-7                                                => ok
            openAccount u-8                                                => ok
            closeAccount u-8                                               => ok
            issue k-1 u-7                                                  => ok
            issue k-1 u-7 , k-1 u-0                                        => invalidField
            issue k-1 u-7 , k-2 u-0                                        => accountNotFound
            issue k-1 u-7 , k-2 u-8                                        => accountClosed
            issue k-2 u-7 hash of k-1 , k-1 u-7 hash of k-3                => keyExists
            revoke k-1                                                     => ok
            update k-1 owner x , k-9 owner x                               => keyNotFound
            revoke k-1 k-9                                                 => keyNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("of two reasons against configuration, over all changes")
    func configuration() {
        let table = RuleTable(
            """
            grant u-7 credits 1                                                                    => ok
            configure price/s credits n=1 expect 7 , tenant/settings zone Mars/Olympus effective +0s   => invalidField
            configure price/s credits n=1 expect 7 , price/t cancel                                => nothingScheduled
            configure price/t cancel , price/u delete                                              => documentNotFound
            configure unit/credits 2 , price/s credits n=1 expect 7                                => versionMismatch
            configure unit/usd 12 , price/s usd n=999999999999999999 , unit/credits 2              => scaleInUse
            """)
        #expect(table.complaints == [])
    }

    @Test("of two reasons against a refund")
    func refund() {
        let table = RuleTable(
            """
            refund d-0 reissue -1d                                         => invalidField
            refund d-0 amount 0                                            => invalidField
            grant u-7 credits 5 id g-1                                     => ok
            debit u-7 credits 5 id d-1                                     => ok
            refund d-1 amount 99 reissue -1d                               => invalidField
            refund g-1 amount 99                                           => notRefundable
            grant u-7 credits 2^53-1                                       => ok
            refund d-1 amount 6                                            => refundExceedsDebit
            refund d-1 amount 5                                            => amountOverflow
            """)
        #expect(table.complaints == [])
    }

    @Test("what is wrong with the request itself is told before anything about the account")
    func requestFirst() {
        let table = RuleTable(
            """
            openAccount u-7                                => ok
            closeAccount u-7                               => ok
            grant u-7 credits 0                            => invalidField
            adjust u-7 credits +0                          => invalidField
            grant u-7 credits 1 expires +0s                => invalidField
            recordUsage u-7 credits 1 occurred +1s         => occurredInFuture
            debitBatch u-7 b empty                         => invalidField
            debitBatch u-7 b i-1 credits 1 , i-1 credits 1 => duplicateId
            hold h-1 u-7 credits 1 for 0                   => invalidField
            refund h-1                                     => debitNotFound
            """)
        #expect(table.complaints == [])
    }
}
