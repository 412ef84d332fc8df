import LedgerClient
import Testing

@testable import daybook

/// Allowances, plans, differences and explanations for people.
@Suite struct PlanLayoutTests {
    @Test(
        arguments: [
            (0, 0, 10, "[..........]"), (5, 0, 10, "[#####.....]"), (5, 3, 10, "[#####===..]"), (9, 1, 10, "[#########=]"),
            (10, 0, 10, "[##########]"), (99, 0, 100, "[#########.]"), (12, 5, 10, "[##########]"), (0, 0, 0, "[..........]"),
            (3, 0, 0, "[##########]"),
        ] as [(Int64, Int64, Int64, String)])
    func bars(used: Int64, held: Int64, limit: Int64, expected: String) {
        #expect(QuotaTable.bar(used: used, held: held, limit: limit, width: 10) == expected)
    }

    @Test func quotasAreBars() throws {
        let answer = try JSONValue(
            parsing: """
                [{"plan":"starter","version":1,"unit":"articles","period":"day","used":3,"held":0,"limit":5,"carried":1,
                "start":"2026-11-21T00:00:00.000000Z","resetsAt":"2026-11-22T00:00:00.000000Z"},
                {"plan":"free","version":1,"isDefault":true,"unit":"pages","period":"month","used":1200,"held":7,"carried":0,
                "start":"2026-11-01T00:00:00.000000Z","resetsAt":"2026-12-01T00:00:00.000000Z"}]
                """)
        #expect(
            QuotaTable.lines(answer.elements!, .minor) == [
                "plan            unit      period                                 used  held      limit  carried  resets at",
                "starter         articles  day     [############........]  60 %      3                5        1  2026-11-22 00:00:00Z",
                "free (default)  pages     month                                 1,200     7  unlimited           2026-12-01 00:00:00Z",
            ])
        #expect(QuotaTable.lines([], .minor) == ["nothing found"])
    }

    @Test func plansAreWords() throws {
        let answer = try JSONValue(
            parsing: """
                {"asOf":{"seq":7},"rows":[{"key":"plan/pro","version":2,"value":{"name":"Pro","price":{"unit":"usd","amount":1900},
                "cycle":"month","allowances":[{"unit":"articles","amount":5,"period":"day"},{"unit":"pages","amount":-1,"period":"month"},
                {"unit":"credits","amount":1000,"period":"never"}]}},
                {"key":"plan/old","version":1,"value":{"enabled":false,"allowances":[]}}],"next":null}
                """)
        #expect(
            Rows(PlanTable.answer(answer, Amounts(scales: ["usd": 2]))).lines() == [
                "plan  version  name  price                open  gives",
                "pro         2  Pro   19.00 usd per month  yes   5 articles a day, unlimited pages a month, 1,000 credits once",
                "old         1                             no",
                "as of event 7",
            ])
    }

    @Test func aDryRunShowsDifferences() throws {
        let result = try JSONValue(
            parsing: #"""
                {"dryRun":true,"differences":[{"key":"price/x","version":3,"before":{},"after":{},"accounts":1200,
                "fields":[{"path":"charges[0].rates.requests","before":"1","after":"2"},{"path":"minimum","before":null,"after":5}]},
                {"key":"unit/new","version":0,"accounts":1,"fields":[]}]}
                """#)
        #expect(
            Receipt(sentence: "would write price/x", id: "I", result: result).lines == [
                "would write price/x", "  price/x (now at version 3) would touch 1,200 accounts",
                #"    charges[0].rates.requests: "1" -> "2""#, "    minimum: nothing -> 5",
                "  unit/new (new) would touch 1 account",
                "nothing was written",
            ])
    }

    @Test(arguments: [
        (
            #"{"seq":5,"at":"t","hold":"h","expiresAt":"2026-11-21T00:15:00.000000Z","parts":[{"unit":"credits","amount":60,"balance":{"available":40,"held":60}}]}"#,
            ["hold h", "expires at 2026-11-21 00:15:00Z", "60 credits: now 40 available, 60 held"]
        ),
        (
            #"{"seq":5,"at":"t","hold":"h","late":true,"parts":[{"unit":"credits","amount":25,"balance":{"available":75,"held":0}}],"returned":[{"unit":"credits","amount":35,"expired":5,"balance":{"available":110,"held":0}}],"shortfall":3}"#,
            [
                "hold h", "late: the hold had ended by its time", "25 credits: now 75 available, 0 held",
                "back: 35 credits (5 more had expired): now 110 available, 0 held", "short of what was used by 3",
            ]
        ),
        (
            #"{"seq":5,"at":"t","plan":"pro","unit":"articles","period":"day","allowance":{"used":0,"limit":20,"start":"s","end":"2026-11-22T00:00:00.000000Z"}}"#,
            ["plan pro", "0 of 20 articles used, until 2026-11-22 00:00:00Z"]
        ),
        (
            #"{"seq":5,"at":"t","from":"a","to":"b","effectiveAt":"2026-11-22T00:00:00.000000Z","anchor":1,"allowances":[{"unit":"pages","period":"never","used":4,"start":"s"}]}"#,
            ["effective at 2026-11-22 00:00:00Z", "4 pages used"]
        ),
        (
            #"{"seq":5,"at":"t","parts":[],"meters":[{"allowance":"pro","period":"day","unit":"articles","used":3,"limit":5,"start":"s"},{"key":"k","unit":"credits","used":9,"limit":10,"start":"s","end":"e"}]}"#,
            ["pro: 3 of 5 articles used", "k: 9 of 10 credits used, until e"]
        ),
        (
            #"{"seq":5,"at":"t","changes":[{"key":"price/x","effectiveAt":"2027-01-01T00:00:00.000000Z"},{"key":"price/y","cancelled":4}]}"#,
            ["price/x changes at 2027-01-01 00:00:00Z", "price/y: what was scheduled is cancelled"]
        ),
        (#"{"seq":5,"at":"t","something":3}"#, ["something  3"]),
    ])
    func receipts(result: String, expected: [String]) throws {
        #expect(Receipt(sentence: "done", id: "I", result: try JSONValue(parsing: result)).facts == expected)
    }

    @Test func aCheckSaysWhyNot() throws {
        let answer = try JSONValue(
            parsing: #"""
                {"allowed":false,"rejection":{"message":"insufficient balance","data":{"rejection":"insufficientBalance","number":260,"asked":5}}}
                """#)
        #expect(CheckWords.lines(answer, .minor) == ["not allowed: insufficient balance", "  insufficientBalance asked=5"])
        let allowed = try JSONValue(
            parsing: """
                {"allowed":true,"cost":[{"unit":"credits","amount":5}],"lots":[{"unit":"credits","lot":4,"amount":5}],
                "after":[{"unit":"credits","balance":{"available":7,"held":0}}],
                "meters":[{"key":"k","unit":"credits","used":5,"start":"s"}]}
                """)
        #expect(
            CheckWords.lines(allowed, .minor) == [
                "allowed", "  costs 5 credits", "  then credits: 7 available, 0 held", "  k: 5 credits used", "", "lots",
                "unit     lot  amount",
                "credits    4       5",
            ])
    }

    @Test func anExplanationHasItsParts() throws {
        let answer = try JSONValue(
            parsing: #"""
                {"group":[{"seq":9,"at":"t","type":"debited","tenant":"acme","account":"u-7","feature":"rank","id":"d-1",
                "parts":[{"unit":"credits","amount":3}]}],"lots":[{"lot":4,"opened":{"seq":4,"at":"t","type":"granted","tenant":"acme","id":"g"}}],
                "documents":[{"key":"price/rank","version":2,"value":{"minimum":1}}]}
                """#)
        #expect(
            ExplainWords.lines(answer, .minor) == [
                "what was written", "         9  t  debited           acme  u-7  rank  3 credits  id=d-1", "",
                "the lots, and how they came", "         4  t  granted           acme  id=g", "",
                "by these documents", "  price/rank version 2", "    {", #"      "minimum": 1"#, "    }",
            ])
        let balance = try JSONValue(
            parsing: """
                {"balances":[{"unit":"credits","available":7,"held":0,"lots":[{"lot":4,"remaining":7,"priority":20,"source":"bonus"}]}],
                "lots":[],"documents":[]}
                """)
        #expect(
            ExplainWords.lines(balance, .minor) == [
                "the balance", "  unit     available  held", "  credits          7     0", "", "  lots of credits",
                "  lot  remaining  priority  source", "    4          7        20  bonus",
            ])
        let use: JSONValue = [
            "check": ["allowed": false, "rejection": ["message": "no", "data": ["rejection": "priceNotFound"]]]
        ]
        #expect(ExplainWords.lines(use, .minor) == ["the use", "  not allowed: no", "    priceNotFound"])
    }

    @Test(arguments: [
        (
            #"{"kind":"allowanceUsed","plan":"pro","unit":"articles","period":"day","used":4,"limit":5,"threshold":80}"#,
            "80 % used: 4 of 5 articles a day of pro"
        ),
        (#"{"kind":"lowBalance","unit":"usd","below":10000,"available":250}"#, "2.50 usd available, below 100.00"),
        (
            #"{"kind":"spend","subject":"key","name":"k","unit":"credits","above":9,"spent":12}"#,
            "key k spent 12 credits, above 9"
        ),
        (
            #"{"kind":"keyExpiring","key":"k","expiresAt":"2026-11-22T00:00:00.000000Z","days":7}"#,
            "key k expires within 7 d, at 2026-11-22 00:00:00Z"
        ),
        (#"{"kind":"keyFaulty","key":"k"}"#, "key k was reported faulty"),
        (#"{"kind":"holdAgeing","hold":"h","seconds":3600}"#, "hold h is open for 3,600 s"),
        (#"{"kind":"segmentRotten","segment":1000,"reason":"r"}"#, "the segment from event 1000 on is damaged: r"),
        (
            #"{"kind":"drift","ofTenant":"acme","ofAccount":"u","unit":"usd","sequence":7,"expected":250,"found":-1}"#,
            "2.50 usd expected of account u of acme, -0.01 found, at event 7"
        ),
        (#"{"kind":"of another version"}"#, ""),
    ])
    func alertsAreSentences(event: String, expected: String) throws {
        #expect(AlertWords.text(try JSONValue(parsing: event), Amounts(scales: ["usd": 2])) == expected)
    }

    @Test func alertsAreListed() throws {
        let answer = try JSONValue(
            parsing: #"""
                {"asOf":{"seq":9},"rows":[{"seq":8,"at":"t","rule":"low","severity":"warning","kind":"lowBalance","account":"u-7",
                "unit":"usd","key":null,"state":"raised","readAt":null,
                "event":"{\"kind\":\"lowBalance\",\"unit\":\"usd\",\"below\":10,\"available\":2}"}],"next":null}
                """#)
        #expect(
            Rows(AlertWords.answer(answer, .minor)).lines() == [
                "seq  at  rule  severity  account  state   about",
                "  8  t   low   warning   u-7      raised  2 usd available, below 10",
                "as of event 9",
            ])
    }

    @Test func theEndOfAHoldIsALine() throws {
        let event = try JSONValue(
            parsing: """
                {"seq":7,"at":"t","type":"settled","tenant":"acme","id":"s","account":"u-7","hold":"h","held":4,
                "parts":[{"unit":"credits","amount":25}],"returns":[{"unit":"credits","amount":35}]}
                """)
        #expect(EventWords.line(event) == "       7  t  settled           acme  u-7  h  25 credits  back 35 credits  id=s")
    }
}
