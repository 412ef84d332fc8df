import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct HoldReading {
    @Test func aHoldWithEveryField() throws {
        let use = Use(
            key: "k-1", batch: "b-1", labels: ["model": "m"], occurredAt: instant("2026-01-02T03:04:05Z"), details: "[1]")
        #expect(
            try fullCommand("hold")
                == .hold(
                    Hold(
                        account: "u-7", ask: .amount(unit: "credits", 60), use: use, expiresInSeconds: 60, onExpiry: .capture,
                        overage: .allow(5))))
    }

    @Test func aHoldIsReleasedAndRejectsMoreUnlessItSaysOtherwise() throws {
        let ask = Ask.priced(feature: "chat", quantities: [Quantity(dimension: "outputTokens", count: 2)])
        #expect(try fullCommand("hold", 1) == .hold(Hold(account: "u-7", ask: ask, overage: .cap)))
        let plain = #"{"tenant":"a","id":"h","account":"u-7","unit":"c","amount":0,"overage":"reject","onExpiry":"release"}"#
        #expect(try command("hold", plain) == .hold(Hold(account: "u-7", ask: .amount(unit: "c", 0))))
    }

    @Test func settlementsInEachExtent() throws {
        #expect(
            try fullCommand("settle")
                == .settle(
                    Settle(
                        hold: "h-1", extent: .amount(25), method: .observed, labels: ["status": "ok"], details: #"{"x":1.0}"#)))
        let quantities = [Quantity(dimension: "inputTokens", count: 7), Quantity(dimension: "outputTokens", count: 1)]
        #expect(try fullCommand("settle", 1) == .settle(Settle(hold: "h-2", extent: .quantities(quantities))))
        #expect(try command("settle", #"{"tenant":"a","id":"s","hold":"h"}"#) == .settle(Settle(hold: "h")))
    }

    @Test func theOthers() throws {
        #expect(try fullCommand("release") == .release(Release(hold: "h-1", reason: "broken")))
        #expect(try fullCommand("extend") == .extend(Extend(hold: "h-1", expiresInSeconds: 900)))
        let use = Use(
            key: "k-1", batch: "b-1", labels: ["model": "m"], occurredAt: instant("2020-01-02T03:04:05Z"), details: "7")
        #expect(
            try fullCommand("recordUsage")
                == .recordUsage(RecordUsage(account: "u-7", ask: .amount(unit: "credits", 3), use: use)))
    }

    static let refused: [(String, String, String)] = [
        ("hold", #"{"expiresInSeconds":0}"#, "-32010 expiresInSeconds: must be an integer from 1 to 2678400"),
        ("hold", #"{"expiresInSeconds":2678401}"#, "-32010 expiresInSeconds: must be an integer from 1 to 2678400"),
        ("hold", #"{"onExpiry":"forget"}"#, "-32010 onExpiry: must be one of release, capture"),
        ("hold", #"{"overage":"more"}"#, #"-32010 overage: must be "reject", "cap" or {"allow": amount}"#),
        ("hold", #"{"overage":5}"#, "-32602 hold: overage must be a string"),
        ("hold", #"{"overage":{}}"#, "-32602 hold: overage.allow is missing"),
        ("hold", #"{"overage":{"allow":-1}}"#, "-32010 overage.allow: must be an integer from 0 to 2^53-1"),
        ("hold", #"{"overage":{"cap":1}}"#, "-32602 hold: overage.cap is not a field here"),
        (
            "hold", #"{"tenant":"a","id":"h","account":"u","unit":"c"}"#,
            "-32602 hold: amount must be said either by unit and amount or by feature and quantities"
        ),
        ("settle", #"{"tenant":"a","id":"s"}"#, "-32602 settle: hold is missing; its fields are tenant, id, hold, amount, "),
        (
            "settle", #"{"tenant":"a","id":"s","hold":"h","amount":1,"quantities":{}}"#,
            "-32602 settle: amount cannot stand beside quantities"
        ),
        ("settle", #"{"amount":-1}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        ("settle", #"{"method":"guessed"}"#, "-32010 method: must be one of reported, observed, estimated, none"),
        ("settle", #"{"occurredAt":"2026-01-01T00:00:00Z"}"#, "-32602 settle: occurredAt is not a field here"),
        ("settle", #"{"details":"\#(String(repeating: "x", count: 4095))"}"#, "-32010 details: must be at most 4096 bytes"),
        ("release", #"{"reason":""}"#, "-32010 reason: must be 1 to 1024 bytes of text"),
        ("extend", #"{"tenant":"a","id":"e","hold":"h"}"#, "-32602 extend: expiresInSeconds is missing"),
        ("extend", #"{"expiresInSeconds":1.5}"#, "-32010 expiresInSeconds: must be an integer"),
        ("recordUsage", #"{"amount":-1}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
    ]

    @Test(arguments: refused) func isRefused(_ method: String, _ params: String, _ answer: String) {
        let told = refusal(line(method, params).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }
}
