import LedgerTestKit
import SegmentLog
import Testing

/// What the simulated volume does beyond the contract: power cuts and faults, as they are told.
@Suite("Simulated volume")
struct SimulatedVolumeTests {
    /// A volume with a synced file of so many bytes 1.
    private func volume(_ byteCount: Int = 2048) throws -> (volume: MemoryVolume, file: any VolumeFile) {
        let volume = MemoryVolume()
        volume.put("/data/a", [UInt8](repeating: 1, count: byteCount))
        return (volume, try volume.openFile("/data/a", forWriting: true))
    }

    private func write(_ file: any VolumeFile, _ byte: UInt8, _ range: Range<Int>) throws {
        try [UInt8](repeating: byte, count: range.count).withUnsafeBytes { try file.write($0, at: UInt64(range.lowerBound)) }
    }

    /// What many power cuts leave of a file.
    private func outcomes(_ volume: MemoryVolume, _ path: String = "/data/a", torn: Bool = false) -> Set<[UInt8]?> {
        Set(
            (UInt64(0)..<300).map { seed in
                let copy = volume.copy()
                copy.powerCut(torn ? .tornSectors(seed: seed) : .sectors(seed: seed))
                return copy.contents(path)
            })
    }

    @Test("a power cut leaves what was synced, of bytes and of names")
    func syncedOnly() throws {
        let (volume, file) = try volume(8)
        try volume.syncDirectory("/data")
        try write(file, 2, 0..<4)
        _ = try volume.createFile("/data/lost")
        #expect(volume.contents("/data/a") == [2, 2, 2, 2, 1, 1, 1, 1])
        #expect(volume.syncedContents("/data/a") == [1, 1, 1, 1, 1, 1, 1, 1])
        #expect(!volume.isSynced("/data/a"))
        let everything = volume.copy()
        everything.powerCut(.everything)
        #expect(everything.contents("/data/a") == volume.contents("/data/a") && everything.contents("/data/lost") == [])
        volume.powerCut()
        #expect(volume.contents("/data/a") == [1, 1, 1, 1, 1, 1, 1, 1])
        #expect(volume.contents("/data/lost") == nil && volume.isSynced("/data/a"))
    }

    @Test("each unsynced sector is kept or lost for itself, and whole")
    func sectors() throws {
        let (volume, file) = try volume()
        try write(file, 2, 300..<1400)
        let outcomes = outcomes(volume)
        #expect(outcomes.count == 8)  // three sectors
        for outcome in outcomes {
            let bytes = try #require(outcome)
            #expect(Set(bytes[300..<512]).count == 1 && Set(bytes[512..<1024]).count == 1 && Set(bytes[1024..<1400]).count == 1)
            #expect(bytes[..<300].allSatisfy { $0 == 1 } && bytes[1400...].allSatisfy { $0 == 1 })
        }
        try file.sync()
        #expect(self.outcomes(volume) == [volume.contents("/data/a")])
    }

    @Test("a sector may be as it was after any of its writes, and torn where that is asked for")
    func versions() throws {
        let (volume, file) = try volume(512)
        for byte: UInt8 in 2...4 { try write(file, byte, 0..<512) }
        #expect(Set(outcomes(volume).map { $0?.first }) == [1, 2, 3, 4])
        #expect(outcomes(volume).count == 4)
        #expect(outcomes(volume, torn: true).contains { Set($0 ?? []).count == 2 })
    }

    @Test("of a file that grew or was cut, any byte count of the time is left, with zeros where nothing arrived")
    func byteCounts() throws {
        let (volume, file) = try volume(512)
        try write(file, 2, 512..<1024)
        try file.truncate(to: 100)
        let outcomes = outcomes(volume).compactMap(\.self)
        #expect(Set(outcomes.map(\.count)) == [512, 1024, 100])
        #expect(outcomes.contains { $0.count == 1024 && $0[600] == 0 })
        #expect(outcomes.contains { $0.count == 1024 && $0[600] == 2 })
        #expect(outcomes.allSatisfy { $0[..<100].allSatisfy { $0 == 1 } })
    }

