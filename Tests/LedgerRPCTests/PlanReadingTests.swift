import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct PlanReading {
    @Test func subscriptions() throws {
        #expect(
            try fullCommand("subscribe")
                == .subscribe(
                    Subscribe(
                        account: "u-7", plan: "pro", from: instant("2026-01-31T00:00:00Z"),
                        until: instant("2027-01-31T00:00:00Z"),
                        anchor: 31)))
        #expect(
            try command("subscribe", #"{"tenant":"a","id":"s","account":"u","plan":"p"}"#)
                == .subscribe(Subscribe(account: "u", plan: "p")))
        #expect(try fullCommand("unsubscribe") == .unsubscribe(Unsubscribe(account: "u-7", plan: "max")))
        #expect(
            try fullCommand("changePlan") == .changePlan(ChangePlan(account: "u-7", from: "pro", to: "max", when: .nextWindow)))
        #expect(
            try command("changePlan", #"{"tenant":"a","id":"s","account":"u","from":"p","to":"q"}"#)
                == .changePlan(ChangePlan(account: "u", from: "p", to: "q", when: .now)))
    }

    @Test func allowances() throws {
        let override = { (period: Period, amount: Allotment?, reason: String) in
            Command.overrideAllowance(
                OverrideAllowance(
                    account: "u-7", plan: "pro", unit: "articles", period: period, amount: amount, reason: reason))
        }
        #expect(try fullCommand("overrideAllowance") == override(.day, .unlimited, "trial"))
        #expect(try fullCommand("overrideAllowance", 1) == override(.month, nil, "over"))
        let params =
            #"{"tenant":"a","id":"o","account":"u-7","plan":"pro","unit":"articles","period":"never","amount":0,"reason":"none"}"#
        #expect(try command("overrideAllowance", params) == override(.never, .units(0), "none"))
        #expect(
            try fullCommand("resetAllowance")
                == .resetAllowance(
                    ResetAllowance(account: "u-7", plan: "pro", unit: "articles", period: .day, reason: "outage")))
    }

    @Test func accountStates() throws {
        let change = { (reason: String) in ChangeAccountState(account: "u-7", reason: reason) }
        #expect(try fullCommand("freezeAccount") == .freezeAccount(change("fraud")))
        #expect(try fullCommand("unfreezeAccount") == .unfreezeAccount(change("cleared")))
        #expect(try fullCommand("closeAccount") == .closeAccount(change("left")))
    }

    static let refused: [(String, String, String)] = [
        ("subscribe", #"{"anchor":0}"#, "-32010 anchor: must be an integer from 1 to 31"),
        ("subscribe", #"{"anchor":32}"#, "-32010 anchor: must be an integer from 1 to 31"),
        ("subscribe", #"{"until":null}"#, "-32602 subscribe: until must be a string"),
        ("subscribe", #"{"from":"2026-02-30T00:00:00Z"}"#, "-32010 from: must be a time such as"),
        ("subscribe", #"{"tenant":"a","id":"s","account":"u"}"#, "-32602 subscribe: plan is missing"),
        ("changePlan", #"{"when":"later"}"#, "-32010 when: must be one of now, nextWindow"),
        ("overrideAllowance", #"{"amount":-2}"#, "-32010 amount: must be an integer from 0 to 2^53-1, or -1 for no limit"),
        ("overrideAllowance", #"{"amount":"-1"}"#, "-32602 overrideAllowance: amount must be a number"),
        ("overrideAllowance", #"{"period":"week"}"#, "-32010 period: must be one of day, month, never"),
        (
            "overrideAllowance", #"{"tenant":"a","id":"o","account":"u","plan":"p","unit":"c","period":"day","reason":"r"}"#,
            "-32602 overrideAllowance: amount is missing"
        ),
        ("resetAllowance", #"{"amount":1}"#, "-32602 resetAllowance: amount is not a field here"),
        ("freezeAccount", #"{"tenant":"a","id":"f","account":"u"}"#, "-32602 freezeAccount: reason is missing"),
        ("debit", #"{"amount":-1}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
    ]

    @Test(arguments: refused) func isRefused(_ method: String, _ params: String, _ answer: String) {
        let told = refusal(line(method, params).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }
}
