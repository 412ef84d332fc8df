import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

/// Each line of bad input with what it is answered: the table is the contract.
@Suite struct BadInput {
    static let notRequests: [(String, String)] = [
        ("", "-32700 not JSON: the text ends inside a value at byte 0"),
        ("{", "-32700 not JSON: the text ends inside a value at byte 1"),
        ("hello", "-32700 not JSON: unexpected byte at byte 0"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status"} x"#, "-32700 not JSON: bytes after the end of the value at byte 43"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status"}{}"#, "-32700 not JSON: bytes after the end of the value at byte 42"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status",}"#, "-32700 not JSON: unexpected byte at byte 42"),
        (#"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#, "-32700 not JSON: a string is not valid UTF-8 at byte 34"),
        (#"{"jsonrpc":"2.0","id":01,"method":"status"}"#, "-32700 not JSON: unexpected byte at byte 23"),
        ("1", "-32600 not a request: must be an object or an array of objects"),
        ("null", "-32600 not a request: must be an object or an array of objects"),
        ("{}", #"-32600 not a request: jsonrpc must be "2.0""#),
        (#"{"jsonrpc":"1.0","id":1,"method":"status"}"#, #"-32600 not a request: jsonrpc must be "2.0""#),
        (#"{"jsonrpc":2.0,"id":1,"method":"status"}"#, #"-32600 not a request: jsonrpc must be "2.0""#),
        (#"{"jsonrpc":"2.0","id":1}"#, "-32600 not a request: method must be there, and be a string"),
        (#"{"jsonrpc":"2.0","id":1,"method":7}"#, "-32600 not a request: method must be there, and be a string"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","meth":1}"#, "-32600 not a request: meth is not a member of a request"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","id":1}"#, "-32600 not a request: id stands there twice"),
        (
            #"{"jsonrpc":"2.0","id":1.5,"method":"status"}"#,
            "-32600 not a request: id must be an integer, null or at most 256 bytes of text"
        ),
        (
            #"{"jsonrpc":"2.0","id":[],"method":"status"}"#,
            "-32600 not a request: id must be an integer, null or at most 256 bytes of text"
        ),
        ("[]", "-32600 not a request: the array is empty"),
        ("[1", "-32700 not JSON: the text ends inside a value at byte 2"),
        (#"{"jsonrpc":"2.0","id":1,"method":"withhold"}"#, "-32601 there is no method withhold"),
        (#"{"jsonrpc":"2.0","id":1,"method":"Debit","params":{}}"#, "-32601 there is no method Debit"),
        (#"{"jsonrpc":"2.0","id":1,"method":""}"#, "-32601 there is no method "),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","params":[]}"#, "-32602 status: params must be an object"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","params":null}"#, "-32602 status: params must be an object"),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","params":{"a":1}}"#, "-32602 status: a is not a field here"),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"usage.history","params":{"limit":{}}}"#,
            "-32602 usage.history: limit must be an integer, a string, true or false, an array of strings or null"
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"usage.history","params":{"a":1,"a":1}}"#,
            "-32602 usage.history: a stands there twice"
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"usage.history","params":{"cursor":1}}"#,
            "-32602 usage.history: cursor must be a string or null"
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"usage.history","params":{"minSeq":0}}"#,
            "-32010 minSeq: must be a sequence number, from 1"
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"events.subscribe","params":{"types":[]}}"#,
            "-32010 types: must have at least one element"
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"events.subscribe","params":{"types":["debited","debitd"]}}"#,
            "-32010 types[1]: is not a type of event: debitd"
        ),
    ]

    @Test(arguments: notRequests) func isRefused(_ line: String, _ answer: String) { #expect(refusal(line.utf8) == answer) }

    static let debits: [(String, String)] = [
        (#"{}"#, "-32602 debit: tenant is missing; its fields are "),
        (#"{"tenant":"acme","id":"d"}"#, "-32602 debit: account is missing; its fields are "),
        (
            #"{"tenant":"acme","id":"d","account":"u"}"#,
            "-32602 debit: amount must be said either by unit and amount or by feature and quantities"
        ),
        (#"{"tenant":"acme","id":"d","account":"u","unit":"c"}"#, "-32602 debit: amount must be said either by"),
        (
            #"{"tenant":"acme","id":"d","account":"u","unit":"c","amount":1,"feature":"f"}"#,
            "-32602 debit: amount must be said either by"
        ),
        (
            #"{"tenant":"acme","id":"d","account":"u","unit":"c","amount":1,"cost":2}"#,
            "-32602 debit: cost is not a field here; its fields are tenant, id, account, unit, amount, feature, quantities, key, batch, labels, occurredAt, details, actor"
        ),
        (#"{"tenant":"acme","tenant":"acme"}"#, "-32602 debit: tenant stands there twice"),
        (#"{"tenant":"acme","ten\u0061nt":"acme"}"#, "-32602 debit: tenant stands there twice"),
        (#"{"tenant":7}"#, "-32602 debit: tenant must be a string"),
        (#"{"amount":"3"}"#, "-32602 debit: amount must be a number"),
        (#"{"amount":null}"#, "-32602 debit: amount must be a number"),
        (#"{"amount":-1}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":1.5}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":1e2}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":1e400}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":9007199254740992}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":1152921504606846976}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":123456789012345678901234567890}"#, "-32010 amount: must be an integer from 0 to 2^53-1"),
        (#"{"amount":NaN}"#, "-32700 not JSON: unexpected byte"),
        (#"{"account":""}"#, "-32010 account: must be 1 to 128 bytes of UTF-8 without control characters"),
        (#"{"account":"a\nb"}"#, "-32010 account: must be 1 to 128 bytes of UTF-8 without control characters"),
        (
            #"{"account":"\#(String(repeating: "ä", count: 65))"}"#,
            "-32010 account: must be 1 to 128 bytes of UTF-8 without control characters"
        ),
        (#"{"quantities":{"a":1,"a":1}}"#, "-32602 debit: quantities.a stands there twice"),
        (#"{"quantities":{"a":-1}}"#, "-32010 quantities.a: must be an integer from 0 to 2^53-1"),
        (#"{"quantities":[1]}"#, "-32602 debit: quantities must be an object"),
        (#"{"labels":{"a":1}}"#, "-32602 debit: labels.a must be a string"),
        (#"{"labels":{"a":"","b":""}}"#, "-32010 labels.a: must be 1 to 128 bytes"),
        (
            #"{"labels":{\#((0..<9).map { "\"l\($0)\":\"x\"" }.joined(separator: ","))}}"#,
            "-32010 labels: must have at most 8 entries"
        ),
        (#"{"details":{"a":1,"a":2}}"#, "-32602 debit: details stands there twice"),
        (#"{"details":"\#(String(repeating: "x", count: 4095))"}"#, "-32010 details: must be at most 4096 bytes"),
        (#"{"occurredAt":"yesterday"}"#, "-32010 occurredAt: must be a time such as"),
        (#"{"occurredAt":5}"#, "-32602 debit: occurredAt must be a string"),
    ]

    @Test(arguments: debits) func debitIsRefused(_ params: String, _ answer: String) {
        let told = refusal(line("debit", params).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }

    static let others: [(String, String, String)] = [
        ("grant", #"{"amount":0}"#, "-32010 amount: must be at least 1"),
        ("grant", #"{"priority":1001}"#, "-32010 priority: must be an integer from -1000 to 1000"),
        ("grant", #"{"source":"gift"}"#, "-32010 source: must be one of purchase, plan, bonus, refund, adjustment, opening"),
        ("grant", #"{"memo":""}"#, "-32010 memo: must be 1 to 1024 bytes of text"),
        ("adjust", #"{"amount":0}"#, "-32010 amount: must be an integer from -(2^53-1) to 2^53-1 and not 0"),
        ("adjust", #"{"amount":-9007199254740992}"#, "-32010 amount: must be an integer from -(2^53-1) to 2^53-1 and not 0"),
        ("adjust", #"{"amount":-9223372036854775808}"#, "-32010 amount: must be an integer from -(2^53-1) to 2^53-1 and not 0"),
        ("debitBatch", #"{"mode":"some"}"#, "-32010 mode: must be one of atomic, each"),
        ("debitBatch", #"{"items":[]}"#, "-32010 items: must have at least one element"),
        ("debitBatch", #"{"items":{}}"#, "-32602 debitBatch: items must be an array"),
        ("debitBatch", #"{"items":[7]}"#, "-32602 debitBatch: items[0] must be an object"),
        (
            "debitBatch", #"{"items":[{"id":"i","unit":"c","amount":1},{"id":"j","unit":"c"}]}"#,
            "-32602 debitBatch: items[1].amount must be said either"
        ),
        ("debitBatch", #"{"items":[{"unit":"c","amount":-1}]}"#, "-32010 items[0].amount: must be an integer from 0 to 2^53-1"),
        ("debitBatch", #"{"items":[{"unit":"c","amount":1}]}"#, "-32602 debitBatch: items[0].id is missing"),
        ("debitBatch", #"{"items":[{"key":"k"}]}"#, "-32602 debitBatch: items[0].key is not a field here"),
        ("openBatch", #"{"size":0}"#, "-32010 size: must be an integer from 1 to 9007199254740991"),
        (
            "refund", #"{"tenant":"a","id":"r","of":"d","amount":1,"quantities":{}}"#,
            "-32602 refund: amount cannot stand beside quantities"
        ),
        ("refund", #"{"reissue":{"until":1}}"#, "-32602 refund: reissue.until is not a field here"),
        ("configure", #"{"changes":[{"key":"prize/x","value":null}]}"#, "-32010 changes[0].key: must be unit/NAME"),
        (
            "configure", #"{"changes":[{"key":"unit/x","value":{"scale":13}}]}"#,
            "-32010 changes[0].value.scale: must be an integer from 0 to 12"
        ),
        ("configure", #"{"changes":[{"key":"unit/x","value":{}}]}"#, "-32602 configure: changes[0].value.scale is missing"),
        (
            "configure", #"{"changes":[{"key":"unit/x","value":7}]}"#,
            "-32602 configure: changes[0].value must be an object or null"
        ),
        ("configure", #"{"changes":[{"key":"unit/x"}]}"#, "-32602 configure: changes[0].value is missing"),
        (
            "configure",
            #"{"tenant":"a","id":"c","reason":"r","changes":[{"key":"unit/x","value":null},{"key":"unit/x","value":null}]}"#,
            "-32010 changes[1].key: stands in an earlier change already"
        ),
        (
            "configure", #"{"changes":[{"key":"unit/x","cancel":true,"value":null}]}"#,
            "-32602 configure: changes[0].cancel cannot stand beside value"
        ),
        ("configure", #"{"changes":[{"key":"unit/x","cancel":false}]}"#, "-32602 configure: changes[0].value is missing"),
        ("configure", #"{"changes":[{"cancel":1}]}"#, "-32602 configure: changes[0].cancel must be"),
        ("configure", #"{"dryRun":"yes"}"#, "-32602 configure: dryRun must be true or false"),
        ("configure", #"{"effectiveAt":"soon"}"#, "-32010 effectiveAt: must be a time such as"),
        (
            "configure", #"{"changes":[{"key":"plan/x","value":{"allowances":[{"unit":"c","amount":-2,"period":"day"}]}}]}"#,
            "-32010 changes[0].value.allowances[0].amount: must be"
        ),
        (
            "configure", #"{"changes":[{"key":"plan/x","value":{"allowances":[{"unit":"c","amount":1,"period":"week"}]}}]}"#,
            "-32010 changes[0].value.allowances[0].period: must be one of day, month, never"
        ),
        (
            "configure", #"{"changes":[{"key":"alert/x","value":{"kind":"weather"}}]}"#,
            "-32010 changes[0].value.kind: must be one of"
        ),
        (
            "configure", #"{"changes":[{"key":"alert/x","value":{"kind":"keyFaulty","days":[1]}}]}"#,
            "-32602 configure: changes[0].value.days"
        ),
        (
            "configure", #"{"changes":[{"key":"alert/x","value":{"kind":"allowanceUsed","thresholds":[101]}}]}"#,
            "-32010 changes[0].value.thresholds"
        ),
        (
            "configure", #"{"changes":[{"key":"tenant/settings","value":{"holdSeconds":0}}]}"#,
            "-32010 changes[0].value.holdSeconds: must be an integer from 1 to 2678400"
        ),
        ("configure", #"{"changes":[{"key":"tag/x","value":{"color":"red"}}]}"#, "-32602 configure: changes[0].value.color"),
        ("rollback", #"{"version":0}"#, "-32010 version: must be an integer from 1 to"),
        ("acknowledgeAlerts", #"{"alerts":[]}"#, "-32010 alerts: must have at least one element"),
        ("acknowledgeAlerts", #"{"alerts":[0]}"#, "-32010 alerts[0]: must be a sequence number, from 1"),
        ("acknowledgeAlerts", #"{"as":"seen"}"#, "-32010 as: must be one of delivered, read"),
        ("balance", #"{"tenant":"a"}"#, "-32602 balance: account is missing; its fields are tenant, account, unit"),
    ]

    @Test(arguments: others) func isRefused(_ method: String, _ params: String, _ answer: String) {
        let told = refusal(line(method, params).utf8)
        #expect(told.hasPrefix(answer), "\(told)")
    }

    @Test func bytesThatAreNotUTF8() {
        var bytes = Array(line("debit", #"{"tenant":"?"}"#).utf8)
        bytes[bytes.firstIndex(of: UInt8(ascii: "?"))!] = 0xff
        #expect(refusal(bytes).hasPrefix("-32700 not JSON: a string is not valid UTF-8"))
    }

    @Test func deepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(refusal(deep.utf8) == "-32700 not JSON: nested deeper than 64 at byte 64")
        #expect(refusal(line("debit", #"{"details":\#(deep)}"#).utf8).hasPrefix("-32700 not JSON: nested deeper than 64"))
    }

    @Test func anErrorNamesWhatItIsAbout() {
        let answer = parsed(line("debit", #"{"amount":-1}"#, id: #""x""#))[0]
        #expect(answer.id == .text("x"))
        guard case .failure(let error) = answer.call else { return }
        #expect(
            written { $0.reply(to: .text("x"), error: error) }
                == #"{"jsonrpc":"2.0","id":"x","error":{"code":-32010,"message":"amount: must be an integer from 0 to 2^53-1","data":{"rejection":"invalidField","number":10,"field":"amount","reason":"must be an integer from 0 to 2^53-1"}}}"#
                + "\n")
    }

    @Test func aLongNameIsNotRepeatedWhole() {
        let name = String(repeating: "n", count: 100_000)
        #expect(refusal(line("debit", #"{"\#(name)":1}"#).utf8).utf8.count < 400)
        #expect(refusal(line(name, "{}").utf8).utf8.count < 200)
    }
}
