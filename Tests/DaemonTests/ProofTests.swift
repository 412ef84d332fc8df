import Foundation
import LedgerClient
import Testing

/// What an operator and somebody outside do with receipts, checkpoints and keys.
@Suite struct ProofTests {
    private func daybookd(_ arguments: String...) throws -> (status: Int32, output: String) {
        try Programs.run(Programs.path("daybookd"), arguments)
    }

    /// A ledger that was served: so many grants in it, and the daemon ended.
    private func ledger(_ count: Int = 20) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try grow(directory, 1...count)
        return directory
    }

    private func grow(_ directory: TemporaryDirectory, _ numbers: ClosedRange<Int>) throws {
        let daemon = try RunningDaemon(data: directory.path)
        let connection = try daemon.connect()
        for number in numbers {
            try connection.call(
                "grant", ["tenant": "t", "id": .string("g\(number)"), "account": "a", "unit": "credits", "amount": 7])
        }
        #expect(daemon.stop() == 0)
    }

    /// The verifier key that the last checkpoint is signed with, and the checkpoint.
    private func checkpoint(_ directory: TemporaryDirectory) throws -> (key: String, note: String) {
        let (status, output) = try daybookd("checkpoint", "--data", directory.path)
        #expect(status == 0, "\(output)")
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let said = try #require(lines.first { $0.contains(" events, signed by ") })
        let key = try #require(said.split(separator: " ").last)
        return (String(key), lines.filter { $0 != said }.joined(separator: "\n"))
    }

    private func put(_ text: String, _ name: String, in directory: TemporaryDirectory) throws -> String {
        let url = directory.url.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    @Test func aReceiptIsCheckedWithoutTheLedgerAndAChangedOneIsNot() throws {
        let directory = try ledger()
        let outside = try TemporaryDirectory()
        let receipt = "\(outside.path)/receipt"
        let proved = try daybookd("prove", "12", "--data", directory.path, "--output", receipt)
        #expect(proved.status == 0, "\(proved.output)")
        let key = try checkpoint(directory).key
        let checked = try daybookd("check-proof", receipt, "--key", key)
        #expect(checked.status == 0 && checked.output.contains(#""seq":12,"#), "\(checked.output)")
        let text = try String(contentsOfFile: receipt, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("extra ") })
        let event = String(decoding: try #require(Data(base64Encoded: String(line.dropFirst(6)))), as: UTF8.self)
        let forged = Data(event.replacing(#""amount":7"#, with: #""amount":9"#).utf8).base64EncodedString()
        for wrong in [
            text.replacing(line, with: "extra \(forged)"), text.replacing("index 11", with: "index 12"),
            String(text.dropLast(2)),
            "", "x\n",
        ] {
            let (status, output) = try daybookd("check-proof", put(wrong, "wrong", in: outside), "--key", key)
            #expect(status == 1 && output.contains("not proven"), "\(output)")
        }
        let other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        #expect(try daybookd("check-proof", receipt, "--key", other).status == 1)
        #expect(try daybookd("check-proof", receipt, "--key", "no key").status == 64)
        let none = try daybookd("prove", "400", "--data", directory.path)
        #expect(none.status == 1 && none.output.contains("no event 400"), "\(none.output)")
    }

    @Test func aCheckpointThatWasKeptShowsThatNothingWasChanged() throws {
        let directory = try ledger()
        #expect(try daybookd("prove", "2", "--data", directory.path).status == 0)
        let outside = try TemporaryDirectory()
        let (key, note) = try checkpoint(directory)
        let old = try put(note, "old", in: outside)
        try grow(directory, 21...40)
        #expect(try daybookd("prove", "41", "--data", directory.path).status == 0)
        let proof = "\(outside.path)/proof"
        let proved = try daybookd("prove", "--from", old, "--data", directory.path, "--output", proof)
        #expect(proved.status == 0, "\(proved.output)")
        let checked = try daybookd("check-proof", proof, "--key", key)
        #expect(checked.status == 0 && checked.output.contains("are what they were"), "\(checked.output)")
        let other = try ledger(30)
        let refused = try daybookd("prove", "--from", old, "--data", other.path)
        #expect(refused.status == 1 && refused.output.contains("does not continue"), "\(refused.output)")
    }

    @Test func aKeyIsReplacedWhileNothingServesAndTheLedgerGoesOn() throws {
        let directory = try ledger()
        let receipt = "\(directory.path)/receipt"
        #expect(try daybookd("prove", "3", "--data", directory.path, "--output", receipt).status == 0)
        let old = try checkpoint(directory).key
        let daemon = try RunningDaemon(data: directory.path)
        let beside = try daybookd("replace-key", "--data", directory.path, "--reason", "lost")
        #expect(beside.status == 1 && beside.output.contains("another process"), "\(beside.output)")
        #expect(daemon.stop() == 0)
        try FileManager.default.removeItem(atPath: "\(directory.path)/signing.key")
        let replaced = try daybookd("replace-key", "--data", directory.path, "--reason", "lost")
        #expect(replaced.status == 0 && replaced.output.contains("old \(old)"), "\(replaced.output)")
        try grow(directory, 21...22)
        #expect(try daybookd("prove", "24", "--data", directory.path).status == 0)
        let new = try checkpoint(directory).key
        #expect(new != old && replaced.output.contains("new \(new)"))
        #expect(try daybookd("check-proof", receipt, "--key", old).status == 0)
        #expect(try daybookd("check-proof", receipt, "--key", new).status == 1)
        let verified = try daybookd("verify", "--data", directory.path)
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test func whatDoesNotBelongToTheCheckpointIsNeitherVerifiedNorServed() throws {
        let (directory, other) = (try ledger(), try ledger())
        for ledger in [directory, other] { #expect(try daybookd("prove", "21", "--data", ledger.path).status == 0) }
        let path = "\(directory.path)/checkpoint"
        let right = try Data(contentsOf: URL(filePath: path))
        try Data(contentsOf: URL(filePath: "\(other.path)/checkpoint")).write(to: URL(filePath: path))
        for verb in ["verify", "checkpoint"] {
            let (status, output) = try daybookd(verb, "--data", directory.path)
            #expect(status == 1, "\(output)")
        }
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: directory.path) }
        try right.write(to: URL(filePath: path))
        #expect(try daybookd("verify", "--data", directory.path).status == 0)
        try FileManager.default.removeItem(atPath: "\(directory.path)/signing.key")
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: directory.path) }
    }

    @Test func anOlderCopyOfTheLogBesideANewerCheckpointIsNotServed() throws {
        let directory = try ledger()
        let older = try TemporaryDirectory()
        for name in ["log", "signing.key"] {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(older.path)/\(name)")
        }
        try grow(directory, 21...30)
        #expect(try daybookd("prove", "31", "--data", directory.path).status == 0)
        try FileManager.default.copyItem(atPath: "\(directory.path)/checkpoint", toPath: "\(older.path)/checkpoint")
        let (status, output) = try daybookd("verify", "--data", older.path)
        #expect(status == 1 && output.contains("older copy"), "\(output)")
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: older.path) }
    }
}
