public import LedgerModel
public import SegmentLog

/// Builds a read model anew by hand, while no daemon has the data directory open.
public struct OfflineRebuild {
    private let projection: Projection
    private let directory: ReadModelDirectory
    private let feed: EventFeed
    private let bounds: ReadModelBounds

    /// - Parameter directory: `views/` in the data directory; made if it is not there.
    public init(_ projection: Projection, in directory: String, reader: LogReader, bounds: ReadModelBounds = .standard)
        throws(ReadModelError)
    {
        self.projection = projection
        self.directory = ReadModelDirectory(path: directory)
        self.bounds = bounds
        feed = EventFeed(reader, bounds: bounds)
        try self.directory.create()
    }

    /// Builds the file from the whole log and puts it in the place of the old one.
    ///
    /// - Parameter progress: told after each commit how far it has come.
    public func rebuild(upTo head: LogHead, progress: (SequenceNumber) -> Void) throws {
        try build(upTo: head, through: head.lastSequence, progress)
        try directory.swap(projection.name)
    }

    /// Builds the file from the log as far as the one in use has come, compares the two row by row, and throws the new one away.
    ///
    /// - Returns: the first difference; nil when every row is the same.
    public func check(upTo head: LogHead, progress: (SequenceNumber) -> Void) throws -> ReadModelDifference? {
        let live = try Connection(directory.file(projection.name), .reading)
        let mark = try ReadModelMark.read(from: live)
        guard mark.version == projection.version else {
            throw ReadModelError("\(projection.name) was built from other SQL: there is nothing to compare, it has to be rebuilt")
        }
        guard mark.watermark.ledger == head.ledger, mark.watermark.sequence <= head.lastSequence else {
            throw ReadModelError(
                "\(projection.name) has seen \(mark.watermark.sequence) of \(mark.watermark.ledger), which the log has not")
        }
        defer { directory.remove(directory.newFile(projection.name)) }
        try build(upTo: head, through: mark.watermark.sequence, progress)
        return try ReadModelComparison(live: live, rebuilt: try Connection(directory.newFile(projection.name), .reading))
            .firstDifference()
    }

    private func build(upTo head: LogHead, through last: SequenceNumber, _ progress: (SequenceNumber) -> Void) throws {
        let path = directory.newFile(projection.name)
        directory.remove(path)
        let file = try ReadModelFile.create(path, projection, ledger: head.ledger)
        while file.mark.watermark.sequence < last {
            try file.commit(eventCountMax: bounds.commitEventCount) { sequence in
                try feed.stretch(after: sequence, through: last, upTo: head)
            }
            progress(file.mark.watermark.sequence)
        }
    }
}

extension ReadModels {
    /// How far each read model has seen the log, for whoever opens the log to hold against it. A file that cannot be read counts as none: it
    /// is built anew.
    ///
    /// - Parameter directory: `views/` in the data directory.
    public static func watermarks(in directory: String) -> [Watermark] {
        let directory = ReadModelDirectory(path: directory)
        return directory.names().compactMap { name in
            try? ReadModelMark.read(from: try Connection(directory.file(name), .reading)).watermark
        }
    }
}
