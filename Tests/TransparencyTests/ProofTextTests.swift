import Testing

@testable import Transparency

/// A small log with its key.
struct SampleLog {
    let signer: NoteSigner
    let tree = GrownTree(leafCount: 11)

    init(name: String = "example.com/log", seed: UInt8 = 1) throws {
        signer = try NoteSigner(name: name, privateKey: [UInt8](repeating: seed, count: 32))
    }

    var key: VerifierKey { signer.verifierKey }

    func head(_ size: UInt64, extensions: [String] = ["00112233 aabbccdd"]) throws -> SignedNote {
        signer.sign(Checkpoint(origin: key.name, size: size, root: try tree.root(size), extensions: extensions))
    }

    func receipt(_ index: UInt64, of size: UInt64, extra: [UInt8]? = nil) throws -> InclusionProof {
        InclusionProof(index: index, path: try tree.inclusion(index, size), checkpoint: try head(size), extra: extra)
    }

    func continuation(_ old: UInt64, _ size: UInt64) throws -> ConsistencyProof {
        ConsistencyProof(path: try tree.consistency(old, size), old: try head(old), new: try head(size))
    }
}

@Suite("Receipts as text")
struct InclusionProofTests {
    let log: SampleLog

    init() throws { log = try SampleLog() }

    @Test("the form of C2SP tlog-proof")
    func form() throws {
        let proof = try log.receipt(10, of: 11, extra: Array("more".utf8))
        let path = proof.path.map { $0.base64 + "\n" }.joined()
        #expect(proof.path.count == 2)
        #expect(proof.encoded == "c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 10\n\(path)\n\(try log.head(11).encoded)")
        #expect(try log.receipt(0, of: 1).encoded == "c2sp.org/tlog-proof@v1\nindex 0\n\n\(try log.head(1).encoded)")
    }

    @Test("reading is the inverse of writing", arguments: [nil, [], [7], Array(0...255)] as [[UInt8]?])
    func roundTrip(extra: [UInt8]?) throws {
        for size in UInt64(1)...11 {
            for index in 0..<size {
                let proof = try log.receipt(index, of: size, extra: extra)
                let again = try InclusionProof(parsing: proof.encoded)
                #expect(again == proof)
                #expect(again.encoded == proof.encoded)
            }
        }
    }

    @Test("a receipt proves its record to whoever has the key")
    func check() throws {
        let proof = try log.receipt(4, of: 11)
        let head = try Array("record 4".utf8).withUnsafeBytes { try proof.check(record: $0, key: log.key) }
        #expect(head.size == 11)
        #expect(head.root == log.tree.frontier.root)
        #expect(head.extensions == ["00112233 aabbccdd"])
    }

    @Test("what does not hold is named")
    func verdicts() throws {
        let (proof, other) = (try log.receipt(4, of: 11), try SampleLog(seed: 2))
        func verdict(_ proof: InclusionProof, _ keys: [VerifierKey], _ record: String = "record 4") -> NoteError.Code? {
            code { try proof.check(leaf: leaf(record), keys: keys) }
        }
        func moved(_ index: UInt64, _ path: [MerkleHash], under note: SignedNote) -> InclusionProof {
            InclusionProof(index: index, path: path, checkpoint: note)
        }
        #expect(verdict(proof, [log.key]) == nil)
        #expect(verdict(proof, [other.key, log.key]) == nil)
        #expect(verdict(proof, [other.key]) == .notSigned)
        #expect(verdict(proof, [log.key], "record 5") == .notIncluded)
        #expect(verdict(moved(5, proof.path, under: proof.checkpoint), [log.key]) == .notIncluded)
        #expect(verdict(moved(11, proof.path, under: proof.checkpoint), [log.key]) == .notIncluded)
        #expect(verdict(moved(4, [], under: proof.checkpoint), [log.key]) == .notIncluded)
        #expect(verdict(moved(4, proof.path, under: try log.head(10)), [log.key]) == .notIncluded)
        let forged = SignedNote(text: try other.head(9).text, signatures: proof.checkpoint.signatures)
        #expect(verdict(moved(4, proof.path, under: forged), [log.key]) == .badSignature)
        let stranger = try SampleLog(name: "example.com/other", seed: 1)
        let misnamed = stranger.signer.sign(proof.checkpoint.text)
        #expect(verdict(moved(4, proof.path, under: misnamed), [stranger.key]) == .wrongOrigin)
    }

