public import LedgerModel
public import SegmentLog

/// Builds a read model anew by hand, or checks it.
public struct OfflineRebuild {
    private let projection: Projection
    private let directory: ReadModelDirectory
    private let builder: FileBuilder

    /// - Parameter directory: `views/` in the data directory; made if it is not there.
    public init(_ projection: Projection, in directory: String, reader: LogReader, bounds: ReadModelBounds = .standard)
        throws(ReadModelError)
    {
        self.projection = projection
        self.directory = ReadModelDirectory(path: directory)
        builder = FileBuilder(feed: EventFeed(reader, bounds: bounds), bounds: bounds)
        try self.directory.create()
    }

    /// Builds a file from the whole log, and removes the one in use. No daemon may have the data directory open.
    ///
    /// - Parameter progress: told after each commit how far it has come.
    public func rebuild(upTo head: LogHead, progress: (SequenceNumber) -> Void) throws {
        let generation = Generation(projection.name, directory.next(projection.name), in: directory)
        try builder.build(generation, projection, in: directory, upTo: { head }, progress: progress)
        directory.remove(allOf: projection.name, but: generation.number)
    }

    /// Builds the file from the log as far as the one in use has come, compares the two row by row, and throws the new one away. A
    /// daemon may be at work on both.
    ///
    /// - Parameters:
    ///   - head: the end of the log, asked once the file in use has been opened.
    ///   - progress: told how far the new file has come, and how far it has to.
    /// - Returns: the first difference; nil when every row is the same.
    public func check(
        upTo head: () throws -> LogHead, progress: (_ reached: SequenceNumber, _ end: SequenceNumber) -> Void
    ) throws -> ReadModelDifference? {
        guard let number = directory.newest(projection.name) else {
            throw ReadModelError("\(projection.name) has no file yet: there is nothing to compare")
        }
        let path = directory.file(projection.name, generation: number)
        do {
            let end = try ReadModelMark.read(from: try Connection(path, .reading)).watermark.sequence
            let check = ReadModelCheck(projection, in: directory, builder: builder)
            return try check.firstDifference(in: path, upTo: head) { progress($0, end) }
        } catch  where directory.newest(projection.name) != number {
            // A daemon has put another in its place under our hands.
            return try self.check(upTo: head, progress: progress)
        }
    }

    /// The same against a log whose end is known.
    public func check(upTo head: LogHead, progress: (SequenceNumber) -> Void) throws -> ReadModelDifference? {
        try check(upTo: { head }) { reached, _ in progress(reached) }
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
            directory.generations(of: name).lazy.compactMap { number in
                let path = directory.file(name, generation: number)
                return try? ReadModelMark.read(from: try Connection(path, .reading)).watermark
            }.first
        }
    }
}
