import Foundation
import LedgerEngine
import LedgerModel
import LedgerRPC
import Logging
import ReadModels
import SegmentLog

@testable import LedgerServer

/// Stands in for the engine: takes questions, and answers when the test says so.
final class FakeWriter: @unchecked Sendable {
    private let condition = NSCondition()
    private var lanes: [@Sendable ([Answer]) -> Void] = []
    private var waiting: [Asked] = []
    private var answersAtOnce: Bool
    /// False for a mailbox that is always full.
    private let hasRoom: Bool

    init(answersAtOnce: Bool = true, hasRoom: Bool = true) {
        self.answersAtOnce = answersAtOnce
        self.hasRoom = hasRoom
    }

    var waitingCount: Int { condition.withLock { waiting.count } }

    /// The ids of the commands that came, once there are so many.
    func commandIDs(_ count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wait").async {
                self.condition.lock()
                while self.waiting.count < count { self.condition.wait() }
                let ids = self.waiting.map { $0.question.commandID }
                self.condition.unlock()
                continuation.resume(returning: ids)
            }
        }
    }

    /// Answers everything that waits, with one call per lane, in this order.
    func answer(_ order: ([Asked]) -> [Asked] = { $0 }) {
        let (asked, lanes) = condition.withLock {
            defer { waiting = [] }
            return (order(waiting), self.lanes)
        }
        deliver(asked, lanes)
    }

    private func deliver(_ asked: [Asked], _ lanes: [@Sendable ([Answer]) -> Void]) {
        for (lane, asked) in Dictionary(grouping: asked, by: \.lane) {
            lanes[lane](asked.map { Answer(connection: $0.connection, tag: $0.tag, outcome: $0.question.outcome) })
        }
    }

    private func submit(_ asked: [Asked]) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard hasRoom else { return false }
        if answersAtOnce {
            let lanes = lanes
            DispatchQueue.global().async { self.deliver(asked, lanes) }
        } else {
            waiting += asked
            condition.broadcast()
        }
        return true
    }

    private func addLane(_ deliver: @escaping @Sendable ([Answer]) -> Void) -> Int {
        condition.withLock {
            lanes.append(deliver)
            return lanes.count - 1
        }
    }

    /// A ledger without read models, with an empty log.
    var ledger: Ledger {
        let head = LogHead(ledger: .random(), lastSequence: .zero, chain: .zero, segment: .first, offset: 0)
        let status = LedgerStatus(
            head: head, lastAt: Timestamp(microseconds: 0), accountCount: 0, identifierCount: 0, readModels: [])
        return Ledger(
            addLane: { self.addLane($0) }, submit: { self.submit($0) },
            query: { _, _ in .failure(.failed("there are no read models")) },
            queries: [], prove: { _ in .failure(.notReady("there is no notary")) }, status: { status },
            committed: CommittedHead(head), log: LogReader("/nowhere"))
    }
}

extension Question {
    fileprivate var commandID: String {
        if case .command(let request) = self { request.id.text } else { "look" }
    }

    /// A rejection that names the command, so that a test sees which answer belongs to which.
    fileprivate var outcome: Outcome { .rejected(.debitNotFound(Name(commandID)!)) }
}

/// A server over a fake writer, in a directory of its own.
struct FakeServer {
    let directory = TemporaryDirectory()
    let writer: FakeWriter
    let server: LedgerServer
    let path: String

    init(_ writer: FakeWriter = FakeWriter(), bounds: ServerBounds = ServerBounds(), admittedUser: UInt32 = getuid()) async throws
    {
        self.writer = writer
        path = directory.path + "/daybook.sock"
        server = LedgerServer(
            writer.ledger, socketPath: path, eventLoopCount: 1, bounds: bounds, admittedUser: admittedUser,
            logger: Logger(label: "test"))
        try await server.start()
    }

    func client() throws -> SocketClient { try SocketClient(path) }
}

/// A request for a command that the fake writer answers with its id.
func debit(_ id: String, number: Int = 1) -> String {
    #"{"jsonrpc":"2.0","id":\#(number),"method":"debit","params":{"tenant":"acme","id":"\#(id)","account":"u","unit":"c","amount":1}}"#
        + "\n"
}

func answered(_ id: String, number: Int = 1) -> String {
    #"{"jsonrpc":"2.0","id":\#(number),"error":{"code":-32010,"message":"there is no debit \#(id)","data":{"rejection":"debitNotFound","number":180,"of":"\#(id)"}}}"#
}
