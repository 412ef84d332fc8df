import JSONText
import LedgerModel

@testable import LedgerRPC

/// What a parser makes of a line.
func parsed(_ line: some Collection<UInt8>, queries: Set<String> = ["usage.history"]) -> [IncomingRequest] {
    var requests: [IncomingRequest] = []
    Array(line).withUnsafeBytes { RequestParser(queries: queries, peer: 7).parse($0) { requests.append($0) } }
    return requests
}

func parsed(_ line: String) -> [IncomingRequest] { parsed(line.utf8) }

/// A request line with these params.
func line(_ method: String, _ params: String, id: String = "1") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
}

func command(_ method: String, _ params: String) throws -> Command { try request(method, params).command }

func request(_ method: String, _ params: String) throws -> Request {
    guard case .command(let request) = try parsed(line(method, params))[0].call.get() else { throw NoCommand() }
    return request
}

struct NoCommand: Error {}

/// The error a line is answered with, as its code and message.
func refusal(_ line: some Collection<UInt8>) -> String {
    let answers = parsed(line)
    guard answers.count == 1, case .failure(let error) = answers[0].call else { return "accepted" }
    return "\(error.code) \(error.message)"
}

func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
}

/// A line of each command with every field it has.
let fullCommands: [(method: String, params: String)] = [
    (
        "openAccount",
        #"{"tenant":"acme","id":"o-1","account":"u-7","name":"Seven","labels":{"tier":"gold","city":"Köln"},"actor":"ann"}"#
    ),
    (
        "grant",
        #"{"tenant":"acme","id":"g-1","account":"u-7","unit":"credits","amount":1000,"priority":-3,"effectiveAt":"2026-01-01T00:00:00Z","expiresAt":"2027-01-01T00:00:00Z","source":"bonus","memo":"hello","actor":"ann"}"#
    ),
    ("adjust", #"{"tenant":"acme","id":"a-1","account":"u-7","unit":"credits","amount":-5,"reason":"typo","actor":"ann"}"#),
    (
        "debit",
        #"{"tenant":"acme","id":"d-1","account":"u-7","unit":"credits","amount":3,"key":"k-1","batch":"b-1","labels":{"model":"m"},"occurredAt":"2026-01-02T03:04:05.678901Z","details":{"a":[1,2.50]},"actor":"ann"}"#
    ),
    (
        "debit",
        #"{"tenant":"acme","id":"d-1","account":"u-7","feature":"chat","quantities":{"outputTokens":2,"inputTokens":1}}"#
    ),
    (
        "debitBatch",
        #"{"tenant":"acme","id":"b-1","account":"u-7","batch":"b","mode":"each","key":"k","items":[{"id":"i-1","unit":"credits","amount":1,"labels":{"model":"m"},"occurredAt":"2026-01-02T03:04:05Z","details":null},{"id":"i-2","feature":"chat","quantities":{}}],"actor":"ann"}"#
    ),
    ("openBatch", #"{"tenant":"acme","id":"ob","account":"u-7","batch":"b","feature":"chat","size":9,"actor":"ann"}"#),
    ("closeBatch", #"{"tenant":"acme","id":"cb","account":"u-7","batch":"b","actor":"ann"}"#),
    (
        "refund",
        #"{"tenant":"acme","id":"r-1","of":"d-1","amount":2,"reissue":{"expiresAt":"2027-01-01T00:00:00Z"},"reason":"sorry","actor":"ann"}"#
    ),
    ("refund", #"{"tenant":"acme","id":"r-1","of":"d-1","quantities":{"inputTokens":1},"reissue":{"expiresAt":null}}"#),
    (
        "configure",
        #"{"tenant":"acme","id":"c-1","changes":[{"value":{"charges":[{"unit":"credits","rates":{"requests":"1","inputTokens":"2.50/1000000"}}],"minimum":1,"enabled":false},"key":"price/chat","expectVersion":0},{"key":"unit/usd","value":{"scale":6}},{"key":"alert/low","value":{"kind":"lowBalance","unit":"credits","below":10}},{"key":"tenant/settings","value":{"timeZone":"Europe/Berlin","lateDays":400}},{"key":"price/old","value":null}],"reason":"start","actor":"ann"}"#
    ),
    ("rollback", #"{"tenant":"acme","id":"rb","key":"price/chat","version":1,"reason":"back","actor":"ann"}"#),
    ("acknowledgeAlerts", #"{"tenant":"acme","id":"aa","alerts":[12,14],"as":"read","actor":"ann"}"#),
]
