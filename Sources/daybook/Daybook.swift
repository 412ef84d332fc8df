import ArgumentParser
import Glibc

/// The command-line client. It speaks to the daemon's socket and to nothing else.
struct Daybook: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daybook",
        abstract: "Grant, debit and look up units in a Daybook ledger, over the daemon's socket.",
        discussion: """
            A first session:
              daybook grant acme u-7 credits 1000
              daybook debit acme u-7 credits 3 --id d-1
              daybook refund acme d-1
              daybook balance acme u-7
              daybook history acme u-7

            The socket is --socket PATH, else $DAYBOOK_SOCKET, else ./daybook.sock. Tables are for people; --json gives programs the \
            result on one line. Every command carries an id, made for you when you give none: sending the same command with the same \
            id again changes nothing and shows the first answer, so a retry is always safe.

            Exit status: 0 done, 1 rejected, 2 usage, 3 no daemon, 4 another error.
            """,
        subcommands: [
            Grant.self, Debit.self, Refund.self, Adjust.self, Account.self, Balance.self, History.self, Batch.self, Config.self,
            Alerts.self, Events.self, Status.self, Import.self, CallMethod.self,
        ])
}

/// A verb that can say whether it was asked for JSON, so that its failure can be told in kind.
protocol Verb: ParsableCommand {
    var wantsJSON: Bool { get }
}

@main
enum Program {
    static func main() {
        var wantsJSON = false
        do {
            var command = try Daybook.parseAsRoot()
            wantsJSON = (command as? any Verb)?.wantsJSON ?? false
            try command.run()
        } catch {
            exit(Ending(error).tell(inJSON: wantsJSON).rawValue)
        }
    }
}
