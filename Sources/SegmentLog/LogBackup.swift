/// A copy of a log that can be brought up to date again and again, made beside the writer or without one. Takes no lock of the
/// log, changes nothing in it, and leaves a directory that is laid out like the one it came from.
///
/// Whatever is copied is synced at its source first, so that a backup never holds what the log may still lose, and read back
/// and checked before it gets its name. Segments get their names in the order of the log, and what the witness says comes
/// last: wherever a crash comes, the backup is whole, and as old as the last segment that was named.
public struct LogBackup: Sendable {
    /// The data directory that is backed up.
    public let source: String
    /// The directory that becomes the backup, or is one. Made when absent; the directory above it must be there.
    public let target: String
    private let volume: any Volume

    /// Link sealed segments instead of copying them: no bytes are written, and none are kept apart from those of the source.
    /// Both must be on one file system.
    public var links = false
    /// Files of the data directory that belong to it beside its log, by name. Those that are there are copied, for the
    /// owner's eyes only. Each must fit `LogBackup.fileByteCountMax`.
    public var files: [String] = []
    /// Nobody else can know of the target, so that it needs no lock.
    var isTargetOwn = false
    /// Somebody's signed word on how far the log went.
    public var witness: Witness?

    /// A file of the data directory that says how much of the log somebody has seen.
    public struct Witness: Sendable {
        /// Its name, in the data directory and in the backup.
        public let name: String
        /// Reads what it says. Throws when it is not what it should be.
        public let watermark: @Sendable ([UInt8]) throws(LogError) -> Watermark

        public init(_ name: String, watermark: @escaping @Sendable ([UInt8]) throws(LogError) -> Watermark) {
            self.name = name
            self.watermark = watermark
        }
    }

    public init(of source: String, to target: String, volume: any Volume = PosixVolume()) {
        self.source = source
        self.target = target
        self.volume = volume
    }

    /// Files beside the log are keys and notes: 1 MiB bounds what is read of them.
    public static let fileByteCountMax = 1 << 20

    /// Makes the backup, or brings it up to date.
    ///
    /// - Parameter progress: told about every mebibyte.
    /// - Throws: what is wrong with the source, with its place; `.otherHistory` or `.lostEvents` when the target holds another
    ///   ledger, another history or a longer log; and the first operation that failed. What has its name in the target is whole
    ///   whatever happened, and running again goes on from there.
    public func run(progress: (BackupProgress) -> Void = { _ in }) throws(LogError) -> BackupSummary {
        let target = LogDirectory(path: self.target, volume: volume)
        // What somebody has seen is read before the log, so that the log reaches at least as far.
        let source = try BackupSource(LogDirectory(path: self.source, volume: volume), witness)
        try source.check(target, self)
        let lock = try target.prepareForBackup(isOwn: isTargetOwn)
        defer { withExtendedLifetime(lock) {} }
        // Another backup may have come in between.
        let actions = try source.check(target, self)
        var run = BackupRun(source, target, self)
        return try run.perform(actions, progress)
    }
}

/// How far a backup has come.
public struct BackupProgress: Sendable, Hashable {
    /// Bytes of segments that are in the target, and checked.
    public let byteCount: UInt64
    /// Bytes of all segments that this run has to put there.
    public let byteCountTotal: UInt64
}

/// What a backup did.
public struct BackupSummary: Sendable, Hashable {
    public internal(set) var copiedCount = 0
    public internal(set) var linkedCount = 0
    /// Segments that were there already.
    public internal(set) var keptCount = 0
    /// Bytes of segments that were copied.
    public internal(set) var copiedByteCount: UInt64 = 0
    /// The last record that the backup holds, and its place.
    public internal(set) var head: LogHead
    /// What the witness in the backup has seen; nil when there is none.
    public internal(set) var seen: Watermark?
    /// Files beside the log that are not in the source.
    public internal(set) var absentFiles: [String] = []
}
