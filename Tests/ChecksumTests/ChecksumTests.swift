import CChecksum
import Testing

/// The same bytes every time: a multiplicative generator.
private let noise: [UInt8] = {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<4096).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
}()

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func sha256(_ bytes: some Collection<UInt8>) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let bytes = Array(bytes)
    checksum_sha256_of(bytes, bytes.count, &digest)
    return hex(digest)
}

private func sha256Portable(_ bytes: some Collection<UInt8>) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let bytes = Array(bytes)
    checksum_sha256_of_portable(bytes, bytes.count, &digest)
    return hex(digest)
}

private func sha256(inPieces pieces: [ArraySlice<UInt8>]) -> String {
    var sha = checksum_sha256()
    checksum_sha256_init(&sha)
    for piece in pieces { piece.withUnsafeBytes { checksum_sha256_update(&sha, $0.baseAddress, $0.count) } }
    var digest = [UInt8](repeating: 0, count: 32)
    checksum_sha256_final(&sha, &digest)
    return hex(digest)
}

@Suite("CRC-32C")
struct CRC32CTests {
    /// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    static let knownAnswers: [(bytes: [UInt8], crc: UInt32)] = [
        ([], 0),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
        ((0..<32).reversed(), 0x113F_DB5C),
        (Array("123456789".utf8), 0xE306_9283),
    ]

    @Test("known answers", arguments: knownAnswers)
    func knownAnswer(bytes: [UInt8], crc: UInt32) {
        #expect(checksum_crc32c(0, bytes, bytes.count) == crc)
        #expect(checksum_crc32c_portable(0, bytes, bytes.count) == crc)
    }

    @Test("the fast and the portable function agree on every length and alignment")
    func agreement() {
        noise.withUnsafeBytes { noise in
            for start in 0..<9 {
                for count in 0..<300 {
                    let bytes = noise.baseAddress! + start
                    #expect(checksum_crc32c(0, bytes, count) == checksum_crc32c_portable(0, bytes, count))
                }
            }
        }
    }

    @Test("a checksum of pieces is the checksum of the whole", arguments: [0, 1, 7, 8, 9, 1000, 4096])
    func pieces(split: Int) {
        noise.withUnsafeBytes { noise in
            let start = checksum_crc32c(0, noise.baseAddress!, split)
            let whole = checksum_crc32c(0, noise.baseAddress!, noise.count)
            #expect(checksum_crc32c(start, noise.baseAddress! + split, noise.count - split) == whole)
        }
    }
}

@Suite("SHA-256")
struct SHA256Tests {
    /// FIPS 180-4 examples as published by NIST.
    static let knownAnswers: [(text: String, digest: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test("known answers", arguments: knownAnswers)
    func knownAnswer(text: String, digest: String) {
        #expect(sha256(text.utf8) == digest)
        #expect(sha256Portable(text.utf8) == digest)
    }

    @Test("the fast and the portable function agree on every length")
    func agreement() {
        for count in 0..<400 { #expect(sha256(noise[..<count]) == sha256Portable(noise[..<count])) }
    }

    @Test("a digest of pieces is the digest of the whole, wherever they are split")
    func pieces() {
        let whole = sha256(noise[..<200])
        for first in 0...200 {
            let second = (first + 200) / 2
            #expect(sha256(inPieces: [noise[..<first], noise[first..<second], noise[second..<200]]) == whole)
        }
    }
}
