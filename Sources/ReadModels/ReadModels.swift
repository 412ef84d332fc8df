public import LedgerModel
public import SegmentLog

/// All read models of a ledger: their projectors follow the log, and their queries are asked here.
public final class ReadModels: Sendable {
    private struct Kept: Sendable {
        let projection: Projection
        let projector: Projector
    }

    private let kept: [Kept]
    private let answering: [QueryReader]
    private let head: CommittedHead
    /// The head as the projectors see it: one task takes it from the writer's thread and wakes them all, so that the writer wakes one.
    private let relay: CommittedHead
    private let bounds: ReadModelBounds
    private let note: @Sendable (String) -> Void
    /// What runs, by the projection's name; the relay's task under the empty name.
    private let running = Monitor<[String: Task<Void, Never>]>([:])
    /// How many queries each thread has before it.
    private let waiting: Monitor<[Int]>

    /// - Parameters:
    ///   - directory: `views/` in the data directory; made if it is not there.
    ///   - head: published by the writer after each commit.
    ///   - note: told in a sentence what an operator should know.
    public init(
        _ directory: String, projections: [Projection], reader: LogReader, head: CommittedHead,
        bounds: ReadModelBounds = .standard,
        note: @escaping @Sendable (String) -> Void
    ) throws(ReadModelError) {
        if let name = ReadModels.repeated(projections.map(\.name)) {
            throw ReadModelError("there are two projections named \(name)")
        }
        let directory = ReadModelDirectory(path: directory)
        try directory.create()
        let answering = (0..<bounds.queryThreadCount).map { _ in QueryReader(directory, bounds: bounds) }
        let relay = CommittedHead(head.current)
        let feed = EventFeed(reader, bounds: bounds)
        kept = projections.map { projection in
            let projector = Projector(
                projection, in: directory, feed: feed, reader: reader, head: relay, bounds: bounds, answering: answering,
                note: note)
            return Kept(projection: projection, projector: projector)
        }
        (self.answering, self.head, self.relay, self.bounds, self.note) = (answering, head, relay, bounds, note)
        waiting = Monitor(Array(repeating: 0, count: answering.count))
    }

    private static func repeated(_ names: [String]) -> String? {
        var seen: Set<String> = []
        return names.first { !seen.insert($0.lowercased()).inserted }
    }

    // MARK: Running

    /// Starts the projectors.
    public func start() {
        running.withLock { running in
            running[""] = Task { [head, relay] in await ReadModels.follow(head, relay) }
            for kept in kept { running[kept.projection.name] = Task { await kept.projector.run(isDamaged: false) } }
        }
    }

    /// Ends the projectors and closes all files. What they have not come to yet, they will find in the log.
    public func stop() async {
        let tasks = running.withLock { running in
            defer { running = [:] }
            return Array(running.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        for reader in answering { await reader.close() }
    }

    private static func follow(_ head: CommittedHead, _ relay: CommittedHead) async {
        while !Task.isCancelled {
            let seen = relay.current.lastSequence
            let grown = await head.growth(past: seen)
            if grown.lastSequence == seen { break }
            relay.publish(grown)
        }
        relay.close()
    }

    /// How each read model stands, in the order given at the start.
    public func status() -> [ReadModelStatus] {
        let last = head.current.lastSequence.rawValue
        return kept.map { kept in
            let (phase, reached) = (kept.projector.board.phase, kept.projector.board.serving?.reached ?? .zero)
            return ReadModelStatus(
                name: kept.projection.name, sentence: kept.projection.sentence, phase: phase, sequence: reached,
                lag: last - min(last, reached.rawValue))
        }
    }

    // MARK: Asking

    /// All queries, in the order of the projections and then of their names.
    public var methods: [Query] { kept.flatMap(\.projection.queries) }

    /// Answers a query.
    ///
    /// - Parameters:
    ///   - method: the query's name, such as `usage.history`.
    ///   - arguments: its parameters by name; what is not given, or null, has its default.
    ///   - cursor: `next` of the page before; nil for the first page.
    ///   - minSeq: waits until the read model has followed the log up to here.
    ///   - now: the ledger's time, by which lots lapse.
    public func query(
        _ method: String, _ arguments: [String: QueryValue] = [:], cursor: String? = nil, minSeq: SequenceNumber? = nil,
        now: Timestamp
    ) async throws(QueryError) -> QueryAnswer {
        guard let kept = kept.first(where: { method.hasPrefix($0.projection.name + ".") }),
            let query = kept.projection.query(method)
        else {
            throw .unknownQuery(method)
        }
        _ = try QueryArguments(query, arguments, cursor: cursor, now: now)
        while true {
            let serving = try await serving(kept, atLeast: minSeq ?? .zero)
            // An older file answers with the queries it was built with.
            guard let query = serving.query(method) else { throw rebuilding(kept) }
            let arguments = try QueryArguments(query, arguments, cursor: cursor, now: now)
            if let answer = try await ask(query, of: serving, arguments, kept) { return answer }
        }
    }

    private func serving(_ kept: Kept, atLeast sequence: SequenceNumber) async throws(QueryError) -> Projection {
        if case .failed(let reason) = kept.projector.board.phase, kept.projector.board.serving == nil { throw .failed(reason) }
        if let serving = await kept.projector.board.serving(atLeast: sequence, within: bounds.lagLimit) {
            return serving.projection
        }
        guard let reached = kept.projector.board.serving?.reached else { throw rebuilding(kept) }
        throw .lagging(reached: reached, asked: sequence)
    }

    private func rebuilding(_ kept: Kept) -> QueryError {
        switch kept.projector.board.phase {
        case .rebuilding(let reached): .rebuilding(reached: reached, of: head.current.lastSequence)
        case .failed(let reason): .failed(reason)
        case .starting, .following: .rebuilding(reached: .zero, of: head.current.lastSequence)
        }
    }

    /// Nil when the file was changed for another in the meantime.
    private func ask(_ query: Query, of serving: Projection, _ arguments: QueryArguments, _ kept: Kept) async throws(QueryError)
        -> QueryAnswer?
    {
        let thread = leastBusyThread()
        defer { waiting.withLock { $0[thread] -= 1 } }
        do {
            return try await answering[thread].answer(query, of: serving, arguments)
        } catch let error as QueryError {
            throw error
        } catch let error as SQLiteError {
            if error.isInterruption { throw .timeLimit }
            if error.isDamage { rebuild(kept, because: error) }
            throw .failed(error.description)
        } catch {
            await Task.yield()
            return nil
        }
    }

    private func leastBusyThread() -> Int {
        waiting.withLock { waiting in
            let thread = waiting.indices.min { waiting[$0] < waiting[$1] } ?? 0
            waiting[thread] += 1
            return thread
        }
    }

    /// A query came upon damage in the file: its projector starts again, with a new one.
    private func rebuild(_ kept: Kept, because error: SQLiteError) {
        running.withLock { running in
            guard kept.projector.board.phase == .following, let old = running[kept.projection.name] else { return }
            note("read model \(kept.projection.name): its file is damaged (\(error)) and is built anew")
            kept.projector.board.set(.rebuilding(reached: .zero))
            kept.projector.board.serve(nil)
            old.cancel()
            running[kept.projection.name] = Task {
                await old.value
                await kept.projector.run(isDamaged: true)
            }
        }
    }
}

extension Projection {
    func query(_ method: String) -> Query? { queries.first { $0.name == method } }
}