    @Test("a rename is done or not, a creation and a removal likewise, each for itself, until the directory is synced")
    func names() throws {
        let volume = MemoryVolume()
        volume.put("/data/old", [1])
        volume.put("/data/gone", [2])
        try volume.rename("/data/old", to: "/data/new")
        try volume.remove("/data/gone")
        _ = try volume.createFile("/data/made")
        func outcomes() throws -> Set<[String]> {
            Set(
                try (UInt64(0)..<200).map { seed in
                    let copy = volume.copy()
                    copy.powerCut(seed: seed)
                    return try copy.list("/data")
                })
        }
        let found = try outcomes()
        #expect(found.count == 8)
        #expect(found.allSatisfy { $0.contains("old") != $0.contains("new") })
        try volume.syncDirectory("/data")
        #expect(try outcomes() == [["made", "new"]])
    }

    @Test("a file in a directory that was never synced may be lost with it")
    func directories() throws {
        let volume = MemoryVolume()
        try volume.makeDirectory("/data")
        let file = try volume.createFile("/data/a")
        try write(file, 1, 0..<10)
        try file.sync()
        try volume.syncDirectory("/data")
        #expect(outcomes(volume) == [nil, [UInt8](repeating: 1, count: 10)])
        try volume.syncDirectory("/")
        #expect(outcomes(volume).count == 1)
    }

    @Test("a name that changed hands between lost changes never names the wrong file")
    func reused() throws {
        let volume = MemoryVolume()
        volume.put("/data/a.new", [1])
        try volume.remove("/data/a.new")
        let file = try volume.createFile("/data/a.new")
        try write(file, 2, 0..<1)
        try file.sync()
        try volume.rename("/data/a.new", to: "/data/a")
        #expect(outcomes(volume) == [nil, [2]])
    }

    @Test("after a sync that failed no later sync writes its bytes, but new writing does")
    func failedSync() throws {
        let (volume, file) = try volume()
        try write(file, 2, 0..<1024)
        volume.plan(.fail(.inputOutput), at: .next(.sync))
        #expect(code { try file.sync() } == .volumeFailed)
        try file.sync()
        #expect(volume.contents("/data/a")?.first == 2)
        #expect(outcomes(volume).count == 4)  // two sectors, whatever the later sync said
        try write(file, 2, 10..<11)
        try file.sync()
        #expect(Set(outcomes(volume).map { $0?.first }) == [2])
        #expect(Set(outcomes(volume).map { $0?[600] }) == [1, 2])
        try write(file, 3, 512..<1024)
        try file.sync()
        #expect(outcomes(volume) == [volume.contents("/data/a")])
    }

    @Test("a byte count that a failed sync left open is settled by writing to its end, a cut by the next sync")
    func failedSyncOfByteCount() throws {
        let (volume, file) = try volume(512)
        try write(file, 2, 512..<2048)
        volume.plan(.fail(.noSpace), at: .next(.sync))
        #expect(code { try file.sync() } == .diskFull)
        try write(file, 3, 512..<1024)
        try file.sync()
        #expect(Set(outcomes(volume).map { $0?.count }) == [1024, 2048])
        try file.truncate(to: 600)
        volume.plan(.fail(.inputOutput), at: .next(.sync))
        #expect(code { try file.sync() } == .volumeFailed)
        try file.sync()
        #expect(Set(outcomes(volume).map { $0?.count }) == [600])
    }

    @Test("a short write leaves its first bytes, its first sectors, or some of them")
    func shortWrites() throws {
        for (part, kept) in [
            (WrittenPart.prefix(100), 100), (.prefix(9999), 999), (.firstSectors(1), 512), (.firstSectors(9), 512),
        ] {
            let (volume, file) = try volume()
            volume.plan(.shortWrite(part, .noSpace), at: .next(.write))
            #expect(code { try write(file, 2, 0..<1000) } == .diskFull)
            #expect(volume.contents("/data/a")?.prefix { $0 == 2 }.count == kept, "\(part)")
        }
        var kept: Set<[Bool]> = []
        for seed in 0..<50 {
            let (volume, file) = try volume()
            volume.plan(.shortWrite(.sectors(seed: UInt64(seed)), .inputOutput), at: .next(.write))
            #expect(code { try write(file, 2, 0..<1536) } == .volumeFailed)
            let bytes = try #require(volume.contents("/data/a"))
            kept.insert([0, 512, 1024].map { bytes[$0] == 2 })
        }
        #expect(kept.count == 7 && !kept.contains([true, true, true]))
    }

