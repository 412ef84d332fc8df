import Foundation
import Testing

@testable import LedgerServer

@Suite struct Subscriptions {
    /// The lines of the log as `event` notifications.
    private func notifications(_ ledger: WholeLedger, from first: Int) throws -> [String] {
        let log = try FileManager.default.contentsOfDirectory(atPath: ledger.directory.path + "/log").sorted()
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/lz4")
        process.arguments = ["-dcm"] + log.map { ledger.directory.path + "/log/" + $0 }
        process.standardOutput = pipe
        process.standardError = Pipe()
        try process.run()
        let lines = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n")
        return lines.dropFirst(first - 1).map { #"{"jsonrpc":"2.0","method":"event","params":\#($0)}"# }
    }

    @Test func theVeryLinesOfTheLogAreSent() async throws {
        let ledger = try await WholeLedger()
        let (writer, reader) = (try ledger.client(), try ledger.client())
        await writer.grant(300)
        #expect(await reader.call("events.subscribe", #"{"from":2}"#) == #""result":{"from":2}"#)
        let past = await reader.lines(301)
        await writer.grant(50, to: "v")
        let more = await reader.lines(51)
        #expect(try past + more == notifications(ledger, from: 2))
        await ledger.stop()
    }

    @Test func withoutAPlaceItBeginsWithWhatComesNext() async throws {
        let ledger = try await WholeLedger()
        let (writer, reader) = (try ledger.client(), try ledger.client())
        await writer.grant(3)
        #expect(await reader.call("events.subscribe", "{}") == #""result":{"from":6}"#)
        await writer.grant(1, to: "v")
        #expect(try await reader.lines(2) == notifications(ledger, from: 6))
        await ledger.stop()
    }

    @Test func aFilterKeepsTypesAndTenants() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        await client.grant(10)
        _ = await client.call("grant", #"{"tenant":"other","id":"g","account":"u","unit":"c","amount":1}"#)
        _ = await client.call("events.subscribe", #"{"from":1,"tenant":"other","types":["granted","debited"]}"#)
        let event = await client.line() ?? ""
        #expect(event.contains(#""type":"granted","tenant":"other""#), "\(event)")
        await ledger.stop()
    }

    @Test func aPlaceBeyondTheEndIsRefused() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        #expect(
            await client.call("events.subscribe", #"{"from":3}"#).hasPrefix(
                #""error":{"code":-32010,"message":"from: must be at most 2,"#))
        #expect(await client.call("events.subscribe", #"{"from":2}"#) == #""result":{"from":2}"#)
        #expect(await client.call("events.subscribe", #"{"from":1}"#).hasPrefix(#""error":{"code":-32600,"#))
        await ledger.stop()
    }

    @Test func unsubscribingTellsWhereToGoOn() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        #expect(await client.call("events.unsubscribe", "{}").hasPrefix(#""error":{"code":-32600,"#))
        _ = await client.call("events.subscribe", #"{"from":1}"#)
        #expect(await client.line()?.contains(#""type":"ledgerOpened""#) == true)
        #expect(await client.call("events.unsubscribe", "{}") == #""result":{"from":2}"#)
        #expect(await client.call("events.subscribe", "{}") == #""result":{"from":2}"#)
        await ledger.stop()
    }

    /// With no patience at all, the first page that does not fit the socket's buffers ends the subscription. The client reads afterwards:
    /// every event up to where it was dropped, and where to go on.
    @Test func aSubscriberThatDoesNotReadIsDroppedAndCanGoOn() async throws {
        var bounds = ServerBounds()
        bounds.subscriberPatienceSeconds = 0
        let ledger = try await WholeLedger(bounds: bounds)
        let (writer, reader) = (try ledger.client(), try ledger.client())
        await writer.grant(1000)
        #expect(await reader.call("events.subscribe", #"{"from":1}"#) == #""result":{"from":1}"#)
        var next = 1
        while let line = await reader.line() {
            if line.contains(#""method":"events.dropped""#) {
                #expect(line == #"{"jsonrpc":"2.0","method":"events.dropped","params":{"from":\#(next)}}"#)
                break
            }
            #expect(line.contains(#""seq":\#(next),"#))
            next += 1
        }
        #expect(next > 1)
        #expect(await reader.call("events.subscribe", #"{"from":\#(next)}"#) == #""result":{"from":\#(next)}"#)
        await ledger.stop()
    }
}
