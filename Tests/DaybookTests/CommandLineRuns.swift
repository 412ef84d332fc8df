import ArgumentParser
import ClientTestKit
import LedgerClient

@testable import daybook

/// Runs a command line, split at its spaces, against the daemon at `path`.
func runDaybook(_ line: String, _ path: String) throws {
    var command = try Daybook.parseAsRoot(line.split(separator: " ").map(String.init) + ["--socket", path])
    try command.run()
}

/// The lines that a command line sends before its first answer.
func sent(_ line: String) throws -> [String] {
    let daemon = FakeDaemon { peer in
        peer.line()
        peer.answer(1, "{}")
    }
    try runDaybook(line, daemon.path)
    return daemon.finish()[0]
}

/// A request as the client writes it.
func request(_ number: Int, _ method: String, _ params: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(number),"method":"\#(method)","params":\#(params)}"#
}
