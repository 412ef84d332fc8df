import ClientTestKit
import LedgerClient
import Testing

@testable import daybook

/// What the command lines about holds, plans, accounts, keys, time and reports send.
@Suite struct VerbTests {
    @Test(arguments: [
        ("hold acme u-7 credits 60", "hold", #"{"tenant":"acme","id":"I","account":"u-7","unit":"credits","amount":60}"#),
        (
            "hold acme u-7 --feature chat --quantity in=4 --key k --batch B --label a=b --expires-in 5m --on-expiry capture --overage 9",
            "hold",
            #"{"tenant":"acme","id":"I","account":"u-7","feature":"chat","quantities":{"in":4},"key":"k","batch":"B","labels":{"a":"b"},"expiresInSeconds":300,"onExpiry":"capture","overage":{"allow":9}}"#
        ),
        (
            "hold acme u-7 credits 60 --overage cap --expires-in 90", "hold",
            #"{"tenant":"acme","id":"I","account":"u-7","unit":"credits","amount":60,"expiresInSeconds":90,"overage":"cap"}"#
        ),
        ("settle acme h-1", "settle", #"{"tenant":"acme","id":"I","hold":"h-1"}"#),
        (
            "settle acme h-1 --amount 25 --method observed --label status=done --details [1]", "settle",
            #"{"tenant":"acme","id":"I","hold":"h-1","amount":25,"method":"observed","labels":{"status":"done"},"details":[1]}"#
        ),
        (
            "settle acme h-1 --quantity in=8 --quantity out=0", "settle",
            #"{"tenant":"acme","id":"I","hold":"h-1","quantities":{"in":8,"out":0}}"#
        ),
        ("release acme h-1 --reason late", "release", #"{"tenant":"acme","id":"I","hold":"h-1","reason":"late"}"#),
        ("extend acme h-1 --expires-in 2h", "extend", #"{"tenant":"acme","id":"I","hold":"h-1","expiresInSeconds":7200}"#),
        (
            "record-usage acme u-7 credits 3 --occurred-at 2024-05-01", "recordUsage",
            #"{"tenant":"acme","id":"I","account":"u-7","unit":"credits","amount":3,"occurredAt":"2024-05-01T00:00:00.000000Z"}"#
        ),
    ])
    func uses(line: String, method: String, params: String) throws {
        #expect(try sent(line + " --id I") == [request(1, method, params)])
    }

    @Test(arguments: [
        ("subscribe acme u-7 pro", "subscribe", #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro"}"#),
        (
            "subscribe acme u-7 pro --from 2026-11-15 --until 2027-11-15 --anchor 15", "subscribe",
            #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro","from":"2026-11-15T00:00:00.000000Z","until":"2027-11-15T00:00:00.000000Z","anchor":15}"#
        ),
        ("unsubscribe acme u-7 pro", "unsubscribe", #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro"}"#),
        ("change-plan acme u-7 a b", "changePlan", #"{"tenant":"acme","id":"I","account":"u-7","from":"a","to":"b"}"#),
        (
            "change-plan acme u-7 a b --when next-window", "changePlan",
            #"{"tenant":"acme","id":"I","account":"u-7","from":"a","to":"b","when":"nextWindow"}"#
        ),
        (
            "allowance override acme u-7 pro articles day 20 --reason r", "overrideAllowance",
            #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro","unit":"articles","period":"day","amount":20,"reason":"r"}"#
        ),
        (
            "allowance override acme u-7 pro articles month unlimited --reason r", "overrideAllowance",
            #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro","unit":"articles","period":"month","amount":-1,"reason":"r"}"#
        ),
        (
            "allowance override acme u-7 pro articles never default --reason r", "overrideAllowance",
            #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro","unit":"articles","period":"never","amount":null,"reason":"r"}"#
        ),
        (
            "allowance reset acme u-7 pro articles day --reason r", "resetAllowance",
            #"{"tenant":"acme","id":"I","account":"u-7","plan":"pro","unit":"articles","period":"day","reason":"r"}"#
        ),
        (
            "account freeze acme u-7 --reason r", "freezeAccount", #"{"tenant":"acme","id":"I","account":"u-7","reason":"r"}"#
        ),
        (
            "account unfreeze acme u-7 --reason r", "unfreezeAccount",
            #"{"tenant":"acme","id":"I","account":"u-7","reason":"r"}"#
        ),
        ("account close acme u-7 --reason r", "closeAccount", #"{"tenant":"acme","id":"I","account":"u-7","reason":"r"}"#),
    ])
    func plansAndAccounts(line: String, method: String, params: String) throws {
        #expect(try sent(line + " --id I") == [request(1, method, params)])
    }

    @Test(arguments: [
        (
            "config set acme price/x {} --reason r --at 2027-01-01",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"price/x","value":{}}],"effectiveAt":"2027-01-01T00:00:00.000000Z"}"#
        ),
        (
            "config set acme price/x {} --dry-run",
            #"{"tenant":"acme","id":"I","reason":"dry run","changes":[{"key":"price/x","value":{}}],"dryRun":true}"#
        ),
        (
            "config delete acme price/x --dry-run --expect-version 3 --reason r",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"price/x","value":null,"expectVersion":3}],"dryRun":true}"#
        ),
        (
            "config cancel acme price/x --reason r",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"price/x","cancel":true}]}"#
        ),
        (
            "plans set acme pro {\"allowances\":[]} --reason r",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"plan/pro","value":{"allowances":[]}}]}"#
        ),
        (
            "plans delete acme pro --reason r",
            #"{"tenant":"acme","id":"I","reason":"r","changes":[{"key":"plan/pro","value":null}]}"#
        ),
    ])
    func configuration(line: String, params: String) throws {
        #expect(try sent(line + " --id I") == [request(1, "configure", params)])
    }

    @Test(arguments: [
        (
            "report-usage acme openai --from 2026-11-01 --to 2026-12-01 --quantity in=8 --cost usd=40 --key k", "reportUsage",
            #"{"tenant":"acme","id":"I","platform":"openai","key":"k","from":"2026-11-01T00:00:00.000000Z","to":"2026-12-01T00:00:00.000000Z","quantities":{"in":8},"cost":{"unit":"usd","amount":40}}"#
        ),
        (
            "report-sync acme openai partial --from 2026-11-01 --to 2026-11-02 --count keys=3 --error e", "reportSync",
            #"{"tenant":"acme","id":"I","platform":"openai","status":"partial","from":"2026-11-01T00:00:00.000000Z","to":"2026-11-02T00:00:00.000000Z","counts":{"keys":3},"error":"e"}"#
        ),
    ])
    func reports(line: String, method: String, params: String) throws {
        #expect(try sent(line + " --id I") == [request(1, method, params)])
    }

    @Test(arguments: [
        (
            "check acme u-7 credits 5",
            #"{"allowed":false,"rejection":{"message":"no","data":{"rejection":"insufficientBalance","number":260}}}"#
        ),
        ("verify-key --hash ab", #"{"key":"k","usable":false}"#),
    ])
    func aNoEndsWithOne(line: String, answer: String) throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, answer)
        }
        let failure = #expect(throws: Failure.self) { try runDaybook(line, daemon.path) }
        #expect(failure?.status == .rejected)
    }

    @Test func alertsAreFollowed() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.refuse(1, #"{"code":-32602,"message":"no"}"#)
        }
        #expect(throws: ClientError.self) { try runDaybook("alerts acme --follow --from 5", daemon.path) }
        let expected = request(1, "events.subscribe", #"{"from":5,"tenant":"acme","types":["alertRaised"]}"#)
        #expect(daemon.finish()[0] == [expected])
    }

    @Test(arguments: [("90", 90), ("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86_400), ("0", 0)])
    func secondsAreRead(text: String, expected: Int64) {
        #expect(Seconds(argument: text)?.count == expected)
    }

    @Test(arguments: ["", "m", "1.5h", "-3", "2w", "9223372036854775807d", "1h30m"])
    func otherLengthsOfTimeAreRefused(text: String) {
        #expect(Seconds(argument: text) == nil)
    }
}
