public import LedgerModel

/// What opening a log cut off, now and at any time before.
public struct Recovery: Sendable, Hashable {
    /// Every file in `torn/`, in the order of the log. The owner of the log compares these with what it has recorded, so
    /// that a crash between a cut and its record does not hide the cut.
    public let cuts: [Cut]
}

/// Bytes behind the last good batch that were copied to `torn/` and cut off: a write that never ended.
public struct Cut: Sendable, Hashable {
    /// The segment, by its first sequence number.
    public let segment: SequenceNumber
    /// Where they stood in the segment's file.
    public let offset: UInt64
    /// How many bytes the copy has: up to the last that was not zero.
    public let byteCount: Int
    /// The name of the copy in `torn/`.
    public let tornFile: String
    /// The sequence number that was next: those of the lost batch began here.
    public let firstSequence: SequenceNumber

    public init(segment: SequenceNumber, offset: UInt64, byteCount: Int, tornFile: String, firstSequence: SequenceNumber) {
        self.segment = segment
        self.offset = offset
        self.byteCount = byteCount
        self.tornFile = tornFile
        self.firstSequence = firstSequence
    }
}

/// The name of a copy in `torn/`: `<segment, 20 digits>-<offset>-<first sequence>-<number>.torn`. The number tells apart
/// several cuts at one place.
struct TornName: Hashable {
    let segment: SequenceNumber
    let offset: UInt64
    let firstSequence: SequenceNumber
    let number: UInt64

    static let suffix = ".torn"
    static let newSuffix = ".torn.new"

    var text: String { "\(LogDirectory.padded(segment.rawValue))-\(offset)-\(firstSequence)-\(number)\(Self.suffix)" }

    init(at position: LogPosition, number: UInt64) {
        (segment, offset, firstSequence) = (position.segment, position.offset, position.next)
        self.number = number
    }

    init?(_ text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        let numbers = text.dropLast(Self.suffix.count).split(separator: "-").compactMap { UInt64($0) }
        guard numbers.count == 4 else { return nil }
        (segment, offset) = (SequenceNumber(numbers[0]), numbers[1])
        (firstSequence, number) = (SequenceNumber(numbers[2]), numbers[3])
        guard self.text == text else { return nil }
    }
}

extension LogDirectory {
    /// Every cut that left a copy, in the order of the log.
    func cuts() throws(LogError) -> [Cut] {
        var cuts: [Cut] = []
        for name in try tornNames() {
            let byteCount = try volume.openFile("\(torn)/\(name.text)", forWriting: false).byteCount()
            cuts.append(
                Cut(
                    segment: name.segment, offset: name.offset, byteCount: Int(byteCount), tornFile: name.text,
                    firstSequence: name.firstSequence))
        }
        return cuts
    }

    private func tornNames() throws(LogError) -> [TornName] {
        guard try volume.exists(torn) else { return [] }
        return try volume.list(torn).compactMap(TornName.init).sorted {
            ($0.segment.rawValue, $0.offset, $0.firstSequence.rawValue, $0.number)
                < ($1.segment.rawValue, $1.offset, $1.firstSequence.rawValue, $1.number)
        }
    }

    /// Copies what stands behind a position to `torn/`, durably, unless an earlier start already did and was interrupted
    /// before it cut.
    func keepTorn(_ segment: SegmentFile, at position: LogPosition, to end: UInt64) throws(LogError) {
        try volume.makeDirectory(torn)
        try volume.syncDirectory(path)
        let earlier = try tornNames().filter { $0 == TornName(at: position, number: $0.number) }
        for name in earlier where try isCopy(name, of: segment, position.offset..<end) { return }
        let name = TornName(at: position, number: (earlier.last?.number ?? 0) + 1)
        try copy(segment, position.offset..<end, to: "\(torn)/\(name.text)")
    }

    private func copy(_ segment: SegmentFile, _ range: Range<UInt64>, to path: String) throws(LogError) {
        try volume.replace(path, in: torn) { file throws(LogError) in
            try segment.inPieces(of: range) { bytes, offset throws(LogError) in
                try file.write(bytes, at: offset - range.lowerBound)
                return true
            }
        }
    }

    private func isCopy(_ name: TornName, of segment: SegmentFile, _ range: Range<UInt64>) throws(LogError) -> Bool {
        let copy = try volume.openFile("\(torn)/\(name.text)", forWriting: false)
        guard try copy.byteCount() == UInt64(range.count) else { return false }
        let window = ReadWindow(copy, byteCount: LogBounds.readByteCount)
        return try segment.inPieces(of: range) { bytes, offset throws(LogError) in
            try window.bytes(at: offset - range.lowerBound, count: bytes.count).elementsEqual(bytes)
        }
    }
}

extension SegmentFile {
    /// Gives the bytes of a range piece by piece, for as long as they are wanted; returns whether all were.
    @discardableResult
    func inPieces(
        of range: Range<UInt64>, _ body: (UnsafeRawBufferPointer, UInt64) throws(LogError) -> Bool
    ) throws(LogError) -> Bool {
        var next = range.lowerBound
        while next < range.upperBound {
            let bytes = try window.bytes(at: next, count: min(LogBounds.readByteCount, Int(range.upperBound - next)))
            guard !bytes.isEmpty, try body(bytes, next) else { return false }
            next += UInt64(bytes.count)
        }
        return true
    }
}
