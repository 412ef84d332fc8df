import EventCodec
import Foundation
import JSONText
import LedgerEngine
import LedgerGenerator
import LedgerModel
import SegmentLog

/// A ledger with a long past, made as fast as it can be: decided in memory, and written without a sync.
///
/// Every account has a grant. Of the commands that follow, on accounts by a Zipf-like law, six in ten are a priced debit under an id like a
/// UUID, two are a debit of an amount, one is a batch of 20 debits, and one is a hold with its settlement.
final class StartBenchLedger {
    static let tenant: Name = "bench"
    private static let feature: Name = "call"
    /// So many events are one log batch, as when a thousand clients ask at once.
    private static let batchEventCount = 1000

    private let log: SegmentLog
    private var book = Book(hashKey: HashKey(1, 2), zones: .foundation)
    private var lines = JSONWriter(capacity: 4 << 20)
    private var lineCount = 0
    private let accountCount: Int
    private var now = Timestamp(rfc3339: "2026-01-01T00:00:00Z")!
    private var random = SplitMix(state: 1)

    static func account(_ number: Int) -> Name {
        Name("account-" + String(repeating: "0", count: 7 - String(number).utf8.count) + String(number))!
    }

    init(in directory: String, accountCount: Int) throws {
        self.accountCount = accountCount
        // The engine makes the ledger and its key; the rest is written without it.
        try LedgerEngine(directory, Self.options(at: now), onFailure: { complain("\($0)") }).stop()
        log = try SegmentLog.open(directory, volume: SyncFreeVolume(), watermarks: [], creatingWith: nil, now: now).log
        let reader = LogReader(directory)
        let batch = try reader.batch(holding: .first, upTo: log.head)
        try batch.records.withUnsafeBytes {
            book.apply(try EventCodec.decode(UnsafeRawBufferPointer(rebasing: $0[..<($0.count - 1)])))
        }
    }

    private static func options(at now: Timestamp) -> LedgerEngine.Options {
        var options = LedgerEngine.Options()
        options.clock = Clock(now: { now })
        return options
    }

    /// Writes so many events, or a few more, and closes the log.
    func write(eventCount: Int) throws -> (eventCount: UInt64, duration: Duration) {
        let start = ContinuousClock.now
        try send(Self.configuration)
        for number in 0..<accountCount {
            try send(.grant(Grant(account: Self.account(number), unit: "credits", amount: 1_000_000_000_000)))
        }
        while book.lastSequence.rawValue < UInt64(eventCount) { try sendSomething() }
        try commit()
        try log.close()
        return (book.lastSequence.rawValue, ContinuousClock.now - start)
    }

    private static var configuration: Command {
        let charge = Charge(unit: "credits", rates: [Charge.DimensionRate(dimension: "requests", rate: Rate("1")!)])
        let price = Configure.Change(key: DocumentKey(.price, feature), document: .price(PriceDocument(charges: [charge])))
        return .configure(Configure(changes: [price], reason: "bench"))
    }

    private func sendSomething() throws {
        let account = anyAccount
        switch random.next(below: 10) {
        case 0..<6: try send(.debit(Debit(account: account, ask: .priced(feature: Self.feature, quantities: Self.quantities))))
        case 6..<8: try send(.debit(Debit(account: account, ask: .amount(unit: "credits", 7))))
        case 8: try send(.debitBatch(batch(of: account)))
        default:
            let hold = try send(.hold(Hold(account: account, ask: .amount(unit: "credits", 50))))
            try send(.settle(Settle(hold: hold, extent: .amount(20))))
        }
    }

    private static let quantities = [Quantity(dimension: "requests", count: 3)]

    private func batch(of account: Name) -> DebitBatch {
        let items = (0..<20).map { _ in
            DebitBatch.Item(id: anyID, ask: .priced(feature: Self.feature, quantities: Self.quantities))
        }
        return DebitBatch(account: account, batch: "b-1", mode: .each, items: items)
    }

    /// A few accounts have most of the uses: the square of an even choice, twice.
    private var anyAccount: Name {
        let even = Double(random.next() >> 11) / Double(1 << 53)
        return Self.account(Int(even * even * even * even * Double(accountCount)))
    }

    private var anyID: Name {
        let (high, low) = (String(random.next(), radix: 16), String(random.next(), radix: 16))
        return Name("\(high)-\(low)")!
    }

    @discardableResult
    private func send(_ command: Command) throws -> Name {
        now = Timestamp(microseconds: now.rawValue + 50)
        let request = Request(tenant: Self.tenant, id: anyID, body: 1, command: command)
        guard case .accepted(let events) = try book.decide(request, at: now) else {
            throw BenchError("\(command) is not accepted")
        }
        for event in events {
            EventCodec.encode(event, into: &lines)
            book.apply(event)
        }
        lineCount += events.count
        if lineCount >= Self.batchEventCount { try commit() }
        return request.id
    }

    private func commit() throws {
        if lineCount == 0 { return }
        try log.append(lines.bytes, count: lineCount, at: now)
        lines.removeAll()
        lineCount = 0
    }
}

/// S. Vigna's SplitMix64: numbers as random as a mix of commands needs, the same in every run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func next(below bound: UInt64) -> UInt64 { next() % bound }
}
