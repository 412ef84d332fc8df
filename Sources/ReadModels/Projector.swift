import LedgerModel
import SegmentLog

/// Keeps one read model: follows the log with the file that answers, and has a new one built when there is none that will do.
///
/// It works on a thread of its own and blocks there at will. A new file is built on another: meanwhile an older one that is sound goes
/// on following with the SQL that it was built with. The writer of the log knows nothing of all this; only its committed head is looked at.
actor Projector {
    private let projection: Projection
    private let directory: ReadModelDirectory
    private let feed: EventFeed
    private let builder: FileBuilder
    private let reader: LogReader
    private let head: CommittedHead
    private let bounds: ReadModelBounds
    private let answering: [QueryReader]
    private let note: @Sendable (String) -> Void
    private let thread = OwnThread(niceness: ReadModelBounds.projectorNiceness)
    nonisolated let board = StatusBoard()

    /// The file that follows the log; it is the one that answers. Nil while there is none.
    private var followed: FollowedFile?
    /// Files that will not do, and go when there is one that does.
    private var rejected: [Generation] = []
    private var lastNumber = 0
    private var failureCount = 0
    private var isStopped = false
    private var following: Task<Void, Never>?
    private var building: Task<Void, Never>?
    private var retrying: Task<Void, Never>?
    private var looking: Task<Void, Never>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameter builder: reads the log apart from the feed, whose newest stretches are for those who follow.
    init(
        _ projection: Projection, in directory: ReadModelDirectory, feed: EventFeed, builder: FileBuilder, reader: LogReader,
        head: CommittedHead, bounds: ReadModelBounds, answering: [QueryReader], note: @escaping @Sendable (String) -> Void
    ) {
        self.projection = projection
        self.directory = directory
        self.feed = feed
        self.builder = builder
        self.reader = reader
        self.head = head
        self.bounds = bounds
        self.answering = answering
        self.note = { note("read model \(projection.name): \($0)") }
    }

    // MARK: From outside

    /// Follows the log from now on. To be called once.
    func start() {
        if isStopped { return }
        directory.remove(allOf: projection.name, but: directory.newest(projection.name))
        open()
        looking = Task {
            while (try? await Task.sleep(for: bounds.lookInterval)) != nil { look() }
        }
    }

    /// Ends all work and closes the file.
    func stop() async {
        isStopped = true
        let tasks = [following, building, retrying, looking].compactMap { $0 }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        followed = nil
    }

    /// Builds a new file while the one that is there goes on answering.
    func rebuild() throws(ReadModelError) {
        if building != nil { throw ReadModelError("the read model \(projection.name) is being built already") }
        build()
    }

    /// A query came upon damage in a file.
    func distrust(_ generation: Generation, _ error: SQLiteError) {
        if board.serving?.generation === generation { lose("is damaged (\(error))") }
    }

    /// The same from a thread that has no time to wait.
    nonisolated func tellDamage(of generation: Generation, _ error: SQLiteError) {
        Task { await distrust(generation, error) }
    }

    /// Whether the file that is followed is still the one in the directory: somebody may have deleted it, or put another in its place.
    func look() {
        if let followed, !followed.isInPlace { lose("was deleted or replaced") }
    }

    // MARK: Opening

    /// Opens the newest file and follows the log with it, if it is sound; has a new one built if it is not, or was built from other SQL.
    private func open() {
        guard let number = directory.newest(projection.name) else { return build() }
        let generation = Generation(projection.name, number, in: directory)
        lastNumber = max(lastNumber, number)
        do {
            let mark = try ReadModelMark.sound(generation.path, reader, head.current)
            let origin = mark.version == projection.version ? projection : try kept(in: generation)
            // Opened before anybody asks, for a file that was built by hand turns to its write-ahead log here, and is locked meanwhile. Then
            // it answers before it follows, for it may have a long way to go.
            let file = try FollowedFile(generation, origin)
            board.follow(StatusBoard.Serving(projection: origin, generation: generation, reached: mark.watermark.sequence))
            followed = file
            follow()
            if origin.version == projection.version { return }
            note("its SQL has changed: a new file is built")
        } catch {
            board.serve(nil)
            if let error = error as? SQLiteError, error.isPassing { return retry(after: error) }
            note("its file cannot be used (\(error)) and is built anew")
            rejected.append(generation)
        }
        build()
    }

    /// The SQL that a file was built with, which answers until there is a file of the program's.
    private func kept(in generation: Generation) throws -> Projection {
        try Projection(try ReadModelMark.folder(on: try Connection(generation.path, .reading), named: projection.name))
    }

    /// The file is no good any more. Queries wait until there is another.
    private func lose(_ reason: String) {
        note("its file \(reason) and is built anew")
        if let generation = board.serving?.generation { rejected.append(generation) }
        board.serve(nil)
        followed = nil
        build()
    }

    // MARK: Following

    private func follow() {
        if following != nil || isStopped { return }
        following = Task {
            await followToTheEnd()
            following = nil
        }
    }

    /// Follows the log until the task is cancelled, the log is closed, or there is no file to follow it with.
    private func followToTheEnd() async {
        while let reached = followed?.reached {
            let head = await head.growth(past: reached)
            if Task.isCancelled || head.lastSequence <= reached { return }
            // While it waited, the file may have been changed for another.
            guard let followed else { return }
            let start = ContinuousClock.now
            do {
                try commit(followed)
                board.reach(followed.reached)
            } catch {
                fail(error)
                return
            }
            await rest(since: start)
        }
    }

    /// Under load every log batch would be a commit of its own, where a few longer ones cost a quarter.
    private func rest(since start: ContinuousClock.Instant) async {
        let rest = bounds.commitInterval - (ContinuousClock.now - start)
        if rest > .zero { await board.rest(for: rest) }
    }

    /// As far as the log goes by then: who stopped at an older end would want stretches of its own from there on, and each of the others too.
    private func commit(_ followed: FollowedFile) throws {
        try followed.file.commit(eventCountMax: bounds.commitEventCount) { sequence in
            let end = head.current
            return end.lastSequence > sequence ? try feed.stretch(after: sequence, through: end.lastSequence, upTo: end) : nil
        }
        failureCount = 0
    }

    /// It could not follow the log. What it has goes on answering, unless it is damaged.
    private func fail(_ error: any Error) {
        followed = nil
        if let error = error as? SQLiteError, error.isDamage { return lose("is damaged (\(error))") }
        // The file that is being built will take its place.
        if building == nil { retry(after: error) }
    }

    // MARK: Building

    private func build() {
        if building != nil || isStopped { return }
        retrying?.cancel()
        board.set(.rebuilding(reached: .zero))
        lastNumber = max(lastNumber + 1, directory.next(projection.name))
        let generation = Generation(projection.name, lastNumber, in: directory)
        building = Task {
            do {
                try await Workbench().run(filling(generation))
                building = nil
                try answer(with: generation)
            } catch {
                building = nil
                if !(error is CancellationError) { retry(after: error) }
            }
        }
    }

    /// The work of building a generation, which is done on a thread of its own.
    private func filling(_ generation: Generation) -> @Sendable () throws -> Void {
        { [builder, projection, directory, head, board] in
            // Somebody may have removed all of it.
            try directory.create()
            try builder.build(generation, projection, in: directory, upTo: { head.current }) { reached in
                try Task.checkCancellation()
                board.set(.rebuilding(reached: reached))
            }
        }
    }

    /// Puts a new file in the place of the one that answers. No query waits: those that have begun end on the old one, which is removed when
    /// the last has let go, and the new one has come at least as far, so that nobody is told less than before.
    private func answer(with generation: Generation) throws {
        if isStopped { return }
        let new = try FollowedFile(generation, projection)
        let end = head.current
        while new.reached < end.lastSequence { try commit(new) }
        let old = board.serving?.generation
        followed = new
        board.follow(StatusBoard.Serving(projection: projection, generation: generation, reached: new.reached))
        for generation in rejected + [old].compactMap({ $0 }) { generation.retire() }
        rejected = []
        for reader in answering { Task { [name = projection.name] in await reader.close(name, unless: generation) } }
        failureCount = 0
        follow()
    }

    /// Tries again after a while, which grows.
    private func retry(after error: any Error) {
        if isStopped { return }
        let seconds = min(bounds.retrySeconds << min(failureCount, 16), bounds.retrySecondsMax)
        failureCount += 1
        note("it stopped, and is tried again in \(seconds) s: \(error)")
        board.set(.failed("\(error)"))
        retrying = Task {
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil, building == nil else { return }
            goOn()
        }
    }

    private func goOn() {
        guard let serving = board.serving, followed == nil else { return board.serving == nil ? open() : build() }
        // The file that answers could not follow. What it has open is opened anew, for that may be at fault.
        do {
            followed = try FollowedFile(serving.generation, serving.projection)
            board.set(.following)
            follow()
            if serving.projection.version != projection.version { build() }
        } catch { fail(error) }
    }
}

/// The file with which a projector follows the log.
private struct FollowedFile {
    let generation: Generation
    let file: ReadModelFile
    private let identities: [FileIdentity?]

    init(_ generation: Generation, _ projection: Projection) throws {
        self.generation = generation
        file = try ReadModelFile.open(generation.path, projection)
        identities = FollowedFile.identities(generation)
    }

    var reached: SequenceNumber { file.mark.watermark.sequence }

    /// The file and its write-ahead log are the ones that were opened.
    var isInPlace: Bool { FollowedFile.identities(generation) == identities }

    private static func identities(_ generation: Generation) -> [FileIdentity?] {
        ["", "-wal"].map { FileIdentity(generation.path + $0) }
    }
}
