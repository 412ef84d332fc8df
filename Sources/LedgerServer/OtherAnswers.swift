import JSONText
import LedgerRPC
import NIOCore
import NIOPosix
import ReadModels

/// Carries something to a connection's event loop. When the connection has closed meanwhile, what is written there goes nowhere.
struct WayBack: Sendable {
    private let connection: NIOLoopBound<Connection>
    private let eventLoop: any EventLoop

    init(_ connection: Connection) {
        eventLoop = connection.lane.eventLoop
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
    }

    func callAsFunction(_ body: @escaping @Sendable (Connection) -> Void) {
        eventLoop.execute { [connection] in
            body(connection.value)
            connection.value.settle()
        }
    }
}

extension Connection {
    typealias Finish = @Sendable (Connection) -> Void

    /// Does work off the event loop, and on the loop what the work gives back. The lane does not stop before.
    @discardableResult
    func away(_ work: @escaping @Sendable () async -> Finish) -> Task<Void, Never> {
        let back = WayBack(self)
        lane.workBegins()
        return Task {
            let finish = await work()
            back { connection in
                finish(connection)
                connection.lane.workEnds()
            }
        }
    }

    func query(_ method: String, _ parameters: QueryParameters, tag: UInt64) {
        if lane.isFull { return answer(tag, with: .overloaded) }
        queryCount += 1
        tasks[tag] = away { [ledger = lane.ledger] in
            let result = await ledger.query(method, parameters)
            return { connection in
                connection.queryCount -= 1
                connection.tasks[tag] = nil
                connection.answer(tag, query: method, result)
            }
        }
    }

    private func answer(_ tag: UInt64, query method: String, _ result: Result<QueryAnswer, QueryError>) {
        switch result {
        // Others may have filled it since.
        case .success where lane.isFull: self.answer(tag, with: .overloaded)
        case .success(let answer): self.answer(tag) { writer in answer.json.withUnsafeBytes { writer.raw($0) } }
        case .failure(let error): self.answer(tag, with: RPCError(error, in: lane.ledger.query(named: method)))
        }
    }

    func prove(_ question: ProofQuestion, tag: UInt64) {
        queryCount += 1
        away { [ledger = lane.ledger, threads = lane.threads.proving] in
            let result = (try? await threads.runIfActive { ledger.prove(question) }) ?? .failure(.overloaded)
            return { connection in
                connection.queryCount -= 1
                switch result {
                case .success(let answer): connection.answer(tag) { $0.proof(answer) }
                case .failure(let error): connection.answer(tag, with: error)
                }
            }
        }
    }

    func status(tag: UInt64) {
        away { [ledger = lane.ledger] in
            let status = await ledger.status()
            return { connection in connection.answer(tag) { $0.status(status) } }
        }
    }

    func discover(_ id: RequestID?) {
        let methods = Method.builtIn + lane.ledger.queries.map(Method.init)
        write(to: id) { $0.openRPC(methods) }
    }
}
