public import LedgerModel

/// How far somebody has seen a log: the ledger, a sequence number, and the chain of the batch that holds it. Whoever
/// keeps one has seen that batch synced, so a log that ends before it, or has another chain there, has lost or changed
/// acknowledged events. Sequence number zero has seen nothing, and claims only the ledger.
public struct Watermark: Sendable, Hashable {
    public let ledger: LedgerID
    public let sequence: SequenceNumber
    public let chain: ChainHash

    public init(ledger: LedgerID, sequence: SequenceNumber, chain: ChainHash) {
        self.ledger = ledger
        self.sequence = sequence
        self.chain = chain
    }
}

/// The end of what is committed.
public struct LogHead: Sendable, Hashable {
    public let ledger: LedgerID
    /// The last committed event; zero when there is none.
    public let lastSequence: SequenceNumber
    /// The chain of the batch that holds it; `ChainHash.zero` when there is none.
    public let chain: ChainHash
    /// The open segment, by its first sequence number.
    public let segment: SequenceNumber
    /// Where the last batch of the open segment ends, in bytes from the start of its file.
    public let offset: UInt64

    public init(ledger: LedgerID, lastSequence: SequenceNumber, chain: ChainHash, segment: SequenceNumber, offset: UInt64) {
        self.ledger = ledger
        self.lastSequence = lastSequence
        self.chain = chain
        self.segment = segment
        self.offset = offset
    }

    public var watermark: Watermark { Watermark(ledger: ledger, sequence: lastSequence, chain: chain) }
}

/// One committed log batch: its records, and where it stands.
public struct LogBatch: Sendable {
    /// The ledger that its segment names: it changes only where a segment begins.
    public let ledger: LedgerID
    public let firstSequence: SequenceNumber
    /// How many records it holds, at least one.
    public let count: Int
    public let committedAt: Timestamp
    public let chain: ChainHash
    /// The segment that holds it, by its first sequence number, and the half-open range of bytes in that file.
    public let segment: SequenceNumber
    public let offset: UInt64
    public let endOffset: UInt64
    /// JSON Lines, each ending in a newline.
    public let records: [UInt8]

    public var lastSequence: SequenceNumber { firstSequence.advanced(by: count - 1) }
}

/// The place of the next batch, and what it must agree with.
struct LogPosition: Sendable {
    /// The segment, by its first sequence number.
    let segment: SequenceNumber
    var offset: UInt64
    var next: SequenceNumber
    /// What the next batch's chain continues: the chain before it, or the hash of the segment's header.
    var link: ChainHash

    /// Where the first batch of a segment stands; `hash` is that of the segment's header.
    init(_ header: SegmentHeader, hash: ChainHash) {
        self.init(
            segment: header.firstSequence, offset: UInt64(SegmentHeader.byteCount), next: header.firstSequence, link: hash)
    }

    private init(segment: SequenceNumber, offset: UInt64, next: SequenceNumber, link: ChainHash) {
        self.segment = segment
        self.offset = offset
        self.next = next
        self.link = link
    }

    /// The position behind a sealed segment's last batch, by its seal.
    init(_ seal: Seal) {
        self.init(segment: seal.segment, offset: seal.offset, next: seal.lastSequence.next, link: seal.chain)
    }

    /// The position after a batch that stands here.
    func after(_ header: BatchHeader) -> LogPosition {
        LogPosition(
            segment: segment, offset: offset + UInt64(header.byteCount), next: header.firstSequence.advanced(by: header.count),
            link: header.chain)
    }
}
