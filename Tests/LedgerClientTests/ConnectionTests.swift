import ClientTestKit
import LedgerClient
import Testing

@Suite struct ConnectionTests {
    @Test func aCallIsOneLineAndItsResultComesBack() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, #"{"seq":12,"balance":{"available":9007199254740991}}"#)
        }
        let ledger = try LedgerConnection(socketPath: daemon.path)
        let result = try ledger.call("grant", ["tenant": "acme", "id": "g-1", "amount": 1000])
        #expect(result["balance"]?["available"]?.integer == 9_007_199_254_740_991)
        #expect(
            daemon.finish() == [
                [#"{"jsonrpc":"2.0","id":1,"method":"grant","params":{"tenant":"acme","id":"g-1","amount":1000}}"#]
            ])
    }

    @Test func anAnswerMayArriveInPieces() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            for piece in ["{\"jsonrpc\":\"2.0\",", "\"id\":1,\"res", "ult\":tr", "ue}", "\n"] { peer.write(piece) }
        }
        let ledger = try LedgerConnection(socketPath: daemon.path)
        #expect(try ledger.call("status") == true)
        _ = daemon.finish()
    }

    @Test func answersMayOvertake() throws {
        let daemon = FakeDaemon { peer in
            for _ in 1...3 { peer.line() }
            for id in [3, 1, 2] { peer.answer(id, "\(id * 10)") }
        }
        let ledger = try LedgerConnection(socketPath: daemon.path, patience: .none)
        ledger.send(Call("a"))
        ledger.send(Call("b"))
        #expect(try ledger.call("c") == 30)
        #expect(try ledger.nextAnswer()?.number == 1)
        #expect(try ledger.nextAnswer()?.outcome == .success(20))
        #expect(try ledger.nextAnswer() == nil)
        #expect(daemon.finish()[0].count == 3)
    }

    @Test func anAnswerThatCameEarlyIsKept() throws {
        let daemon = FakeDaemon { peer in
            for _ in 1...2 { peer.line() }
            for id in [1, 2] { peer.answer(id, "\(id)") }
        }
        let ledger = try LedgerConnection(socketPath: daemon.path, patience: .none)
        let first = ledger.send(Call("a"))
        #expect(try ledger.call("b") == 2)
        let early = try ledger.nextAnswer()
        #expect(early?.number == first)
        #expect(early?.outcome == .success(1))
        _ = daemon.finish()
    }

    @Test func aPipelineKeepsItsWindowAndItsNumbers() throws {
        let daemon = FakeDaemon { peer in
            for _ in 1...4 { peer.line() }
            // The window is full: an answer must come before the fifth call.
            if peer.hasMore { return }
            for id in 1...10 {
                peer.answer(id, "\(id)")
                if id + 4 <= 10 { peer.line() }
            }
        }
        let ledger = try LedgerConnection(socketPath: daemon.path, patience: .none)
        var results: [Int: Int64] = [:]
        try ledger.pipeline((0..<10).map { Call("m", ["n": .integer(Int64($0))]) }, window: 4) { index, outcome in
            results[index] = try? outcome.get().integer
        }
        #expect(results == Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, Int64($0 + 1)) }))
        #expect(daemon.finish()[0].count == 10)
    }

    @Test func neitherSideBlocksTheOther() throws {
        let large = String(repeating: "x", count: 256 << 10)
        let daemon = FakeDaemon { peer in
            for id in 1...4 {
                peer.line()
                peer.answer(id, "\"\(large)\"")
            }
        }
        let ledger = try LedgerConnection(socketPath: daemon.path, patience: .none)
        var byteCount = 0
        try ledger.pipeline((1...4).map { _ in Call("m", ["text": .string(large)]) }) { _, outcome in
            byteCount += (try? outcome.get().string?.utf8.count) ?? 0
        }
        #expect(byteCount == 4 * large.utf8.count)
        _ = daemon.finish()
    }
}

