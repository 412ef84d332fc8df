import ArgumentParser
import LedgerClient
import Testing

@testable import daybook

/// How trends and shares are drawn.
@Suite struct StatsTests {
    private func date(_ text: String) -> CivilDate { CivilDate(argument: text)! }

    private func rows(_ text: String) throws -> [JSONValue] { try JSONValue(parsing: text).elements ?? [] }

    @Test(
        arguments: [
            (0, 100, ""), (-5, 100, ""), (100, 100, "████"), (50, 100, "██"), (1, 100_000, "▏"), (25, 100, "█"), (30, 100, "█▎"),
            (Int64.max, Int64.max, "████"),
        ] as [(Int64, Int64, String)])
    func barsAreExactToAnEighthOfACell(value: Int64, greatest: Int64, expected: String) {
        #expect(Bar.text(value, of: greatest, width: 4, isUTF8: true) == expected)
    }

    @Test func withoutUTF8ABarIsOfASCII() {
        #expect(Bar.text(50, of: 100, width: 4, isUTF8: false) == "##")
        #expect(Bar.text(1, of: 100, width: 4, isUTF8: false) == "#")
    }

    @Test func everyDayHasALineAlsoWithoutUse() throws {
        let chart = StatsChart(step: .day, from: date("2026-10-30"), to: date("2026-11-02"), amounts: .minor, barWidth: 4)
        let trend = try rows(
            """
            [{"day":"2026-10-31","unit":"credits","net":100,"count":7},{"day":"2026-11-02","unit":"credits","net":50,"count":1}]
            """)
        let lines = chart.lines(trend: trend, shares: [], of: "feature")
        #expect(lines[0] == "credits by day, 2026-10-30 to 2026-11-02, net of refunds")
        #expect(lines[1].hasPrefix("day "))
        #expect(lines[2...5].map { $0.split(separator: " ").first } == ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"])
        #expect(lines[2...5].map { $0.split(separator: " ").last } == ["0", "100", "0", "50"])
        #expect(lines[6] == "total 150 in 8 uses")
    }

    @Test(arguments: [
        (Stats.Step.week, ["2026-10-26", "2026-11-02", "2026-11-09"]), (.month, ["2026-11-01"]),
    ])
    func weeksBeginOnMondaysAndMonthsOnTheirFirst(step: Stats.Step, expected: [String]) throws {
        let chart = StatsChart(step: step, from: date("2026-11-01"), to: date("2026-11-10"), amounts: .minor)
        let trend = try rows(#"[{"day":"\#(expected[0])","unit":"ap","net":3,"count":1}]"#)
        let lines = chart.lines(trend: trend, shares: [], of: "feature")
        #expect(lines[2..<(2 + expected.count)].map { $0.split(separator: " ").first.map(String.init) } == expected)
    }

    @Test func sharesAreThoseOfTheQueryAndWhatIsLeftOutIsSaid() throws {
        let chart = StatsChart(step: .day, from: date("2026-11-01"), to: date("2026-11-01"), amounts: .minor, barWidth: 8)
        let trend = try rows(#"[{"day":"2026-11-01","unit":"credits","net":160,"count":9}]"#)
        let shares = try rows(
            """
            [{"feature":"chat","unit":"credits","net":60,"count":3,"share":3750},
            {"feature":null,"unit":"credits","net":20,"count":1,"share":1250},{"feature":"chat","unit":"usd","net":999,"share":10000}]
            """)
        let lines = chart.lines(trend: trend, shares: shares, of: "feature").suffix(3)
        #expect(lines.map { $0.split(separator: " ").first } == ["chat", "(none)", "(others)"])
        #expect(zip(lines, ["37.5 %", "12.5 %", "50.0 %"]).allSatisfy { $0.contains($1) }, "\(lines)")
    }

    @Test func whatRoundingLeavesOverIsNothing() throws {
        let chart = StatsChart(step: .day, from: date("2026-11-01"), to: date("2026-11-01"), amounts: .minor, barWidth: 8)
        let trend = try rows(#"[{"day":"2026-11-01","unit":"credits","net":3,"count":3}]"#)
        let shares = try rows(
            #"[{"model":"a","unit":"credits","net":1,"share":3333},{"model":"b","unit":"credits","net":2,"share":6666}]"#)
        #expect(!chart.lines(trend: trend, shares: shares, of: "model").joined().contains("others"))
    }

    @Test func nothingUsedIsSaid() {
        let chart = StatsChart(step: .day, from: date("2026-11-01"), to: date("2026-11-02"), amounts: .minor)
        #expect(chart.lines(trend: [], shares: [], of: "feature") == ["nothing was used from 2026-11-01 to 2026-11-02"])
    }

    @Test(arguments: [
        "stats acme --days 0", "stats acme --days 4000", "stats acme --from 2026-11-02 --to 2026-11-01", "stats acme --by hour",
        "stats acme --share account", "stats acme --share key", "stats acme --share account --unit credits --account u-7",
        "stats acme --from 2000-01-01 --to 2026-01-01",
    ])
    func whatCannotBeDrawnIsRefusedBeforeAsking(line: String) {
        #expect(throws: (any Error).self) { try runDaybook(line, "/nonexistent/daybook.sock") }
        #expect(throws: (any Error).self) { _ = try Daybook.parseAsRoot(line.split(separator: " ").map(String.init)) }
    }
}
