import Foundation
import JSONText
import LedgerRPC
import ReadModels
import Testing

@testable import LedgerServer

@Suite struct Descriptions {
    /// `docs/openrpc.json` is what `rpc.discover` answers, laid out for reading.
    @Test func theOpenRPCDocumentIsWhatIsAnswered() throws {
        let file = repositoryFile("docs/openrpc.json")
        let answered = try laidOut(openRPC)
        if isWriting { try answered.write(to: file, atomically: true, encoding: .utf8) }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(kept == answered, "write it anew with: DAYBOOK_WRITE_DOCUMENTS=1 swift test --filter Descriptions")
    }

    private var openRPC: Data {
        var writer = JSONWriter()
        writer.openRPC(Method.builtIn + Projection.builtIn.flatMap(\.queries).map(Method.init))
        return Data(writer.bytes)
    }

    private func laidOut(_ json: Data) throws -> String {
        let object = try JSONSerialization.jsonObject(with: json)
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    @Test func everyMethodStandsInTheDocument() throws {
        let document = try String(contentsOf: repositoryFile("docs/rpc.md"), encoding: .utf8)
        for method in Method.builtIn { #expect(document.contains("`\(method.name)`"), "docs/rpc.md lacks \(method.name)") }
    }

    /// The document's session, played against a ledger: every answer in it is true.
    @Test func theSessionInTheDocumentIsTrue() async throws {
        let file = repositoryFile("docs/rpc.md")
        let document = try String(contentsOf: file, encoding: .utf8)
        let parts = document.components(separatedBy: "```session\n")
        let end = try #require(parts.last?.range(of: "```"))
        let session = String(parts[1][..<end.lowerBound])
        let played = try await play(session)
        if isWriting {
            try (parts[0] + "```session\n" + played + parts[1][end.lowerBound...]).write(
                to: file, atomically: true, encoding: .utf8)
        }
        #expect(isWriting || session == played, "write it anew with: DAYBOOK_WRITE_DOCUMENTS=1 swift test --filter Descriptions")
    }

    /// The session's requests, each with the answer it gets.
    private func play(_ session: String) async throws -> String {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        var played: [String] = []
        for line in session.split(separator: "\n") where line.hasPrefix("> ") {
            await client.send(line.dropFirst(2) + "\n")
            played += [String(line), "< " + (await client.line() ?? "nothing")]
        }
        await ledger.stop()
        return played.joined(separator: "\n") + "\n"
    }

    private var isWriting: Bool { ProcessInfo.processInfo.environment["DAYBOOK_WRITE_DOCUMENTS"] != nil }

    private func repositoryFile(_ path: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(path)
    }
}
