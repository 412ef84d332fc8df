import Foundation
import JSONText
import LedgerModel
import LedgerTestKit
import Testing

@testable import LedgerRPC

/// Requests as text, decided by a book, and their answers as text.
struct Conversation {
    private var ledger = MemoryLedger()
    private var now = instant("2026-01-31T00:00:00Z")

    /// What a request of tenant `acme` is answered: the result's own fields, or the error.
    mutating func ask(_ method: String, _ params: String) throws -> String {
        _ = ledger.passDue(at: now)
        do {
            switch try parsed(line(method, #"{"tenant":"acme",\#(params)}"#))[0].call.get() {
            case .command(let request): return try answer(request)
            case .balance(let tenant, let account, _):
                return written { $0.balances(ledger.book.holdings(of: account, in: tenant, at: now) ?? []) }
            case .quota(let tenant, let account):
                return written { $0.quotas(ledger.book.quota(of: account, in: tenant, at: now) ?? []) }
            case .check(let check): return try answer(check)
            default: throw NoCommand()
            }
        } catch let rejection as Rejection {
            return RejectionRecord(rejection).message
        }
    }

    mutating func wait(seconds: Int64) { now = Timestamp(microseconds: now.rawValue + seconds * 1_000_000) }

    private mutating func answer(_ request: Request) throws -> String {
        switch try ledger.send(request, at: now) {
        case .accepted(let group): return ownFields(written { $0.commandResult(group, replayed: false) })
        case .known(let sequence): return "known, at \(sequence)"
        case .dryRun(let dryRun): return written { $0.dryRun(dryRun) }
        }
    }

    private func answer(_ check: Check) throws -> String {
        let events = Result { () throws(Rejection) in try ledger.book.check(check, at: now) }
        switch events {
        case .success(let events): return written { $0.checkResult(events) }
        case .failure(let rejection): return written { $0.checkResult(rejection) }
        }
    }

    private func ownFields(_ result: String) -> String {
        let common = #""replayed":false,"#
        guard let start = result.range(of: common) else { return result }
        return String(result[start.upperBound...].dropLast())
    }
}

/// What real groups of events are answered with: what opens and lapses by itself stands around what was asked for.
@Suite struct Conversations {
    private static let plans =
        #""id":"c-1","reason":"r","changes":[{"key":"plan/free","value":{"allowances":[{"unit":"credits","amount":5,"period":"month"}]}},{"key":"plan/pro","value":{"allowances":[{"unit":"credits","amount":50,"period":"month"},{"unit":"reports","amount":-1,"period":"day"}]}},{"key":"plan/max","value":{"allowances":[{"unit":"credits","amount":100,"period":"month"}]}},{"key":"tenant/settings","value":{"defaultPlan":"free"}}]"#
    private static let month = #""start":"2026-01-01T00:00:00.000000Z","end":"2026-02-01T00:00:00.000000Z""#

    /// Says what was not answered as it should be.
    private func expect(_ lines: [(String, String, String)]) throws {
        var conversation = Conversation()
        for (method, params, answer) in lines {
            if method == "wait" {
                conversation.wait(seconds: Int64(params)!)
            } else {
                let told = try conversation.ask(method, params)
                #expect(told == answer, "\(method) \(params)")
            }
        }
    }

