import Crypto
import Testing

@testable import Transparency

@Suite("Signed notes")
struct SignedNoteTests {
    static let known = [
        (NoteVectors.exampleNote, NoteVectors.exampleKey),
        (NoteVectors.goHead, NoteVectors.goKey),
        (NoteVectors.peterText + "\n" + NoteVectors.peterLine, NoteVectors.peterKey),
        (NoteVectors.peterText + "\n" + NoteVectors.peterLine + NoteVectors.enochLine, NoteVectors.enochKey),
    ]

    @Test("notes of others are read, checked and written again", arguments: known)
    func vectors(text: String, key: String) throws {
        let note = try SignedNote(parsing: text)
        #expect(Array(note.encoded.utf8) == Array(text.utf8))
        #expect(try VerifierKey(key).isValid(note))
        #expect(try note.check(keys: [VerifierKey(key), VerifierKey(NoteVectors.plusKey)]) == [VerifierKey(key)])
        #expect(try !VerifierKey(NoteVectors.plusKey).isValid(note))
    }

    @Test("signing gives the bytes that another signer gives")
    func signature() throws {
        let typedSeed = try #require([UInt8](base64: NoteVectors.peterSeed.utf8))
        let signer = try NoteSigner(name: "PeterNeumann", privateKey: Array(typedSeed.dropFirst()))
        #expect(signer.verifierKey.description == NoteVectors.peterKey)
        #expect(signer.sign(NoteVectors.peterText).encoded == NoteVectors.peterText + "\n" + NoteVectors.peterLine)
        #expect(try NoteSigner(name: "PeterNeumann", privateKey: signer.seed).verifierKey == signer.verifierKey)
    }

    @Test("signatures are plain Ed25519, both ways")
    func interoperation() throws {
        let other = Curve25519.Signing.PrivateKey()
        let signer = try NoteSigner(name: "log", privateKey: Array(other.rawRepresentation))
        let note = signer.sign("a text\n\nof three lines\n")
        #expect(other.publicKey.isValidSignature(note.signatures[0].bytes, for: Array(note.text.utf8)))

        let bytes = Array(try other.signature(for: Array("by hand\n".utf8)))
        let line = NoteSignature(name: "log", keyHash: signer.verifierKey.keyHash, bytes: bytes)
        #expect(signer.verifierKey.isValid(SignedNote(text: "by hand\n", signatures: [line])))
        #expect(!signer.verifierKey.isValid(SignedNote(text: "by hook\n", signatures: [line])))
    }

    static let texts = ["\n", "a\n", "a\n\n", "\n\n\n", "— a QUJDREU=\n", "\u{7F}é\u{301}\n", "a\n\n— log QUJDREVG\n"]

    @Test("reading is the inverse of writing", arguments: texts)
    func roundTrip(text: String) throws {
        let (one, other) = (try NoteSigner.random(name: "log"), try NoteSigner.random(name: "zweite/Größe"))
        let note = SignedNote(text: text, signatures: one.sign(text).signatures + other.sign(text).signatures)
        let again = try SignedNote(parsing: note.encoded)
        #expect(again == note)
        #expect(Array(again.encoded.utf8) == Array(note.encoded.utf8))
        #expect(try again.check(keys: [other.verifierKey, one.verifierKey]) == [other.verifierKey, one.verifierKey])
    }

    @Test("no byte of a note can be changed", arguments: [NoteVectors.exampleNote, NoteVectors.goHead])
    func mutations(text: String) throws {
        let key = try VerifierKey(text == NoteVectors.exampleNote ? NoteVectors.exampleKey : NoteVectors.goKey)
        let accepted = changedBytes(text).filter { (try? SignedNote(parsing: $0).check(keys: [key])) != nil }
        #expect(accepted.isEmpty)
    }

    @Test("no byte can be put in or taken out, and no tail cut off")
    func lengths() throws {
        let bytes = Array(NoteVectors.exampleNote.utf8)
        let key = try VerifierKey(NoteVectors.exampleKey)
        for place in bytes.indices {
            var (shorter, longer) = (bytes, bytes)
            shorter.remove(at: place)
            longer.insert(bytes[place], at: place)
            for changed in [shorter, longer, Array(bytes[..<place])] {
                #expect(throws: NoteError.self) { try SignedNote(parsing: changed).check(keys: [key]) }
            }
        }
    }

