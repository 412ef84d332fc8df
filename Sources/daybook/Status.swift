import ArgumentParser
import LedgerClient

struct Status: Verb {
    static let configuration = CommandConfiguration(abstract: "How the daemon is: its ledger, the newest event, the read models.")

    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws { connection.show(try connection.connect().call("status")) { Sheet.lines($0) } }
}
