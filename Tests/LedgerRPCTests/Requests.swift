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

/// The method's full command: the first of those with its name, or a later one.
func fullCommand(_ method: String, _ index: Int = 0) throws -> Command {
    try command(method, fullCommands.filter { $0.method == method }[index].params)
}

func instant(_ text: String) -> Timestamp { Timestamp(rfc3339: text)! }

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
    (
        "hold",
        #"{"tenant":"acme","id":"h-1","account":"u-7","unit":"credits","amount":60,"key":"k-1","batch":"b-1","labels":{"model":"m"},"occurredAt":"2026-01-02T03:04:05Z","details":[1],"expiresInSeconds":60,"onExpiry":"capture","overage":{"allow":5},"actor":"ann"}"#
    ),
    (
        "hold",
        #"{"tenant":"acme","id":"h-2","account":"u-7","feature":"chat","quantities":{"outputTokens":2},"overage":"cap"}"#
    ),
    (
        "settle",
        #"{"tenant":"acme","id":"s-1","hold":"h-1","amount":25,"method":"observed","labels":{"status":"ok"},"details":{"x":1.0},"actor":"ann"}"#
    ),
    (
        "settle",
        #"{"tenant":"acme","id":"s-2","hold":"h-2","quantities":{"outputTokens":1,"inputTokens":7}}"#
    ),
    (
        "release",
        #"{"tenant":"acme","id":"rl","hold":"h-1","reason":"broken","actor":"ann"}"#
    ),
    (
        "extend",
        #"{"tenant":"acme","id":"ex","hold":"h-1","expiresInSeconds":900,"actor":"ann"}"#
    ),
    (
        "recordUsage",
        #"{"tenant":"acme","id":"ru","account":"u-7","unit":"credits","amount":3,"key":"k-1","batch":"b-1","labels":{"model":"m"},"occurredAt":"2020-01-02T03:04:05Z","details":7,"actor":"ann"}"#
    ),
    (
        "freezeAccount",
        #"{"tenant":"acme","id":"fa","account":"u-7","reason":"fraud","actor":"ann"}"#
    ),
    (
        "unfreezeAccount",
        #"{"tenant":"acme","id":"ua","account":"u-7","reason":"cleared","actor":"ann"}"#
    ),
    (
        "closeAccount",
        #"{"tenant":"acme","id":"ca","account":"u-7","reason":"left","actor":"ann"}"#
    ),
    (
        "subscribe",
        #"{"tenant":"acme","id":"sub","account":"u-7","plan":"pro","from":"2026-01-31T00:00:00Z","until":"2027-01-31T00:00:00Z","anchor":31,"actor":"ann"}"#
    ),
    (
        "changePlan",
        #"{"tenant":"acme","id":"cp","account":"u-7","from":"pro","to":"max","when":"nextWindow","actor":"ann"}"#
    ),
    (
        "unsubscribe",
        #"{"tenant":"acme","id":"un","account":"u-7","plan":"max","actor":"ann"}"#
    ),
    (
        "overrideAllowance",
        #"{"tenant":"acme","id":"oa","account":"u-7","plan":"pro","unit":"articles","period":"day","amount":-1,"reason":"trial","actor":"ann"}"#
    ),
    (
        "overrideAllowance",
        #"{"tenant":"acme","id":"ob","account":"u-7","plan":"pro","unit":"articles","period":"month","amount":null,"reason":"over"}"#
    ),
    (
        "resetAllowance",
        #"{"tenant":"acme","id":"ra","account":"u-7","plan":"pro","unit":"articles","period":"day","reason":"outage","actor":"ann"}"#
    ),
    (
        "issueKeys",
        #"{"tenant":"acme","id":"ik","keys":[{"key":"k-1","hash":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","account":"u-7","platform":"openai","owner":"ann","name":"One","tags":["b","a"],"expiresAt":"2027-01-01T00:00:00Z","limit":{"unit":"usd","amount":5,"period":"month"},"features":["chat"],"maxOpenHolds":3},{"key":"k-2","hash":"ffff456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","account":"u-8"}],"actor":"ann"}"#
    ),
    (
        "updateKeys",
        #"{"tenant":"acme","id":"uk","keys":[{"key":"k-1","platform":null,"owner":"bob","tags":["c"],"expiresAt":null,"limit":{"unit":"usd","amount":6,"period":"day"},"features":[],"maxOpenHolds":null,"status":"disabled"},{"key":"k-2","name":"Two","tags":null,"limit":null,"features":["chat","art"],"maxOpenHolds":9}],"actor":"ann"}"#
    ),
    (
        "revokeKeys",
        #"{"tenant":"acme","id":"rk","keys":["k-2","k-1"],"reason":"leaked","actor":"ann"}"#
    ),
    (
        "reportUsage",
        #"{"tenant":"acme","id":"rp","platform":"openai","key":"k-1","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","quantities":{"inputTokens":12},"cost":{"unit":"usd","amount":34},"actor":"ann"}"#
    ),
    (
        "reportSync",
        #"{"tenant":"acme","id":"rs","platform":"openai","status":"partial","from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:09Z","counts":{"keys":4},"error":"timeout","actor":"ann"}"#
    ),
    (
        "configure",
        #"{"tenant":"acme","id":"c-2","changes":[{"key":"price/chat","value":{"charges":[{"unit":"tokens","rates":{"inputTokens":"1"}},{"unit":"usd","rates":{"inputTokens":"2.50/1000000"}}]}},{"key":"plan/pro","value":{"name":"Pro","price":{"unit":"eur","amount":2000},"cycle":"monthly","enabled":false,"allowances":[{"unit":"articles","amount":5,"period":"day","priority":3,"rollover":2,"anchor":"subscription"},{"unit":"reports","amount":-1,"period":"month"}]}},{"key":"alert/used","value":{"kind":"allowanceUsed","unit":"articles","thresholds":[50,100],"severity":"info"}},{"key":"alert/low","value":{"kind":"lowBalance","unit":"credits","below":10,"enabled":false}},{"key":"alert/spend","value":{"kind":"spend","subject":"tag","unit":"usd","period":"day","above":7}},{"key":"alert/keys","value":{"kind":"keyExpiring","days":[30,2]}},{"key":"alert/faulty","value":{"kind":"keyFaulty"}},{"key":"alert/old","value":{"kind":"holdAgeing","seconds":60}},{"key":"tag/red","value":{"colour":"red","note":"hot"}},{"key":"tenant/settings","value":{"timeZone":"Europe/Berlin","defaultPlan":"free","holdSeconds":60,"maxOpenHolds":5}},{"key":"price/old","cancel":true,"expectVersion":2}],"reason":"autumn","effectiveAt":"2027-01-01T00:00:00Z","dryRun":true,"actor":"ann"}"#
    ),
    (
        "submit",
        #"{"tenant":"acme","id":"sm","commands":[{"method":"hold","params":{"id":"h-3","account":"u-7","unit":"credits","amount":2}},{"params":{"tenant":"acme","id":"s-3","hold":"h-3","actor":"ann"},"method":"settle"}],"actor":"ann"}"#
    ),
]