    static let line = NoteVectors.peterLine
    static let malformed: [(String, NoteError.Code)] = [
        ("", .malformedNote),
        ("\n", .malformedNote),
        ("text\n", .malformedNote),
        ("text\n\n", .malformedNote),
        ("text\n\n" + line.dropLast(), .malformedNote),
        ("text\n\n" + line + line.dropLast(), .malformedNote),
        ("text\n" + line, .malformedNote),
        ("\n" + line, .malformedNote),
        ("text\n\n" + line + "\n", .malformedNote),
        ("text\n\n" + line + "one line more\n", .malformedSignature),
        ("text\n\n- PeterNeumann QUJDREU=\n", .malformedSignature),
        ("text\n\n— PeterNeumann\n", .malformedSignature),
        ("text\n\n— PeterNeumann \n", .malformedSignature),
        ("text\n\n— PeterNeumann  QUJDREU=\n", .malformedSignature),
        ("text\n\n— Peter Neumann QUJDREU=\n", .malformedSignature),
        ("text\n\n— PeterNeumann QUJDREU= \n", .malformedSignature),
        ("text\n\n— PeterNeumann QUJDREU\n", .malformedSignature),
        ("text\n\n— PeterNeumann QUJDRA==\n", .malformedSignature),  // a hash and no signature
        ("text\n\n—  QUJDREU=\n", .badKeyName),
        ("text\n\n— Peter+Neumann QUJDREU=\n", .badKeyName),
        ("text\n\n— Peter\u{A0}Neumann QUJDREU=\n", .badKeyName),
        ("text\r\n\r\n" + line, .controlCharacter),
        ("te\txt\n\n" + line, .controlCharacter),
        ("te\u{0}xt\n\n" + line, .controlCharacter),
    ]

    @Test("what is not a note is named", arguments: malformed)
    func codes(text: String, expected: NoteError.Code) {
        #expect(code { _ = try SignedNote(parsing: text) } == expected)
    }

    @Test("bytes that are not UTF-8", arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x8A]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(code { _ = try SignedNote(parsing: bytes + Array(NoteVectors.exampleNote.utf8)) } == .notUTF8)
    }

    @Test("the sentence says where and what to do")
    func sentences() {
        let error = #expect(throws: NoteError.self) { try SignedNote(parsing: "a\nb\r\n\n" + Self.line) }
        #expect(error?.sentence == "line 2 has the control character 0x0d; lines must end in a newline alone")
        let other = #expect(throws: NoteError.self) { try SignedNote(parsing: "a\n\n" + Self.line + "x\n") }
        #expect(other?.sentence.hasPrefix("line 4 of the note is not a signature") == true)
    }

    @Test("sixteen signatures of five kilobytes are read; more than the bounds are not")
    func bounds() throws {
        let large = NoteSignature(name: "quantum", keyHash: 7, bytes: [UInt8](repeating: 9, count: 5_000))
        let note = SignedNote(text: "text\n", signatures: Array(repeating: large, count: 16))
        #expect(try SignedNote(parsing: note.encoded) == note)

        let small = NoteSignature(name: "a", keyHash: 7, bytes: [9])
        for count in [NoteBounds.signatureCountMax, NoteBounds.signatureCountMax + 1] {
            let note = SignedNote(text: "text\n", signatures: Array(repeating: small, count: count))
            let expected: NoteError.Code? = count > NoteBounds.signatureCountMax ? .tooLarge : nil
            #expect(code { _ = try SignedNote(parsing: note.encoded) } == expected)
        }

        let rest = "\n\n" + Self.line
        let text = String(repeating: "x", count: NoteBounds.noteByteCountMax - rest.utf8.count)
        #expect(code { _ = try SignedNote(parsing: text + rest) } == nil)
        #expect(code { _ = try SignedNote(parsing: text + "x" + rest) } == .tooLarge)
    }

    @Test("signatures of other keys are passed over, a false one in the name of a known key refuses the note")
    func whoSigned() throws {
        let (log, other) = (try NoteSigner.random(name: "log"), try NoteSigner.random(name: "log"))
        let (right, foreign) = (log.sign("text\n").signatures[0], other.sign("text\n").signatures[0])
        let forged = NoteSignature(name: "log", keyHash: right.keyHash, bytes: foreign.bytes)
        let renamed = NoteSignature(name: "glo", keyHash: right.keyHash, bytes: right.bytes)
        func verdict(_ signatures: [NoteSignature]) -> NoteError.Code? {
            code { try SignedNote(text: "text\n", signatures: signatures).check(keys: [log.verifierKey]) }
        }
        #expect(verdict([right]) == nil)
        #expect(verdict([foreign, renamed, right, right]) == nil)
        #expect(verdict([foreign]) == .notSigned)
        #expect(verdict([renamed]) == .notSigned)
        #expect(verdict([forged]) == .badSignature)
        #expect(verdict([right, forged]) == .badSignature)
        #expect(code { try log.sign("text\n").check(keys: []) } == .notSigned)
        #expect(!log.verifierKey.isValid(SignedNote(text: "text\n", signatures: [right, forged])))
    }

    @Test("a name is its bytes: the same characters spelled otherwise are another key")
    func spelling() throws {
        let key = try NoteSigner(name: "caf\u{E9}", privateKey: [UInt8](repeating: 3, count: 32))
        let right = key.sign("text\n").signatures[0]
        let respelled = NoteSignature(name: "cafe\u{301}", keyHash: right.keyHash, bytes: right.bytes)
        #expect(code { try SignedNote(text: "text\n", signatures: [respelled]).check(keys: [key.verifierKey]) } == .notSigned)
    }
}
