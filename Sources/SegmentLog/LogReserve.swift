/// The next segment, written ahead: `log/reserve`, a file of synced zeros that gets its header and its name when the log rolls.
///
/// It is room on the medium that nobody else can take. One thread writes it, another, the writer, takes it; the writer never waits
/// for it to be written.
public final class LogReserve: @unchecked Sendable {
    private enum State { case missing, ready, taken, closed }

    private let directory: LogDirectory
    private let byteCount: Int
    /// Held for as long as the file is being written.
    private let writing = Lock()
    /// Guards what follows.
    private let lock = Lock()
    private var state = State.missing
    private var hasFoundNoSpace = false

    init(_ directory: LogDirectory, _ bounds: LogBounds) {
        self.directory = directory
        byteCount = bounds.reserveByteCount
    }

    /// There is a reserve for the log to roll into.
    public var isReady: Bool { lock.withLock { state == .ready } }

    /// There was no space for the reserve when it was last written, and there is none: what the log still takes is numbered.
    public var isDiskFull: Bool { lock.withLock { hasFoundNoSpace && state != .ready } }

    /// Writes the reserve, unless there is one or the log is closed. Takes as long as the medium needs for writing and syncing
    /// `LogBounds.reserveByteCount`; for a thread that may wait.
    ///
    /// - Throws: `.diskFull`: then the space that was found is given back, and `isDiskFull` holds until a later try succeeds. Any other
    ///   error of the volume: the log goes on without.
    public func write() throws(LogError) {
        try writing.withLock { () throws(LogError) in
            guard isWanted else { return }
            do throws(LogError) {
                try writeZeros()
                become(.ready)
            } catch {
                try? directory.volume.remove(directory.newReserve)
                lock.withLock { hasFoundNoSpace = error.code == .diskFull }
                throw error
            }
        }
    }

    /// Ends the writing for good; returns when no file is touched any more.
    func close() {
        lock.withLock { state = .closed }
        writing.withLock {}
    }

    private var isWanted: Bool { lock.withLock { state == .missing } }

    private func become(_ new: State) {
        lock.withLock {
            // A log that was closed meanwhile stays closed.
            if state != .closed { state = new }
            if state == .ready { hasFoundNoSpace = false }
        }
    }

    /// Under another name until all of it is synced, and in small pieces, each synced: a batch's sync that comes between waits for no
    /// more than a piece.
    private func writeZeros() throws(LogError) {
        let (volume, path) = (directory.volume, directory.newReserve)
        if try volume.exists(path) { try volume.remove(path) }
        let file = try volume.createFile(path)
        for start in stride(from: 0, to: byteCount, by: LogBounds.reservePieceByteCount) where isWanted {
            let piece = min(LogBounds.reservePieceByteCount, byteCount - start)
            try file.write([UInt8](repeating: 0, count: piece), at: UInt64(start))
            try file.sync()
        }
        guard isWanted else { return try volume.remove(path) }
        try volume.rename(path, to: directory.reserve)
        try volume.syncDirectory(directory.log)
    }
}

// MARK: Taking

extension LogReserve {
    /// Makes the reserve a segment; gives where its first batch stands, or nil when there is none. The header is synced before the
    /// file gets the segment's name, so that a crash leaves a segment or something that is none.
    func take(as header: SegmentHeader) throws(LogError) -> LogPosition? {
        guard claim() else { return nil }
        let (volume, path) = (directory.volume, directory.segment(header.firstSequence))
        let bytes = try header.encoded(for: path)
        let file = try volume.openFile(directory.reserve, forWriting: true)
        try file.write(bytes, at: 0)
        try file.sync()
        try volume.rename(directory.reserve, to: path)
        try volume.syncDirectory(directory.log)
        become(.missing)
        return LogPosition(header, hash: bytes.withUnsafeBytes { ChainHash(segmentHeader: $0) })
    }

    /// While it is taken nobody writes another one: that would take its name.
    private func claim() -> Bool {
        lock.withLock {
            guard state == .ready else { return false }
            state = .taken
            return true
        }
    }

    /// Takes over what an earlier process left. A file of another size, or with a byte that is not zero, is no reserve (a header
    /// may have reached it before a crash): it is removed, which gives back its space, and written anew later.
    func recover() throws(LogError) {
        let volume = directory.volume
        if try volume.exists(directory.newReserve) { try volume.remove(directory.newReserve) }
        guard try volume.exists(directory.reserve) else { return }
        // An error of the volume says no more than that it is not to be relied on.
        if (try? isSound()) == true { become(.ready) } else { try remove() }
    }

    /// Gives its space back to the medium.
    func remove() throws(LogError) {
        become(.missing)
        try directory.volume.remove(directory.reserve)
    }

    private func isSound() throws(LogError) -> Bool {
        let file = try directory.volume.openFile(directory.reserve, forWriting: true)
        guard try file.byteCount() == UInt64(byteCount) else { return false }
        let window = ReadWindow(file, byteCount: LogBounds.readByteCount)
        for start in stride(from: 0, to: byteCount, by: LogBounds.readByteCount) {
            let count = min(LogBounds.readByteCount, byteCount - start)
            let bytes = try window.bytes(at: UInt64(start), count: count)
            guard bytes.count == count, bytes.isZero else { return false }
        }
        // What an earlier process wrote may be in memory only.
        try file.sync()
        return true
    }
}

extension LogDirectory {
    /// The next segment, written ahead. Its name is not that of a segment, and does not end in `.lz4`.
    var reserve: String { log + "/reserve" }
    /// The same while it is being written.
    var newReserve: String { reserve + ".new" }
}

extension SegmentHeader {
    /// The header's bytes, or the fault with the file that they are for.
    func encoded(for path: String) throws(LogError) -> [UInt8] {
        do { return try encoded() } catch { throw LogError(error, file: path, offset: 0, sequence: firstSequence) }
    }
}
