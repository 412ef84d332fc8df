import ArgumentParser
import SegmentLog

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every byte of a log: headers, checksums, the hash chain, seals.",
        discussion: """
            Changes nothing, takes no lock, and may run beside the daemon. Names the first fault by file, offset and sequence number. \
            Exit status 0 when all is sound, 1 when something is not.
            """)

    @OptionGroup var data: DataOption

    func run() throws {
        var line = ProgressLine("verify")
        let result = LogVerifier.verify(data.directory) { progress in
            line.show(progress.byteCount, of: progress.byteCountTotal, "\(grouped(progress.eventCount)) events")
        }
        line.finish()
        switch result {
        case .sound(let summary):
            print(
                """
                sound: \(grouped(summary.eventCount)) events in \(grouped(summary.batchCount)) log batches, \(grouped(summary.segmentCount)) \
                segments; \(grouped(summary.rawByteCount)) bytes of events, \(grouped(summary.storedByteCount)) stored
                ledger \(summary.head.ledger), last sequence \(summary.head.lastSequence), chain \(summary.head.chain)
                """)
        case .fault(let fault):
            complain("fault: \(fault)")
            throw ExitCode.failure
        }
    }
}
