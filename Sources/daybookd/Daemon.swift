import ArgumentParser

@main
struct Daemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daybookd",
        abstract: "The ledger daemon, and the operator's tool for its data directory.",
        discussion: """
            A data directory holds one ledger: its log (log/*.lz4, ordinary LZ4 files of JSON Lines), its signing key, and read models that \
            can be deleted at any time and are rebuilt.

              daybookd serve --data ledger            start a new ledger, or go on with one
              daybookd verify --data ledger           check every byte of its log
              daybookd cat --data ledger | jq .       print its events
              daybookd book --data ledger             print the state that its events lead to
              daybookd rebuild balances --data ledger make a read model anew (while nothing serves)

            Services and people talk to it over its socket: see daybook --help.
            """,
        groupedSubcommands: [
            CommandGroup(name: "Serving", subcommands: [Serve.self, Rebuild.self, Snapshot.self, Recover.self]),
            CommandGroup(name: "Reading", subcommands: [Verify.self, Cat.self, PrintBook.self, PrintJournal.self]),
            CommandGroup(
                name: "Proving", subcommands: [ShowCheckpoint.self, Prove.self, CheckProof.self, ReplaceKey.self]),
            CommandGroup(name: "Keeping", subcommands: [Backup.self, Restore.self]),
            CommandGroup(name: "Measuring", subcommands: [Bench.self, Generate.self]),
        ])
}

/// Where the ledger is: the same option for every verb.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: ArgumentHelp("The data directory.", valueName: "dir"))
    var directory: String
}
