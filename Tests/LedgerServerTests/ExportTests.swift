import Foundation
import LedgerTestKit
import Testing

@testable import LedgerServer

/// Exports over the socket: asked for, fetched a chunk at a time, ended by everybody who may end them.
@Suite struct ExportTests {
    /// A ledger with an account that has many lots, and so many rows.
    private func ledger(_ bounds: ServerBounds = ServerBounds(), lots: Int = 1500) async throws -> (WholeLedger, SocketClient) {
        let ledger = try await WholeLedger(bounds: bounds)
        let client = try ledger.client()
        await client.grant(lots)
        return (ledger, client)
    }

    private let begin = #"{"query":"balances.lots","params":{"tenant":"acme","account":"u"},"minSeq":1501}"#

    private func result(_ answer: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data("{\(answer)}".utf8)) as? [String: Any]
        return try #require(object?["result"] as? [String: Any], "\(answer.prefix(300))")
    }

    private func next(_ client: SocketClient, _ number: Int = 1) async throws -> (rows: [[Any]], isDone: Bool) {
        let chunk = try result(await client.call("export.next", #"{"export":\#(number)}"#))
        return (try #require(chunk["rows"] as? [[Any]]), try #require(chunk["done"] as? Bool))
    }

    @Test func allRowsComeInChunksAsOfOneNumber() async throws {
        let (ledger, client) = try await ledger()
        let head = try result(await client.call("export", begin))
        #expect(head["export"] as? Int == 1)
        let asOf = try #require((head["asOf"] as? [String: Any])?["seq"] as? Int)
        #expect(asOf >= 1501)
        let columns = try #require(head["columns"] as? [[String: String]])
        #expect(columns.first == ["name": "unit", "type": "text"])
        await client.grant(10, to: "v")
        let first = try await next(client)
        #expect(first.rows.count == 1000 && !first.isDone)
        let second = try await next(client)
        #expect(second.rows.count == 500 && second.isDone)
        #expect((first.rows + second.rows).allSatisfy { $0.count == columns.count })
        #expect(Set((first.rows + second.rows).map { $0[1] as! Int }).count == 1500)
        #expect(await client.call("export.next", #"{"export":1}"#).contains("this connection has no export 1"))
        await ledger.stop()
    }

    @Test(arguments: [
        (#"{}"#, "query is missing"),
        (#"{"query":7}"#, "query must be a string"),
        (#"{"query":"no.such"}"#, "query is not a query there is: no.such"),
        (#"{"query":"grant"}"#, "query is not a query there is: grant"),
        (#"{"query":"balances.lots"}"#, "tenant is missing"),
        (#"{"query":"balances.lots","params":{"tenant":"a","acount":"b"}}"#, "acount is not a field here; is it account?"),
        (#"{"query":"balances.lots","params":{"tenant":"a","account":"b","minSeq":3}}"#, "minSeq is not a field here"),
        (#"{"query":"balances.list","params":{"tenant":"a","limit":3}}"#, "limit is not a field here"),
        (#"{"query":"balances.list","params":{"tenant":"a","cursor":""}}"#, "cursor is not a field here"),
        (#"{"query":"balances.list","params":{"tenant":{}}}"#, "params.tenant must be an integer, a string"),
        (#"{"query":"balances.list","params":{"tenant":"a","tenant":"b"}}"#, "params.tenant stands there twice"),
        (#"{"query":"balances.list","params":[]}"#, "params must be"),
        (#"{"query":"balances.list","more":1}"#, "more is not a field here"),
    ])
    func aBadExportIsNamed(params: String, words: String) async throws {
        let (ledger, client) = try await ledger(lots: 1)
        let answer = await client.call("export", params)
        #expect(answer.hasPrefix(#""error":{"code":-32602,"#) && answer.contains(words), "\(answer)")
        await ledger.stop()
    }

    @Test(arguments: ["export.next", "export.end"])
    func anExportThatIsNotThereIsNamed(method: String) async throws {
        let (ledger, client) = try await ledger(lots: 1)
        for (params, words) in [
            (#"{"export":1}"#, "this connection has no export 1"), (#"{"export":-1}"#, "this connection has no export -1"),
            (#"{"export":"1"}"#, "export must be a number"), ("{}", "export is missing"),
        ] {
            let answer = await client.call(method, params)
            #expect(answer.hasPrefix(#""error":{"#) && answer.contains(words), "\(answer)")
        }
        await ledger.stop()
    }

    @Test func aConnectionHasAFewExportsAndAllHaveAFewMore() async throws {
        var bounds = ServerBounds()
        (bounds.exportCountMax, bounds.exportCountMaxInAll) = (2, 3)
        let (ledger, client) = try await ledger(bounds)
        let other = try ledger.client()
        _ = try result(await client.call("export", begin))
        _ = try result(await client.call("export", begin))
        let third = await client.call("export", begin)
        #expect(third.hasPrefix(#""error":{"code":-32031,"#), "\(third)")
        _ = try result(await other.call("export", begin))
        #expect(await other.call("export", begin).hasPrefix(#""error":{"code":-32020,"#), "the daemon has three")
        // One that ends, in whatever way, makes room: told to, or read to its end.
        #expect(await client.call("export.end", #"{"export":1}"#) == #""result":{}"#)
        #expect(try result(await other.call("export", begin))["export"] as? Int == 2)
        _ = try await next(client, 2)
        let last = try await next(client, 2)
        #expect(last.isDone)
        #expect(try result(await client.call("export", begin))["export"] as? Int == 3)
        await ledger.stop()
    }

    @Test func aRefusedExportTakesNoPlace() async throws {
        var bounds = ServerBounds()
        (bounds.exportCountMax, bounds.exportCountMaxInAll) = (1, 1)
        let (ledger, client) = try await ledger(bounds)
        for _ in 0..<3 { #expect(await client.call("export", #"{"query":"balances.lots"}"#).contains("tenant is missing")) }
        _ = try result(await client.call("export", begin))
        await ledger.stop()
    }

    @Test func exportsEndWithTheirConnection() async throws {
        var bounds = ServerBounds()
        bounds.exportCountMaxInAll = 1
        let (ledger, other) = try await ledger(bounds)
        do {
            let client = try ledger.client()
            _ = try result(await client.call("export", begin))
            #expect(await other.call("export", begin).hasPrefix(#""error":{"code":-32020,"#))
        }
        while await other.call("export", begin).hasPrefix(#""error":{"code":-32020,"#) { await Task.yield() }
        await ledger.stop()
    }

    @Test func anExportThatNobodyReadsEnds() async throws {
        var bounds = ServerBounds()
        (bounds.exportPatienceSeconds, bounds.exportCountMaxInAll) = (0, 1)
        let (ledger, client) = try await ledger(bounds)
        _ = try result(await client.call("export", begin))
        while !(await client.call("export.next", #"{"export":1}"#).contains("this connection has no export 1")) {}
        _ = try result(await client.call("export", begin))
        await ledger.stop()
    }

    /// Two chunks asked for in one breath could overtake each other.
    @Test func oneChunkIsReadAtATime() async throws {
        let (ledger, client) = try await ledger()
        _ = try result(await client.call("export", begin))
        let request = #"{"jsonrpc":"2.0","id":1,"method":"export.next","params":{"export":1}}"# + "\n"
        await client.send(request + request)
        let answers = await client.lines(2)
        #expect(answers.count { $0.contains("export 1 is being read") } == 1, "\(answers.map { $0.prefix(200) })")
        #expect(answers.count { $0.contains(#""done":false"#) } == 1)
        #expect(try await next(client).rows.count == 500)
        await ledger.stop()
    }

    @Test func aServerThatStopsWaitsForNoExport() async throws {
        let (ledger, client) = try await ledger()
        _ = try result(await client.call("export", begin))
        await ledger.stop()
        #expect(await client.line() == nil)
    }
}
