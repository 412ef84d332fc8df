import ArgumentParser
import ClientTestKit
import LedgerClient
import Testing

@testable import daybook

@Suite struct AmountTests {
    private static let amounts = Amounts(scales: ["usd": 6, "cents": 2, "credits": 0])

    @Test(
        arguments: [
            (1_250_000, "usd", "1.250000"), (0, "usd", "0.000000"), (-5, "usd", "-0.000005"),
            (123_456_789_012, "cents", "1,234,567,890.12"),
            (1250, "credits", "1,250"), (1250, "other", "1,250"), (Int64.min, "cents", "-92,233,720,368,547,758.08"),
        ] as [(Int64, String, String)])
    func wholeUnitsAreShownExactly(minor: Int64, unit: String, expected: String) {
        #expect(Self.amounts.number(minor, unit) == expected)
    }

    @Test func scalesComeFromDocuments() throws {
        let rows: [JSONValue] = [
            ["key": "unit/usd", "value": ["scale": 6]], ["key": "unit/eur", "value": #"{"scale":2}"#],
            ["key": "price/usd", "value": [:]],
            ["key": "unit/gone", "value": .null], ["key": "unit/odd", "value": ["scale": 99]],
        ]
        let amounts = Amounts(documents: rows)
        #expect(["usd", "eur", "gone", "odd"].map { amounts.number(1, $0) } == ["0.000001", "0.01", "1", "1"])
    }

    @Test(
        arguments: [
            (["available": 5, "held": 1], "5.00 available, 1.00 held"),
            (["available": 0, "held": 0, "unlimited": true], "unlimited available, 0.00 held"),
            (["available": 5, "held": 0, "unlimited": true], "5.00 and unlimited available, 0.00 held"),
            (["available": 5, "held": 0, "unlimited": false], "5.00 available, 0.00 held"),
        ] as [(JSONValue, String)])
    func balancesAreWords(balance: JSONValue, expected: String) throws {
        let scaled = JSONValue.object(
            balance.members!.map { member in
                JSONValue.Member(member.key, member.value.integer.map { .integer($0 * 100) } ?? member.value)
            })
        #expect(Self.amounts.words(balance: scaled, "cents") == expected)
    }

    @Test func tablesUseTheUnitOfTheRow() {
        let rows: [JSONValue] = [
            ["unit": "cents", "available": 150, "held": 0, "lots": 2],
            ["unit": "credits", "available": 150, "held": 0, "lots": 2],
        ]
        #expect(
            Rows.table(rows, Self.amounts).lines() == [
                "unit     available  held  lots", "cents         1.50  0.00     2", "credits        150     0     2",
            ])
    }

    @Test func scalesAreAskedForPeopleOnly() throws {
        let daemon = FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, #"{"seq":1,"at":"t","replayed":false,"lot":1,"balance":{"available":5,"held":0}}"#)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"head":{"seq":7}}"#)
                peer.line()
                peer.answer(2, #"{"asOf":{"seq":7},"rows":[{"key":"unit/usd","value":{"scale":6}}],"next":null}"#)
            })
        try runDaybook("grant acme u-7 usd 5", daemon.path)
        let query = request(2, "config.current", #"{"tenant":"acme","prefix":"unit/","limit":1000,"minSeq":7}"#)
        #expect(daemon.finish()[1] == [request(1, "status", "{}"), query])
    }

    @Test(arguments: ["--json", "--raw"])
    func minorUnitsNeedNoScales(flag: String) throws {
        var command = try #require(try Daybook.parseAsRoot(["status", flag]) as? Status)
        command.connection.socket = FakeDaemon.unusedPath()
        #expect(command.connection.amounts(of: "acme").number(5, "usd") == "5")
    }
}
