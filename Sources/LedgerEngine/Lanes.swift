import Foundation
package import LedgerModel
package import SegmentLog

/// The ways back to the event loops.
package final class Lanes: @unchecked Sendable {
    package typealias Deliver = @Sendable ([Answer]) -> Void

    private let lock = NSLock()
    private var lanes: [Deliver] = []

    package init() {}

    package func add(_ deliver: @escaping Deliver) -> Int {
        lock.withLock {
            lanes.append(deliver)
            return lanes.count - 1
        }
    }

    func deliver(_ answers: [Answer], to lane: Int) {
        let deliver = lock.withLock { lanes[lane] }
        deliver(answers)
    }
}

/// What the world outside may know of the last commit.
package final class Commits: @unchecked Sendable {
    private let lock = NSLock()
    private var current: EngineStatus
    let head: CommittedHead

    package init(_ head: LogHead, _ book: Book) {
        current = Commits.status(head, book)
        self.head = CommittedHead(head)
    }

    var status: EngineStatus { lock.withLock { current } }

    func publish(_ head: LogHead, _ book: Book) {
        let status = Commits.status(head, book)
        lock.withLock { current = status }
        self.head.publish(head)
    }

    private static func status(_ head: LogHead, _ book: Book) -> EngineStatus {
        EngineStatus(
            ledger: head.ledger, head: head, lastAt: book.lastAt, accountCount: book.accountCount,
            identifierCount: book.identifierCount)
    }
}
