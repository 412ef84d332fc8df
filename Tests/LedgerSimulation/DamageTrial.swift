import LedgerModel
import LedgerTestKit
import SegmentLog

/// A copy of the log is damaged, and opened. Either all that was acknowledged is there, or the start is refused and nothing is
/// changed.
struct DamageTrial {
    private enum Kind: CaseIterable { case flip, cut, missing, misplaced, older }

    private let host: SimulatedHost
    private let events: [Event]
    /// The end of what was acknowledged.
    private let head: LogHead
    private let older: (volume: MemoryVolume, head: LogHead)?

    /// - Parameters:
    ///   - host: Its volume is copied.
    ///   - events: What was acknowledged, up to `head`.
    ///   - older: The volume as it was some time ago.
    init(_ host: SimulatedHost, _ events: [Event], _ head: LogHead, older: (volume: MemoryVolume, head: LogHead)?) {
        self.host = host
        self.events = events
        self.head = head
        self.older = older
    }

    func run(_ random: inout SeededGenerator) throws {
        var host = host
        host.volume = host.volume.copy()
        host.volume.capacity = nil
        let kind = Kind.allCases.randomElement(using: &random)!
        switch kind {
        case .flip: try check(host, flip(&random, host.volume), "a flipped bit")
        case .cut: try check(host, cut(&random, host.volume), "a segment cut short")
        case .missing: try check(host, drop(&random, host.volume), "a missing segment")
        case .misplaced: try misplace(&random, host)
        case .older:
            guard let older else { return }
            host.volume = older.volume.copy()
            host.volume.capacity = nil
            try check(host, older.head.lastSequence < head.lastSequence, "an older copy")
        }
    }

    // MARK: Damage

    private func flip(_ random: inout SeededGenerator, _ volume: MemoryVolume) -> Bool {
        let path = volume.segments.randomElement(using: &random)!
        let bit = Int.random(in: 0..<volume.contents(path)!.count * 8, using: &random)
        volume.flipBit(path, bit: bit)
        return isAcknowledged(path, bit / 8)
    }

    private func cut(_ random: inout SeededGenerator, _ volume: MemoryVolume) -> Bool {
        let path = volume.segments.randomElement(using: &random)!
        let bytes = volume.contents(path)!
        let count = Int.random(in: 0..<bytes.count, using: &random)
        volume.put(path, Array(bytes[..<count]))
        return isAcknowledged(path, count)
    }

    private func drop(_ random: inout SeededGenerator, _ volume: MemoryVolume) throws -> Bool {
        let path = volume.segments.randomElement(using: &random)!
        try volume.remove(path)
        return path != last || head.offset > LogHead.firstOffset
    }

    private var last: String { SimulatedHost.segment(head.segment) }

    private func isAcknowledged(_ path: String, _ offset: Int) -> Bool { path != last || offset < head.offset }

    /// The daemon goes on, and a write goes astray. Somebody sees what was acknowledged.
    private func misplace(_ random: inout SeededGenerator, _ host: SimulatedHost) throws {
        let volume = host.volume
        let (daemon, _) = try SimulatedDaemon.open(host, watermarks: [head.watermark], mayCreate: false)
        let path = volume.segments.randomElement(using: &random)!
        let offset = Int.random(in: 0..<volume.contents(path)!.count, using: &random)
        volume.plan(.misplacedWrite(to: offset, of: path), at: .next(.write))
        let line = Array("{}\n".utf8)
        try line.withUnsafeBytes { try daemon.log.append($0, count: 1, at: host.clock.now) }
        let seen = daemon.log.head.watermark
        volume.powerCut(.everything)
        let before = volume.bytes
        do {
            let (log, _) = try SegmentLog.open(
                SimulatedHost.directory, volume: volume, bounds: host.bounds, watermarks: [seen], creatingWith: nil,
                now: host.clock.now)
            try require(log.head.lastSequence >= seen.sequence, "a misplaced write lost what was acknowledged")
        } catch is LogError {
            try require(volume.bytes == before, "a log with a misplaced write was refused, and changed")
        }
    }

    // MARK: Opening

    private func check(_ host: SimulatedHost, _ mustBeNoticed: Bool, _ what: String) throws {
        let before = host.volume.bytes
        let found: [Event]
        do {
            found = try SimulatedDaemon.open(host, watermarks: [head.watermark], mayCreate: false).1
        } catch is LogError {
            return try require(host.volume.bytes == before, "with \(what) the log was refused, and changed")
        }
        try require(!mustBeNoticed, "\(what) was not noticed")
        try require(found.starts(with: events), "\(what) lost what was acknowledged")
    }
}

extension SimulatedHost {
    static func segment(_ first: SequenceNumber) -> String {
        let digits = first.rawValue.description
        return "\(directory)/log/\(String(repeating: "0", count: 20 - digits.count))\(digits).lz4"
    }
}

extension LogHead {
    /// Where the first batch of a segment begins: behind the header of 88 bytes.
    fileprivate static let firstOffset: UInt64 = 88
}

extension MemoryVolume {
    /// The paths of the segments, in order.
    var segments: [String] { paths.filter { $0.hasSuffix(".lz4") } }

    /// All files but the lock and what a start may sweep up.
    fileprivate var bytes: [String: [UInt8]] {
        var bytes: [String: [UInt8]] = [:]
        for path in paths where !path.hasSuffix(".lock") && !path.hasSuffix(".new") { bytes[path] = contents(path) }
        return bytes
    }
}
