import ClientTestKit
import LedgerClient
import Testing

@Suite struct SubscriptionTests {
    @Test func eventsAreTheVeryLinesOfTheLog() throws {
        let line = #"{"seq":5,"at":"2026-11-21T01:23:45.678901Z","type":"debited","details":{"x":1.50}}"#
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, #"{"from":5}"#)
            peer.notify("event", line)
            peer.line()
        }
        do {
            let events = try EventSubscription(socketPath: daemon.path, from: 5, tenant: "acme", types: ["debited", "refunded"])
            let event = try events.next()
            #expect(event.sequence == 5)
            #expect(event.text == line)
            #expect(event.value["details"]?["x"] == .number("1.50"))
        }
        #expect(
            daemon.finish() == [
                [
                    #"{"jsonrpc":"2.0","id":1,"method":"events.subscribe","params":{"from":5,"tenant":"acme","types":["debited","refunded"]}}"#
                ]
            ])
    }

    @Test func itGoesOnBehindTheLastEvent() throws {
        let daemon = FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, #"{"from":41}"#)
                peer.notify("event", #"{"seq":41}"#)
                peer.notify("event", #"{"seq":44}"#)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"from":45}"#)
                peer.notify("events.dropped", #"{"from":45}"#)
                peer.line()
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"from":45}"#)
                peer.notify("event", #"{"seq":45}"#)
            })
        let events = try EventSubscription(socketPath: daemon.path)
        let sequences = try (0..<3).map { _ in try events.next().sequence }
        #expect(sequences == [41, 44, 45])
        let params = daemon.finish().map { $0[0].split(separator: "\"params\":")[1] }
        #expect(params == ["{}}", #"{"from":45}}"#, #"{"from":45}}"#])
    }

    @Test func aLogThatCannotBeReadOnIsAnError() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.answer(1, #"{"from":45}"#)
            peer.notify("events.dropped", #"{"from":45,"reason":"badBatch: log/1.lz4"}"#)
        }
        let events = try EventSubscription(socketPath: daemon.path)
        let error = RPCError(code: RPCError.internalError, message: "badBatch: log/1.lz4")
        #expect(throws: ClientError.rpc(error)) { try events.next() }
        _ = daemon.finish()
    }

    @Test func fromNowOnIsKeptWhenNothingHasHappenedYet() throws {
        let daemon = FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, #"{"from":9}"#)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"from":9}"#)
                peer.notify("event", #"{"seq":9}"#)
            })
        #expect(try EventSubscription(socketPath: daemon.path).next().sequence == 9)
        #expect(daemon.finish()[1][0].contains(#""params":{"from":9}"#))
    }

    @Test func aRefusalIsAnError() throws {
        let daemon = FakeDaemon { peer in
            peer.line()
            peer.refuse(1, #"{"code":-32602,"message":"from is beyond the log"}"#)
        }
        #expect(throws: ClientError.rpc(RPCError(code: -32602, message: "from is beyond the log"))) {
            _ = try EventSubscription(socketPath: daemon.path, from: 900)
        }
        _ = daemon.finish()
    }

    @Test func noDaemonIsSaid() {
        let path = FakeDaemon.unusedPath()
        #expect(throws: ClientError.noDaemon(socketPath: path, reason: "No such file or directory")) {
            _ = try EventSubscription(socketPath: path)
        }
    }
}
