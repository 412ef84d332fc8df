import LedgerModel
import SegmentLog

/// Two recallers: one for commands, one for explanations, so that nobody who spends waits for somebody who wants to know.
struct Recallers: Sendable {
    private let forCommands: Recaller
    private let forExplanations: Recaller

    init(
        _ reader: LogReader,
        finish: @escaping @Sendable (Errand, Result<Finding, ArchiveError>) -> Void
    ) {
        forCommands = Recaller(Archive(reader), finish: finish)
        forExplanations = Recaller(Archive(reader), finish: finish)
    }

    func start() {
        forCommands.start(name: "recaller")
        forExplanations.start(name: "explainer")
    }

    func send(_ errand: Errand, head: LogHead) {
        if case .explain = errand.purpose {
            forExplanations.send(errand, head: head)
        } else {
            forCommands.send(errand, head: head)
        }
    }

    /// Returns when all that was given is done.
    func stop() {
        forCommands.stop()
        forExplanations.stop()
    }
}
