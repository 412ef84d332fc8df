import LedgerModel
import Testing

@testable import LedgerRPC

/// The methods of exports, as they are read.
@Suite struct ExportReadingTests {
    private func call(_ method: String, _ params: String) -> Result<RPCCall, RPCError> {
        let line = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
        var call: Result<RPCCall, RPCError>?
        Array(line.utf8).withUnsafeBytes { bytes in
            RequestParser(queries: ["usage.history"], peer: 1).parse(bytes) { call = $0.call }
        }
        return call!
    }

    private func export(_ method: String, _ params: String) -> ExportCall? {
        if case .success(.export(let call)) = call(method, params) { call } else { nil }
    }

    @Test func everyMethodIsRead() {
        #expect(
            export(
                "export",
                #"{"params":{"tenant":"a","few":true,"least":3,"types":["x"],"more":null},"query":"usage.history","minSeq":9}"#)
                == .begin(
                    query: "usage.history",
                    QueryParameters(
                        values: [
                            "tenant": .text("a"), "few": .boolean(true), "least": .integer(3), "types": .texts(["x"]),
                            "more": .null,
                        ],
                        minSeq: SequenceNumber(9))))
        #expect(export("export", #"{"query":"usage.history"}"#) == .begin(query: "usage.history", QueryParameters()))
        #expect(export("export.next", #"{"export":7}"#) == .next(7))
        #expect(export("export.end", #"{"export":7}"#) == .end(7))
    }

    @Test(arguments: [
        (
            "export", #"{"query":"usage.nothing"}"#,
            "export: query is not a query there is: usage.nothing; its fields are query, params, minSeq"
        ),
        (
            "export", #"{"query":"usage.history","params":3}"#,
            "export: params must be an object; its fields are query, params, minSeq"
        ),
        (
            "export", #"{"query":"usage.history","params":{"types":["a",1]}}"#,
            "export: params.types[1] must be a string; its fields are query, params, minSeq"
        ),
        ("export", #"{"query":"usage.history","minSeq":0}"#, "minSeq: must be a sequence number, from 1"),
        (
            "export.next", #"{"export":1,"query":"usage.history"}"#,
            "export.next: query is not a field here; its fields are export"
        ),
        ("export.end", #"{"export":null}"#, "export.end: export must be a number; its fields are export"),
        ("export.stop", #"{"export":1}"#, "there is no method export.stop"),
    ])
    func whatIsWrongIsNamed(method: String, params: String, words: String) {
        guard case .failure(let error) = call(method, params) else {
            Issue.record("read")
            return
        }
        #expect(error.message == words, "\(error.message)")
    }

    @Test func aNameThatIsTooLongIsCutInTheError() {
        let name = String(repeating: "x", count: 5000)
        for (method, params) in [
            ("usage.history", "{\"\(name)\":1}"), ("export", "{\"query\":\"usage.history\",\"params\":{\"\(name)\":1}}"),
        ] {
            guard case .failure(let error) = call(method, params) else {
                Issue.record("read")
                continue
            }
            #expect(error.message.utf8.count < 300 && error.message.contains("is not a field here"), "\(error.message)")
        }
    }
}
