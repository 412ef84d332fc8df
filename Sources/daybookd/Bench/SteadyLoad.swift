import Foundation
import LedgerEngine
import LedgerGenerator
import LedgerModel
import SegmentLog

/// Debits at a steady rate while all read models follow: how far the slowest falls behind.
struct SteadyLoad {
    let ledger: BenchLedger
    let path: String
    let accountCount: Int

    private static let debitsPerSecond = 60_000

    func run(for duration: Duration) async throws {
        try await OwnThread.value { [ledger, accountCount] in try ledger.grant(toFirst: accountCount) }
        try await ledger.untilFollowed()
        print(
            """

            \(grouped(Self.debitsPerSecond)) debits/s for \(duration.told) over the socket, each synced: half in debitBatches of \
            \(PacedLoad.batchItemCount) items, half alone, \(PacedLoad.pipelined) requests in a write; all read models follow
            """)
        let watch = LagWatch(ledger)
        let load = PacedLoad(path: path, debitsPerSecond: Self.debitsPerSecond, accountCount: accountCount)
        let (start, processorStart, before) = (ContinuousClock.now, ProcessUsage.processorTime, ledger.committed.lastSequence)
        async let sent = OwnThread.value { try load.run(for: duration) }
        let watching = Task { await watch.run() }
        let result = try await sent
        let (wall, events) = (ContinuousClock.now - start, ledger.committed.lastSequence.rawValue - before.rawValue)
        let processor = ProcessUsage.processorTime - processorStart
        watching.cancel()
        let lag = await watching.value
        let ending = ContinuousClock.now
        try await ledger.untilFollowed()
        print(
            """
            answered  \(grouped(Int(Double(result.debitCount) / wall.inSeconds))) debits/s, \(grouped(events)) events
            behind    at most \(grouped(lag.eventCountMax)) events or \(lag.durationMax.told), \
            in the end \(grouped(lag.eventCount)) or \(lag.duration.told); \((ContinuousClock.now - ending).told) to catch up
            processor \(BenchTable.decimal(processor.inSeconds / wall.inSeconds)) cores, of which the load itself \
            \(BenchTable.decimal(result.processor.inSeconds / wall.inSeconds))
            """)
    }
}

/// Looks 20 times a second how far the slowest read model is behind.
private struct LagWatch {
    struct Lag: Sendable {
        var eventCount: UInt64 = 0
        var eventCountMax: UInt64 = 0
        /// How long ago the first event was committed that it has not taken.
        var duration = Duration.zero
        var durationMax = Duration.zero
    }

    private let ledger: BenchLedger

    init(_ ledger: BenchLedger) { self.ledger = ledger }

    /// Until it is cancelled.
    func run() async -> Lag {
        var lag = Lag()
        // When the log was seen to be so long: as far back as the slowest read model is behind.
        var seen: [(at: ContinuousClock.Instant, last: UInt64)] = []
        while !Task.isCancelled {
            let (now, last) = (ContinuousClock.now, ledger.committed.lastSequence.rawValue)
            lag.eventCount = ledger.lag ?? 0
            let reached = last - min(last, lag.eventCount)
            seen.append((now, last))
            seen.removeAll { $0.last <= reached }
            lag.duration = seen.first.map { now - $0.at } ?? .zero
            lag.eventCountMax = max(lag.eventCountMax, lag.eventCount)
            lag.durationMax = max(lag.durationMax, lag.duration)
            try? await Task.sleep(for: .milliseconds(50))
        }
        return lag
    }
}

extension BenchLedger {
    /// Waits until all read models have taken what is committed.
    func untilFollowed() async throws {
        let limit = ContinuousClock.now + .seconds(600)
        while lag != 0 {
            if ContinuousClock.now > limit { throw BenchError("the read models have not caught up within 10 minutes") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Gives the busiest accounts of a generated ledger more credits than can be spent.
    func grant(toFirst count: Int) throws {
        let caller = Caller(engine)
        for start in stride(from: 0, to: count, by: 1000) {
            let asked = (start..<min(start + 1000, count)).map { rank in
                let grant = Grant(account: AccountsByUse.name(rank: rank), unit: "credits", amount: 1_000_000_000)
                return caller.asked(
                    Request(tenant: LedgerGenerator.busyTenant, id: Name("bench-grant-\(rank)")!, body: 0, command: .grant(grant))
                )
            }
            caller.send(asked)
            if !caller.collect(asked.count).allSatisfy(\.isAccepted) { throw BenchError("the accounts cannot be given credits") }
        }
    }
}
