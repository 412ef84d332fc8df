import Crypto
import Foundation
import Glibc

/// The secret of an API key. It never leaves this program: the ledger is given its hash.
struct Secret: Equatable {
    let text: String

    /// SHA-256 of the secret's UTF-8 (FIPS 180-4), as 64 lower-case hexadecimal digits.
    var hash: String {
        SHA256.hash(data: Data(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// `dbk_` and 32 random bytes as base64url (RFC 4648 section 5): 256 bits from the system's generator.
    static func generated() -> Secret {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let base64 = Data(bytes).base64EncodedString()
        return Secret(
            text: "dbk_" + base64.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" }.map(String.init).joined())
    }

    /// From a file, or standard input for `-`; a line break at its end is not part of it.
    static func read(_ path: String) throws(Failure) -> Secret {
        guard let text = path == "-" ? InputText.standardInput() : InputText.file(path) else {
            throw .usage("\(path) cannot be read as UTF-8 text.")
        }
        return try Secret(read: text, from: path)
    }

    /// Nothing, or more than one line, is surely a mistake.
    init(read text: String, from path: String) throws(Failure) {
        let line = text.last?.isNewline == true ? String(text.dropLast()) : text
        if line.isEmpty { throw .usage("\(path) holds no secret.") }
        if line.contains(where: \.isNewline) { throw .usage("\(path) holds more than one line: a secret is one.") }
        self.init(text: line)
    }

    init(text: String) { self.text = text }
}
