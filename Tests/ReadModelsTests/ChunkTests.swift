import EventCodec
import JSONText
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels
@testable import SegmentLog

/// Histories are kept in chunks of 65,536 sequence numbers: pages and batches go on over their borders.
@Suite struct ChunkTests {
    private let ledger: Ledger
    private let now = Timestamp(microseconds: 1_900_000_000_000_000)
    /// Sequence numbers on both sides of borders, with a chunk between that has nothing.
    private let numbers: [UInt64] = [10, 11, 65_534, 65_535, 65_536, 65_537, 131_000, 131_071, 262_144, 262_145]

    init() throws { ledger = try Ledger() }

    private func at(_ number: UInt64) -> Timestamp { Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000_000) }

    private func event(_ number: UInt64, _ fact: Fact) -> Event {
        Event(
            sequence: SequenceNumber(number), at: at(number), day: Day(utc: at(number)), tenant: "acme", id: Name("c-\(number)")!,
            group: GroupHead(count: 1, body: 1), peer: 1, actor: nil, fact: fact)
    }

    private func part(_ amount: Amount) -> Part { Part(unit: "ap", amount: amount, lots: [], balance: Balance(available: .zero)) }

    /// A batch is opened at 10; each other number is a debit in it for account `in`, and one outside of it for `out`.
    private func stretch(_ number: UInt64, of account: Name, batch: Name?) throws -> Stretch {
        let opening = Fact.batchOpened(BatchOpened(account: account, batch: "b"))
        let debit = Fact.debited(Debited(account: account, priced: nil, use: Use(batch: batch), parts: [part(1)]))
        var writer = JSONWriter()
        EventCodec.encode(event(number, batch != nil && number == numbers[0] ? opening : debit), into: &writer)
        let batch = LogBatch(
            ledger: .random(), firstSequence: SequenceNumber(number), count: 1, committedAt: at(number), chain: .zero,
            segment: .first, offset: 0, endOffset: 0, records: Array(writer.bytes))
        var builder = StretchBuilder()
        try builder.add(batch, after: SequenceNumber(number - 1))
        return builder.finish()!
    }

    private func seqs(_ method: String, _ arguments: [String: QueryValue]) async throws -> [UInt64] {
        let name = String(method.prefix { $0 != "." })
        let projection = try #require(Projection.builtIn.first { $0.name == name })
        let (query, reader) = (try #require(projection.query(method)), QueryReader(bounds: .standard))
        let generation = Generation(name, 0, in: ReadModelDirectory(path: ledger.views))
        let serving = StatusBoard.Serving(projection: projection, generation: generation, reached: .zero)
        var (seqs, cursor): ([UInt64], String?) = ([], nil)
        repeat {
            let answer = try answered(
                try await reader.answer(
                    query, of: serving, try QueryArguments(query, arguments, cursor: cursor, now: now), unless: Interruption()))
            seqs += (answer["rows"] as! [[String: Any]]).map { UInt64($0["seq"] as! Int) }
            cursor = answer["next"] as? String
        } while cursor != nil
        return seqs
    }

    private func build(_ account: Name, batch: Name?) throws {
        try ReadModelDirectory(path: ledger.views).create()
        for projection in Projection.builtIn where ["usage", "batches"].contains(projection.name) {
            _ = try ReadModelFile.create(ledger.file(projection.name), projection, ledger: Ledger.id)
            let file = try ReadModelFile.open(ledger.file(projection.name), projection)
            for number in numbers {
                var next: Stretch? = try stretch(number, of: account, batch: batch)
                try file.commit(eventCountMax: 2) { _ in
                    defer { next = nil }
                    return next
                }
            }
        }
    }

    @Test(arguments: 1...11 as ClosedRange<Int64>)
    func aHistoryGoesOnOverTheBorders(limit: Int64) async throws {
        try build("out", batch: nil)
        let key: [String: QueryValue] = ["tenant": "acme", "account": "out", "limit": .integer(limit)]
        #expect(try await seqs("usage.history", key) == numbers.reversed())
        let times: [String: QueryValue] = [
            "since": .text(at(numbers[3]).description), "until": .text(at(numbers[8]).description),
        ]
        #expect(try await seqs("usage.history", key.merging(times) { $1 }) == numbers[3..<8].reversed())
    }

    @Test(arguments: 1...10 as ClosedRange<Int64>)
    func aBatchGoesOnOverTheBorders(limit: Int64) async throws {
        try build("in", batch: "b")
        let key: [String: QueryValue] = ["tenant": "acme", "account": "in", "batch": "b", "limit": .integer(limit)]
        #expect(try await seqs("usage.batch", key) == Array(numbers.dropFirst()))
        #expect(try await seqs("batches.items", key) == Array(numbers.dropFirst()))
        #expect(try await seqs("usage.history", ["tenant": "acme", "account": "in"]) == [numbers[0]])
        #expect(try await seqs("usage.uses", ["tenant": "acme", "limit": .integer(limit)]) == Array(numbers.dropFirst()))
    }

    /// A page of a long history must not read, or sort, all of it.
    @Test(arguments: [
        "usage.history", "usage.batch", "batches.items", "balances.list", "balances.holds", "config.history", "config.current",
        "config.scheduled", "alerts.list", "alerts.unread", "keys.list", "keys.expiring",
    ])
    func aPageIsReadInOrder(method: String) throws {
        let projection = try #require(Projection.builtIn.first { method.hasPrefix($0.name) })
        let steps = try projection.plan(method)
        #expect(
            !steps.isEmpty
                && !steps.contains {
                    $0.contains("TEMP B-TREE")
                        || $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN c") && !$0.hasSuffix(" VIRTUAL TABLE INDEX 1:")
                },
            "\(steps)")
    }

    /// All uses of a tenant are read chunk by chunk: what is sorted is one account's share of one.
    @Test func usesAreSortedAnAccountAtATime() throws {
        let usage = try #require(Projection.builtIn.first { $0.name == "usage" })
        let sorters = try usage.plan("usage.uses").filter { $0.contains("TEMP B-TREE") }
        #expect(sorters == ["USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"])
    }
}

extension Projection {
    /// How SQLite would answer a query, step by step.
    func plan(_ method: String) throws -> [String] {
        let connection = try Connection("", .scratch)
        try connection.execute(schema)
        let plan = try connection.statement("EXPLAIN QUERY PLAN " + (try #require(query(method))).sql)
        var steps: [String] = []
        while try plan.step() { steps.append(plan.text(3)) }
        return steps
    }
}
