/// A directory that is to become a data directory: everything is put into one beside it, and only when that is whole and
/// durable does it take the name.
public struct RestoreSite: Sendable {
    /// The directory that is to be. It must be absent or empty; the one above it must be there.
    public let directory: String
    private let volume: any Volume

    public init(_ directory: String, volume: any Volume = PosixVolume()) {
        self.directory = String(directory.reversed().drop { $0 == "/" }.reversed())
        self.volume = volume
    }

    /// Where it is built.
    public var building: String { directory + ".restoring" }

    /// Checks that there is room. Nothing is made.
    ///
    /// - Throws: `.volumeFailed` when the directory holds something, or an interrupted restoring has left something behind.
    public func check() throws(LogError) {
        if try volume.exists(directory), let name = try volume.list(directory).first {
            throw LogError(.volumeFailed, "\(directory) is not empty (there is \(name)): restore into a new directory")
        }
        if try volume.exists(building) {
            throw LogError(.volumeFailed, "\(building) is left from a restore that was interrupted: remove it, and run again")
        }
    }

    /// Copies a whole backup to where it is built.
    ///
    /// - Parameters:
    ///   - files: those that belong to it beside the log.
    ///   - witness: the file that says how much of the log was seen.
    public func copy(
        _ backup: String, files: [String], witness: LogBackup.Witness?, progress: (BackupProgress) -> Void = { _ in }
    ) throws(LogError) -> BackupSummary {
        var copy = LogBackup(of: backup, to: building, volume: volume)
        copy.files = files
        copy.witness = witness
        copy.isTargetOwn = true
        return try copy.run(progress: progress)
    }

    /// Gives what was built its name, durably.
    public func finish() throws(LogError) {
        try volume.syncDirectory(building)
        try volume.rename(building, to: directory)
        try volume.syncDirectory(LogDirectory(path: directory, volume: volume).parent)
    }
}
