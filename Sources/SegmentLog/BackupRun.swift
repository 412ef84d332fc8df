import LedgerModel

/// One backup at work: puts into the target what is not there.
struct BackupRun {
    private let source: BackupSource
    private let target: LogDirectory
    private let backup: LogBackup
    private var summary: BackupSummary
    private var doneByteCount: UInt64 = 0
    private var byteCountTotal: UInt64 = 0

    init(_ source: BackupSource, _ target: LogDirectory, _ backup: LogBackup) {
        self.source = source
        self.target = target
        self.backup = backup
        summary = BackupSummary(head: source.head)
    }

    mutating func perform(
        _ actions: [BackupAction], _ progress: (BackupProgress) -> Void
    ) throws(LogError) -> BackupSummary {
        let work = Array(zip(source.segments, actions))
        byteCountTotal = work.reduce(0) { $1.1 == .keep ? $0 : $0 + $1.0.end.byteCount }
        for (segment, action) in work { try perform(action, segment, progress) }
        for name in source.torn { try keepTorn(name) }
        for name in backup.files { try copy(name) }
        try putWitness()
        return summary
    }

    private mutating func perform(
        _ action: BackupAction, _ segment: SourceSegment, _ progress: (BackupProgress) -> Void
    ) throws(LogError) {
        func report(_ byteCount: UInt64) {
            progress(BackupProgress(byteCount: doneByteCount + byteCount, byteCountTotal: byteCountTotal))
        }
        if action == .keep { return summary.keptCount += 1 }
        if action == .link {
            try SegmentPlacing.link(segment, from: source.directory, in: target)
            summary.linkedCount += 1
        } else {
            try SegmentPlacing.copy(segment, from: source.directory, in: target, progress: report)
            summary.copiedCount += 1
            summary.copiedByteCount += segment.end.byteCount
        }
        report(segment.end.byteCount)
        doneByteCount += segment.end.byteCount
    }

    private func keepTorn(_ name: String) throws(LogError) {
        try target.volume.makeDirectory(target.torn)
        try target.volume.syncDirectory(target.path)
        let (from, to) = ("\(source.directory.torn)/\(name)", "\(target.torn)/\(name)")
        let file = try target.volume.openFile(from, forWriting: false)
        let byteCount = try file.byteCount()
        if try target.volume.exists(to), try target.volume.openFile(to, forWriting: false).byteCount() == byteCount { return }
        try target.volume.replace(to, in: target.torn) { copy throws(LogError) in
            try copy.fill(from: file, byteCount) { _ in }
        }
    }

    private mutating func copy(_ name: String) throws(LogError) {
        guard let bytes = try source.directory.bytes(ofFile: name) else { return summary.absentFiles.append(name) }
        try target.put(bytes, asFile: name)
    }

    private mutating func putWitness() throws(LogError) {
        guard let witness = source.witness, let name = backup.witness?.name else { return }
        try target.put(witness.bytes, asFile: name)
        summary.seen = witness.watermark
    }
}

extension LogDirectory {
    /// Puts a small file into this directory in place of an earlier one, durably, unless the same is there.
    func put(_ bytes: [UInt8], asFile name: String) throws(LogError) {
        if try self.bytes(ofFile: name) == bytes { return }
        try volume.replace("\(path)/\(name)", in: path, with: bytes)
    }
}

extension VolumeFile {
    /// Copies the first bytes of another file, piece by piece.
    func fill(from source: any VolumeFile, _ byteCount: UInt64, progress: (UInt64) -> Void) throws(LogError) {
        let window = ReadWindow(source, byteCount: LogBounds.readByteCount, limit: byteCount)
        var next: UInt64 = 0
        while next < byteCount {
            let bytes = try window.bytes(at: next, count: LogBounds.readByteCount)
            guard !bytes.isEmpty else {
                throw LogError(.volumeFailed, "a file that is copied ends at \(next) bytes, before its \(byteCount)")
            }
            try write(bytes, at: next)
            next += UInt64(bytes.count)
            progress(next)
        }
    }
}
