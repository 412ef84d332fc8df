import Foundation
import Testing

@testable import LedgerServer

@Suite struct Connections {
    @Test func anAnswerComesBack() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        await client.send(debit("d-1", number: 7))
        #expect(await client.line() == answered("d-1", number: 7))
        await fake.server.stop()
    }

    @Test func pipelinedCommandsReachTheWriterInOrder() async throws {
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false))
        let client = try fake.client()
        let ids = (0..<500).map { "d-\($0)" }
        await client.send(ids.enumerated().map { debit($1, number: $0) }.joined())
        #expect(await fake.writer.commandIDs(500) == ids)
        fake.writer.answer { $0.reversed() }
        #expect(await client.lines(500) == ids.enumerated().map { answered($1, number: $0) }.reversed())
        await fake.server.stop()
    }

    @Test func aRequestMayComeByteByByte() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        for byte in debit("d-1").utf8 { await client.send([byte]) }
        #expect(await client.line() == answered("d-1"))
        await fake.server.stop()
    }

    @Test func brokenLinesAreAnsweredAndTheConnectionLives() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        await client.send("{\n" + #"{"jsonrpc":"2.0","id":1,"method":"nonsense"}"# + "\n" + debit("d-1"))
        let lines = await client.lines(3)
        #expect(lines[0].hasPrefix(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"#))
        #expect(lines[1] == #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"there is no method nonsense"}}"#)
        #expect(lines[2] == answered("d-1"))
        await fake.server.stop()
    }

    @Test func bytesThatAreNotUTF8AreAnswered() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        await client.send([UInt8](debit("d-1").utf8).map { $0 == UInt8(ascii: "u") ? 0xff : $0 } + Array(debit("d-2").utf8))
        let lines = await client.lines(2)
        #expect(lines[0].contains("-32700") && lines[1] == answered("d-2"))
        await fake.server.stop()
    }

    @Test func anArrayIsAnsweredLineByLine() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        let requests = [debit("d-1", number: 1), debit("d-2", number: 2)].map { String($0.dropLast()) }
        await client.send("[\(requests.joined(separator: ","))]\n")
        #expect(await client.lines(2) == [answered("d-1", number: 1), answered("d-2", number: 2)])
        await fake.server.stop()
    }

    @Test func aNotificationIsDoneAndNotAnswered() async throws {
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false))
        let client = try fake.client()
        await client.send(debit("d-1").replacing(#""id":1,"#, with: "") + debit("d-2"))
        #expect(await fake.writer.commandIDs(2) == ["d-1", "d-2"])
        fake.writer.answer()
        #expect(await client.line() == answered("d-2"))
        await fake.server.stop()
    }

    @Test func aLineOfTenMebibytesIsAnsweredAndEndsTheConnection() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20) + [UInt8(ascii: "\n")]
        await client.send(Array(debit("d-1").utf8))
        #expect(await client.line() == answered("d-1"))
        await client.send(long)
        #expect(
            await client.rest() == [
                #"{"jsonrpc":"2.0","id":null,"error":{"code":-32031,"message":"a line of more bytes, above the limit of 8388608","data":{"limit":8388608}}}"#
            ])
        let other = try fake.client()
        await other.send(debit("d-2"))
        #expect(await other.line() == answered("d-2"))
        await fake.server.stop()
    }

    @Test func aLineOfEightMebibytesIsRead() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        let request = debit("d-1").dropLast()
        await client.send(request + String(repeating: " ", count: 8 << 20 - request.utf8.count) + "\n")
        #expect(await client.line() == answered("d-1"))
        await fake.server.stop()
    }

    @Test func aClientThatLeavesInMidLineChangesNothing() async throws {
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false))
        do {
            let client = try fake.client()
            await client.send(debit("d-1") + debit("d-2").dropLast(5))
            client.endSending()
            #expect(await fake.writer.commandIDs(1) == ["d-1"])
            fake.writer.answer()
            #expect(await client.rest() == [answered("d-1")])
        }
        let other = try fake.client()
        await other.send(debit("d-3"))
        #expect(await fake.writer.commandIDs(1) == ["d-3"])
        fake.writer.answer()
        #expect(await other.line() == answered("d-3"))
        await fake.server.stop()
    }

    @Test func anAnswerForAClientThatHasLeftIsForgotten() async throws {
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false))
        do {
            let client = try fake.client()
            await client.send(debit("d-1"))
            #expect(await fake.writer.commandIDs(1) == ["d-1"])
        }
        let other = try fake.client()
        await other.send(debit("d-2"))
        #expect(await fake.writer.commandIDs(2) == ["d-1", "d-2"])
        fake.writer.answer()
        #expect(await other.line() == answered("d-2"))
        await fake.server.stop()
    }

    @Test func aClientThatEndsItsSideStillGetsItsAnswers() async throws {
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false))
        let client = try fake.client()
        await client.send((0..<50).map { debit("d-\($0)", number: $0) }.joined())
        client.endSending()
        _ = await fake.writer.commandIDs(50)
        fake.writer.answer()
        #expect(await client.rest() == (0..<50).map { answered("d-\($0)", number: $0) })
        await fake.server.stop()
    }

    @Test func aConnectionIsNotReadPastItsRequestsInFlight() async throws {
        var bounds = ServerBounds()
        bounds.inFlightCountMax = 10
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false), bounds: bounds)
        let client = try fake.client()
        await client.send((0..<35).map { debit("d-\($0)", number: $0) }.joined())
        for first in stride(from: 0, to: 35, by: 10) {
            let wanted = (first..<min(first + 10, 35)).map { "d-\($0)" }
            #expect(await fake.writer.commandIDs(wanted.count) == wanted)
            fake.writer.answer()
            #expect(await client.lines(wanted.count).count == wanted.count)
        }
        await fake.server.stop()
    }

    @Test func aConnectionIsNotReadPastItsExplanations() async throws {
        var bounds = ServerBounds()
        bounds.queryCountMax = 2
        let fake = try await FakeServer(FakeWriter(answersAtOnce: false), bounds: bounds)
        let client = try fake.client()
        let explain = #"{"jsonrpc":"2.0","id":1,"method":"explain","params":{"tenant":"t","of":"d"}}"# + "\n"
        await client.send(explain + explain + debit("d-1") + explain)
        for wanted in [["look", "look"], ["d-1", "look"]] {
            #expect(await fake.writer.commandIDs(2) == wanted)
            fake.writer.answer()
            _ = await client.lines(2)
        }
        await fake.server.stop()
    }

    @Test func aFullMailboxIsTold() async throws {
        let fake = try await FakeServer(FakeWriter(hasRoom: false))
        let client = try fake.client()
        await client.send(debit("d-1") + debit("d-2", number: 2))
        let overloaded = { (number: Int) in
            #"{"jsonrpc":"2.0","id":\#(number),"error":{"code":-32020,"message":"too much is waiting to be done or to be read; nothing was done, send it again later"}}"#
        }
        #expect(await client.lines(2) == [overloaded(1), overloaded(2)])
        await fake.server.stop()
    }

    /// More requests and answers than all buffers hold: the server stops reading while its answers are not taken, and goes on.
    @Test func moreThanTheBuffersHold() async throws {
        let fake = try await FakeServer()
        let client = try fake.client()
        let count = 20_000
        async let sent: Void = client.send((0..<count).map { debit("d-\($0)", number: $0) }.joined())
        let lines = await client.lines(count)
        await sent
        #expect(Set(lines) == Set((0..<count).map { answered("d-\($0)", number: $0) }))
        await fake.server.stop()
    }

    @Test func discoveryAndStatusNeedNoWriter() async throws {
        let fake = try await FakeServer(FakeWriter(hasRoom: false))
        let client = try fake.client()
        await client.send(#"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"# + "\n")
        #expect(await client.line()?.contains(#""result":{"openrpc":"1.3.2""#) == true)
        await client.send(#"{"jsonrpc":"2.0","id":2,"method":"status"}"# + "\n")
        #expect(await client.line()?.hasPrefix(#"{"jsonrpc":"2.0","id":2,"result":{"api":1,"ledger":""#) == true)
        await fake.server.stop()
    }
}
