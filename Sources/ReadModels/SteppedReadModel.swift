package import LedgerModel
package import SegmentLog

/// One read model's file that is followed by hand, commit by commit on the caller's thread, where nothing may depend on
/// threads.
package final class SteppedReadModel {
    private let file: ReadModelFile
    private let feed: EventFeed
    private let bounds: ReadModelBounds

    /// Goes on with the file that is there, if the log agrees with it; makes a new one otherwise.
    package init(
        _ projection: Projection, in directory: String, reader: LogReader, head: LogHead, bounds: ReadModelBounds
    ) throws {
        let directory = ReadModelDirectory(path: directory)
        try directory.create()
        (feed, self.bounds) = (EventFeed(reader, bounds: bounds, readsAhead: false), bounds)
        let path = directory.file(projection.name)
        if try !directory.exists(path) || ReadModelMark.sound(path, reader, head).version != projection.version {
            try SteppedReadModel.makeEmpty(projection, in: directory, of: head.ledger)
        }
        file = try ReadModelFile.open(directory.file(projection.name), projection)
    }

    private static func makeEmpty(_ projection: Projection, in directory: ReadModelDirectory, of ledger: LedgerID) throws {
        let next = Generation(projection.name, directory.next(projection.name), in: directory)
        _ = try ReadModelFile.create(next.building, projection, ledger: ledger)
        try next.complete()
        directory.remove(allOf: projection.name, but: next.number)
    }

    /// How far it has seen the log.
    package var watermark: Watermark { file.mark.watermark }

    /// One commit, through no log batch that ends beyond `limit`.
    package func follow(through limit: SequenceNumber, upTo head: LogHead) throws {
        try file.commit(eventCountMax: bounds.commitEventCount) { sequence in
            try feed.stretch(after: sequence, through: limit, upTo: head)
        }
    }
}
