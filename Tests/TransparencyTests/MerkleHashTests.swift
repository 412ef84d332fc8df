import Crypto
import Testing

@testable import Transparency

@Suite("Merkle hashes")
struct MerkleHashTests {
    @Test("the hash of no leaves is SHA-256 of nothing")
    func emptyRoot() {
        #expect("\(MerkleHash.emptyRoot)" == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("leaves and nodes are hashed apart, as another SHA-256 says", arguments: [0, 1, 54, 55, 56, 63, 64, 65, 470, 65_535])
    func prefixes(byteCount: Int) {
        let record = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let leaf = record.withUnsafeBytes { MerkleHash.leaf($0) }
        #expect(leaf.bytes == Array(SHA256.hash(data: [0] + record)))
        #expect(
            MerkleHash.node(leaf, .emptyRoot).bytes == Array(SHA256.hash(data: [1] + leaf.bytes + MerkleHash.emptyRoot.bytes)))
        #expect(MerkleHash.node(leaf, .emptyRoot) != .node(.emptyRoot, leaf))
    }

    @Test("a hash reads back from its bytes, its base64 and a place in a file")
    func forms() {
        let hash = leaf("a record")
        #expect(MerkleHash(bytes: hash.bytes) == hash)
        #expect(MerkleHash(base64: hash.base64) == hash)
        var file = [UInt8](repeating: 0xAA, count: 71)
        file.withUnsafeMutableBytes { hash.put(at: 33, in: $0) }
        #expect(file.withUnsafeBytes { MerkleHash(at: 33, in: $0) } == hash)
        #expect(Array(file[33..<65]) == hash.bytes)
        #expect(file[..<33].allSatisfy { $0 == 0xAA } && file[65...].allSatisfy { $0 == 0xAA })
    }

    @Test("bytes of another count are no hash", arguments: [0, 31, 33, 64])
    func counts(byteCount: Int) {
        let bytes = [UInt8](repeating: 7, count: byteCount)
        #expect(MerkleHash(bytes: bytes) == nil)
        #expect(MerkleHash(base64: bytes.base64) == nil)
    }

    static let otherSpellings = [
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",  // no padding
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",  // a bit set that carries nothing
        "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=",  // the alphabet of RFC 4648, section 5
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I= ",
        " CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2f=2MPA3j2jxq2I=",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2==",
        "",
    ]

    @Test("one spelling in base64 alone is read", arguments: otherSpellings)
    func strictness(text: String) {
        #expect(MerkleHash(base64: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=") != nil)
        #expect(MerkleHash(base64: text) == nil)
    }

    /// RFC 4648, section 10.
    static let base64 = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("base64 of the RFC's vectors, both ways", arguments: base64)
    func vectors(text: String, encoded: String) {
        #expect(Array(text.utf8).base64 == encoded)
        #expect([UInt8](base64: encoded.utf8) == Array(text.utf8))
    }
}
