import LedgerClient
import Testing

@testable import daybook

@Suite struct LayoutTests {
    @Test(
        arguments: [
            (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (18_059_974, "18,059,974"), (-1000, "-1,000"), (-999, "-999"),
            (Int64.min, "-9,223,372,036,854,775,808"),
        ] as [(Int64, String)])
    func numbersAreGrouped(value: Int64, expected: String) {
        #expect(grouped(value) == expected)
    }

    @Test func columnsAreAligned() {
        let table = Table(
            columns: [
                .init(title: "unit", alignment: .left), .init(title: "amount", alignment: .right),
                .init(title: "note", alignment: .left),
            ],
            rows: [["credits", "1,000", "x"], ["漢字", "3", ""]])
        #expect(
            table.lines() == [
                "unit     amount  note",
                "credits   1,000  x",
                "漢字          3",
            ])
    }

    @Test func anEmptyColumnIsLeftOut() {
        let table = Table(
            columns: [
                .init(title: "a", alignment: .left), .init(title: "b", alignment: .left), .init(title: "c", alignment: .left),
            ],
            rows: [["1", "", "2"], ["3", "", "4"]])
        #expect(table.lines() == ["a  c", "1  2", "3  4"])
    }

    @Test(arguments: [("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("🐎", 2), ("", 0)])
    func widthIsInCells(text: String, expected: Int) {
        #expect(displayWidth(text) == expected)
    }

    @Test func controlCharactersAreShownNotObeyed() {
        #expect(Terminal.printable("a\u{1b}[31mb\nc\u{202e}d") == "a\\u{1b}[31mb\\u{a}c\\u{202e}d")
        #expect(Terminal.printable("žluť 🐎") == "žluť 🐎")
    }

    @Test func rowsBecomeATable() throws {
        let answer = try JSONValue(
            parsing: """
                {"asOf":{"seq":20014,"at":"x"},"rows":[
                {"seq":20013,"at":"2026-11-21T01:23:45.678901Z","type":"debited","amount":1500,"batch":null,"firstAt":"a","day":"d"},
                {"seq":9,"at":"soon","type":"granted","amount":3,"batch":null,"labels":{"model":"x"}}],"next":"k1"}
                """)
        #expect(
            Rows(answer).lines(hiding: ["day"]) == [
                "  seq  at                    type     amount  first at  labels",
                "20013  2026-11-21 01:23:45Z  debited   1,500  a",
                "    9  soon                  granted       3            {\"model\":\"x\"}",
                "as of event 20014, more with --cursor 'k1'",
            ])
    }

    @Test func noRowsAreSaid() throws {
        #expect(
            try Rows(JSONValue(parsing: #"{"asOf":{"seq":3},"rows":[],"next":null}"#)).lines() == [
                "nothing found", "as of event 3",
            ])
    }

    @Test(arguments: [
        (
            #"{"seq":12,"at":"2026-11-21T01:23:45.678901Z","replayed":false,"lot":12,"balance":{"available":1000,"held":0}}"#,
            ["done", "  1,000 available, 0 held", "event 12 at 2026-11-21 01:23:45Z, id i-1"]
        ),
        (
            #"""
            {"seq":13,"at":"t","replayed":true,"parts":[{"unit":"credits","amount":3000,"balance":{"available":7,"held":1}}],
            "alerts":[{"seq":14,"rule":"low","severity":"warning"}]}
            """#,
            [
                "done", "  3,000 credits: now 7 available, 1 held", "  alert 14: low (warning)",
                "event 13 at t, id i-1, done before: this is the first answer",
            ]
        ),
        (
            #"{"seq":15,"at":"t","replayed":false,"changes":[{"key":"price/x","version":2}]}"#,
            ["done", "  price/x is at version 2", "event 15 at t, id i-1"]
        ),
        (
            #"{"seq":16,"at":"t","batch":"b","accepted":1,"rejected":[{"item":"a","rejection":"insufficientBalance","message":"no"}],"parts":[]}"#,
            ["done", "  rejected a: no", "event 16 at t, id i-1"]
        ),
    ])
    func receipts(result: String, expected: [String]) throws {
        #expect(Receipt(sentence: "done", id: "i-1", result: try JSONValue(parsing: result)).lines == expected)
    }

    @Test func theIDIsKeptForPrograms() throws {
        #expect(CommandOptions.naming("i-1", ["seq": 1]).description == #"{"id":"i-1","seq":1}"#)
        #expect(CommandOptions.naming("i-1", ["id": "other"]).description == #"{"id":"other"}"#)
    }

    @Test func documentsAreIndented() throws {
        let value: JSONValue = #"{"charges":[{"unit":"credits","rates":{"a":"1","b":"2"}}],"none":[],"enabled":true}"#
        #expect(
            Documents.pretty(value) == [
                "{", #"  "charges": ["#, "    {", #"      "unit": "credits","#, #"      "rates": {"#, #"        "a": "1","#,
                #"        "b": "2""#, "      }", "    }", "  ],", #"  "none": [],"#, #"  "enabled": true"#, "}",
            ])
        #expect(Documents.pretty(["a": 1]) == ["{", #"  "a": 1"#, "}"])
    }

    @Test func anEventIsALine() throws {
        let event = try JSONValue(
            parsing: #"""
                {"seq":7,"at":"2026-11-21T01:23:45.678901Z","day":"2026-11-21","type":"debited","tenant":"acme","id":"c-1","account":"u-7",
                "feature":"rank","batch":"B","item":"a","parts":[{"unit":"credits","amount":1200,"lots":[]}]}
                """#)
        #expect(
            EventWords.line(event) == "       7  2026-11-21 01:23:45Z  debited           acme  u-7  rank  B  1,200 credits  id=a")
    }

    @Test func statusIsPairsAndTables() throws {
        let status = try JSONValue(
            parsing: #"{"api":1,"head":{"seq":1200,"at":"2026-11-21T01:23:45.678901Z"},"readModels":[{"name":"daily","lag":0}]}"#
        )
        #expect(
            Sheet.lines(status) == [
                "api       1", "head seq  1200", "head at   2026-11-21 01:23:45Z", "", "read models", "name   lag", "daily    0",
            ])
    }

    @Test func progressIsOneLine() {
        let text = Progress.text("importing", done: 3000, total: 12_000, unit: "rows", elapsed: .seconds(2), hasBar: true)
        #expect(text == "importing  [######..................]  25%  3,000 of 12,000 rows  1,500 rows/s  6 s left")
        let plain = Progress.text("importing", done: 0, total: 0, unit: "rows", elapsed: .zero, hasBar: false)
        #expect(plain == "importing  100%  0 of 0 rows  0 rows/s  0 s left")
        let long = Progress.text("checking", done: 1, total: 100_000, unit: "bytes", elapsed: .seconds(1), hasBar: false)
        #expect(long.hasSuffix("27 h 46 min left"))
    }
}
