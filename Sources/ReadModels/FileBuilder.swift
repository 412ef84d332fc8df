import LedgerModel
import SegmentLog

/// Builds files of read models from the beginning of the log.
struct FileBuilder: Sendable {
    let feed: EventFeed
    let bounds: ReadModelBounds

    /// Builds a generation up to the end of what is committed, and gives it its name.
    func build(
        _ generation: Generation, _ projection: Projection, in directory: ReadModelDirectory, upTo head: () -> LogHead,
        progress: (SequenceNumber) throws -> Void
    ) throws {
        directory.remove(generation.building)
        do {
            let file = try ReadModelFile.create(generation.building, projection, ledger: head().ledger)
            try fill(file, through: { (head().lastSequence, head()) }, progress)
        } catch {
            directory.remove(generation.building)
            throw error
        }
        try generation.complete()
    }

    /// Builds a file without a name, which is gone when it is closed, from the log batches up to one.
    func buildPrivate(
        _ projection: Projection, in directory: ReadModelDirectory, through limit: SequenceNumber, upTo head: LogHead,
        progress: (SequenceNumber) throws -> Void
    ) throws -> ReadModelFile {
        let path = directory.privateFile(projection.name)
        let file = try ReadModelFile.create(path, projection, ledger: head.ledger)
        directory.remove(path)
        try fill(file, through: { (limit, head) }, progress)
        return file
    }

    /// - Parameter end: the last event wanted, and the head of the log; it may move on.
    private func fill(
        _ file: ReadModelFile, through end: () -> (SequenceNumber, LogHead), _ progress: (SequenceNumber) throws -> Void
    ) throws {
        try progress(.zero)
        while true {
            let (limit, head) = end()
            let before = file.mark.watermark.sequence
            if before >= limit { return }
            try file.commit(eventCountMax: bounds.commitEventCount) { sequence in
                try feed.stretch(after: sequence, through: limit, upTo: head)
            }
            if file.mark.watermark.sequence == before {
                throw ReadModelError("no log batch ends with event \(limit), which the read model says it has seen")
            }
            try progress(file.mark.watermark.sequence)
        }
    }
}

/// A thread for work that takes long and blocks, gone when the work is done.
actor Workbench {
    private let thread = OwnThread(niceness: ReadModelBounds.builderNiceness)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) throws -> Result { try work() }
}
