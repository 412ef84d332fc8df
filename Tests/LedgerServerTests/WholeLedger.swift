import Foundation
import Glibc
import JSONText
import LedgerEngine
import LedgerModel
import LedgerTestKit
import Logging
import Notary
import ReadModels
import SegmentLog

@testable import LedgerServer

/// The real engine, log and read models behind a server, in a directory of its own, at a time that stands still.
struct WholeLedger {
    let directory = TemporaryDirectory()
    let clock = ManualClock()
    let engine: LedgerEngine
    let readModels: ReadModels
    let notary: Notary
    let server: LedgerServer
    let path: String

    /// - Parameter isFollowed: Whether read models follow the log.
    init(bounds: ServerBounds = ServerBounds(), isFollowed: Bool = true) async throws {
        path = directory.path + "/daybook.sock"
        var options = LedgerEngine.Options()
        options.clock = Clock { [clock] in clock.now }
        engine = try LedgerEngine(directory.path, options) { error in preconditionFailure("\(error)") }
        let log = LogReader(directory.path)
        // A busy machine must not look like a lagging projector.
        var readModelBounds = ReadModelBounds()
        if isFollowed { readModelBounds.lagLimit = .seconds(300) }
        readModels = try ReadModels(
            directory.path + "/views", projections: Projection.builtIn, reader: log, head: engine.committed,
            bounds: readModelBounds,
            note: { _ in })
        if isFollowed { readModels.start() }
        let identity = engine.identity
        notary = try Notary(
            directory: directory.path, reader: log, head: engine.committed,
            signer: try SigningKey.signer(of: identity.origin, keys: identity.keys, in: directory.path), origin: identity.origin,
            keys: identity.keys)
        notary.start()
        server = LedgerServer(
            Ledger(engine, readModels, notary, log, nil), socketPath: path, eventLoopCount: 1, bounds: bounds,
            admittedUser: getuid(),
            logger: Logger(label: "test"))
        try await server.start()
    }

    func client() throws -> SocketClient { try SocketClient(path) }

    func stop() async {
        await server.stop()
        await readModels.stop()
        engine.stop()
        notary.stop()
    }
}

extension SocketClient {
    /// Sends a request and gives its answer without what every answer has.
    func call(_ method: String, _ params: String) async -> String {
        await send(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"# + "\n")
        let answer = await line() ?? ""
        let common = #"{"jsonrpc":"2.0","id":1,"#
        return answer.hasPrefix(common) ? String(answer.dropFirst(common.count).dropLast()) : answer
    }

    /// Grants many times, so that the log has that many events more.
    func grant(_ count: Int, to account: String = "u") async {
        let requests = (0..<count).map { number in
            #"{"jsonrpc":"2.0","id":\#(number),"method":"grant","params":{"tenant":"acme","id":"\#(account)-g\#(number)","account":"\#(account)","unit":"u\#(number / 250)","amount":1,"memo":"\#(String(repeating: "m", count: 800))"}}"#
                + "\n"
        }
        async let sent: Void = send(requests.joined())
        _ = await lines(count)
        await sent
    }
}
