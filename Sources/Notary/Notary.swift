import Foundation
public import LedgerModel
public import SegmentLog
public import Transparency

/// Follows the committed log on a thread of its own, keeps its Merkle tree, and signs checkpoints of it: at the end of a
/// segment, every so often when there is something new, when somebody asks, and at a clean stop. A checkpoint is durable before
/// anybody sees it, and none is signed that does not continue the last.
///
/// The writer of the log does not know of it, and is never slowed by it.
public final class Notary: Sendable {
    /// How often a checkpoint is signed while there is something new.
    public static let interval = Duration.seconds(10)

    /// It reads the log after this many events at the latest, so that whoever asks for a receipt waits for few.
    private static let followStride = 4096

    /// How many events it still reads when it is told to stop: a tenth of a second.
    private static let backlogAtStopMax: UInt64 = 100_000

    private let state: Monitor<NotaryState>
    private let tree: LogTree
    private let file: CheckpointFile
    private let reader: LogReader
    private let committed: CommittedHead
    private let signer: NoteSigner
    private let origin: Name
    private let interval: Duration
    /// Nothing shorter is signed: before it the ledger may have had another key or name.
    private let floor: SequenceNumber
    private let note: @Sendable (String) -> Void

    /// Checks what was signed last against the log: signature, chain and root. Reads the leaves beyond `tree/level8` only, or
    /// all of them when that file is wrong.
    ///
    /// - Parameters:
    ///   - head: what the writer has committed; its log has been replayed.
    ///   - keys: the verifier keys that the log names, oldest first.
    ///   - note: told what an operator should know.
    ///   - progress: how many events of how many have been read when the tree is made anew.
    /// - Throws: `.badCheckpoint`, `.foreignCheckpoint`, `.otherHistory`, `.rootDiffers` or `.wrongKey`: do not serve this
    ///   directory.
    public init(
        directory: String, volume: any Volume = PosixVolume(), reader: LogReader, head: CommittedHead, signer: NoteSigner,
        origin: Name,
        keys: [Name], interval: Duration = Notary.interval, note: @escaping @Sendable (String) -> Void = { _ in },
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(NotaryError) {
        guard signer.verifierKey.description == keys.last?.text, signer.verifierKey.name == origin.text else {
            throw NotaryError(
                .wrongKey,
                "signing.key is not the key \(keys.last?.text ?? "") that the ledger names: put the right one back, or "
                    + "make a new one with daybookd replace-key")
        }
        file = CheckpointFile(directory: directory, volume: volume)
        let last = try file.read()
        if let last {
            try last.verify(keys: keys)
            tree = try LogTree(
                directory: directory, volume: volume, reader: reader, under: last, head: head.current, note: note,
                progress: progress)
        } else {
            tree = LogTree(directory: directory, volume: volume, reader: reader)
        }
        state = Monitor(NotaryState(signed: last))
        (committed, self.reader, self.signer, self.origin) = (head, reader, signer, origin)
        (self.interval, self.note, floor) = (interval, note, head.current.lastSequence)
    }

    /// The last checkpoint of a data directory, and what it has seen of the log: nil when nothing was signed yet. Believe it
    /// after ``SignedCheckpoint/verify(keys:)``.
    ///
    /// - Throws: `.badCheckpoint`.
    public static func lastCheckpoint(
        in directory: String, volume: any Volume = PosixVolume()
    ) throws(NotaryError) -> SignedCheckpoint? {
        try CheckpointFile(directory: directory, volume: volume).read()
    }

    /// After an operator has cut a log: a checkpoint of what is no longer there goes to `torn/`, so that the ledger starts.
    /// Whoever keeps a copy of it will see that history was cut.
    ///
    /// - Parameter head: the end of the log, with its cut.
    /// - Returns: the name of the file below `torn/`; nil when the log still holds what was signed.
    public static func setAsideCheckpoint(
        in directory: String, volume: any Volume = PosixVolume(), unlessSeenBy head: LogHead
    ) throws(NotaryError) -> String? {
        let file = CheckpointFile(directory: directory, volume: volume)
        guard let last = try file.read() else { return nil }
        do throws(NotaryError) {
            try LogReader(directory, volume: volume).check(last.watermark, upTo: head)
            return nil
        } catch {
            guard error.code == .otherHistory else { throw error }
            return try file.setAside(last)
        }
    }

    // MARK: For others

    /// A checkpoint that covers an event, or all events that are committed now. Signs one when the last does not; all who ask
    /// meanwhile get the same.
    ///
    /// - Throws: `.notFound` when there is no such event; `.stopped`; what went wrong with signing.
    public func checkpoint(upTo sequence: SequenceNumber? = nil) throws(NotaryError) -> SignedNote {
        try signed(upTo: sequence ?? committed.current.lastSequence).note
    }

    /// A receipt for an event, with its line in `extra`: what `daybookd check-proof` and every C2SP verifier check.
    ///
    /// - Throws: as ``checkpoint(upTo:)``; `.rootDiffers` when the event is not what was signed.
    public func receipt(of sequence: SequenceNumber) throws(NotaryError) -> InclusionProof {
        let checkpoint = try signed(upTo: sequence)
        return try tree.receipt(of: sequence, under: checkpoint, upTo: committed.current)
    }

    /// The path from the tree of the first `size` events to that of a checkpoint, and the checkpoint.
    ///
    /// - Throws: as ``checkpoint(upTo:)``; `.notFound` for zero events.
    public func consistency(from size: UInt64) throws(NotaryError) -> (path: [MerkleHash], checkpoint: SignedNote) {
        let checkpoint = try signed(upTo: SequenceNumber(size))
        return (try tree.consistency(from: size, under: checkpoint, upTo: committed.current), checkpoint.note)
    }

    private func signed(upTo sequence: SequenceNumber) throws(NotaryError) -> SignedCheckpoint {
        let last = committed.current.lastSequence
        guard sequence >= .first, sequence <= last else {
            throw NotaryError(.notFound, "there is no event \(sequence): the ledger has \(last) events")
        }
        var ticket = 0
        state.change { ticket = $0.ask(for: sequence) }
        return try state.wait { $0.answer(sequence, ticket: ticket) }.get()
    }

    /// Blocks until a checkpoint covers an event, whoever caused it.
    func waitForCheckpoint(of sequence: SequenceNumber) -> SignedCheckpoint {
        state.wait { state in state.signed.flatMap { $0.sequence >= sequence ? $0 : nil } }
    }

    /// Blocks until the tree covers an event, though nobody asked.
    func waitForFollowing(of sequence: SequenceNumber) {
        state.wait { $0.followed.map { $0.end.sequence >= sequence } ?? false ? () : nil }
    }

    // MARK: Its thread

    /// Starts following.
    public func start() {
        state.change { $0.isStarted = true }
        let thread = Thread { [self] in
            // On Linux the number 0 means the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
            run()
            state.change { $0.isStopped = true }
        }
        thread.name = "notary"
        thread.start()
    }

    /// Signs what has been committed, and ends. Stop the writer first. Does nothing when it was not started.
    public func stop() {
        state.change { $0.isStopping = true }
        state.wait { $0.isStopped || !$0.isStarted ? () : nil }
    }

    private func run() {
        var deadline = Deadline(after: interval)
        while true {
            watch()
            let step = state.wait(until: deadline) { $0.nextStep(isDue: deadline.hasPassed) } ?? .sign
            state.change { $0.begin(step) }
            let trouble = work(step)
            state.change { $0.end(step, trouble) }
            if step == .signAndEnd { return }
            if deadline.hasPassed { deadline = Deadline(after: interval) }
        }
    }

    /// Wakes the thread when the log has grown by a stride: while little happens, the writer wakes nobody.
    private func watch() {
        guard state.withLock({ $0.mustWatch() }) else { return }
        let stride = SequenceNumber(tree.size).advanced(by: Self.followStride - 1)
        Task { [committed, state] in
            if await committed.growth(past: stride).lastSequence > stride { state.change { $0.grew() } }
        }
    }

    /// Tells an operator of trouble once, not at every attempt.
    private func work(_ step: NotaryState.Step) -> NotaryError? {
        do throws(NotaryError) {
            let end = try follow()
            if step != .follow, let end { try sign(end) }
            return nil
        } catch {
            if state.withLock({ $0.trouble }) != error { note("no checkpoint can be signed: \(error.sentence)") }
            return error
        }
    }

    /// Reads what has been committed since, and signs where a segment ended. Answers the end of the last log batch; nil when
    /// there is none.
    private func follow() throws(NotaryError) -> Watermark? {
        let head = committed.current
        let cursor = reader.cursor(from: SequenceNumber(tree.size + 1))
        while let batch = try cursor.following(upTo: head) {
            // A stop waits for little: what is left is read after the next start.
            if state.withLock({ $0.isStopping }), head.lastSequence.rawValue - tree.size > Self.backlogAtStopMax { return nil }
            if let last = state.withLock({ $0.followed }), last.segment != batch.segment { try sign(last.end) }
            tree.append(batch)
            state.withLock { $0.followed = (batch.end, batch.segment) }
        }
        return head.lastSequence == .zero ? nil : head.watermark
    }

    private func sign(_ end: Watermark) throws(NotaryError) {
        let last = state.withLock { $0.signed }
        guard end.sequence >= floor, end.sequence > last?.sequence ?? .zero else { return }
        let next = SignedCheckpoint(tree.root, at: end, origin: origin, by: signer)
        if let last { try check(next, continues: last) }
        saveTree()
        try file.write(next.note)
        state.change { $0.signed = next }
    }

    /// Without this file the next start takes longer: no reason not to sign. Told once, not every time.
    private func saveTree() {
        do throws(NotaryError) {
            try tree.save()
            state.withLock { $0.treeTrouble = nil }
        } catch {
            if state.withLock({ $0.treeTrouble }) != error { note("tree/level8 cannot be written: \(error.sentence)") }
            state.withLock { $0.treeTrouble = error }
        }
    }

    private func check(_ next: SignedCheckpoint, continues last: SignedCheckpoint) throws(NotaryError) {
        let (old, new) = (last.checkpoint, next.checkpoint)
        let path = try tree.consistency(from: old.size, under: next, upTo: committed.current)
        guard MerkleTree.isConsistent(old.root, old.size, with: new.root, new.size, path: path) else {
            throw NotaryError(
                .inconsistent,
                "the tree of \(new.size) events does not continue the signed one of \(old.size): the log was changed "
                    + "under the daemon; run daybookd verify")
        }
    }
}

extension LogCursor {
    /// The next batch, with the notary's errors.
    func following(upTo head: LogHead) throws(NotaryError) -> LogBatch? {
        do throws(LogError) { return try next(upTo: head) } catch { throw .log(error) }
    }
}

extension LogBatch {
    fileprivate var end: Watermark { Watermark(ledger: ledger, sequence: lastSequence, chain: chain) }
}
