import Foundation
import LedgerTestKit
import Testing

@testable import LedgerServer

/// Each method that only looks, and what a client sees of time and keys.
@Suite struct Methods {
    private static let configure = #"""
        {"tenant":"t","id":"c","reason":"start","changes":[
        {"key":"price/chat","value":{"charges":[{"unit":"tokens","rates":{"words":"2"}},{"unit":"u","rates":{"words":"1"}}]}},
        {"key":"plan/pro","value":{"allowances":[{"unit":"tokens","amount":100,"period":"day"}]}},
        {"key":"alert/low","value":{"kind":"lowBalance","unit":"u","below":10}}]}
        """#.replacing("\n", with: "")

    private func ledger() async throws -> (WholeLedger, SocketClient) {
        let ledger = try await WholeLedger(isFollowed: false)
        let client = try ledger.client()
        for (method, params) in [
            ("configure", Methods.configure),
            ("grant", #"{"tenant":"t","id":"g","account":"a","unit":"u","amount":50}"#),
            ("subscribe", #"{"tenant":"t","id":"p","account":"a","plan":"pro"}"#),
        ] {
            let answer = await client.call(method, params)
            #expect(answer.hasPrefix(#""result""#), "\(answer)")
        }
        return (ledger, client)
    }

    @Test func quotaAndCheckLookAhead() async throws {
        let (ledger, client) = try await ledger()
        let quota = await client.call("quota", #"{"tenant":"t","account":"a"}"#)
        #expect(
            quota.hasPrefix(#""result":{"#) && quota.contains(#""plan":"pro""#) && quota.contains(#""limit":100"#), "\(quota)")
        let use = #"{"tenant":"t","account":"a","feature":"chat","quantities":{"words":"#
        let allowed = await client.call("check", use + "60}}")
        #expect(allowed.hasPrefix(#""result":{"allowed":true,"#), "\(allowed)")
        #expect(
            allowed.contains(#"{"unit":"tokens","amount":100}"#) && allowed.contains(#"{"unit":"u","amount":10}"#), "\(allowed)")
        let refused = await client.call("check", use + "1000}}")
        #expect(refused.hasPrefix(#""result":{"allowed":false,"rejection":{"#), "\(refused)")
        #expect(refused.contains(#""rejection":"insufficientBalance""#), "\(refused)")
        let malformed = await client.call("check", #"{"tenant":"t","account":"a"}"#)
        #expect(malformed.hasPrefix(#""error":{"code":-32602,"#), "\(malformed)")
        let nobody = await client.call("quota", #"{"tenant":"t","account":"nobody"}"#)
        #expect(nobody.contains(#""rejection":"accountNotFound""#), "\(nobody)")
        await ledger.stop()
    }

    @Test func everyKindOfExplanationIsGiven() async throws {
        let (ledger, client) = try await ledger()
        _ = await client.call("debit", #"{"tenant":"t","id":"d","account":"a","feature":"chat","quantities":{"words":60}}"#)
        let command = await client.call("explain", #"{"tenant":"t","of":"d"}"#)
        #expect(command.hasPrefix(#""result":{"event":{"#), "\(command)")
        #expect(
            command.contains(#"{"key":"price/chat","version":1,"#) && command.contains(#"{"key":"plan/pro","version":1,"#),
            "\(command)")
        #expect(command.contains(#""type":"granted""#) && command.contains(#""type":"allowanceOpened""#), "\(command)")
        let balance = await client.call("explain", #"{"tenant":"t","account":"a"}"#)
        #expect(balance.hasPrefix(#""result":{"balances":[{"#) && balance.contains(#""type":"granted""#), "\(balance)")
        let use = await client.call("explain", #"{"tenant":"t","account":"a","unit":"u","amount":1000}"#)
        #expect(use.hasPrefix(#""result":{"check":{"allowed":false,"#), "\(use)")
        await ledger.stop()
    }

    @Test func aRevokedKeyIsRefusedByTheVeryNextCommand() async throws {
        let (ledger, client) = try await ledger()
        let other = try ledger.client()
        let hash = String(repeating: "a", count: 64)
        _ = await client.call("issueKeys", #"{"tenant":"t","id":"k","keys":[{"key":"key","hash":"\#(hash)","account":"a"}]}"#)
        let debit = { (id: String) in #"{"tenant":"t","id":"\#(id)","account":"a","unit":"u","amount":1,"key":"key"}"# }
        #expect(await client.call("debit", debit("d-1")).hasPrefix(#""result""#))
        let known = await client.call("verifyKey", #"{"hash":"\#(hash)"}"#)
        #expect(known.contains(#""key":"key""#) && known.contains(#""usable":true"#), "\(known)")
        let pipelined = [("revokeKeys", #"{"tenant":"t","id":"r","keys":["key"]}"#), ("debit", debit("d-2"))].map {
            method, params in
            #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"# + "\n"
        }
        await client.send(pipelined.joined())
        let answers = await client.lines(2)
        #expect(answers[0].contains(#""result""#) && answers[1].contains(#""rejection":"keyRevoked""#), "\(answers)")
        #expect(await other.call("debit", debit("d-3")).contains(#""rejection":"keyRevoked""#))
        #expect(await other.call("verifyKey", #"{"hash":"\#(hash)"}"#).contains(#""usable":false"#))
        let never = await other.call("verifyKey", #"{"hash":"\#(String(repeating: "b", count: 64))"}"#)
        #expect(never.contains(#""rejection":"keyNotFound""#), "\(never)")
        await ledger.stop()
    }

    @Test func aDryRunAnswersDifferences() async throws {
        let (ledger, client) = try await ledger()
        let dryRun = await client.call(
            "configure", #"{"tenant":"t","id":"x","reason":"away","dryRun":true,"changes":[{"key":"plan/pro","value":null}]}"#)
        #expect(dryRun.hasPrefix(#""result":{"dryRun":true,"#) && dryRun.contains(#""accounts":1"#), "\(dryRun)")
        await ledger.stop()
    }

    @Test func severalCommandsAreAnsweredTogether() async throws {
        let (ledger, client) = try await ledger()
        let submit = { (id: String, second: Int) in
            #"{"tenant":"t","id":"\#(id)","commands":["#
                + #"{"method":"debit","params":{"id":"\#(id)-1","account":"a","unit":"u","amount":30}},"#
                + #"{"method":"hold","params":{"id":"\#(id)-2","account":"a","unit":"u","amount":\#(second)}}]}"#
        }
        let refused = await client.call("submit", submit("s", 30))
        #expect(refused.contains(#""rejection":"insufficientBalance""#) && refused.contains(#""command":"s-2""#), "\(refused)")
        let done = await client.call("submit", submit("s", 20))
        #expect(done.hasPrefix(#""result":{"seq":"#) && done.contains(#""results":[{"#), "\(done)")
        #expect(await client.call("submit", submit("s", 20)).contains(#""replayed":true"#))
        await ledger.stop()
    }

    @Test func alertsAreSentToThoseWhoWantThem() async throws {
        let (ledger, client) = try await ledger()
        let subscriber = try ledger.client()
        _ = await subscriber.call("alerts.subscribe", #"{"from":1,"tenant":"t"}"#)
        _ = await client.call("debit", #"{"tenant":"t","id":"d","account":"a","unit":"u","amount":45}"#)
        let raised = await subscriber.line() ?? ""
        #expect(raised.contains(#""method":"event""#) && raised.contains(#""type":"alertRaised""#), "\(raised)")
        #expect(raised.contains(#""kind":"lowBalance""#), "\(raised)")
        await ledger.stop()
    }

    @Test func eventsOfAnUnknownTypeAreRefusedByName() async throws {
        let (ledger, client) = try await ledger()
        let refused = await client.call("events.subscribe", #"{"types":["debited","nonsense"]}"#)
        #expect(refused.hasPrefix(#""error":{"#) && refused.contains("nonsense"), "\(refused)")
        await ledger.stop()
    }

    @Test func aHoldEndsByTimeForEverybodyWhoLooks() async throws {
        let (ledger, client) = try await ledger()
        let hold = #"{"tenant":"t","id":"h","account":"a","unit":"u","amount":20,"expiresInSeconds":60}"#
        _ = await client.call("hold", hold)
        #expect(await client.call("balance", #"{"tenant":"t","account":"a","unit":"u"}"#).contains(#""available":30,"held":20"#))
        ledger.clock.advance(seconds: 60)
        #expect(await client.call("balance", #"{"tenant":"t","account":"a","unit":"u"}"#).contains(#""available":50,"held":0"#))
        #expect(await client.call("hold", hold).contains(#""replayed":true"#))
        await ledger.stop()
    }
}
