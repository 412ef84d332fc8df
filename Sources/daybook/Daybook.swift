import ArgumentParser
import Glibc

/// The command-line client. It speaks to the daemon's socket and to nothing else.
struct Daybook: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daybook",
        abstract: "Grant, hold, debit and look up units in a Daybook ledger, over the daemon's socket.",
        discussion: """
            A first session:
              daybook grant acme u-7 credits 1000
              daybook debit acme u-7 credits 3 --id d-1
              daybook hold acme u-7 credits 60 --id h-1
              daybook settle acme h-1 --amount 25
              daybook refund acme d-1
              daybook balance acme u-7
              daybook history acme u-7

            The socket is --socket PATH, else $DAYBOOK_SOCKET, else ./daybook.sock. Tables are for people; --json gives programs the \
            result on one line. Every command carries an id, made for you when you give none: sending the same command with the same \
            id again changes nothing and shows the first answer, so a retry is always safe.

            Amounts are given in minor units; they are shown in whole units where the unit has a scale, or as given with --raw.

            Exit status: 0 done, 1 rejected or not there, 2 usage, 3 no daemon, 4 another error.
            """,
        version: "daybook 0.1, protocol 1",
        groupedSubcommands: [
            CommandGroup(
                name: "Units", subcommands: [Grant.self, Adjust.self, Debit.self, Refund.self, Batch.self, RecordUsage.self]),
            CommandGroup(name: "Holds", subcommands: [Hold.self, Settle.self, Release.self, Extend.self, Holds.self]),
            CommandGroup(
                name: "Looking up",
                subcommands: [
                    Balance.self, Quota.self, History.self, Stats.self, Query.self, WhatIf.self, Check.self, Explain.self,
                ]),
            CommandGroup(
                name: "Accounts and plans",
                subcommands: [Account.self, Subscribe.self, ChangePlan.self, Unsubscribe.self, Allowance.self, Plans.self]),
            CommandGroup(name: "Keys and alerts", subcommands: [Keys.self, VerifyKey.self, Alerts.self]),
            CommandGroup(name: "Configuration", subcommands: [Config.self]),
            CommandGroup(name: "Many at once", subcommands: [Submit.self, Import.self, ReportUsage.self, ReportSync.self]),
            CommandGroup(
                name: "The ledger",
                subcommands: [Events.self, Export.self, Proof.self, Checkpoint.self, Status.self, CallMethod.self]),
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
