import Testing

@testable import Transparency

@Suite("Checkpoints")
struct CheckpointTests {
    static let root = MerkleHash(base64: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")!

    @Test("the example of C2SP tlog-checkpoint")
    func example() throws {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        let checkpoint = Checkpoint(origin: "example.com/behind-the-sofa", size: 20_852_163, root: Self.root)
        #expect(checkpoint.text == text)
        #expect(try Checkpoint(parsing: text) == checkpoint)
    }

    static let several = [
        Checkpoint(origin: "log", size: 0, root: .emptyRoot),
        Checkpoint(origin: "a name with spaces", size: .max, root: root, extensions: ["one"]),
        Checkpoint(origin: "— log", size: 7, root: root, extensions: ["8d1f0a52 00ff", " ", "größer"]),
    ]

    @Test("reading is the inverse of writing", arguments: several)
    func roundTrip(checkpoint: Checkpoint) throws {
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
    }

    static let lines = ["log", "7", root.base64, "extension"]
    static let wrong: [[String]] = [
        [], ["log"], ["log", "7"],
        ["", "7", root.base64], ["log", "", root.base64], ["log", "7", ""], ["log", "7", root.base64, ""],
        ["log", "7", root.base64, "", "extension"],
        ["log", "07", root.base64], ["log", "+7", root.base64], ["log", "-7", root.base64], ["log", " 7", root.base64],
        ["log", "0x7", root.base64], ["log", "７", root.base64], ["log", "18446744073709551616", root.base64],
        ["log", "00", root.base64],
        ["log", "7", root.description], ["log", "7", "\(root.base64)="], ["log", "7", [1, 2, 3].base64],
    ]

    @Test("what is not a checkpoint", arguments: wrong)
    func malformed(lines: [String]) {
        #expect(code { _ = try Checkpoint(parsing: lines.map { $0 + "\n" }.joined()) } == .malformedCheckpoint)
    }

    @Test("without its last newline, or with a carriage return")
    func endings() {
        let text = Self.lines.joined(separator: "\n")
        #expect(code { _ = try Checkpoint(parsing: text + "\n") } == nil)
        #expect(code { _ = try Checkpoint(parsing: text) } == .malformedCheckpoint)
        #expect(code { _ = try Checkpoint(parsing: text + "\r\n") } == .controlCharacter)
    }

    @Test("a checkpoint counts only under the key of its own origin")
    func origin() throws {
        let goKey = try VerifierKey(NoteVectors.goKey)
        let head = try SignedNote(parsing: NoteVectors.goHead)
        #expect(try Checkpoint(parsing: head.text).size == 6_476_701)
        #expect(code { _ = try head.checkpoint(keys: [goKey]) } == .wrongOrigin)

        let (log, witness) = (try NoteSigner.random(name: "log"), try NoteSigner.random(name: "witness"))
        let checkpoint = Checkpoint(origin: "log", size: 7, root: Self.root, extensions: ["extension"])
        let text = checkpoint.text
        let cosigned = SignedNote(text: text, signatures: witness.sign(text).signatures + log.sign(checkpoint).signatures)
        #expect(try cosigned.checkpoint(keys: [log.verifierKey]) == checkpoint)
        #expect(try cosigned.checkpoint(keys: [witness.verifierKey, log.verifierKey]) == checkpoint)
        #expect(code { _ = try cosigned.checkpoint(keys: [witness.verifierKey]) } == .wrongOrigin)
        let other = witness.sign("no checkpoint\n")
        #expect(code { _ = try other.checkpoint(keys: [witness.verifierKey]) } == .malformedCheckpoint)
    }
}
