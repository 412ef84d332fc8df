import Crypto
import Testing

@testable import Transparency

@Suite("Keys of notes")
struct VerifierKeyTests {
    static let keys = [
        NoteVectors.exampleKey, NoteVectors.peterKey, NoteVectors.enochKey, NoteVectors.goKey, NoteVectors.plusKey,
    ]

    @Test("a key reads back as it is written", arguments: keys)
    func roundTrip(text: String) throws {
        let key = try VerifierKey(text)
        #expect(key.description == text)
        #expect(try VerifierKey(name: key.name, publicKey: key.publicKey) == key)
    }

    @Test("no part of a key is a key, and no byte of it can be changed")
    func manglings() {
        let text = NoteVectors.peterKey
        for start in text.indices {
            for end in text.indices[start...].dropFirst() {
                #expect(throws: NoteError.self) { try VerifierKey(String(text[start..<end])) }
            }
            if start > text.startIndex { #expect(throws: NoteError.self) { try VerifierKey(String(text[start...])) } }
        }
        for bytes in changedBytes(text) {
            guard let changed = String(validating: bytes, as: UTF8.self) else { continue }
            #expect(throws: NoteError.self) { try VerifierKey(changed) }
        }
    }

    /// The fourth and fifth are golang.org/x/mod's: another length and another type, with the hash that belongs to them.
    static let wrong: [(String, NoteError.Code)] = [
        ("", .malformedKey),
        ("PeterNeumann+c74f20a3", .malformedKey),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .wrongKeyHash),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .unknownKeyType),
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", .malformedKey),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .wrongKeyHash),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .badKeyName),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .badKeyName),
    ]

    @Test("each wrong key is named", arguments: wrong)
    func codes(text: String, expected: NoteError.Code) {
        #expect(code { _ = try VerifierKey(text) } == expected)
    }

    @Test("a key of another length is refused, under the hash that belongs to it")
    func length() {
        let typedKey = [UInt8](repeating: 1, count: 32)
        let hash = Array(SHA256.hash(data: Array("short".utf8) + [0x0A] + typedKey)).prefix(4)
        #expect(code { _ = try VerifierKey("short+\(hexadecimal(hash))+\(typedKey.base64)") } == .malformedKey)
        #expect(code { _ = try VerifierKey(name: "short", publicKey: []) } == .malformedKey)
        #expect(code { _ = try NoteSigner(name: "short", privateKey: [1, 2, 3]) } == .malformedKey)
    }

    static let badNames = ["", " ", "a b", "a+b", "a\n", "a\tb", "a\u{A0}b", "a\u{2028}", "\u{3000}", "a\u{1}"]

    @Test("names that a signature line could not hold", arguments: badNames)
    func names(name: String) {
        let publicKey = [UInt8](repeating: 1, count: 32)
        #expect(code { _ = try VerifierKey(name: name, publicKey: publicKey) } == .badKeyName)
        #expect(code { _ = try NoteSigner.random(name: name) } == .badKeyName)
    }

    @Test("names of any script", arguments: ["a", "example.com/log", "Grüße/日本", "\u{1F512}"])
    func goodNames(name: String) throws {
        let signer = try NoteSigner.random(name: name)
        #expect(signer.verifierKey.isValid(signer.sign("text\n")))
        #expect(try VerifierKey(signer.verifierKey.description) == signer.verifierKey)
    }
}