    @Test func onPlans() throws {
        let month = Conversations.month
        try expect([
            (
                "configure", Conversations.plans,
                #""changes":[{"key":"plan/free","version":1},{"key":"plan/pro","version":1},{"key":"plan/max","version":1},{"key":"tenant/settings","version":1}]"#
            ),
            (
                "debit", #""id":"d-1","account":"u","unit":"credits","amount":3"#,
                #""parts":[{"unit":"credits","amount":3,"balance":{"available":2,"held":0}}],"meters":[{"allowance":"free","period":"month","lot":7,"unit":"credits","used":3,"limit":5,\#(month)}]"#
            ),
            ("openBatch", #""id":"ob","account":"v","batch":"b""#, #""batch":"b""#),
            ("openAccount", #""id":"oa","account":"w""#, #""account":"w""#),
            (
                "subscribe", #""id":"s-1","account":"u","plan":"pro""#,
                #""plan":"pro","from":"2026-01-31T00:00:00.000000Z","anchor":31"#
            ),
            (
                "debit", #""id":"d-2","account":"u","unit":"reports","amount":3"#,
                #""parts":[{"unit":"reports","amount":3,"balance":{"available":0,"held":0,"unlimited":true}}],"meters":[{"allowance":"pro","period":"day","lot":16,"unit":"reports","used":3,"start":"2026-01-31T00:00:00.000000Z","end":"2026-02-01T00:00:00.000000Z"}]"#
            ),
            (
                "debit", #""id":"d-3","account":"u","unit":"credits","amount":30"#,
                #""parts":[{"unit":"credits","amount":30,"balance":{"available":20,"held":0}}],"meters":[{"allowance":"pro","period":"month","lot":18,"unit":"credits","used":30,"limit":50,\#(month)}]"#
            ),
            (
                "quota", #""account":"u""#,
                #"{"allowances":[{"plan":"pro","version":1,"unit":"credits","period":"month","used":30,"held":0,"limit":50,"carried":0,"start":"2026-01-01T00:00:00.000000Z","resetsAt":"2026-02-01T00:00:00.000000Z"},{"plan":"pro","version":1,"unit":"reports","period":"day","used":3,"held":0,"carried":0,"start":"2026-01-31T00:00:00.000000Z","resetsAt":"2026-02-01T00:00:00.000000Z"}]}"#
            ),
            (
                "changePlan", #""id":"cp","account":"u","from":"pro","to":"max""#,
                #""from":"pro","to":"max","effectiveAt":"2026-01-31T00:00:00.000000Z","anchor":31,"allowances":[{"unit":"credits","period":"month","used":30,"limit":100,\#(month)}]"#
            ),
            (
                "overrideAllowance",
                #""id":"oo","account":"u","plan":"max","unit":"credits","period":"month","amount":200,"reason":"r""#,
                #""plan":"max","unit":"credits","period":"month","allowance":{"used":30,"limit":200,\#(month)}"#
            ),
            (
                "resetAllowance", #""id":"or","account":"u","plan":"max","unit":"credits","period":"month","reason":"r""#,
                #""plan":"max","unit":"credits","period":"month","allowance":{"used":0,"limit":200,\#(month)}"#
            ),
            (
                "unsubscribe", #""id":"un","account":"u","plan":"max""#,
                #""plan":"max","endedAt":"2026-01-31T00:00:00.000000Z""#
            ),
        ])
    }

    @Test func onHolds() throws {
        try expect([
            (
                "grant", #""id":"g","account":"u","unit":"credits","amount":100"#,
                #""lot":2,"balance":{"available":100,"held":0}"#
            ),
            (
                "hold", #""id":"h-1","account":"u","unit":"credits","amount":60"#,
                #""hold":"h-1","expiresAt":"2026-01-31T00:15:00.000000Z","parts":[{"unit":"credits","amount":60,"balance":{"available":40,"held":60}}]"#
            ),
            (
                "settle", #""id":"s-1","hold":"h-1","amount":25"#,
                #""hold":"h-1","parts":[{"unit":"credits","amount":25,"balance":{"available":75,"held":0}}],"returned":[{"unit":"credits","amount":35,"expired":0,"balance":{"available":75,"held":0}}]"#
            ),
            ("settle", #""id":"s-2","hold":"h-1""#, "the hold h-1 has ended"),
            (
                "hold", #""id":"h-2","account":"u","unit":"credits","amount":10,"expiresInSeconds":60,"onExpiry":"capture""#,
                #""hold":"h-2","expiresAt":"2026-01-31T00:01:00.000000Z","parts":[{"unit":"credits","amount":10,"balance":{"available":65,"held":10}}]"#
            ),
            (
                "extend", #""id":"e","hold":"h-2","expiresInSeconds":5"#,
                #""hold":"h-2","expiresAt":"2026-01-31T00:00:05.000000Z""#
            ),
            ("wait", "6", ""),
            (
                "settle", #""id":"s-3","hold":"h-2","amount":4"#,
                #""hold":"h-2","late":true,"parts":[],"returned":[{"unit":"credits","amount":6,"expired":0,"balance":{"available":71,"held":0}}]"#
            ),
            (
                "hold", #""id":"h-3","account":"u","unit":"credits","amount":10,"expiresInSeconds":5"#,
                #""hold":"h-3","expiresAt":"2026-01-31T00:00:11.000000Z","parts":[{"unit":"credits","amount":10,"balance":{"available":61,"held":10}}]"#
            ),
            ("wait", "6", ""),
            (
                "settle", #""id":"s-4","hold":"h-3","amount":14"#,
                #""hold":"h-3","late":true,"parts":[{"unit":"credits","amount":10,"balance":{"available":61,"held":0}}],"returned":[],"shortfall":4"#
            ),
            (
                "hold", #""id":"h-4","account":"u","unit":"credits","amount":1"#,
                #""hold":"h-4","expiresAt":"2026-01-31T00:15:12.000000Z","parts":[{"unit":"credits","amount":1,"balance":{"available":60,"held":1}}]"#
            ),
            (
                "release", #""id":"r","hold":"h-4""#,
                #""hold":"h-4","returned":[{"unit":"credits","amount":1,"expired":0,"balance":{"available":61,"held":0}}]"#
            ),
            (
                "check", #""account":"u","unit":"credits","amount":61"#,
                #"{"allowed":true,"cost":[{"unit":"credits","amount":61}],"lots":[{"unit":"credits","lot":2,"amount":61}],"after":[{"unit":"credits","balance":{"available":0,"held":0}}]}"#
            ),
            (
                "check", #""account":"u","unit":"credits","amount":62"#,
                #"{"allowed":false,"rejection":{"message":"insufficient balance: 62 credits asked, 61 available","data":{"rejection":"insufficientBalance","number":260,"unit":"credits","asked":62,"available":61,"held":0}}}"#
            ),
        ])
    }

    @Test func onSeveralCommandsAtOnce() throws {
        try expect([
            (
                "grant", #""id":"g","account":"u","unit":"credits","amount":100"#,
                #""lot":2,"balance":{"available":100,"held":0}"#
            ),
            (
                "submit",
                #""id":"m-1","commands":[{"method":"hold","params":{"id":"h","account":"u","unit":"credits","amount":9}},{"method":"settle","params":{"id":"s","hold":"h","amount":1}}]"#,
                #""results":[{"seq":4,"at":"2026-01-31T00:00:00.000000Z","replayed":false,"hold":"h","expiresAt":"2026-01-31T00:15:00.000000Z","parts":[{"unit":"credits","amount":9,"balance":{"available":91,"held":9}}]},{"seq":5,"at":"2026-01-31T00:00:00.000000Z","replayed":false,"hold":"h","parts":[{"unit":"credits","amount":1,"balance":{"available":99,"held":0}}],"returned":[{"unit":"credits","amount":8,"expired":0,"balance":{"available":99,"held":0}}]}]"#
            ),
            (
                "submit", #""id":"m-2","commands":[{"method":"release","params":{"id":"r","hold":"x"}}]"#,
                "command r: there is no hold x"
            ),
        ])
    }

    @Test func onConfigurationThatIsToCome() throws {
        try expect([
            (
                "configure",
                #""id":"c-1","reason":"r","effectiveAt":"2026-02-01T00:00:00Z","changes":[{"key":"tag/red","value":{"note":"hot"}}]"#,
                #""changes":[{"key":"tag/red","effectiveAt":"2026-02-01T00:00:00.000000Z"}]"#
            ),
            (
                "configure", #""id":"c-2","reason":"r","changes":[{"key":"tag/red","cancel":true}]"#,
                #""changes":[{"key":"tag/red","cancelled":1}]"#
            ),
            (
                "configure", #""id":"c-3","reason":"r","dryRun":true,"changes":[{"key":"tag/red","value":{"note":"cold"}}]"#,
                #"{"dryRun":true,"differences":[{"key":"tag/red","version":0,"before":null,"after":{"note":"cold"},"fields":[{"path":"note","before":null,"after":"cold"}],"accounts":0}]}"#
            ),
        ])
    }
}
