import ArgumentParser
import ClientTestKit
import Foundation
import LedgerClient
import Testing

@testable import daybook

/// Keys on the command line: what is sent of them, and above all what is not.
@Suite struct KeyTests {
    /// SHA-256 of `abc` (FIPS 180-4, appendix B.1).
    private static let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func aSecretIsHashed() throws {
        #expect(try Secret(read: "abc\n", from: "f").hash == Self.hash)
        #expect(try Secret(read: "abc\r\n", from: "f").hash == Self.hash)
        #expect(try Secret(read: " abc", from: "f").hash != Self.hash)
    }

    @Test(arguments: ["", "\n", "abc\ndef\n", "abc\n\n"])
    func whatIsNoSecretIsRefused(text: String) {
        let failure = #expect(throws: Failure.self) { try Secret(read: text, from: "f") }
        #expect(failure?.status == .usage)
    }

    @Test func madeSecretsAreLongAndDiffer() {
        let secrets = (0..<100).map { _ in Secret.generated().text }
        #expect(Set(secrets).count == 100)
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        #expect(secrets.allSatisfy { $0.count == 47 && $0.hasPrefix("dbk_") && $0.allSatisfy(letters.contains) })
    }

    @Test(arguments: [
        (
            "keys issue acme u-7 k-1 --hash H --platform p --owner o --name n --tag a --tag b --expires-at 2027-01-01 --limit credits=9/month --feature f --max-open-holds 2",
            "issueKeys",
            #"{"tenant":"acme","id":"I","keys":[{"key":"k-1","hash":"H","account":"u-7","platform":"p","owner":"o","name":"n","tags":["a","b"],"expiresAt":"2027-01-01T00:00:00.000000Z","limit":{"unit":"credits","amount":9,"period":"month"},"features":["f"],"maxOpenHolds":2}]}"#
        ),
        (
            "keys update acme k-1 k-2 --status disabled", "updateKeys",
            #"{"tenant":"acme","id":"I","keys":[{"key":"k-1","status":"disabled"},{"key":"k-2","status":"disabled"}]}"#
        ),
        (
            "keys update acme k-1 --owner o --clear expires-at --clear max-open-holds", "updateKeys",
            #"{"tenant":"acme","id":"I","keys":[{"key":"k-1","owner":"o","expiresAt":null,"maxOpenHolds":null}]}"#
        ),
        ("keys revoke acme k-1 k-2 --reason r", "revokeKeys", #"{"tenant":"acme","id":"I","keys":["k-1","k-2"],"reason":"r"}"#),
    ])
    func commands(line: String, method: String, params: String) throws {
        #expect(try sent(line + " --id I") == [request(1, method, params)])
    }

    @Test func onlyTheHashOfASecretIsSent() throws {
        let file = try TemporaryFile("abc\n")
        let params = #"{"tenant":"acme","id":"I","keys":[{"key":"k-1","hash":"\#(Self.hash)","account":"u-7"}]}"#
        #expect(try sent("keys issue acme u-7 k-1 --secret-file \(file.path) --id I") == [request(1, "issueKeys", params)])
        #expect(try sent("verify-key --secret-file \(file.path)") == [request(1, "verifyKey", #"{"hash":"\#(Self.hash)"}"#)])
    }

    @Test func aFileOfKeysIsCompletedAndItsSecretsStayHere() throws {
        let file = try TemporaryFile(
            """
            {"key":"k-1","secret":"abc","owner":"jane"}
            {"key":"k-2","hash":"H","account":"u-8"}
            """)
        let keys =
            #"[{"key":"k-1","owner":"jane","hash":"\#(Self.hash)","account":"u-7","tags":["t"]},{"key":"k-2","account":"u-8","hash":"H","owner":"joe","tags":["t"]}]"#
        #expect(
            try sent("keys issue acme u-7 --file \(file.path) --owner joe --tag t --id I") == [
                request(1, "issueKeys", #"{"tenant":"acme","id":"I","keys":\#(keys)}"#)
            ])
    }

    @Test func aMadeSecretIsToldAndNotSent() throws {
        let keys = [
            NewKey("k-1", account: "u-7", hash: nil, try .parse([])), NewKey("k-2", account: "u-7", hash: "H", try .parse([])),
        ]
        let secret = try #require(keys[0].generated)
        #expect(keys[0].json["hash"]?.string == secret.hash)
        #expect(!keys[0].json.description.contains(secret.text))
        let told = NewKey.adding(keys, to: ["seq": 1])
        #expect(told == ["seq": 1, "secrets": [["key": "k-1", "secret": .string(secret.text)]]])
        #expect(Receipt(sentence: "done", id: "I", result: told).lines.contains { $0.contains(secret.text) })
    }

    @Test func aMadeSecretIsNotLostWithTheConnection() throws {
        let key = NewKey("k-1", account: "u-7", hash: nil, try .parse([]))
        let failure = #expect(throws: Failure.self) {
            try NewKey.keepingSecrets([key]) { throw Failure(status: .noDaemon, message: "broken") }
        }
        #expect(failure?.message.contains(key.generated!.text) == true)
        let other = #expect(throws: Failure.self) {
            try NewKey.keepingSecrets([key]) { throw Failure(status: .rejected, message: "no") }
        }
        #expect(other?.message == "no")
    }

    @Test func namesOrObjectsCanBeRevoked() throws {
        #expect(try KeyFile.names("k-1 \n{\"key\":\"k 2\",\"hash\":\"H\"}\n\n", of: "f") == ["k-1", "k 2"])
        let failure = #expect(throws: Failure.self) { try KeyFile.names("k-1\n{\"hash\":\"H\"}", of: "f") }
        #expect(failure?.message.hasPrefix("f line 2: ") == true)
    }

    @Test(arguments: ["credits", "credits=9", "credits=/day", "credits=x/day", "credits=9/week", "=9/day", "credits=9/day/day"])
    func brokenLimitsAreUsage(text: String) {
        #expect(KeyLimit(argument: text) == nil)
    }
}

/// A file with that text for as long as this is alive.
private final class TemporaryFile {
    let path: String

    init(_ text: String) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UInt64.random(in: 0 ... .max))")
        path = url.path
        try Data(text.utf8).write(to: url)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
