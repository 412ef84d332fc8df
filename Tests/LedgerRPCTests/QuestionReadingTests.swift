import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct QuestionReading {
    private static let hash = String(repeating: "ab", count: 32)

    private func call(_ method: String, _ params: String) throws -> RPCCall { try parsed(line(method, params))[0].call.get() }

    @Test func quotaAndKeys() throws {
        guard case .quota(tenant: "a", account: "u") = try call("quota", #"{"tenant":"a","account":"u"}"#),
            case .verifyKey(let hash) = try call("verifyKey", #"{"hash":"\#(QuestionReading.hash)"}"#)
        else { throw NoCommand() }
        #expect(hash.text == QuestionReading.hash)
    }

    @Test func checks() throws {
        guard case .check(let one) = try call("check", #"{"tenant":"a","account":"u","unit":"c","amount":3,"key":"k"}"#),
            case .check(let two) = try call("check", #"{"tenant":"a","account":"u","feature":"f","quantities":{"q":2}}"#)
        else { throw NoCommand() }
        #expect(one == Check(tenant: "a", account: "u", ask: .amount(unit: "c", 3), key: "k"))
        let quantities = [Quantity(dimension: "q", count: 2)]
        #expect(two == Check(tenant: "a", account: "u", ask: .priced(feature: "f", quantities: quantities), key: nil))
    }

    static let explained: [(String, Explain)] = [
        (#"{"tenant":"a","of":"d-1"}"#, .command(tenant: "a", id: "d-1")),
        (#"{"tenant":"a","account":"u"}"#, .balance(tenant: "a", account: "u", unit: nil)),
        (#"{"tenant":"a","account":"u","unit":"c"}"#, .balance(tenant: "a", account: "u", unit: "c")),
        (
            #"{"tenant":"a","account":"u","unit":"c","amount":1}"#,
            .use(Check(tenant: "a", account: "u", ask: .amount(unit: "c", 1), key: nil))
        ),
        (
            #"{"tenant":"a","account":"u","feature":"f","quantities":{},"key":"k"}"#,
            .use(Check(tenant: "a", account: "u", ask: .priced(feature: "f", quantities: []), key: "k"))
        ),
    ]

    @Test(arguments: explained) func whatIsToBeExplained(_ params: String, _ expected: Explain) throws {
        guard case .explain(let explain) = try call("explain", params) else { throw NoCommand() }
        #expect(explain == expected)
    }

    @Test func alertsAreEventsOfThreeTypes() throws {
        guard case .subscribe(let filter, let from) = try call("alerts.subscribe", #"{"from":7,"tenant":"a"}"#) else {
            throw NoCommand()
        }
        #expect(from == SequenceNumber(7))
        #expect(filter == EventFilter(tenant: "a", types: ["alertRaised", "alertDelivered", "alertRead"]))
    }

    static let refused: [(String, String, String)] = [
        ("quota", #"{"tenant":"a"}"#, "-32602 quota: account is missing; its fields are tenant, account"),
        (
            "check", #"{"tenant":"a","account":"u"}"#,
            "-32602 check: amount must be said either by unit and amount or by feature and quantities"
        ),
        ("check", #"{"id":"x"}"#, "-32602 check: id is not a field here"),
        ("check", #"{"amount":-1}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        ("verifyKey", #"{}"#, "-32602 verifyKey: hash is missing; its fields are hash"),
        ("verifyKey", #"{"hash":"x"}"#, "-32010 hash: must be 64 lower-case hexadecimal digits"),
        (
            "explain", #"{"tenant":"a"}"#,
            "-32602 explain: of or account must be there; its fields are tenant, of, account, unit, "
        ),
        (
            "explain", #"{"tenant":"a","of":"d","account":"u"}"#,
            "-32602 explain: of cannot stand beside account, an amount or a key"
        ),
        (
            "explain", #"{"tenant":"a","of":"d","unit":"c"}"#,
            "-32602 explain: of cannot stand beside account, an amount or a key"
        ),
        (
            "explain", #"{"tenant":"a","account":"u","unit":"c","key":"k"}"#,
            "-32602 explain: amount must be said either by unit and amount or by feature and quantities"
        ),
        ("alerts.subscribe", #"{"types":["debited"]}"#, "-32602 alerts.subscribe: types is not a field here"),
    ]

    @Test(arguments: refused) func isRefused(_ method: String, _ params: String, _ answer: String) {
        let told = refusal(line(method, params).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }

    /// Every field of every shape is known to its reader: read with a value of a type that none takes, it is named in the error.
    @Test func everyDescribedFieldIsRead() {
        for method in LedgerMethod.allCases {
            for field in Shape.of(method).fields {
                let told = refusal(line(method.rawValue, #"{"\#(field.key)":{"a":true,"a":true}}"#).utf8)
                #expect(told.hasPrefix("-32602 \(method.rawValue): \(field.key)"), "\(told)")
            }
        }
    }
}
