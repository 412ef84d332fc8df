import ArgumentParser
import EventCodec
import Glibc
import LedgerModel
import SegmentLog

struct PrintJournal: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Print a log as a journal of plain-text accounting, for hledger and its kin.",
        discussion: """
            Each event that moved something is one balanced transaction between lots:TENANT:ACCOUNT:LOT, holds:TENANT:ACCOUNT:HOLD, \
            spent:TENANT:FEATURE, expired:TENANT, adjusted:TENANT and issued:TENANT:SOURCE. Amounts are minor units. Lots and holds bear the \
            number of the event that opened them, transactions their event's in brackets. What is not a letter or digit in a name is written \
            as % and two hexadecimal digits. May run beside the daemon; damage ends with exit status 1.

              daybookd journal --data ledger | hledger -f - balance lots:acme:u-7
              daybookd journal --data ledger | hledger -f - balance spent --monthly
            """)

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("Only this tenant.", valueName: "name"))
    var tenant: String?

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let reader = LogReader(data.directory)
        let head = try reader.head()
        var line = ProgressLine("journal")
        defer { line.finish() }
        try write("; ledger \(head.ledger), events 1 to \(head.lastSequence); amounts in minor units\n\n")
        let (cursor, tenant) = (reader.cursor(from: .first), tenant.map { Name($0) })
        var journal = JournalWriting()
        while let batch = try cursor.next(upTo: head) {
            try write(try PrintJournal.text(of: batch, tenant, &journal))
            line.show(
                batch.lastSequence.rawValue, of: head.lastSequence.rawValue, "\(grouped(batch.lastSequence.rawValue)) events")
        }
        if let fault = try reader.faultBehind(head) {
            line.finish()
            complain("daybookd: what stands behind event \(head.lastSequence) is damaged and is not in the journal: \(fault)")
            throw ExitCode.failure
        }
    }

    private static func text(of batch: LogBatch, _ tenant: Name??, _ journal: inout JournalWriting) throws -> String {
        var text = ""
        for line in batch.records.split(separator: UInt8(ascii: "\n")) {
            let event = try line.withUnsafeBytes { try EventCodec.decode($0) }
            if let tenant, event.tenant != tenant { continue }
            text += journal.transaction(event) ?? ""
        }
        return text
    }

    private func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try writeOut(UnsafeRawBufferPointer($0)) }
    }
}
