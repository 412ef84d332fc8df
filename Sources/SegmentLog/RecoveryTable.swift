/// What opening found in the last segment, reduced to the facts on which the verdict depends.
struct TailFacts: Hashable {
    /// What follows the last batch that checks out.
    enum End: Hashable, CaseIterable {
        /// Zeros, or the end of the file.
        case zeros
        /// The seal that belongs there, and no more than zeros after it.
        case seal
        /// The seal that belongs there, some sectors of which still read as zeros.
        case unfinishedSeal
        /// Anything else: a batch that does not check out.
        case bad
    }

    /// What the watermarks say.
    enum Witness: Hashable, CaseIterable {
        /// All lie within the batches that check out, with the same chain.
        case agrees
        /// One lies beyond them.
        case beyond
        /// One names another ledger, or another chain for its sequence number.
        case differs
    }

    let end: End
    let witness: Witness
    /// A batch or a seal that checks out stands behind the bad one.
    let goodFollows: Bool
    /// The bad batch is a write that never ended: its part of some sector still reads as the zeros written ahead.
    let unfinished: Bool
    /// The operator has decided to cut what cannot be told apart from rot.
    let operatorCuts: Bool

    enum Verdict: Hashable {
        /// Append behind the last good batch.
        case resume
        /// Finish the sealing and make the next segment.
        case createNext
        /// Write the seal again, then the same.
        case sealAgain
        /// Copy what follows the last good batch to `torn/`, and cut it off.
        case cut
        /// Do not open for writing.
        case refuse(LogError.Code)
    }

    /// The recovery table of `docs/log-format.md`, row by row.
    var verdict: Verdict {
        switch (end, witness, goodFollows, unfinished, operatorCuts) {
        case (_, .differs, _, _, _): .refuse(.otherHistory)
        case (.zeros, .agrees, _, _, _): .resume
        case (.zeros, .beyond, _, _, _): .refuse(.lostEvents)
        case (.seal, .agrees, _, _, _): .createNext
        case (.seal, .beyond, _, _, _): .refuse(.lostEvents)
        case (.unfinishedSeal, .agrees, _, _, _): .sealAgain
        case (.unfinishedSeal, .beyond, _, _, _): .refuse(.lostEvents)
        case (.bad, _, true, _, _): .refuse(.damagedBeforeGood)  // what stands before a good batch was acknowledged
        case (.bad, .beyond, false, _, _): .refuse(.damagedBelowWatermark)  // somebody saw it: it was acknowledged
        case (.bad, .agrees, false, true, _): .cut  // a write that never ended was never answered
        case (.bad, .agrees, false, false, true): .cut
        case (.bad, .agrees, false, false, false): .refuse(.damagedTail)  // cannot be told apart from rot
        }
    }
}
