import Glibc
import SegmentLog

/// Everything that a simulated volume is, as one value: copying it copies the volume.
struct VolumeState {
    var names = VolumeNames()
    private(set) var nodes: [VolumeNode] = []
    var locks: [String: Int] = [:]
    /// Counts restarts: files and locks of an earlier life are dead.
    private(set) var life = 0
    private(set) var isCrashed = false
    var capacity: Int?
    var plan = FaultPlan()
    private(set) var counts: [VolumeOperation: Int] = [:]
    private(set) var operationCount = 0
    private(set) var largestReadByteCount = 0

    // MARK: Faults

    /// Counts an operation and plays the fault planned for it, as far as it is the same for all operations; gives it back
    /// otherwise.
    mutating func begin(_ operation: VolumeOperation, _ path: String, life: Int? = nil) throws(LogError) -> VolumeFault? {
        if isCrashed || life.map({ $0 != self.life }) == true { throw .crashed(path) }
        let fault = plan.take(operation, index: operationCount)
        counts[operation, default: 0] += 1
        if operation.isIndexed { operationCount += 1 }
        guard let fault else { return nil }
        switch (fault, operation) {
        case (.crash, _):
            isCrashed = true
            throw .crashed(path)
        case (.flipBit(let path, let bit), _):
            flip(path, bit: bit)
            return nil
        case (.fail, .sync), (.shortWrite, .write), (.misplacedWrite, .write): return fault
        case (.fail(let trouble), _), (.shortWrite(_, let trouble), _): throw LogError(trouble, operation, path)
        case (.misplacedWrite, _): return nil
        }
    }

    mutating func flip(_ path: String, bit: Int) {
        if let file = names.files[path] { nodes[file].flip(bit: bit) }
    }

    mutating func restart() {
        (life, isCrashed, locks) = (life + 1, false, [:])
    }

    mutating func cutPower(_ cut: PowerCut) {
        var choices = PowerCutChoices(cut)
        var ofNames = choices.part()
        names.cutPower(&ofNames)
        for file in nodes.indices {
            var ofFile = choices.part()
            nodes[file].cutPower(&ofFile)
        }
        restart()
    }

    /// The same volume as another machine finds it.
    func copied() -> VolumeState {
        var copy = self
        copy.restart()
        (copy.plan, copy.counts, copy.operationCount, copy.largestReadByteCount) = (FaultPlan(), [:], 0, 0)
        return copy
    }

    // MARK: Files

    func node(_ path: String) -> VolumeNode? { names.files[path].map { nodes[$0] } }

    func syncedBytes(_ path: String) -> [UInt8]? { names.syncedFile(path).map { nodes[$0].medium } }

    func file(_ path: String, _ operation: VolumeOperation) throws(LogError) -> Int {
        guard let file = names.files[path] else { throw LogError(operation, path, ENOENT) }
        return file
    }

    mutating func create(_ path: String, _ operation: VolumeOperation) throws(LogError) -> Int {
        guard !names.exists(path) else { throw LogError(operation, path, EEXIST) }
        guard names.directories.contains(VolumeNames.parent(of: path)) else { throw LogError(operation, path, ENOENT) }
        nodes.append(VolumeNode())
        names.change(.create(path, nodes.count - 1))
        return nodes.count - 1
    }

    mutating func put(_ path: String, _ bytes: [UInt8]) {
        nodes.append(VolumeNode(synced: bytes))
        names.put(path, nodes.count - 1)
    }

    mutating func makeReadOnly(_ file: Int) { nodes[file].makeReadOnly() }

    mutating func read(_ file: Int, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        largestReadByteCount = max(largestReadByteCount, buffer.count)
        return nodes[file].read(into: buffer, at: offset)
    }

    mutating func write(_ file: Int, _ path: String, _ bytes: [UInt8], at offset: Int, _ fault: VolumeFault?) throws(LogError) {
        switch fault {
        case .shortWrite(let part, let trouble):
            for piece in part.pieces(of: bytes, at: offset) { nodes[file].change(piece) }
            throw LogError(trouble, .write, path)
        case .misplacedWrite(let otherOffset, let otherPath):
            nodes[file].changeInCacheOnly(.write(offset: offset, bytes: bytes))
            let other = otherPath.flatMap { names.files[$0] } ?? file
            nodes[other].changeOnMediumOnly(.write(offset: otherOffset, bytes: bytes))
        default:
            let room = min(bytes.count, max(0, room(file) - offset))
            if room > 0 { nodes[file].change(.write(offset: offset, bytes: Array(bytes[..<room]))) }
            if room < bytes.count { throw LogError(VolumeTrouble.noSpace, .write, path) }
        }
    }

    mutating func truncate(_ file: Int, _ path: String, to byteCount: Int) throws(LogError) {
        guard byteCount <= room(file) else { throw LogError(VolumeTrouble.noSpace, .truncate, path) }
        nodes[file].change(.truncate(byteCount: byteCount))
    }

    mutating func sync(_ file: Int, _ path: String, _ fault: VolumeFault?) throws(LogError) {
        guard case .fail(let trouble) = fault else { return nodes[file].sync() }
        nodes[file].failSync()
        throw LogError(trouble, .sync, path)
    }

    /// The byte count up to which a file may grow.
    private func room(_ file: Int) -> Int {
        guard let capacity else { return .max }
        let used = names.files.values.reduce(0) { $0 + nodes[$1].contents.count }
        return max(nodes[file].contents.count, nodes[file].contents.count + capacity - used)
    }
}

extension WrittenPart {
    /// The changes that a write of these bytes leaves.
    fileprivate func pieces(of bytes: [UInt8], at offset: Int) -> [FileChange] {
        kept(of: offset..<offset + bytes.count).map { part in
            .write(offset: part.lowerBound, bytes: Array(bytes[part.lowerBound - offset..<part.upperBound - offset]))
        }
    }

    private func kept(of range: Range<Int>) -> [Range<Int>] {
        let parts = sectorParts(of: range)
        switch self {
        case .prefix(let count):
            return [range.lowerBound..<max(range.lowerBound, min(range.lowerBound + count, range.upperBound - 1))]
        case .firstSectors(let count): return Array(parts.dropLast().prefix(count))
        case .sectors(let seed):
            var random = SeededGenerator(seed: seed)
            let lost = parts.indices.randomElement(using: &random)
            return parts.indices.filter { $0 != lost && Bool.random(using: &random) }.map { parts[$0] }
        }
    }

    private func sectorParts(of range: Range<Int>) -> [Range<Int>] {
        guard !range.isEmpty else { return [] }
        let size = VolumeNode.sectorByteCount
        return (range.lowerBound / size...(range.upperBound - 1) / size).map {
            max(range.lowerBound, $0 * size)..<min(range.upperBound, ($0 + 1) * size)
        }
    }
}

extension LogError {
    static func crashed(_ path: String) -> LogError { LogError(.volumeFailed, "\(path): the process that asks for it is dead") }

    init(_ operation: VolumeOperation, _ path: String, _ number: Int32) {
        self.init(.volumeFailed, "\(path): \(operation): \(String(cString: strerror(number)))")
    }

    init(_ trouble: VolumeTrouble, _ operation: VolumeOperation, _ path: String) {
        switch trouble {
        case .inputOutput: self.init(operation, path, EIO)
        case .noSpace: self.init(.diskFull, "\(path): \(operation): \(String(cString: strerror(ENOSPC)))")
        }
    }
}
