import Foundation
import LedgerModel
import SegmentLog

/// Reads events back from the log, on a thread of its own: the writer never waits for a read.
final class Recaller: @unchecked Sendable {
    /// An errand with the head that holds what it is for: that was committed before the errand was given.
    private struct Given: Sendable {
        let errand: Errand
        let head: LogHead
    }

    private let archive: Archive
    private let errands = Mailbox<Given>(capacity: .max)
    private let ended = DispatchSemaphore(value: 0)
    private let finish: @Sendable (Errand, Result<Finding, ArchiveError>) -> Void

    /// - Parameters:
    ///   - archive: Used on the recaller's thread only.
    ///   - finish: Called on the recaller's thread with what was read.
    init(
        _ archive: sending Archive, finish: @escaping @Sendable (Errand, Result<Finding, ArchiveError>) -> Void
    ) {
        self.archive = archive
        self.finish = finish
    }

    func start(name: String) {
        let thread = Thread { [self] in
            while let given = errands.takeAll() {
                for given in given { run(given) }
            }
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    private func run(_ given: Given) {
        finish(given.errand, Result { () throws(ArchiveError) in try archive.run(given.errand, upTo: given.head) })
    }

    func send(_ errand: Errand, head: LogHead) { errands.putRegardless(Given(errand: errand, head: head)) }

    /// Takes no more errands, and returns when those that wait are done.
    func stop() {
        errands.close()
        ended.wait()
    }
}
