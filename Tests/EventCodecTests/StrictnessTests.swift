import EventCodec
import Testing

@Suite("Strictness of event lines")
struct StrictnessTests {
    private static let line =
        #"{"seq":9,"at":"2026-11-21T01:23:53.678901Z","day":"2026-11-21","type":"debited","tenant":"acme","id":"d-1","events":1,"#
        + #""body":"00f1e2d3c4b5a697","peer":1000,"account":"u-7","parts":[{"unit":"credits","amount":5,"#
        + #""lots":[{"lot":3,"amount":5,"remaining":1}],"balance":{"available":1,"held":0}}]}"#

    @Test("the line itself is sound, with or without its line feed")
    func sound() throws {
        #expect(encoded(try decode(Self.line)) == Self.line + "\n")
        #expect(try decode(Self.line + "\n") == decode(Self.line))
    }

    @Test(
        "what is missing, unknown, misplaced or of another type is named",
        arguments: [
            (#""seq":9,"#, "", "seq is missing"), (#""day":"2026-11-21","#, "", "day is missing"),
            (#""body":"00f1e2d3c4b5a697","#, "", "body is missing"),
            (#""account":"u-7","#, "", "account is missing"), (#","held":0"#, "", "held is missing"),
            (#","remaining":1"#, "", "remaining is missing"),
            (#""id":"d-1","#, #""id":"d-1","more":1,"#, "account is missing"),
            (#"}]}"#, #"}],"more":1}"#, "more is not a field here"),
            (#""held":0"#, #""held":0,"more":1"#, "more is not a field here"),
            (#""tenant":"acme","id":"d-1""#, #""id":"d-1","tenant":"acme""#, "tenant is missing"),
            (#""seq":9"#, #""seq":"9""#, "seq must be a number"),
            (#""seq":9"#, #""seq":0"#, "seq must be a sequence number, from 1"),
            (#""seq":9"#, #""seq":9.0"#, "seq must be an integer from 0 to 2^53-1"),
            (#""seq":9"#, #""seq":-9"#, "seq must be an integer from 0 to 2^53-1"),
            (#""seq":9"#, #""seq":9007199254740992"#, "seq must be an integer from 0 to 2^53-1"),
            (#""events":1"#, #""events":0"#, "events must be an integer from 1 to 9007199254740991"),
            ("00f1e2d3c4b5a697", "00f1e2d3c4b5a69", "body must be 16 lower-case hexadecimal digits"),
            ("00f1e2d3c4b5a697", "00F1e2d3c4b5a697", "body must be 16 lower-case hexadecimal digits"),
            ("00f1e2d3c4b5a697", "+0f1e2d3c4b5a697", "body must be 16 lower-case hexadecimal digits"),
            (#""peer":1000"#, #""peer":4294967296"#, "peer must be an integer from 0 to 4294967295"),
            (#""type":"debited""#, #""type":"holed""#, #"type "holed" is unknown: the log was written by a newer version"#),
            (#""day":"2026-11-21""#, #""day":"2026-02-30""#, "day must be a date such as 2026-11-21"),
            ("01:23:53.678901Z", "01:23:53.678901", "at must be a time such as 2026-11-21T01:23:45Z (RFC 3339)"),
            (#""account":"u-7""#, #""account":"""#, "account must be 1 to 128 bytes of UTF-8 without control characters"),
            (#""account":"u-7""#, #""account":"a\nb""#, "account must be 1 to 128 bytes of UTF-8 without control characters"),
            (#""account":"u-7""#, #""account":null"#, "account must be a string"),
            (#""lots":["#, #""lots":{},"x":["#, "lots must be an array"),
            (#""parts":["#, #""parts":[7,"#, "event must be an object"), (#"{"seq""#, #"[{"seq""#, "event must be an object"),
        ])
    func faults(_ old: String, _ new: String, _ expected: String) throws {
        let line = Self.line.replacing(old, with: new, maxReplacements: 1)
        try #require(line != Self.line)
        let error = #expect(throws: EventError.self) { try decode(line) }
        #expect(error?.description == expected)
    }

    @Test("after the line there is nothing")
    func trailing() {
        #expect(throws: EventError.self) { try decode(Self.line + "{}") }
        #expect(throws: EventError.self) { try decode("") }
    }
}