    @Test("no byte of a receipt can be changed, but in the extra data, which proves nothing")
    func mutations() throws {
        for extra in [nil, Array("not proved".utf8)] {
            let proof = try log.receipt(6, of: 11, extra: extra)
            for bytes in changedBytes(proof.encoded) {
                let accepted = try? InclusionProof(parsing: bytes)
                if (try? accepted?.check(leaf: leaf("record 6"), keys: [log.key])) == nil { continue }
                #expect(extra != nil && accepted?.index == 6 && accepted?.path == proof.path)
                #expect(accepted?.checkpoint == proof.checkpoint && accepted?.extra != extra)
            }
        }
    }

    @Test("no tail of a receipt can be cut off")
    func truncations() throws {
        let bytes = Array(try log.receipt(6, of: 11).encoded.utf8)
        for count in bytes.indices { #expect(throws: NoteError.self) { try InclusionProof(parsing: Array(bytes[..<count])) } }
    }

    static let hash = MerkleHash.emptyRoot.base64 + "\n"
    static let note = SignedNote(
        text: "log\n7\n\(hash)", signatures: [NoteSignature(name: "log", keyHash: 1, bytes: [2])]
    ).encoded
    static let malformed: [(String, NoteError.Code)] = [
        ("", .malformedProof),
        ("index 0\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v2\nindex 0\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1", .malformedProof),
        ("c2sp.org/tlog-proof@v1\n", .malformedProof),
        ("c2sp.org/tlog-proof@v1\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0", .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0\n", .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0\n\n", .malformedNote),
        ("c2sp.org/tlog-proof@v1\nindex\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 00\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex -1\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 18446744073709551616\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0\nextra QUJD\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nextra QUJ\nindex 0\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nextra QUJD\nextra QUJD\nindex 0\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0\nQUJD\n\n" + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + hash + note, .malformedProof),
        ("c2sp.org/tlog-proof@v1\nindex 0\n\n\n" + note, .malformedCheckpoint),
        ("c2sp.org/tlog-proof@v1\nindex 0\n\n" + NoteVectors.exampleNote, .malformedCheckpoint),
        ("c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n" + note, .controlCharacter),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: hash, count: 65) + "\n" + note, .tooLarge),
        ("c2sp.org/tlog-proof@v1\nextra " + String(repeating: "QUJD", count: 1 << 18) + "\nindex 0\n\n" + note, .tooLarge),
    ]

    @Test("what is not a receipt is named", arguments: malformed)
    func codes(text: String, expected: NoteError.Code) {
        #expect(code { _ = try InclusionProof(parsing: "c2sp.org/tlog-proof@v1\nindex 0\n\n" + Self.note) } == nil)
        #expect(code { _ = try InclusionProof(parsing: text) } == expected)
    }
}

@Suite("Consistency proofs as text")
struct ConsistencyProofTests {
    let log: SampleLog

    init() throws { log = try SampleLog() }

    @Test("reading is the inverse of writing, and every pair of sizes checks", arguments: UInt64(0)...11)
    func roundTrip(size: UInt64) throws {
        for old in 0...size {
            let proof = try log.continuation(old, size)
            let again = try ConsistencyProof(parsing: proof.encoded)
            #expect(again == proof)
            #expect(again.encoded == proof.encoded)
            let heads = try again.check(keys: [log.key])
            #expect(heads.old.size == old && heads.new.size == size)
        }
    }

    @Test("the form that its documentation shows")
    func form() throws {
        let proof = try log.continuation(6, 11)
        let path = proof.path.map { $0.base64 + "\n" }.joined()
        let (old, new) = (try log.head(6).encoded, try log.head(11).encoded)
        #expect(proof.encoded == "daybook/consistency-proof@v1\n\(path)\n\(old)\n\(new)")
        #expect(proof.encoded.split(separator: "\n", omittingEmptySubsequences: false).count { $0.isEmpty } == 4 + 1)
    }

