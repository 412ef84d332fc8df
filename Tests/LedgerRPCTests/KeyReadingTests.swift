import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct KeyReading {
    private static let hash = String(repeating: "0123456789abcdef", count: 4)

    @Test func issuedKeys() throws {
        let terms = KeyTerms(
            platform: "openai", owner: "ann", name: "One", tags: ["a", "b"], expiresAt: instant("2027-01-01T00:00:00Z"),
            limit: KeyLimit(unit: "usd", amount: 5, period: .month), features: ["chat"], maxOpenHolds: 3)
        let other = KeyHash("ffff" + KeyReading.hash.dropFirst(4))!
        #expect(
            try fullCommand("issueKeys")
                == .issueKeys(
                    IssueKeys(keys: [
                        KeyIssued(key: "k-1", hash: KeyHash(KeyReading.hash)!, account: "u-7", terms: terms),
                        KeyIssued(key: "k-2", hash: other, account: "u-8", terms: KeyTerms()),
                    ])))
    }

    @Test func whatIsAbsentStaysAndNullClears() throws {
        var one = UpdateKeys.Change(key: "k-1")
        one.platform = .set(nil)
        one.owner = .set("bob")
        one.tags = .set(["c"])
        one.expiresAt = .set(nil)
        one.limit = .set(KeyLimit(unit: "usd", amount: 6, period: .day))
        one.features = .set(nil)
        one.maxOpenHolds = .set(nil)
        one.status = .disabled
        var two = UpdateKeys.Change(key: "k-2")
        two.name = .set("Two")
        two.tags = .set(nil)
        two.limit = .set(nil)
        two.features = .set(["art", "chat"])
        two.maxOpenHolds = .set(9)
        #expect(try fullCommand("updateKeys") == .updateKeys(UpdateKeys(keys: [one, two])))
    }

    @Test func revokedKeysAndReports() throws {
        #expect(try fullCommand("revokeKeys") == .revokeKeys(RevokeKeys(keys: ["k-2", "k-1"], reason: "leaked")))
        #expect(
            try fullCommand("reportUsage")
                == .reportUsage(
                    UsageReported(
                        platform: "openai", key: "k-1", from: instant("2026-01-01T00:00:00Z"),
                        to: instant("2026-01-02T00:00:00Z"),
                        quantities: [Quantity(dimension: "inputTokens", count: 12)], unit: "usd", cost: 34)))
        #expect(
            try fullCommand("reportSync")
                == .reportSync(
                    SyncReported(
                        platform: "openai", status: .partial, from: instant("2026-01-01T00:00:00Z"),
                        to: instant("2026-01-01T00:00:09Z"), counts: [Quantity(dimension: "keys", count: 4)], error: "timeout")))
    }

    static let refused: [(String, String, String)] = [
        ("issueKeys", #"{"keys":[]}"#, "-32010 keys: must have at least one element"),
        (
            "issueKeys", #"{"keys":[{"key":"k","hash":"\#(hash.uppercased())"}]}"#,
            "-32010 keys[0].hash: must be 64 lower-case hexadecimal digits"
        ),
        ("issueKeys", #"{"keys":[{"hash":"abc"}]}"#, "-32010 keys[0].hash: must be 64 lower-case hexadecimal digits"),
        ("issueKeys", #"{"keys":[{"key":"k","hash":"\#(hash)"}]}"#, "-32602 issueKeys: keys[0].account is missing"),
        ("issueKeys", #"{"keys":[{"secret":"k"}]}"#, "-32602 issueKeys: keys[0].secret is not a field here"),
        ("issueKeys", #"{"keys":[{"status":"active"}]}"#, "-32602 issueKeys: keys[0].status is not a field here"),
        ("issueKeys", #"{"keys":[{"tags":["a","a"]}]}"#, "-32010 keys[0].tags: has a twice"),
        ("issueKeys", #"{"keys":[{"tags":["a",""]}]}"#, "-32010 keys[0].tags[1]: must be 1 to 128 bytes"),
        (
            "issueKeys", #"{"keys":[{"tags":[\#((0..<17).map { "\"\($0)\"" }.joined(separator: ","))]}]}"#,
            "-32010 keys[0].tags: must have at most 16 elements"
        ),
        ("issueKeys", #"{"keys":[{"limit":{"unit":"c","amount":1}}]}"#, "-32602 issueKeys: keys[0].limit.period is missing"),
        ("issueKeys", #"{"keys":[{"limit":null}]}"#, "-32602 issueKeys: keys[0].limit must be an object"),
        ("issueKeys", #"{"keys":[{"limit":{"amount":-1}}]}"#, "-32010 keys[0].limit.amount: must be an integer from 0 to 2^53-1"),
        ("issueKeys", #"{"keys":[{"maxOpenHolds":0}]}"#, "-32010 keys[0].maxOpenHolds: must be an integer from 1 to 1000000"),
        (
            "issueKeys",
            #"{"keys":[{"key":"k","hash":"\#(hash)","account":"u"},{"key":"l","hash":"\#(hash)","account":"u"}]}"#,
            "-32010 keys[1].hash: stands in an earlier element already"
        ),
        ("updateKeys", #"{"keys":[{"key":"k"},{"key":"k"}]}"#, "-32010 keys[1].key: stands in an earlier element already"),
        ("updateKeys", #"{"keys":[{"status":"revoked"}]}"#, "-32010 keys[0].status: must be one of active, disabled, faulty"),
        ("updateKeys", #"{"keys":[{"status":null}]}"#, "-32602 updateKeys: keys[0].status must be a string"),
        ("updateKeys", #"{"keys":[{"hash":"\#(hash)"}]}"#, "-32602 updateKeys: keys[0].hash is not a field here"),
        ("updateKeys", #"{"keys":[{"tags":"a"}]}"#, "-32602 updateKeys: keys[0].tags must be an array"),
        ("revokeKeys", #"{"keys":["k","k"]}"#, "-32010 keys[1]: stands in an earlier element already"),
        ("revokeKeys", #"{"keys":[7]}"#, "-32602 revokeKeys: keys[0] must be a string"),
        (
            "revokeKeys", #"{"keys":[\#((0..<257).map { "\"\($0)\"" }.joined(separator: ","))]}"#,
            "-32010 keys: must have at most 256 elements"
        ),
        ("reportUsage", #"{"cost":{"unit":"usd"}}"#, "-32602 reportUsage: cost.amount is missing"),
        ("reportUsage", #"{"cost":7}"#, "-32602 reportUsage: cost must be an object"),
        (
            "reportSync",
            #"{"tenant":"a","id":"r","platform":"p","status":"failed","from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z","counts":{}}"#,
            "-32010 to: must not be before from"
        ),
        ("reportSync", #"{"status":"ok"}"#, "-32010 status: must be one of succeeded, partial, failed"),
    ]

    @Test(arguments: refused) func isRefused(_ method: String, _ params: String, _ answer: String) {
        let told = refusal(line(method, params).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }
}
