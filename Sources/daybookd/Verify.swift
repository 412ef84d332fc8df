import ArgumentParser
import LedgerEngine
import LedgerModel
import Notary
import ReadModels
import SegmentLog
import Transparency

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every byte of a log: headers, checksums, the hash chain, seals, and the tree that was signed.",
        discussion: """
            The last checkpoint is checked too: its signature by the key that the log names, and its root against every event \
            before it; and tree/level8, and that read models have seen nothing that is not there. Changes nothing, takes no \
            lock, and may run beside the daemon. Names the first fault by file, offset and sequence number.

            Exit status 0 when all is sound, 1 when something is not.
            """)

    @OptionGroup var data: DataOption

    func run() throws {
        do {
            try verify()
        } catch let fault as Fault {
            complain("fault: \(fault.sentence)")
            throw ExitCode.failure
        }
    }

    private func verify() throws {
        var line = ProgressLine("verify")
        let audit = try Audit(data.directory)
        let result = LogVerifier.verify(
            data.directory,
            progress: { line.show($0.byteCount, of: $0.byteCountTotal, "\(grouped($0.eventCount)) events") }, batch: audit.take)
        line.finish()
        switch result {
        case .sound(let summary):
            let root = try audit.finish(summary.head)
            summary.tell()
            print("root of the tree \(root.base64)")
            audit.tell()
        case .fault(let fault):
            _ = try? audit.finish(nil)
            throw Fault("\(fault)")
        }
    }
}

/// Something that is not as it must be.
private struct Fault: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// What is checked beside the bytes, in the same pass.
private final class Audit {
    private let tree: TreeVerification
    private var identity = IdentityScan()
    /// What read models have seen, until it was found in the log.
    private var unseen: [Watermark]
    private let watermarkCount: Int
    private var fault: Fault?

    init(_ directory: String) throws {
        do { tree = try TreeVerification(directory: directory) } catch { throw Fault(error.sentence) }
        unseen = ReadModels.watermarks(in: "\(directory)/views").filter { $0.sequence > .zero }
        watermarkCount = unseen.count
    }

    func take(_ batch: VerifiedBatch) {
        tree.take(batch)
        if fault == nil {
            do { try identity.take(batch.records, from: batch.firstSequence) } catch { fault = Fault("\(error)") }
        }
        if !unseen.isEmpty { unseen.removeAll { $0.sequence <= batch.lastSequence && batch.agrees(with: $0) } }
    }

    /// - Parameter head: the end of the log; nil when it has a fault, and all else is of no interest.
    func finish(_ head: LogHead?) throws(Fault) -> MerkleHash {
        let root: MerkleHash
        do throws(NotaryError) { root = try tree.finish() } catch { throw Fault(error.sentence) }
        if let fault { throw fault }
        if let checkpoint = tree.checkpoint { try check(checkpoint) }
        if let mark = unseen.first, head != nil {
            throw Fault(
                "views/: a read model has seen event \(mark.sequence) of ledger \(mark.ledger), and the log has it not, "
                    + "or another in its place"
            )
        }
        return root
    }

    /// Signed by the key that was in force when the checkpoint's last event was written.
    private func check(_ checkpoint: SignedCheckpoint) throws(Fault) {
        let key = identity.keys.last { $0.since <= checkpoint.sequence }?.key
        do throws(NotaryError) { try checkpoint.verify(keys: key.map { [$0] } ?? []) } catch { throw Fault(error.sentence) }
    }

    func tell() {
        guard let checkpoint = tree.checkpoint else { return print("nothing was signed yet") }
        print(
            "checkpoint of \(grouped(checkpoint.sequence.rawValue)) events, signed by \(checkpoint.checkpoint.origin); "
                + "the log is what was signed"
        )
        if watermarkCount > 0 { print("\(watermarkCount) read models have seen nothing that is not there") }
    }
}

extension VerifiedBatch {
    /// Whether this batch holds the event of a watermark, and is the one that was seen.
    fileprivate func agrees(with mark: Watermark) -> Bool {
        mark.sequence >= firstSequence && mark.ledger == ledger && mark.chain == chain
    }
}

extension LogSummary {
    fileprivate func tell() {
        print(
            """
            sound: \(grouped(eventCount)) events in \(grouped(batchCount)) log batches, \(grouped(segmentCount)) \
            segments; \(grouped(rawByteCount)) bytes of events, \(grouped(storedByteCount)) stored
            ledger \(head.ledger), last sequence \(head.lastSequence), chain \(head.chain)
            """)
    }
}