    @Test("a crash ends every operation, until a restart or a power cut; who was there before it stays dead")
    func crash() throws {
        let (volume, file) = try volume(8)
        let lock = try volume.lock("/data/lock")
        let index = volume.operationCount
        volume.plan(.crash, at: .operation(index + 1))
        try write(file, 2, 0..<4)
        #expect(code { try file.sync() } == .volumeFailed)
        #expect(volume.isCrashed && volume.operationCount == index + 2)
        #expect(code { _ = try volume.list("/data") } == .volumeFailed)
        volume.restart()
        #expect(volume.contents("/data/a") == [2, 2, 2, 2, 1, 1, 1, 1])
        #expect(code { _ = try file.byteCount() } == .volumeFailed)
        #expect(try volume.openFile("/data/a", forWriting: false).byteCount() == 8)
        #expect(code { _ = try volume.lock("/data/lock") } == nil)
        withExtendedLifetime(lock) {}
    }

    @Test("a fault strikes once, at the operation it was planned for")
    func plans() throws {
        let (volume, file) = try volume()
        volume.plan(.fail(.inputOutput), at: .next(.sync, after: 2))
        volume.plan(.fail(.noSpace), at: .operation(volume.operationCount + 1))
        #expect(volume.plannedCount == 2)
        let codes = (0..<5).map { _ in code { try file.sync() } }
        #expect(codes == [nil, .diskFull, .volumeFailed, nil, nil])
        #expect(volume.plannedCount == 0 && volume.counts[.sync] == 5)
        volume.plan(.crash, at: .next(.sync))
        volume.unplan()
        try file.sync()
    }

    @Test("a misplaced write is seen when the cache is gone")
    func misplaced() throws {
        let (volume, file) = try volume()
        volume.put("/data/b", [UInt8](repeating: 9, count: 100))
        volume.plan(.misplacedWrite(to: 50, of: "/data/b"), at: .next(.write))
        volume.plan(.misplacedWrite(to: 1000, of: nil), at: .next(.write, after: 1))
        try write(file, 2, 0..<10)
        try write(file, 3, 20..<30)
        try file.sync()
        #expect(volume.contents("/data/a")?[5] == 2 && volume.contents("/data/a")?[25] == 3)
        volume.powerCut(.everything)
        #expect(volume.contents("/data/a")?[5] == 1 && volume.contents("/data/a")?[25] == 1)
        #expect(volume.contents("/data/a")?[1000..<1010].allSatisfy { $0 == 3 } == true)
        #expect(volume.contents("/data/b")?[50..<60].allSatisfy { $0 == 2 } == true)
    }

    @Test("rot is read at once, and survives a power cut")
    func rot() throws {
        let (volume, file) = try volume(8)
        volume.plan(.flipBit("/data/a", bit: 9), at: .next(.sync))
        try file.sync()
        #expect(volume.contents("/data/a") == [1, 3, 1, 1, 1, 1, 1, 1])
        volume.powerCut()
        #expect(volume.contents("/data/a") == [1, 3, 1, 1, 1, 1, 1, 1])
    }

    @Test("a full volume takes what fits, and bytes in place of others always")
    func capacity() throws {
        let (volume, file) = try volume(100)
        volume.capacity = 150
        try write(file, 2, 0..<100)
        #expect(code { try write(file, 3, 90..<200) } == .diskFull)
        #expect(volume.contents("/data/a")?.count == 150 && volume.contents("/data/a")?.last == 3)
        #expect(code { try file.truncate(to: 151) } == .diskFull)
        try file.truncate(to: 10)
        try write(file, 4, 10..<150)
    }

    @Test("a seed always does the same, and a copy shares nothing")
    func copies() throws {
        let (volume, file) = try volume()
        try write(file, 2, 100..<1900)
        for seed: UInt64 in 0..<20 {
            let (one, other) = (volume.copy(), volume.copy())
            one.powerCut(seed: seed)
            other.powerCut(seed: seed)
            #expect(one.contents("/data/a") == other.contents("/data/a"))
        }
        #expect(volume.contents("/data/a")?[500] == 2 && volume.syncedContents("/data/a")?[500] == 1)
        let copy = volume.copy()
        copy.put("/data/a", [])
        #expect(volume.contents("/data/a")?.count == 2048)
        #expect(copy.operationCount == 0)
    }
}
