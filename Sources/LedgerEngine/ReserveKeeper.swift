import LedgerModel
import SegmentLog

/// Writes the reserve of the log whenever there is none, and says once when that does not succeed, and when it does again.
final class ReserveKeeper: @unchecked Sendable {
    private let reserve: LogReserve
    private let retrySeconds: Double
    private let note: @Sendable (String) -> Void
    /// What was said last, if all is not well.
    private var trouble: LogError.Code?

    /// - Parameter retrySeconds: How long to wait after a try that failed.
    init(_ reserve: LogReserve, retrySeconds: Double, note: @escaping @Sendable (String) -> Void) {
        self.reserve = reserve
        self.retrySeconds = retrySeconds
        self.note = note
    }

    /// Belongs to one thread.
    func step() -> Chore.Rest {
        do throws(LogError) {
            try reserve.write()
        } catch {
            if error.code != trouble { note(Self.words(for: error)) }
            trouble = error.code
            return .seconds(retrySeconds)
        }
        if trouble == .diskFull { note("there is space for the log again: all commands are taken") }
        trouble = nil
        return .untilWoken
    }

    private static func words(for error: LogError) -> String {
        if error.code == .diskFull {
            return "the disk is full (\(error.sentence)): until there is space, only \(Command.takenOnFullDisk) are taken"
        }
        return "the log's reserve of space cannot be written (\(error.sentence)): the ledger goes on without"
    }
}
