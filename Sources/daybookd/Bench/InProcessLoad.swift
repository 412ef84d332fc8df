import LedgerEngine
import LedgerModel

/// Clients inside the process: each has one request under way, and sends the next when its answer has come.
struct InProcessLoad {
    private let shape: BenchShape
    private let accounts: Int

    init(_ shape: BenchShape, accounts: Int) {
        self.shape = shape
        self.accounts = accounts
    }

    func run(for duration: Duration, on engine: LedgerEngine) -> Latencies {
        let caller = Caller(engine)
        var sent = [ContinuousClock.Instant](repeating: .now, count: shape.connections)
        var latencies = Latencies()
        var number = 0
        func next(_ connection: Int) -> Asked {
            number += 1
            return caller.asked(request(number), connection: UInt64(connection))
        }
        caller.send((0..<shape.connections).map(next))
        let end = ContinuousClock.now + duration
        var underWay = shape.connections
        while underWay > 0 {
            let answers = caller.take()
            let now = ContinuousClock.now
            underWay -= answers.count
            for answer in answers { latencies.add(now - sent[Int(answer.connection)]) }
            if now >= end { continue }
            caller.send(answers.map { next(Int($0.connection)) })
            for answer in answers { sent[Int(answer.connection)] = now }
            underWay += answers.count
        }
        return latencies
    }

    private func request(_ number: Int) -> Request {
        let account = BenchLedger.account(number % accounts)
        let ask = Ask.priced(feature: BenchLedger.feature, quantities: [Quantity(dimension: "requests", count: 1)])
        let command: Command =
            shape.itemsPerRequest == 1
            ? .debit(Debit(account: account, ask: ask))
            : .debitBatch(
                DebitBatch(
                    account: account, batch: Name("batch-\(number)")!,
                    items: (0..<shape.itemsPerRequest).map { DebitBatch.Item(id: Name("i-\(number)-\($0)")!, ask: ask) }))
        return Request(tenant: BenchLedger.tenant, id: Name("d-\(number)")!, body: UInt64(number), command: command)
    }
}
