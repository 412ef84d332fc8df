public import LedgerModel
public import SegmentLog

/// All read models of a ledger: their projectors follow the log, and their queries are asked here.
public final class ReadModels: Sendable {
    /// One read model and who keeps it.
    struct Kept: Sendable {
        let projection: Projection
        let projector: Projector
    }

    let kept: [Kept]
    let builder: FileBuilder
    let directory: ReadModelDirectory
    let head: CommittedHead
    let bounds: ReadModelBounds
    private let answering: [QueryReader]
    /// The head as the projectors see it: one task takes it from the writer's thread and wakes them all, so that the writer wakes one.
    private let relay: CommittedHead
    private let following = Monitor<Task<Void, Never>?>(nil)
    /// How many queries each thread has before it.
    private let waiting: Monitor<[Int]>
    let checks = Checks()

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
        let answering = (0..<bounds.queryThreadCount).map { _ in QueryReader(bounds: bounds) }
        let relay = CommittedHead(head.current)
        let feed = EventFeed(reader, bounds: bounds)
        let builder = FileBuilder(feed: EventFeed(reader, bounds: bounds), bounds: bounds)
        kept = projections.map { projection in
            let projector = Projector(
                projection, in: directory, feed: feed, builder: builder, reader: reader, head: relay, bounds: bounds,
                answering: answering, note: note)
            return Kept(projection: projection, projector: projector)
        }
        (self.answering, self.head, self.relay, self.bounds) = (answering, head, relay, bounds)
        (self.builder, self.directory) = (builder, directory)
        waiting = Monitor(Array(repeating: 0, count: answering.count))
    }

    private static func repeated(_ names: [String]) -> String? {
        var seen: Set<String> = []
        return names.first { !seen.insert($0.lowercased()).inserted }
    }

    // MARK: Running

    /// Starts the projectors.
    public func start() {
        following.withLock { $0 = Task { [head, relay] in await ReadModels.follow(head, relay) } }
        for kept in kept { Task { await kept.projector.start() } }
    }

    /// Ends the projectors and closes all files. What they have not come to yet, they will find in the log.
    public func stop() async {
        let following = following.withLock { $0 }
        following?.cancel()
        checks.cancel()
        await withTaskGroup { group in
            for kept in kept { group.addTask { await kept.projector.stop() } }
        }
        await following?.value
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
                lag: last - min(last, reached.rawValue), checked: kept.projector.board.checked)
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
        let kept = try kept(answering: method)
        guard let query = kept.projection.query(method) else { throw .unknownQuery(method) }
        _ = try QueryArguments(query, arguments, cursor: cursor, now: now)
        while true {
            let serving = try await serving(kept, atLeast: minSeq ?? .zero)
            for query in serving.queries(like: query) {
                // An older query may not know what was asked.
                guard let arguments = try? QueryArguments(query, arguments, cursor: cursor, now: now) else { continue }
                if let answer = try await ask(query, of: serving, arguments, kept) { return answer }
            }
            // The file has not what is asked for, unless another answers by now.
            if kept.projector.board.serving?.generation === serving.generation { throw rebuilding(kept) }
        }
    }

    func kept(answering method: String) throws(QueryError) -> Kept {
        guard let kept = kept.first(where: { method.hasPrefix($0.projection.name + ".") }) else { throw .unknownQuery(method) }
        return kept
    }

    /// What answers, once it has come so far.
    func serving(_ kept: Kept, atLeast sequence: SequenceNumber) async throws(QueryError) -> StatusBoard.Serving {
        let board = kept.projector.board
        if case .failed(let reason) = board.phase, board.serving == nil { throw .failed(reason) }
        if let serving = await board.serving(atLeast: sequence, within: bounds.lagLimit) { return serving }
        guard let reached = board.serving?.reached else { throw rebuilding(kept) }
        throw .lagging(reached: reached, asked: sequence)
    }

    /// Why there is no answer as long as there is no file that could give it.
    func rebuilding(_ kept: Kept) -> QueryError {
        switch kept.projector.board.phase {
        case .rebuilding(let reached): .rebuilding(reached: reached, of: head.current.lastSequence)
        case .failed(let reason): .failed(reason)
        case .starting, .following: .rebuilding(reached: .zero, of: head.current.lastSequence)
        }
    }

    /// Nil when the file cannot say, or is not the one that answers any more.
    private func ask(_ query: Query, of serving: StatusBoard.Serving, _ arguments: QueryArguments, _ kept: Kept)
        async throws(QueryError) -> QueryAnswer?
    {
        let thread = leastBusyThread()
        defer { waiting.withLock { $0[thread] -= 1 } }
        do {
            let interruption = Interruption()
            return try await withTaskCancellationHandler {
                try await answering[thread].answer(query, of: serving, arguments, unless: interruption)
            } onCancel: {
                interruption.set()
            }
        } catch let error as QueryError {
            throw error
        } catch let error as SQLiteError {
            try await judge(error, serving, kept)
            return nil
        } catch {
            return nil
        }
    }

    /// An error may be the first sign that something has happened to the file: then another is asked.
    private func judge(_ error: SQLiteError, _ serving: StatusBoard.Serving, _ kept: Kept) async throws(QueryError) {
        if error.isInterruption { throw .timeLimit }
        if error.isOfSQL, serving.projection.version != kept.projection.version { return }
        if error.isDamage { await kept.projector.distrust(serving.generation, error) } else { await kept.projector.look() }
        if kept.projector.board.serving?.generation === serving.generation { throw .failed(error.description) }
    }

    private func leastBusyThread() -> Int {
        waiting.withLock { waiting in
            let thread = waiting.indices.min { waiting[$0] < waiting[$1] } ?? 0
            waiting[thread] += 1
            return thread
        }
    }
}

extension StatusBoard.Serving {
    /// Ways to ask the file for what a query of the program asks: as it was built to be asked, and, of an older file, as the program asks
    /// now, which may go well if only other tables have changed.
    fileprivate func queries(like query: Query) -> [Query] {
        let own = projection.query(query.name)
        return own == query ? [query] : [own, query].compactMap { $0 }
    }
}

extension Projection {
    func query(_ method: String) -> Query? { queries.first { $0.name == method } }
}
