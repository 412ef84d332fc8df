import LedgerModel
import SegmentLog

/// What the notary's thread and those who ask it share.
struct NotaryState {
    enum Step { case follow, sign, signAndEnd }

    var signed: SignedCheckpoint?
    /// Where the tree ends, and in which segment.
    var followed: (end: Watermark, segment: SequenceNumber)?
    /// Somebody waits for a checkpoint that covers this event.
    private var wanted = SequenceNumber.zero
    /// Attempts to sign, begun and ended.
    private var begun = 0
    private var ended = 0
    /// What was wrong with the last step.
    private(set) var trouble: NotaryError?
    /// What was wrong when the tree was kept last.
    var treeTrouble: NotaryError?
    /// The log has grown by a stride since it was followed; and somebody watches whether it does.
    private var hasGrown = false
    private var isWatched = false
    var isStarted = false
    var isStopping = false
    var isStopped = false

    init(signed: SignedCheckpoint?) { self.signed = signed }

    private func covers(_ sequence: SequenceNumber) -> Bool { signed.map { $0.sequence >= sequence } ?? false }

    // MARK: Asking

    /// The ticket for a question.
    mutating func ask(for sequence: SequenceNumber) -> Int {
        if !covers(sequence) { wanted = max(wanted, sequence) }
        return begun
    }

    /// What somebody who waits gets: nil while an attempt that began after his question has not ended.
    func answer(_ sequence: SequenceNumber, ticket: Int) -> Result<SignedCheckpoint, NotaryError>? {
        if let signed, covers(sequence) { return .success(signed) }
        if isStopped || !isStarted {
            return .failure(
                trouble ?? NotaryError(.stopped, "nothing is signed while the ledger does not serve: ask again when it does"))
        }
        guard ended > ticket else { return nil }
        return .failure(trouble ?? NotaryError(.notCovered, "no checkpoint covers event \(sequence) yet"))
    }

    // MARK: Working

    /// Nil while there is nothing to do.
    func nextStep(isDue: Bool) -> Step? {
        if isStopping { return .signAndEnd }
        if isDue || wanted > signed?.sequence ?? .zero { return .sign }
        return hasGrown ? .follow : nil
    }

    mutating func begin(_ step: Step) {
        hasGrown = false
        guard step != .follow else { return }
        begun += 1
        wanted = .zero
    }

    mutating func end(_ step: Step, _ trouble: NotaryError?) {
        self.trouble = trouble
        if step != .follow { ended = begun }
    }

    // MARK: Watching

    /// Whether somebody must begin to watch. Not when the log could not be followed: then the next attempt is soon enough.
    mutating func mustWatch() -> Bool {
        if isWatched || trouble != nil { return false }
        isWatched = true
        return true
    }

    mutating func grew() {
        hasGrown = true
        isWatched = false
    }
}
