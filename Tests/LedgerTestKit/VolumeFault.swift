/// What can be asked of a volume.
public enum VolumeOperation: Sendable, Hashable, CaseIterable {
    case createFile, openFile, exists, measure, read, write, sync, truncate, rename, link, remove, makeReadOnly, list
    case makeDirectory, syncDirectory, lock

    /// It changes something or makes it durable, and so has an index: a place for a fault.
    public var isIndexed: Bool {
        switch self {
        case .createFile, .write, .sync, .truncate, .rename, .link, .remove, .makeReadOnly: true
        case .makeDirectory, .syncDirectory, .lock: true
        case .openFile, .exists, .measure, .read, .list: false
        }
    }
}

/// Something that goes wrong in one operation.
public enum VolumeFault: Sendable, Hashable {
    /// Nothing of it is done. A sync that fails leaves on the medium whatever part of the bytes, and no later sync writes
    /// them: Linux marks the pages clean (Rebello and others, "Can Applications Recover from fsync Failures?", 2020).
    case fail(VolumeTrouble)
    /// Of a write, only a part reaches the file before it fails. Any other operation fails.
    case shortWrite(WrittenPart, VolumeTrouble)
    /// It and all that follows is not done: the process is dead, and perhaps the machine. `MemoryVolume.restart()` or
    /// `MemoryVolume.powerCut(_:)` says which.
    case crash
    /// The medium writes the bytes to another offset, or into another file, and calls it done. Processes see it when the page
    /// cache is gone. Any other operation is done as it should.
    case misplacedWrite(to: Int, of: String?)
    /// A bit of the medium changes just before the operation: bit `bit % 8` of byte `bit / 8`.
    case flipBit(String, bit: Int)
}

/// Why an operation fails.
public enum VolumeTrouble: Sendable, Hashable, CaseIterable {
    /// EIO.
    case inputOutput
    /// ENOSPC.
    case noSpace
}

/// Which part of a write that fails has reached the file.
public enum WrittenPart: Sendable, Hashable {
    /// So many bytes from its beginning, or all but the last when there are not more.
    case prefix(Int)
    /// What lies in its first so many sectors, or all but the last of them when there are not more.
    case firstSectors(Int)
    /// Some of its sectors, chosen by a seed, and never all.
    case sectors(seed: UInt64)
}

/// Where a fault is to happen.
public enum FaultPlace: Sendable, Hashable {
    /// The operation with this index: so many indexed operations come before it.
    case operation(Int)
    /// The next operation of a kind, once so many of them have been done.
    case next(VolumeOperation, after: Int = 0)
}

/// The faults that are still to be played.
struct FaultPlan {
    private var faults: [(fault: VolumeFault, place: FaultPlace)] = []

    var count: Int { faults.count }

    mutating func add(_ fault: VolumeFault, _ place: FaultPlace) { faults.append((fault, place)) }
    mutating func removeAll() { faults = [] }

    /// The fault for an operation that begins, if there is one; the waiting for others goes on.
    mutating func take(_ operation: VolumeOperation, index: Int) -> VolumeFault? {
        var taken: VolumeFault?
        var left: [(fault: VolumeFault, place: FaultPlace)] = []
        for (fault, place) in faults {
            if taken == nil, place.isHere(operation, index) {
                taken = fault
            } else {
                left.append((fault, place.after(operation)))
            }
        }
        faults = left
        return taken
    }
}

extension FaultPlace {
    fileprivate func isHere(_ operation: VolumeOperation, _ index: Int) -> Bool {
        switch self {
        case .operation(let wanted): operation.isIndexed && wanted == index
        case .next(let wanted, let after): wanted == operation && after == 0
        }
    }

    fileprivate func after(_ operation: VolumeOperation) -> FaultPlace {
        guard case .next(operation, let after) = self else { return self }
        return .next(operation, after: max(0, after - 1))
    }
}