    @Test("the earlier checkpoint may be of a key that was replaced")
    func replacedKey() throws {
        let before = try SampleLog(seed: 2)
        let proof = ConsistencyProof(path: try log.tree.consistency(6, 11), old: try before.head(6), new: try log.head(11))
        #expect(try proof.check(keys: [before.key, log.key]).new.size == 11)
        #expect(code { _ = try proof.check(keys: [log.key]) } == .notSigned)
        #expect(code { _ = try proof.check(keys: [before.key]) } == .notSigned)
    }

    @Test("what does not hold is named, and two histories are told as such")
    func verdicts() throws {
        let path = try log.tree.consistency(6, 11)
        func verdict(_ path: [MerkleHash], _ old: SignedNote, _ new: SignedNote) -> NoteError? {
            #expect(throws: NoteError.self) { try ConsistencyProof(path: path, old: old, new: new).check(keys: [log.key]) }
        }
        let forged = log.signer.sign(Checkpoint(origin: log.key.name, size: 6, root: .emptyRoot))
        #expect(verdict([], try log.head(6), try log.head(11))?.code == .notConsistent)
        #expect(verdict(path, forged, try log.head(11))?.code == .notConsistent)
        #expect(verdict(path, try log.head(11), try log.head(6))?.sentence.contains("wrong order") == true)
        #expect(verdict([], try log.head(6), forged)?.sentence.contains("two histories") == true)
        let unsigned = SignedNote(text: forged.text, signatures: try log.head(6).signatures)
        #expect(verdict(path, unsigned, try log.head(11))?.code == .badSignature)
    }

    @Test("no byte of a consistency proof can be changed")
    func mutations() throws {
        let accepted = changedBytes(try log.continuation(6, 11).encoded).filter { bytes in
            (try? ConsistencyProof(parsing: bytes).check(keys: [log.key])) != nil
        }
        #expect(accepted.isEmpty)
    }

    @Test("no tail can be cut off, and nothing may follow")
    func truncations() throws {
        let text = try log.continuation(6, 11).encoded
        let bytes = Array(text.utf8)
        for count in bytes.indices { #expect(throws: NoteError.self) { try ConsistencyProof(parsing: Array(bytes[..<count])) } }
        #expect(throws: NoteError.self) { try ConsistencyProof(parsing: text + "\n") }
        #expect(throws: NoteError.self) { try ConsistencyProof(parsing: text + "\n" + (try log.head(11).encoded)) }
    }

    static let first = "daybook/consistency-proof@v1\n"
    static let malformed: [(String, NoteError.Code)] = [
        ("", .malformedProof),
        ("c2sp.org/tlog-proof@v1\n", .malformedProof),
        (first, .malformedProof),
        (first + "\n", .malformedProof),
        (first + "\n" + InclusionProofTests.note, .malformedProof),
        (first + "\n" + InclusionProofTests.note + "\n", .malformedNote),
        (first + "\n" + InclusionProofTests.note + InclusionProofTests.note, .malformedSignature),
        (first + "\n\n" + InclusionProofTests.note + "\n" + InclusionProofTests.note, .malformedNote),
        (first + "\n" + NoteVectors.exampleNote + "\n" + InclusionProofTests.note, .malformedCheckpoint),
        (first + "\n" + InclusionProofTests.note + "\n" + NoteVectors.exampleNote, .malformedCheckpoint),
        (first + String(repeating: InclusionProofTests.hash, count: 66) + "\n", .tooLarge),
    ]

    @Test("what is not a consistency proof is named", arguments: malformed)
    func codes(text: String, expected: NoteError.Code) {
        let note = InclusionProofTests.note
        #expect(code { _ = try ConsistencyProof(parsing: Self.first + "\n" + note + "\n" + note) } == nil)
        #expect(code { _ = try ConsistencyProof(parsing: text) } == expected)
    }
}
