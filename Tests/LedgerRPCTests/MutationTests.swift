import Foundation
import JSONText
import LedgerModel
import LedgerTestKit
import Testing

@testable import LedgerRPC

/// Valid lines with random bytes changed, dropped, doubled or moved: never a trap, and JSON exactly where Foundation says JSON.
@Suite struct Mutations {
    private static let lines = fullCommands.map { line($0.method, $0.params) } + ["[" + line("status", "{}") + "]"]

    @Test(arguments: 0..<20) func neverTrapAndAreToldApartAsFoundationDoes(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let bytes = mutated(Array(Mutations.lines[round % Mutations.lines.count].utf8), &random)
            let isJSON = !refusal(bytes).hasPrefix("-32700") && !parsed(bytes).contains(where: isParseError)
            if isJSON != foundationReads(bytes) { disagree(bytes, isJSON) }
        }
    }

    @Test(arguments: 0..<10) func bothWaysOfReadingAgree(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed + 1000)
        for round in 0..<400 {
            let bytes = mutated(Array(Mutations.lines[round % Mutations.lines.count].utf8), &random)
            var exact: [IncomingRequest] = []
            bytes.withUnsafeBytes { RequestParser(queries: ["usage.history"], peer: 7).parseExactly($0) { exact.append($0) } }
            #expect(exact.map(told) == parsed(bytes).map(told))
        }
    }

    private func told(_ request: IncomingRequest) -> String {
        switch request.call {
        case .success(.command(let command)): "\(String(describing: request.id)) \(command.tenant) \(command.id) \(command.body)"
        case .success(let call): "\(String(describing: request.id)) \(call)"
        case .failure(let error): "\(String(describing: request.id)) \(error.code) \(error.message)"
        }
    }

    private func isParseError(_ request: IncomingRequest) -> Bool {
        if case .failure(.notJSON) = request.call { true } else { false }
    }

    private func foundationReads(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    private func disagree(_ bytes: [UInt8], _ isJSON: Bool) {
        let text = String(decoding: bytes, as: UTF8.self)
        Issue.record("\(isJSON ? "read here" : "refused here"), not so by Foundation: \(text)")
    }

    private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            case 3: bytes[index] = Array(#"{}[]",:\-+.eE019 tfn"#.utf8).randomElement(using: &random)!
            case 4: bytes.removeSubrange(index...)
            default: bytes.swapAt(index, Int.random(in: 0..<bytes.count, using: &random))
            }
            if bytes.isEmpty { return bytes }
        }
        return bytes
    }
}
