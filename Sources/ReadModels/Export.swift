import JSONText
public import LedgerModel

/// A query's rows in chunks, each read when it is asked for, on a thread of their own: however many there are, one chunk is in memory.
///
/// All chunks are of one state of the read model, that of `Head.asOf`. `end` interrupts what is under way; letting go of it closes the file.
public actor Export {
    /// What is known before the first row.
    public struct Head: Sendable {
        public let columns: [Query.Column]
        public let sequence: SequenceNumber
        /// The time of the last event in the read model; nil when there is none.
        public let at: Timestamp?
    }

    public struct Chunk: Sendable {
        /// A JSON array of rows, each an array with a value for each column.
        public let json: [UInt8]
        public let rowCount: Int
        /// True when no row comes behind these.
        public let isLast: Bool
    }

    private let thread = OwnThread(niceness: ReadModelBounds.exportNiceness)
    private let bounds: ReadModelBounds
    private let interruption = Interruption()
    private var cursor: ExportCursor?
    private var writer = JSONWriter(capacity: 1 << 16)

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(bounds: ReadModelBounds) { self.bounds = bounds }

    /// Opens the cursor on the export's own thread. To be called once, and first.
    func open(_ body: @Sendable (Interruption) throws(QueryError) -> ExportCursor) throws(QueryError) -> Head {
        let cursor = try body(interruption)
        self.cursor = cursor
        return Head(columns: cursor.columns, sequence: cursor.asOf.sequence, at: cursor.asOf.at)
    }

    /// The rows behind those of the chunk before: none only at the end.
    ///
    /// Throws `timeLimit` when a chunk takes longer than a minute, and `failed` when the file cannot be read; then it is over.
    public func next() throws(QueryError) -> Chunk {
        guard let cursor else { return Chunk(json: Array("[]".utf8), rowCount: 0, isLast: true) }
        do { return try chunk(of: cursor) } catch {
            self.cursor = nil
            throw error
        }
    }

    /// Ends it from any thread, also in the middle of a chunk.
    public nonisolated func end() { interruption.set() }

    private func chunk(of cursor: ExportCursor) throws(QueryError) -> Chunk {
        let start = ContinuousClock.now
        cursor.deadline = start.advanced(by: bounds.exportStepLimit)
        writer.removeAll()
        writer.beginArray()
        var rowCount = 0
        while rowCount < bounds.exportRowCountMax, writer.count < ReadModelBounds.exportByteCount,
            ContinuousClock.now - start < ReadModelBounds.exportSlice
        {
            guard let row = try cursor.next() else {
                self.cursor = nil
                break
            }
            writer.values(row.statement, cursor.columns)
            rowCount += 1
        }
        writer.endArray()
        return Chunk(json: Array(writer.bytes), rowCount: rowCount, isLast: self.cursor == nil)
    }
}
