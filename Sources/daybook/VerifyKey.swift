import ArgumentParser
import LedgerClient

struct VerifyKey: Verb {
    static let configuration = CommandConfiguration(
        commandName: "verify-key",
        abstract: "Whose key a secret is, and whether it can be used. Status 1 if it cannot.",
        discussion: """
            The secret is read from standard input or a file and hashed here: it is not sent, and stands on no command line.

            Examples:
              daybook verify-key < k-1.secret
              daybook verify-key --secret-file k-1.secret --json
            """)

    @Option(help: ArgumentHelp("The file with the secret; - for standard input. Default: -.", valueName: "path"))
    var secretFile: String?
    @Option(help: ArgumentHelp("The secret's SHA-256 instead, as 64 lower-case hexadecimal digits.", valueName: "hex"))
    var hash: String?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func validate() throws {
        if hash != nil, secretFile != nil { throw ValidationError("Say either --hash or --secret-file.") }
    }

    func run() throws {
        let params: Params = ["hash": try hash ?? Secret.read(secretFile ?? "-").hash]
        let key = try connection.connect().call("verifyKey", params.object)
        connection.show(key) { Sheet.lines($0, connection.amounts(of: $0["tenant"]?.string)) }
        if key["usable"]?.boolean == false { throw Failure(status: .rejected, message: "") }
    }
}