@Suite struct ErrorTests {
    @Test func aRejectionHasItsNameAndNumber() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.refuse(
                1,
                #"{"code":-32010,"message":"insufficient balance","data":{"rejection":"insufficientBalance","number":260,"asked":3}}"#
            )
        }
        let ledger = try LedgerConnection(socketPath: daemon.path)
        do throws(ClientError) {
            try ledger.call("debit")
            Issue.record("no error")
        } catch .rpc(let error) {
            #expect(error.rejection == .init(name: "insufficientBalance", number: 260))
            #expect(error.data?["asked"]?.integer == 3)
            #expect(error.description == "insufficient balance (insufficientBalance, 260)")
        }
        _ = daemon.finish()
    }

    @Test func anotherErrorIsNoRejection() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.refuse(1, #"{"code":-32601,"message":"unknown method"}"#)
        }
        let ledger = try LedgerConnection(socketPath: daemon.path)
        #expect(throws: ClientError.rpc(RPCError(code: -32601, message: "unknown method"))) { try ledger.call("x") }
        #expect(RPCError(code: -32601, message: "unknown method").rejection == nil)
        _ = daemon.finish()
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request", "[]", "{}", #"{"jsonrpc":"2.0","id":1}"#, #"{"jsonrpc":"2.0","id":1,"error":{"code":"x"}}"#,
        #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}"#,
    ])
    func whatIsNoAnswerIsNotUnderstood(line: String) throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.write(line + "\n")
        }
        let ledger = try LedgerConnection(socketPath: daemon.path)
        let error = #expect(throws: ClientError.self) { try ledger.call("status") }
        guard case .notUnderstood? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        _ = daemon.finish()
    }

    @Test func noDaemonIsSaidWithThePath() {
        let path = FakeDaemon.unusedPath()
        let error = #expect(throws: ClientError.self) { _ = try LedgerConnection(socketPath: path) }
        #expect(error == .noDaemon(socketPath: path, reason: "No such file or directory"))
        #expect(error?.description.contains(path) == true)
    }

    @Test(arguments: ["", String(repeating: "p", count: 108)])
    func aPathThatNoSocketCanHaveIsRefused(path: String) {
        let error = #expect(throws: ClientError.self) { _ = try LedgerConnection(socketPath: path) }
        #expect(error == .noDaemon(socketPath: path, reason: "a socket's path has 1 to 107 bytes"))
    }
}

@Suite struct RetryTests {
    @Test func whatIsUnansweredIsSentAgainInOrder() throws {
        let daemon = FakeDaemon(
            { peer in
                for _ in 1...3 { peer.line() }
                peer.answer(2, #"{"replayed":false}"#)
                peer.write(#"{"jsonrpc":"2.0","id":1,"resu"#)
            },
            { peer in
                for _ in 1...2 { peer.line() }
                for id in [1, 3] { peer.answer(id, #"{"replayed":true}"#) }
            })
        let ledger = try LedgerConnection(socketPath: daemon.path)
        var replayed: [Int: Bool] = [:]
        try ledger.pipeline((1...3).map { Call("debit", ["id": "d-\($0)"]) }) { index, outcome in
            replayed[index] = try? outcome.get()["replayed"]?.boolean
        }
        #expect(replayed == [0: true, 1: false, 2: true])
        let received = daemon.finish()
        #expect(received[0].count == 3)
        #expect(received[1] == [received[0][0], received[0][2]])
    }

    @Test func aCallSurvivesARestart() throws {
        let daemon = FakeDaemon(
            { peer in peer.line() },
            { peer in
                peer.line()
                peer.answer(1, "1")
            })
        let ledger = try LedgerConnection(socketPath: daemon.path)
        #expect(try ledger.call("debit", ["id": "d-1"]) == 1)
        let received = daemon.finish()
        #expect(received[0] == received[1])
    }

    @Test func patienceEnds() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.line()
        }
        let ledger = try LedgerConnection(socketPath: daemon.path, patience: Patience(attemptCountMax: 2))
        ledger.send(Call("a"))
        let error = #expect(throws: ClientError.self) { try ledger.call("b") }
        guard case .connectionBroken(daemon.path, _, unanswered: 2)? = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        _ = daemon.finish()
    }

    @Test func anOverloadedDaemonIsAskedAgain() throws {
        let daemon = FakeDaemon { peer in
            for _ in 1...3 { peer.line() }
            peer.refuse(1, #"{"code":-32020,"message":"overloaded"}"#)
            peer.answer(2, "2")
            peer.refuse(3, #"{"code":-32020,"message":"overloaded"}"#)
            for _ in 1...2 { peer.line() }
            for id in [1, 3] { peer.answer(id, "\(id)") }
        }
        let ledger = try LedgerConnection(socketPath: daemon.path)
        var results: [Int: Int64] = [:]
        try ledger.pipeline((1...3).map { _ in Call("m") }) { index, outcome in results[index] = try? outcome.get().integer }
        #expect(results == [0: 1, 1: 2, 2: 3])
        let lines = daemon.finish()[0]
        #expect(lines[3...] == [lines[0], lines[2]])
    }

    @Test func withoutPatienceOverloadedIsTheAnswer() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.refuse(1, #"{"code":-32020,"message":"overloaded"}"#)
        }
        let ledger = try LedgerConnection(socketPath: daemon.path, patience: .none)
        #expect(throws: ClientError.rpc(RPCError(code: RPCError.overloaded, message: "overloaded"))) { try ledger.call("m") }
        _ = daemon.finish()
    }

    @Test func commandIDsAreRandomUUIDs() throws {
        let ids = (0..<100).map { _ in LedgerConnection.newCommandID() }
        #expect(Set(ids).count == 100)
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        for id in ids { #expect(id.wholeMatch(of: pattern) != nil) }
    }
}
