import Foundation
import JSONText
import LedgerClient
import LedgerEngine
import LedgerModel
import LedgerServer
import Logging
import Notary
import Projections
import ReadModels
import SegmentLog
import Testing

/// The two methods over the socket of a real daemon's parts.
@Suite("What if over the socket")
struct ServerTests {
    private final class Served {
        let directory = NSTemporaryDirectory() + "whatif-" + UUID().uuidString.prefix(8)
        let engine: LedgerEngine
        let readModels: ReadModels
        let notary: Notary
        let server: LedgerServer

        init() async throws {
            engine = try LedgerEngine(directory, LedgerEngine.Options()) { error in preconditionFailure("\(error)") }
            let log = LogReader(directory)
            // A busy machine must not look like a lagging projector.
            var readModelBounds = ReadModelBounds()
            readModelBounds.lagLimit = .seconds(300)
            readModels = try ReadModels(
                directory + "/views", projections: Projection.builtIn, reader: log, head: engine.committed,
                bounds: readModelBounds,
                note: { _ in })
            readModels.start()
            let identity = engine.identity
            notary = try Notary(
                directory: directory, reader: log, head: engine.committed,
                signer: try SigningKey.signer(of: identity.origin, keys: identity.keys, in: directory), origin: identity.origin,
                keys: identity.keys)
            notary.start()
            server = LedgerServer(
                engine: engine, readModels: readModels, notary: notary, log: log, socketPath: directory + "/s",
                logger: Logger(label: "test"))
            try await server.start()
        }

        /// Sends calls one after the other, from a thread that may block.
        func call(_ calls: [(String, JSONValue)]) async -> [Result<JSONValue, ClientError>] {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { [path = directory + "/s"] in
                    let client = try! LedgerConnection(socketPath: path)
                    continuation.resume(
                        returning: calls.map { call in
                            Result { () throws(ClientError) in try client.call(call.0, call.1) }
                        })
                }
            }
        }

        func stop() async {
            await server.stop()
            await readModels.stop()
            engine.stop()
            notary.stop()
            try? FileManager.default.removeItem(atPath: directory)
        }
    }

    private static let price: JSONValue = ["charges": [["unit": "credits", "rates": ["pages": "1"]]]]
    private static let dearer: JSONValue = ["charges": [["unit": "credits", "rates": ["pages": "3"]]]]
    private static let days: [(String, JSONValue)] = [("from", "2020-01-01"), ("to", "2120-01-01")]

    private static func question(_ members: [(String, JSONValue)], _ days: [(String, JSONValue)] = days) -> JSONValue {
        .object(([("tenant", "acme")] + members + days).map { JSONValue.Member($0.0, $0.1) })
    }

    @Test("answers with all it has, and refuses bad input by its name")
    func methods() async throws {
        let served = try await Served()
        let written = await served.call([
            (
                "configure",
                ["tenant": "acme", "id": "c", "reason": "start", "changes": [["key": "price/chat", "value": Self.price]]]
            ),
            ("grant", ["tenant": "acme", "id": "g", "account": "u-7", "unit": "credits", "amount": 50]),
            ("debit", ["tenant": "acme", "id": "d", "account": "u-7", "feature": "chat", "quantities": ["pages": 10]]),
            ("debit", ["tenant": "acme", "id": "e", "account": "u-7", "feature": "chat", "quantities": ["pages": 15]]),
        ])
        let last = try written.last!.get()["seq"]!
        _ = await served.call(
            ["usage.uses", "config.current", "accounts.stats", "allowances.overview", "balances.list"].map { method in
                (method, ["tenant": "acme", "minSeq": last])
            })
        let answers = await served.call([
            ("whatif.price", Self.question([("feature", "chat"), ("value", Self.dearer)])),
            ("whatif.price", Self.question([("key", "price/chat"), ("value", Self.dearer), ("top", 0)])),
            ("whatif.plan", Self.question([("plan", "basic"), ("value", ["allowances": []])])),
            (
                "whatif.price",
                Self.question([("feature", "chat"), ("value", Self.dearer)], [("from", "0001-01-01"), ("to", "9999-12-31")])
            ),
            (
                "whatif.price",
                Self.question([("feature", "chat"), ("value", Self.dearer)], [("from", "0001-01-01"), ("to", "0001-01-01")])
            ),
        ])
        let answer = try answers[0].get()
        #expect(answer["asOf"]?["seq"] == last && answer["assumptions"]?.integer == 1)
        #expect(answer["units"]?[0]?["actual"]?.integer == 25 && answer["units"]?[0]?["proposed"]?.integer == 30)
        #expect(answer["refused"]?["uses"]?.integer == 1)
        #expect(answer["refused"]?["reasons"]?[0]?["rejection"]?.string == "insufficientBalance")
        #expect(answer["mostAffected"]?[0]?["account"]?.string == "u-7")
        #expect(try answers[1].get()["mostAffected"]?.elements?.isEmpty == true)
        #expect(try answers[2].get()["refused"]?["uses"]?.integer == 0)
        #expect(try answers[3].get()["uses"]?.integer == 2)
        #expect(try answers[4].get()["uses"]?.integer == 0)

        let faults: [(String, JSONValue, String)] = [
            ("whatif.price", Self.question([("feature", "chat")]), "value is missing"),
            ("whatif.price", Self.question([("value", Self.price)]), "feature or key must be there"),
            (
                "whatif.price", Self.question([("feature", "chat"), ("key", "price/chat"), ("value", Self.price)]),
                "key cannot stand"
            ),
            ("whatif.price", Self.question([("key", "plan/chat"), ("value", Self.price)]), "key: must be price/<feature>"),
            ("whatif.price", Self.question([("feature", "chat"), ("value", .null)]), "value must be an object"),
            ("whatif.price", Self.question([("feature", "chat"), ("value", ["charges": []])]), "value.charges"),
            ("whatif.price", Self.question([("feature", "chat"), ("value", ["rates": []])]), "value.rates"),
            ("whatif.plan", Self.question([("feature", "chat"), ("value", [:])]), "feature is not a field here"),
            (
                "whatif.plan",
                Self.question([("plan", "b"), ("value", ["allowances": []])], [("from", "2026-02-30"), ("to", "2026-03-01")]),
                "from: must be a date"
            ),
            (
                "whatif.plan",
                Self.question([("plan", "b"), ("value", ["allowances": []])], [("from", "2026-03-02"), ("to", "2026-03-01")]),
                "to: must not lie before from"
            ),
            ("whatif.plan", Self.question([("plan", "b"), ("value", ["allowances": []]), ("top", 1001)]), "top"),
        ]
        let refused = await served.call(faults.map { ($0.0, $0.1) })
        for (fault, result) in zip(faults, refused) {
            if case .failure(.rpc(let error)) = result {
                #expect(error.message.contains(fault.2), "\(error.message)")
            } else {
                Issue.record("\(fault.2): \(result)")
            }
        }
        await served.stop()
    }
}
