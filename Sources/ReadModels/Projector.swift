import LedgerModel
import SegmentLog

/// Keeps one read model: follows the log with its file, and builds a new file when there is none that will do.
///
/// It works on a thread of its own and blocks there at will. It never holds up the writer of the log, of which it knows only the
/// committed head.
actor Projector {
    private let projection: Projection
    private let directory: ReadModelDirectory
    private let feed: EventFeed
    private let reader: LogReader
    private let head: CommittedHead
    private let bounds: ReadModelBounds
    private let answering: [QueryReader]
    private let note: @Sendable (String) -> Void
    private let thread = OwnThread(niceness: ReadModelBounds.projectorNiceness)
    nonisolated let board = StatusBoard()
    /// The file that answers and is written; nil while there is none of this version.
    private var file: ReadModelFile?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(
        _ projection: Projection, in directory: ReadModelDirectory, feed: EventFeed, reader: LogReader, head: CommittedHead,
        bounds: ReadModelBounds, answering: [QueryReader], note: @escaping @Sendable (String) -> Void
    ) {
        self.projection = projection
        self.directory = directory
        self.feed = feed
        self.reader = reader
        self.head = head
        self.bounds = bounds
        self.answering = answering
        self.note = { note("read model \(projection.name): \($0)") }
    }

    /// Follows the log until the task is cancelled or the log is closed.
    ///
    /// - Parameter isDamaged: the file there is known to be damaged, and is built anew.
    func run(isDamaged: Bool) async {
        defer { file = nil }
        var mustBuild = isDamaged || !open()
        while true {
            do {
                if mustBuild { try await build() }
                return try await follow()
            } catch let error as SQLiteError where error.isDamage && !mustBuild {
                note("its file is damaged (\(error)) and is built anew")
                board.serve(nil)
                mustBuild = true
            } catch is CancellationError {
                return
            } catch {
                note("it stopped, and is tried again in \(bounds.retrySeconds) s: \(error)")
                board.set(.failed("\(error)"))
                file = nil
                guard (try? await Task.sleep(for: .seconds(bounds.retrySeconds))) != nil else { return }
                mustBuild = mustBuild || !open()
            }
        }
    }

    // MARK: Opening

    /// Opens the file, if it is sound and of this version. An older version answers until the new one is built.
    private func open() -> Bool {
        let path = directory.file(projection.name)
        guard directory.exists(path) else { return false }
        do {
            let mark = try ReadModelMark.sound(path, reader, head.current)
            if mark.version == projection.version {
                file = try ReadModelFile.open(path, projection)
                // Before anybody can ask: a query that comes upon damage starts a projector anew only while it follows.
                board.set(.following)
                board.serve(StatusBoard.Serving(projection: projection, reached: mark.watermark.sequence))
                return true
            }
            note("its SQL has changed: a new file is built")
            let connection = try Connection(path, .reading)
            let old = try Projection(try ReadModelMark.folder(on: connection, named: projection.name))
            board.serve(StatusBoard.Serving(projection: old, reached: mark.watermark.sequence))
        } catch {
            note("its file cannot be used (\(error)) and is built anew")
        }
        return false
    }

    // MARK: Building

    /// Builds a new file from the whole log, and puts it in the place of the old one when it has caught up.
    private func build() async throws {
        let path = directory.newFile(projection.name)
        directory.remove(path)
        try fill(try ReadModelFile.create(path, projection, ledger: head.current.ledger))
        try await swap()
    }

    private func fill(_ file: ReadModelFile) throws {
        board.set(.rebuilding(reached: .zero))
        while file.mark.watermark.sequence < head.current.lastSequence {
            try Task.checkCancellation()
            try commit(file, upTo: head.current)
            board.set(.rebuilding(reached: file.mark.watermark.sequence))
        }
    }

    /// Puts the new file in place while nobody has the old one open: queries wait.
    private func swap() async throws {
        board.serve(nil)
        file = nil
        for reader in answering { await reader.suspend(projection.name) }
        try directory.swap(projection.name)
        let file = try ReadModelFile.open(directory.file(projection.name), projection)
        for reader in answering { await reader.resume(projection.name) }
        board.set(.following)
        board.serve(StatusBoard.Serving(projection: projection, reached: file.mark.watermark.sequence))
        self.file = file
    }

    // MARK: Following

    private func follow() async throws {
        guard let file else { return }
        while true {
            let head = await head.growth(past: file.mark.watermark.sequence)
            if Task.isCancelled || head.lastSequence <= file.mark.watermark.sequence { return }
            try commit(file, upTo: head)
            board.reach(file.mark.watermark.sequence)
        }
    }

    private func commit(_ file: ReadModelFile, upTo head: LogHead) throws {
        try file.commit(eventCountMax: bounds.commitEventCount) { sequence in
            try feed.stretch(after: sequence, through: head.lastSequence, upTo: head)
        }
    }
}
