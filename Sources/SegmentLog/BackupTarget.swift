import LedgerModel

/// What is done for one segment.
enum BackupAction: Hashable {
    /// It is in the target already.
    case keep
    /// A copy, in place of an earlier and shorter one if there is one.
    case copy
    case link
}

extension LogDirectory {
    private static let backupLock = "backup.lock"

    /// Makes what is missing, and deletes what an interrupted backup left half made. Of two backups into one directory the
    /// second is refused.
    func prepareForBackup(isOwn: Bool) throws(LogError) -> (any VolumeLock)? {
        if try !volume.exists(path) {
            try volume.makeDirectory(path)
            try volume.syncDirectory(parent)
        }
        let lock = isOwn ? nil : try volume.lock("\(path)/\(Self.backupLock)")
        try volume.makeDirectory(log)
        try volume.syncDirectory(path)
        for name in try volume.list(log) where Self.isNewSegment(name) { try volume.remove("\(log)/\(name)") }
        return lock
    }

    /// A directory may become a backup when it is absent, or holds nothing but what a backup holds.
    fileprivate func checkIsBackup(_ backup: LogBackup) throws(LogError) {
        if try volume.exists(lock) {
            let words = "a daemon has served here, so this is a ledger in use and no backup: give the backup another directory"
            throw LogError(.otherHistory, "\(path): \(words)")
        }
        guard try volume.exists(path) else { return }
        if try volume.exists(log) { return try checkSegmentsOnly() }
        let ours = Set([Self.backupLock, "log", "torn"] + (backup.files + [backup.witness?.name].compactMap(\.self)))
        guard let foreign = try volume.list(path).first(where: { !ours.contains($0) }) else { return }
        throw LogError(.otherHistory, "\(path): there is \(foreign), and no backup: give the backup a directory of its own")
    }

    /// A directory `log` may be anybody's.
    private func checkSegmentsOnly() throws(LogError) {
        let foreign = try volume.list(log).first { Self.first(ofSegment: $0) == nil && !Self.isNewSegment($0) }
        guard let foreign else { return }
        throw LogError(.otherHistory, "\(log): there is \(foreign), so this is no backup: give the backup a directory of its own")
    }
}

extension BackupSource {
    /// What is to be done for each segment. Throws when the target is not an earlier state of this log, or of a ledger in use.
    @discardableResult
    func check(_ target: LogDirectory, _ backup: LogBackup) throws(LogError) -> [BackupAction] {
        guard target.path != directory.path else {
            throw LogError(.otherHistory, "\(target.path): a backup needs another directory than the ledger's own")
        }
        try target.checkIsBackup(backup)
        let there = try target.volume.exists(target.log) ? try target.segments() : []
        try checkWitness(in: target, backup)
        if let beyond = there.first(where: { first in !segments.contains { $0.first == first } }) {
            throw mismatch(target, "holds a segment that begins at sequence \(beyond), and \(directory.path) has none")
        }
        var actions: [BackupAction] = []
        for segment in segments {
            if there.contains(segment.first), try isKept(segment, in: target, isLast: segment.first == there.last) {
                actions.append(.keep)
            } else {
                actions.append(backup.links && isFollowed(segment) ? .link : .copy)
            }
        }
        return actions
    }

    /// A segment that another follows is never written again, and may be shared.
    private func isFollowed(_ segment: SourceSegment) -> Bool { segment.first != head.segment }

    /// What the backup's witness has seen must be in the log, or the backup is newer than the log.
    private func checkWitness(in target: LogDirectory, _ backup: LogBackup) throws(LogError) {
        guard let witness = backup.witness, let bytes = try target.bytes(ofFile: witness.name) else { return }
        do throws(LogError) {
            try directory.check(witness.watermark(bytes), upTo: head)
        } catch {
            throw LogError(error.code, "the \(witness.name) of \(target.path) does not fit: \(error.sentence)")
        }
    }

    /// Whether the target has a segment as it is here; false when it has only the beginning of it.
    private func isKept(_ segment: SourceSegment, in target: LogDirectory, isLast: Bool) throws(LogError) -> Bool {
        let found = try target.glance(segment.first)
        guard found.header == segment.header else { throw mismatch(target, "holds another \(found.name)") }
        if let end = try? found.sealedEnd() {
            if end.isSame(as: segment.end) { return true }
            throw mismatch(target, "holds another \(found.name): its seal is not that of \(directory.path), or is damaged")
        }
        guard isLast else { throw mismatch(target, "has no seal in \(found.name), though another segment follows") }
        return try isBeginning(SegmentEnd(TailScan(SegmentFile(segment.first, in: target))), of: segment, in: target)
    }

    /// Whether the last segment of the target, which is a beginning of the same one here, is all of it.
    private func isBeginning(_ end: SegmentEnd, of segment: SourceSegment, in target: LogDirectory) throws(LogError) -> Bool {
        let last = end.position.next.rawValue - 1
        if last > head.lastSequence.rawValue {
            let words = "holds events up to \(last), and \(directory.path) ends at \(head.lastSequence)"
            throw mismatch(target, words, .lostEvents)
        }
        if end.position.next > segment.first {
            let reader = LogReader(directory.path, volume: directory.volume)
            guard try reader.chain(holding: SequenceNumber(last), upTo: head) == end.chain else {
                throw mismatch(target, "holds another event \(last)")
            }
        }
        let byteCount = try target.volume.openFile(target.segment(segment.first), forWriting: false).byteCount()
        return end.isSame(as: segment.end) && byteCount == end.byteCount
    }

    private func mismatch(_ target: LogDirectory, _ words: String, _ code: LogError.Code = .otherHistory) -> LogError {
        LogError(code, "\(target.path) \(words): it is not an earlier backup of this log, and is left as it is")
    }
}
