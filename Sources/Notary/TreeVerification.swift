import Foundation
import LedgerModel
public import SegmentLog
public import Transparency

/// The tree's part of verifying a log: takes the batches as they are verified, and compares what they make with the last
/// checkpoint and with `tree/level8`. Hashes on a thread of its own, beside the one that verifies.
public final class TreeVerification: @unchecked Sendable {
    /// The checkpoint of the directory when verifying began.
    public let checkpoint: SignedCheckpoint?
    private let saved: [MerkleHash]
    private let lines = LineQueue()
    private let ended = DispatchSemaphore(value: 0)
    // Of the thread that verifies.
    private var gathered: [UInt8] = []
    private var isMarkSeen = false
    private var fault: NotaryError?
    // Of the thread that hashes, until it has ended.
    private var tree = TreeNodes()
    private var signedRoot: MerkleHash?

    /// Small batches are handed over together.
    private static let portionByteCount = 1 << 20

    /// Reads the checkpoint and the tree before the log is read, so that both lie within it although a daemon may be at work.
    ///
    /// - Throws: `.badCheckpoint` or `.volume`.
    public init(directory: String, volume: any Volume = PosixVolume()) throws(NotaryError) {
        checkpoint = try CheckpointFile(directory: directory, volume: volume).read()
        let count = Int((checkpoint?.checkpoint.size ?? 0) / TreeNodes.blockLeafCount)
        saved = try TreeFile(directory: directory, volume: volume).read(atMost: count)
        let thread = Thread { [self] in
            while let portion = lines.take() { hash(portion) }
            ended.signal()
        }
        thread.name = "leaves"
        thread.start()
    }

    /// Takes the next batch of the log.
    public func take(_ batch: VerifiedBatch) {
        if let mark = checkpoint?.watermark, mark.sequence >= batch.firstSequence, mark.sequence <= batch.lastSequence {
            isMarkSeen = true
            if mark != Watermark(ledger: batch.ledger, sequence: batch.lastSequence, chain: batch.chain) {
                fault = NotaryError(
                    .otherHistory,
                    "checkpoint: the log batch that ends with event \(mark.sequence) is not the one that was signed: this "
                        + "is another history"
                )
            }
        }
        gathered.append(contentsOf: batch.records)
        if gathered.count >= Self.portionByteCount { handOver() }
    }

    private func handOver() {
        lines.put(gathered)
        gathered = []
        gathered.reserveCapacity(Self.portionByteCount + Self.portionByteCount / 4)
    }

    private func hash(_ portion: [UInt8]) {
        portion.withUnsafeBytes { bytes in
            bytes.forEachLine { line in
                tree.append(.leaf(line))
                if tree.size == checkpoint?.checkpoint.size { signedRoot = tree.root }
            }
        }
    }

    /// The end of the log was reached, or a fault of its own. Call it once, in either case.
    ///
    /// - Returns: the root of the whole log.
    /// - Throws: `.otherHistory`, `.rootDiffers`.
    public func finish() throws(NotaryError) -> MerkleHash {
        handOver()
        lines.close()
        ended.wait()
        if let fault { throw fault }
        if let checkpoint { try check(checkpoint) }
        for (index, (found, wanted)) in zip(saved, tree.blocks).enumerated() where found != wanted {
            let first = UInt64(index) * TreeNodes.blockLeafCount + 1
            throw NotaryError(
                .rootDiffers,
                "tree/level8: hash \(index), of events \(first) to \(first + TreeNodes.blockLeafCount - 1), is not that "
                    + "of the log: remove tree/, it is made anew")
        }
        return tree.root
    }

    private func check(_ signed: SignedCheckpoint) throws(NotaryError) {
        guard isMarkSeen, let root = signedRoot else {
            throw NotaryError(
                .otherHistory,
                "checkpoint: \(signed.sequence) events were signed, and the log ends at event \(tree.size): this is an "
                    + "older copy of the log, or acknowledged events are gone")
        }
        guard root == signed.checkpoint.root else {
            throw NotaryError(
                .rootDiffers,
                "checkpoint: the first \(signed.sequence) events have the root \(root), and \(signed.checkpoint.root) was "
                    + "signed")
        }
    }
}

/// Portions of lines between two threads: few of them, so that memory is bounded.
private final class LineQueue: Sendable {
    private struct State {
        var portions: [[UInt8]] = []
        var isClosed = false
    }

    private let state = Monitor(State())
    private static let capacity = 4

    /// Waits while the other thread is behind.
    func put(_ portion: [UInt8]) {
        state.wait { $0.portions.count < Self.capacity ? () : nil }
        state.change { $0.portions.append(portion) }
    }

    func close() { state.change { $0.isClosed = true } }

    /// Nil at the end.
    func take() -> [UInt8]? {
        let portion: [UInt8]? = state.wait { state in
            if state.portions.isEmpty { return state.isClosed ? .some(nil) : nil }
            return state.portions.removeFirst()
        }
        state.change { _ in }
        return portion
    }
}
