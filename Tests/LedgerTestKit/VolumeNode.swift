/// One file of the simulated volume: what processes read, what the medium holds for certain, and what it may hold besides.
struct VolumeNode {
    /// As processes see it: the page cache.
    private(set) var contents: [UInt8]
    /// What the last sync left, and so a power cut at least offers.
    private(set) var medium: [UInt8]
    /// Done since the last sync, in order.
    private var unsynced: [FileChange] = []
    /// What a sync that failed may have left: of sectors, by number, and of the byte count. No later sync writes these sectors.
    private var adriftSectors: [Int: [[UInt8]]] = [:]
    private var adriftByteCounts: [Int] = []
    /// The file was cut or lengthened by a truncation that no sync has made durable. It is in the journal, not in a page,
    /// and so is not forgotten by a sync that fails.
    private var isTruncationPending = false

    private(set) var isReadOnly = false
    private var isReadOnlyOnMedium = false

    init(synced: [UInt8] = []) {
        contents = synced
        medium = synced
    }

    static let sectorByteCount = 512

    var isSynced: Bool { unsynced.isEmpty && adriftSectors.isEmpty && adriftByteCounts.isEmpty && !isTruncationPending }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let count = max(0, min(buffer.count, contents.count - offset))
        if count > 0 { contents.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[offset..<offset + count])) } }
        return count
    }

    mutating func change(_ change: FileChange) {
        change.apply(to: &contents)
        unsynced.append(change)
    }

    /// Bytes that processes see here and the medium has elsewhere.
    mutating func changeInCacheOnly(_ change: FileChange) { change.apply(to: &contents) }

    /// Bytes that came to the medium behind everybody's back.
    mutating func changeOnMediumOnly(_ change: FileChange) { change.apply(to: &medium) }

    mutating func makeReadOnly() { isReadOnly = true }

    mutating func flip(bit: Int) {
        if bit / 8 < contents.count { contents[bit / 8] ^= 1 << (bit % 8) }
        if bit / 8 < medium.count { medium[bit / 8] ^= 1 << (bit % 8) }
    }

    // MARK: Syncing

    mutating func sync() {
        if adriftSectors.isEmpty && adriftByteCounts.isEmpty && !isTruncationPending {
            for change in unsynced { change.apply(to: &medium) }
        } else {
            syncSomeSectors()
        }
        unsynced = []
    }

    /// Writes what was changed since the sync that failed, by whole sectors, and nothing else.
    private mutating func syncSomeSectors() {
        resizeMedium()
        for change in unsynced {
            guard case .write(let offset, let bytes) = change, !bytes.isEmpty else { continue }
            for sector in sectors(offset..<offset + bytes.count) { syncSector(sector) }
        }
    }

    private mutating func resizeMedium() {
        if isTruncationPending || unsynced.contains(where: \.isTruncation) {
            medium.resize(to: contents.count)
            let end = medium.count
            adriftSectors = adriftSectors.filter { $0.key * Self.sectorByteCount < end }
            if end > 0 { syncSector(end / Self.sectorByteCount) }
            (adriftByteCounts, isTruncationPending) = ([], false)
        } else {
            let end = unsynced.map(\.end).max() ?? 0
            medium.resize(to: max(medium.count, end))
            adriftByteCounts = adriftByteCounts.filter { $0 > medium.count }
        }
    }

    private mutating func syncSector(_ sector: Int) {
        adriftSectors[sector] = nil
        let start = sector * Self.sectorByteCount
        let end = min(start + Self.sectorByteCount, medium.count, contents.count)
        if start < end { medium.replaceSubrange(start..<end, with: contents[start..<end]) }
    }

    /// A sync that fails: some of it may be on the medium, and none of it is tried again.
    mutating func failSync() {
        let past = past()
        for (sector, versions) in past.sectors { adriftSectors[sector, default: []] += versions }
        adriftByteCounts += past.byteCounts
        isTruncationPending = isTruncationPending || unsynced.contains(where: \.isTruncation)
        unsynced = []
    }

    // MARK: Power cuts

    /// What is left when the power is cut: every sector and the byte count as they were at some time.
    mutating func cutPower(_ choices: inout PowerCutChoices) {
        if !isSynced { medium = left(&choices) }
        isReadOnlyOnMedium = choices.pick([isReadOnlyOnMedium, isReadOnly])
        self = VolumeNode(synced: medium, isReadOnly: isReadOnlyOnMedium)
    }

    private init(synced: [UInt8], isReadOnly: Bool) {
        self.init(synced: synced)
        (self.isReadOnly, isReadOnlyOnMedium) = (isReadOnly, isReadOnly)
    }

    private func left(_ choices: inout PowerCutChoices) -> [UInt8] {
        let past = past()
        var left = medium
        left.resize(to: choices.pick([medium.count] + adriftByteCounts + past.byteCounts))
        for sector in Set(adriftSectors.keys).union(past.sectors.keys).sorted() {
            let versions = [mediumSector(sector)] + (adriftSectors[sector] ?? []) + (past.sectors[sector] ?? [])
            left.put(choices.pick(sector: versions), at: sector * Self.sectorByteCount)
        }
        return left
    }

    /// What each sector and the byte count became with each unsynced change.
    private func past() -> (sectors: [Int: [[UInt8]]], byteCounts: [Int]) {
        var sectors: [Int: [[UInt8]]] = [:]
        var byteCounts: [Int] = []
        var count = adriftByteCounts.last ?? medium.count
        for change in unsynced {
            let after = change.byteCount(from: count)
            if after != count { byteCounts.append(after) }
            for sector in self.sectors(change.range(from: count)) {
                var bytes = sectors[sector]?.last ?? adriftSectors[sector]?.last ?? mediumSector(sector)
                change.apply(toSector: &bytes, at: sector * Self.sectorByteCount)
                sectors[sector, default: []].append(bytes)
            }
            count = after
        }
        return (sectors, byteCounts)
    }

    private func sectors(_ range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        return range.lowerBound / Self.sectorByteCount..<(range.upperBound - 1) / Self.sectorByteCount + 1
    }

    private func mediumSector(_ sector: Int) -> [UInt8] {
        let start = min(sector * Self.sectorByteCount, medium.count)
        var bytes = Array(medium[start..<min(start + Self.sectorByteCount, medium.count)])
        bytes.resize(to: Self.sectorByteCount)
        return bytes
    }
}

