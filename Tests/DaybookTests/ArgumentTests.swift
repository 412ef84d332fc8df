import ArgumentParser
import ClientTestKit
import LedgerClient
import Testing

@testable import daybook

/// What each command line sends: the contract between the verbs and the methods.
@Suite struct ArgumentTests {
    @Test(arguments: [
        (
            "grant acme u-7 credits 1000 --priority -5 --expires-at 2027-01-01 --source bonus --memo hi --actor jane",
            "grant",
            #"{"tenant":"acme","id":"I","actor":"jane","account":"u-7","unit":"credits","amount":1000,"priority":-5,"expiresAt":"2027-01-01T00:00:00.000000Z","source":"bonus","memo":"hi"}"#
        ),
        (
            "adjust acme u-7 credits --by -50 --reason twice", "adjust",
            #"{"tenant":"acme","id":"I","account":"u-7","unit":"credits","amount":-50,"reason":"twice"}"#
        ),
        (
            "debit acme u-7 credits 3", "debit",
            #"{"tenant":"acme","id":"I","account":"u-7","unit":"credits","amount":3}"#
        ),
        (
            "debit acme u-7 --feature rank --quantity requests=3 --quantity pages=0 --batch B --key k --label model=a=b --occurred-at 2026-11-20T09:30:00Z --details {\"n\":1.50}",
            "debit",
            #"{"tenant":"acme","id":"I","account":"u-7","feature":"rank","quantities":{"requests":3,"pages":0},"key":"k","batch":"B","labels":{"model":"a=b"},"occurredAt":"2026-11-20T09:30:00.000000Z","details":{"n":1.50}}"#
        ),
        ("refund acme d-1", "refund", #"{"tenant":"acme","id":"I","of":"d-1"}"#),
        (
            "refund acme d-1 --amount 2 --reissue-until 2027-01-01 --reason half", "refund",
            #"{"tenant":"acme","id":"I","of":"d-1","amount":2,"reissue":{"expiresAt":"2027-01-01T00:00:00.000000Z"},"reason":"half"}"#
        ),
        (
            "refund acme d-1 --quantity requests=2", "refund",
            #"{"tenant":"acme","id":"I","of":"d-1","quantities":{"requests":2}}"#
        ),
        (
            "account open acme u-7 --name Jane --label team=x", "openAccount",
            #"{"tenant":"acme","id":"I","account":"u-7","name":"Jane","labels":{"team":"x"}}"#
        ),
        (
            "batch open acme u-7 B --feature rank --size 50", "openBatch",
            #"{"tenant":"acme","id":"I","account":"u-7","batch":"B","feature":"rank","size":50}"#
        ),
        ("batch close acme u-7 B", "closeBatch", #"{"tenant":"acme","id":"I","account":"u-7","batch":"B"}"#),
        (
            "batch debit acme u-7 B a=3 b=2 --unit credits --mode each --key k", "debitBatch",
            #"{"tenant":"acme","id":"I","account":"u-7","batch":"B","mode":"each","items":[{"id":"a","unit":"credits","amount":3},{"id":"b","unit":"credits","amount":2}],"key":"k"}"#
        ),
        (
            "batch debit acme u-7 B a=in:3,out:2 --feature chat", "debitBatch",
            #"{"tenant":"acme","id":"I","account":"u-7","batch":"B","mode":"atomic","items":[{"id":"a","feature":"chat","quantities":{"in":3,"out":2}}]}"#
        ),
        (
            "config set acme unit/usd {\"scale\":6} --reason r --expect-version 0", "configure",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"unit/usd","value":{"scale":6},"expectVersion":0}]}"#
        ),
        (
            "config delete acme unit/usd --reason r", "configure",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"unit/usd","value":null}]}"#
        ),
        (
            "config rollback acme price/x 2 --reason r", "rollback",
            #"{"tenant":"acme","id":"I","reason":"r","key":"price/x","version":2}"#
        ),
        ("alerts read acme 17 18", "acknowledgeAlerts", #"{"tenant":"acme","id":"I","alerts":[17,18],"as":"read"}"#),
        ("alerts delivered acme 17", "acknowledgeAlerts", #"{"tenant":"acme","id":"I","alerts":[17],"as":"delivered"}"#),
    ])
    func commands(line: String, method: String, params: String) throws {
        #expect(try sent(line + " --id I") == [request(1, method, params)])
    }

    @Test func aBatchThatIsNotThereIsAFailure() {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, #"{"asOf":{"seq":1,"at":null},"rows":[],"next":null}"#)
        }
        let failure = #expect(throws: Failure.self) { try runDaybook("history acme u-7 --open B --stale", daemon.path) }
        #expect(failure?.status == .rejected && failure?.message == "u-7 has no batch B with items.")
    }

    @Test(arguments: [
        ("balance acme u-7 credits", "balance", #"{"tenant":"acme","account":"u-7","unit":"credits"}"#),
        ("call rpc.discover", "rpc.discover", "{}"),
        ("call x {\"a\":[1]}", "x", #"{"a":[1]}"#),
        ("status", "status", "{}"),
        (
            "history acme u-7 --stale --feature f --from 2026-11-01 --to 2026-11-30 --since 2026-11-01 --until 2026-12-01T10:00Z --limit 5 --cursor c",
            "usage.history",
            #"{"tenant":"acme","account":"u-7","feature":"f","from":"2026-11-01","to":"2026-11-30","since":"2026-11-01T00:00:00.000000Z","until":"2026-12-01T10:00:00.000000Z","limit":5,"cursor":"c"}"#
        ),
        ("history acme u-7 --open B --stale", "usage.batch", #"{"tenant":"acme","account":"u-7","batch":"B"}"#),
        ("batch items acme u-7 B --stale", "batches.items", #"{"tenant":"acme","account":"u-7","batch":"B"}"#),
        ("batch list acme --stale", "batches.list", #"{"tenant":"acme"}"#),
        ("config list acme --stale", "config.current", #"{"tenant":"acme"}"#),
        ("config history acme price/x --stale", "config.history", #"{"tenant":"acme","key":"price/x"}"#),
        ("config list acme price/ --limit 2 --stale", "config.current", #"{"tenant":"acme","prefix":"price/","limit":2}"#),
        ("config scheduled acme --stale", "config.scheduled", #"{"tenant":"acme"}"#),
        ("plans acme --stale", "config.current", #"{"tenant":"acme","prefix":"plan/"}"#),
        ("plans list acme --cursor c --stale", "config.current", #"{"tenant":"acme","prefix":"plan/","cursor":"c"}"#),
        ("holds acme u-7 --stale", "balances.holds", #"{"tenant":"acme","account":"u-7"}"#),
        ("quota acme u-7", "quota", #"{"tenant":"acme","account":"u-7"}"#),
        (
            "check acme u-7 credits 5 --key k", "check",
            #"{"tenant":"acme","account":"u-7","unit":"credits","amount":5,"key":"k"}"#
        ),
        (
            "check acme u-7 --feature f --quantity n=2", "check",
            #"{"tenant":"acme","account":"u-7","feature":"f","quantities":{"n":2}}"#
        ),
        ("explain acme d-1", "explain", #"{"tenant":"acme","of":"d-1"}"#),
        ("explain acme --account u-7", "explain", #"{"tenant":"acme","account":"u-7"}"#),
        (
            "explain acme --account u-7 --unit credits --amount 3", "explain",
            #"{"tenant":"acme","account":"u-7","unit":"credits","amount":3}"#
        ),
        (
            "explain acme --account u-7 --feature f --quantity n=2 --key k", "explain",
            #"{"tenant":"acme","account":"u-7","feature":"f","quantities":{"n":2},"key":"k"}"#
        ),
        ("verify-key --hash ab", "verifyKey", #"{"hash":"ab"}"#),
        (
            "keys acme --account u-7 --owner o --tag t --platform p --status faulty --expires-before 2027-01-01 --stale",
            "keys.list",
            #"{"tenant":"acme","account":"u-7","owner":"o","tag":"t","platform":"p","status":"faulty","expiresBefore":"2027-01-01T00:00:00.000000Z"}"#
        ),
        (
            "alerts acme --account u-7 --rule r --kind k --severity error --state raised --stale", "alerts.list",
            #"{"tenant":"acme","account":"u-7","rule":"r","kind":"k","severity":"error","state":"raised"}"#
        ),
        ("alerts acme --unread --account u-7 --stale", "alerts.unread", #"{"tenant":"acme","account":"u-7"}"#),
    ])
    func queries(line: String, method: String, params: String) throws {
        #expect(try sent(line) == [request(1, method, params)])
    }

    @Test(arguments: [
        ("config get acme price/x --stale", "config.document"), ("config get acme price/x 2 --stale", "config.version"),
        ("plans get acme starter --stale", "config.document"), ("batch summary acme u-7 B --stale", "batches.summary"),
    ])
    func whatIsNotThereEndsWithOne(line: String, method: String) throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, #"{"asOf":{"seq":1},"rows":[],"next":null}"#)
        }
        let failure = #expect(throws: Failure.self) { try runDaybook(line, daemon.path) }
        #expect(failure?.status == .rejected)
        #expect(daemon.finish()[0][0].contains(#""method":"\#(method)""#))
    }

    @Test func aQueryWaitsForEveryEventThereIs() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, #"{"api":1,"head":{"seq":42}}"#)
            peer.line()
            peer.answer(2, #"{"asOf":{"seq":42},"rows":[],"next":null}"#)
        }
        try runDaybook("config list acme", daemon.path)
        #expect(daemon.finish()[0][1] == request(2, "config.current", #"{"tenant":"acme","minSeq":42}"#))
    }

    @Test func anUnansweredCommandKeepsItsID() {
        let failure = #expect(throws: Failure.self) {
            try CommandOptions.keepingID("I") { () throws(ClientError) in
                throw .connectionBroken(socketPath: "s", reason: "the daemon closed it", unanswered: 1)
            }
        }
        #expect(failure?.status == .noDaemon)
        #expect(failure?.message.contains("--id I") == true)
    }

    @Test func eventsUpToNowEnd() throws {
        let daemon = FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, #"{"head":{"seq":3}}"#)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"from":4}"#)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"from":2}"#)
                for seq in 2...4 { peer.notify("event", #"{"seq":\#(seq),"type":"debited"}"#) }
            })
        try runDaybook("events --from 2 --type granted --json", daemon.path)
        let sent = daemon.finish()
        #expect(sent[1] == [request(1, "events.subscribe", #"{"types":["granted"]}"#)])
        #expect(sent[2] == [request(1, "events.subscribe", #"{"from":2}"#)])
    }

    @Test func aTypeOfEventThatIsNotThereIsRefused() throws {
        let daemon = FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, #"{"head":{"seq":3}}"#)
            },
            { peer in
                peer.line()
                peer.refuse(1, #"{"code":-32602,"message":"types[0]: no"}"#)
            })
        #expect(throws: ClientError.self) { try runDaybook("events --type grnted", daemon.path) }
    }

    @Test(arguments: [
        ("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\r\n", ["a", "b"]), ("", []),
        ("{\"id\":\"a\"}\r\n{\"id\":\"\u{2028}\"}", ["a", "\u{2028}"]),
    ])
    func itemsAreReadFromLines(text: String, expected: [String]) throws {
        #expect(try JSONLines.values(text, of: "f").map { $0["id"]?.string } == expected)
    }

    @Test func aBrokenItemIsNamedByItsLine() {
        let failure = #expect(throws: Failure.self) { try JSONLines.values("{}\r\n{", of: "f") }
        #expect(failure?.message.hasPrefix("f line 2: ") == true)
    }

    @Test(arguments: ["a=", "a=x", "a=requests", "a=requests:x", "a=requests:1,", "a=:1"])
    func brokenItemsAreUsage(text: String) throws {
        let failure = #expect(throws: Failure.self) {
            try BatchItems.priced(try #require(Assignment(argument: text)), feature: "f")
        }
        #expect(failure?.status == .usage)
    }
}
