public import LedgerModel
import LedgerTestKit
import Testing
import Transparency

@testable import Notary
@testable import SegmentLog

/// A log on a simulated volume, and who signs it.
final class Scene {
    static let directory = "/data"
    static let ledger = LedgerID("6f1c2a34-9d0e-4b7a-8c55-0123456789ab")!
    static let origin: Name = "ledger.example/test"
    static let otherLedger = LedgerID("00000000-0000-4000-8000-000000000001")!

    let volume: MemoryVolume
    private(set) var log: SegmentLog
    let committed: CommittedHead
    let reader: LogReader
    let signer: NoteSigner
    var notes = Notes()

    init(
        _ volume: MemoryVolume = MemoryVolume(), watermarks: [Watermark] = [], seed: UInt8 = 7, ledger: LedgerID = Scene.ledger,
        segment: Int = 64 << 10
    ) throws {
        self.volume = volume
        log = try Scene.open(volume, watermarks, ledger, segment)
        committed = CommittedHead(log.head)
        reader = LogReader(Scene.directory, volume: volume)
        signer = try Scene.signer(seed)
    }

    static func signer(_ seed: UInt8) throws -> NoteSigner {
        try NoteSigner(name: origin.text, privateKey: Array(repeating: seed, count: 32))
    }

    private static func open(
        _ volume: MemoryVolume, _ watermarks: [Watermark], _ ledger: LedgerID, _ segment: Int
    ) throws(LogError) -> SegmentLog {
        var bounds = LogBounds()
        bounds.batchRawByteCountMax = 16 << 10
        bounds.segmentByteCountMax = segment
        bounds.tailChunkByteCount = 16 << 10
        return try SegmentLog.open(
            directory, volume: volume, bounds: bounds, watermarks: watermarks, creatingWith: { ledger }, now: time
        ).log
    }

    static let time = Timestamp(microseconds: 1_767_225_600_000_000)

    /// Lines that are not events: the notary does not look into them.
    static func line(_ number: Int) -> String { #"{"seq":\#(number),"amount":\#(number * 37 % 1000),"text":"line"}"# }

    static func leaf(_ number: Int) -> MerkleHash { Array(line(number).utf8).withUnsafeBytes { MerkleHash.leaf($0) } }

    /// The root of the first lines by the definition.
    static func root(_ size: Int) -> MerkleHash {
        var tree = MerkleFrontier()
        for number in 1...size { tree.append(leaf(number)) }
        return tree.root
    }

    var count: Int { Int(log.head.lastSequence.rawValue) }

    /// Appends lines as one log batch, and tells the followers.
    func append(_ count: Int) throws {
        let first = self.count + 1
        let lines = Array((first..<first + count).map { Scene.line($0) + "\n" }.joined().utf8)
        try lines.withUnsafeBufferPointer { try log.append(UnsafeRawBufferPointer($0), count: count, at: Scene.time) }
        committed.publish(log.head)
    }

    func append(batches: Int, of count: Int) throws {
        for _ in 0..<batches { try append(count) }
    }

    var keys: [Name] { [Name(signer.verifierKey.description)!] }

    func notary(keys: [Name]? = nil, signer: NoteSigner? = nil, interval: Duration = .seconds(100_000)) throws(NotaryError)
        -> Notary
    {
        try Notary(
            directory: Scene.directory, volume: volume, reader: reader, head: committed, signer: signer ?? self.signer,
            origin: Scene.origin, keys: keys ?? self.keys, interval: interval, note: { [notes] in notes.add($0) })
    }

    /// Signs what there is, as a clean stop does.
    @discardableResult
    func sign() throws -> SignedCheckpoint {
        let notary = try notary()
        notary.start()
        notary.stop()
        return try #require(try Notary.lastCheckpoint(in: Scene.directory, volume: volume))
    }
}

/// What an operator was told, from any thread.
final class Notes: Sendable {
    private let all = Monitor<[String]>([])

    func add(_ note: String) { all.change { $0.append(note) } }
    var texts: [String] { all.withLock { $0 } }

    /// Blocks until something was told.
    func wait() -> String { all.wait { $0.first } }
}

/// The code of a notary's error, or nil when nothing was thrown.
func code(_ body: () throws -> Void) -> NotaryError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? NotaryError)?.code }
}

extension SequenceNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral number: UInt64) { self.init(number) }
}