/// Something done to the bytes of a file.
enum FileChange {
    case write(offset: Int, bytes: [UInt8])
    case truncate(byteCount: Int)

    var isTruncation: Bool { if case .truncate = self { true } else { false } }

    /// Where a write ends.
    var end: Int { if case .write(let offset, let bytes) = self { offset + bytes.count } else { 0 } }

    func byteCount(from count: Int) -> Int { if case .truncate(let byteCount) = self { byteCount } else { max(count, end) } }

    /// The bytes that it changes in a file of `count` bytes.
    func range(from count: Int) -> Range<Int> {
        switch self {
        case .write(let offset, let bytes): offset..<offset + bytes.count
        case .truncate(let byteCount): min(byteCount, count)..<count
        }
    }

    func apply(to contents: inout [UInt8]) {
        contents.resize(to: byteCount(from: contents.count))
        if case .write(let offset, let bytes) = self { contents.put(bytes, at: offset) }
    }

    /// Changes the sector that begins at `start` in the file.
    func apply(toSector sector: inout [UInt8], at start: Int) {
        switch self {
        case .write(let offset, let bytes):
            let (from, to) = (max(offset, start), min(end, start + sector.count))
            if from < to { sector.replaceSubrange(from - start..<to - start, with: bytes[from - offset..<to - offset]) }
        case .truncate(let byteCount):
            let (kept, count) = (max(0, min(byteCount - start, sector.count)), sector.count)
            sector.resize(to: kept)
            sector.resize(to: count)
        }
    }
}

extension [UInt8] {
    /// Cuts, or lengthens with zeros.
    fileprivate mutating func resize(to byteCount: Int) {
        if byteCount < count { removeLast(count - byteCount) }
        if byteCount > count { self += [UInt8](repeating: 0, count: byteCount - count) }
    }

    /// Replaces bytes, as far as there are some.
    fileprivate mutating func put(_ bytes: [UInt8], at offset: Int) {
        let end = Swift.min(offset + bytes.count, count)
        if offset < end { replaceSubrange(offset..<end, with: bytes[..<(end - offset)]) }
    }
}
