import Glibc
import LedgerTestKit
import SegmentLog
import Testing

/// What every volume promises; the log is built on nothing else.
@Suite("Volume contract")
struct VolumeContractTests {
    private func withDirectory(_ medium: Medium, _ body: (any Volume, String) throws -> Void) throws {
        try medium.withPlace { place in
            try place.volume.makeDirectory(place.directory)
            try body(place.volume, place.directory)
        }
    }

    private func read(_ file: any VolumeFile, _ count: Int, at offset: UInt64) throws -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let read = try file.read(into: buffer, at: offset)
        return Array(buffer[..<read])
    }

    private func write(_ file: any VolumeFile, _ text: String, at offset: UInt64) throws {
        try Array(text.utf8).withUnsafeBytes { try file.write($0, at: offset) }
    }

    @Test("what is written is read, and a read is short only at the end", arguments: Medium.allCases)
    func writeAndRead(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let file = try volume.createFile(directory + "/a")
            try write(file, "hello", at: 0)
            try write(file, "HE", at: 0)
            #expect(try read(file, 100, at: 0) == Array("HEllo".utf8))
            #expect(try read(file, 2, at: 3) == Array("lo".utf8))
            #expect(try read(file, 2, at: 5) == [])
            #expect(try read(file, 2, at: 50) == [])
            #expect(try file.byteCount() == 5)
        }
    }

    @Test("writing beyond the end leaves zeros between", arguments: Medium.allCases)
    func gap(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let file = try volume.createFile(directory + "/a")
            try write(file, "x", at: 3)
            #expect(try read(file, 10, at: 0) == [0, 0, 0, 120])
        }
    }

    @Test("truncating cuts, and lengthens with zeros", arguments: Medium.allCases)
    func truncate(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let file = try volume.createFile(directory + "/a")
            try write(file, "hello", at: 0)
            try file.truncate(to: 2)
            try file.truncate(to: 4)
            #expect(try read(file, 10, at: 0) == [104, 101, 0, 0])
            try file.sync()
        }
    }

    @Test("a file is created once, opened when it exists, and found under its new name", arguments: Medium.allCases)
    func names(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let (a, b) = (directory + "/a", directory + "/b")
            try write(try volume.createFile(a), "text", at: 0)
            #expect(code { _ = try volume.createFile(a) } == .volumeFailed)
            #expect(code { _ = try volume.openFile(b, forWriting: false) } == .volumeFailed)
            try volume.rename(a, to: b)
            #expect(try !volume.exists(a) && volume.exists(b))
            #expect(try read(try volume.openFile(b, forWriting: false), 10, at: 0) == Array("text".utf8))
            #expect(try volume.list(directory) == ["b"])
            try volume.syncDirectory(directory)
            try volume.remove(b)
            #expect(try volume.list(directory) == [])
            #expect(code { try volume.remove(b) } == .volumeFailed)
        }
    }

    @Test("a directory is made once or found, and listed with what is in it alone", arguments: Medium.allCases)
    func directories(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            try volume.makeDirectory(directory + "/log")
            try volume.makeDirectory(directory + "/log")
            _ = try volume.createFile(directory + "/log/a")
            #expect(try volume.list(directory) == ["log"])
            #expect(try volume.list(directory + "/log") == ["a"])
            #expect(code { _ = try volume.list(directory + "/none") } == .volumeFailed)
        }
    }

    @Test("a lock is exclusive, and free again when its holder lets go", arguments: Medium.allCases)
    func lock(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            var held: (any VolumeLock)? = try volume.lock(directory + "/lock")
            #expect(held != nil)
            #expect(code { _ = try volume.lock(directory + "/lock") } == .locked)
            held = nil
            #expect(code { _ = try volume.lock(directory + "/lock") } == nil)
        }
    }

    @Test("a file opened for reading takes no writes, and can be synced", arguments: Medium.allCases)
    func openedForReading(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            _ = try volume.createFile(directory + "/a")
            let file = try volume.openFile(directory + "/a", forWriting: false)
            #expect(code { try write(file, "x", at: 0) } == .volumeFailed)
            #expect(code { try file.truncate(to: 1) } == .volumeFailed)
            try file.sync()
            #expect(try file.byteCount() == 0)
        }
    }

    @Test("a read-only file is read; who has it open already may write", arguments: Medium.allCases)
    func readOnly(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let file = try volume.createFile(directory + "/a")
            try volume.makeReadOnly(directory + "/a")
            try write(file, "x", at: 0)
            #expect(try read(volume.openFile(directory + "/a", forWriting: false), 9, at: 0) == [120])
            // The real one lets root open what nobody may write.
            if medium == .memory || geteuid() != 0 {
                #expect(code { _ = try volume.openFile(directory + "/a", forWriting: true) } == .volumeFailed)
            }
        }
    }

    @Test("what is not there is an error, and so is what is there already", arguments: Medium.allCases)
    func missing(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let (none, below) = (directory + "/none", directory + "/none/a")
            #expect(code { _ = try volume.openFile(none, forWriting: true) } == .volumeFailed)
            #expect(code { _ = try volume.createFile(below) } == .volumeFailed)
            #expect(code { try volume.rename(none, to: directory + "/b") } == .volumeFailed)
            #expect(code { try volume.remove(none) } == .volumeFailed)
            #expect(code { try volume.makeReadOnly(none) } == .volumeFailed)
            #expect(code { _ = try volume.list(none) } == .volumeFailed)
            #expect(code { try volume.makeDirectory(below) } == .volumeFailed)
            #expect(code { try volume.syncDirectory(none) } == .volumeFailed)
            #expect(code { _ = try volume.lock(below) } == .volumeFailed)
            #expect(try volume.list(directory) == [])

            try volume.makeDirectory(directory + "/d")
            #expect(code { _ = try volume.createFile(directory + "/d") } == .volumeFailed)
            _ = try volume.createFile(directory + "/a")
            #expect(code { _ = try volume.list(directory + "/a") } == .volumeFailed)
            #expect(try !volume.exists(directory + "/a/b"))
        }
    }

    @Test("renaming replaces, and who has a file open keeps it under any name and under none", arguments: Medium.allCases)
    func replaced(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let (a, b) = (directory + "/a", directory + "/b")
            let (new, old) = (try volume.createFile(a), try volume.createFile(b))
            try write(new, "new", at: 0)
            try write(old, "old", at: 0)
            try volume.rename(a, to: b)
            #expect(try volume.list(directory) == ["b"])
            #expect(try read(volume.openFile(b, forWriting: false), 9, at: 0) == Array("new".utf8))
            #expect(try read(old, 9, at: 0) == Array("old".utf8))
            try volume.remove(b)
            try write(new, "!", at: 3)
            #expect(try read(new, 9, at: 0) == Array("new!".utf8))
            try write(try volume.createFile(b), "third", at: 0)
            #expect(try read(new, 9, at: 0) == Array("new!".utf8))
        }
    }

    @Test("a link is a second name of one file", arguments: Medium.allCases)
    func link(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let (a, b) = (directory + "/a", directory + "/b")
            let file = try volume.createFile(a)
            try volume.link(a, to: b)
            try write(file, "text", at: 0)
            #expect(try read(volume.openFile(b, forWriting: false), 9, at: 0) == Array("text".utf8))
            #expect(code { try volume.link(a, to: b) } == .volumeFailed)
            #expect(code { try volume.link(directory + "/none", to: directory + "/c") } == .volumeFailed)
            #expect(code { try volume.link(a, to: directory + "/none/c") } == .volumeFailed)
            try volume.remove(a)
            #expect(try read(file, 9, at: 0) == Array("text".utf8))
            #expect(try volume.list(directory) == ["b"])
        }
    }

    @Test("locks of two files are independent, and the file is made", arguments: Medium.allCases)
    func twoLocks(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            let (one, two) = (try volume.lock(directory + "/one"), try volume.lock(directory + "/two"))
            #expect(try volume.list(directory).sorted() == ["one", "two"])
            withExtendedLifetime((one, two)) {}
        }
    }

    @Test("a medium without space says so, and one that cannot be read fails")
    func troubles() throws {
        let real = PosixVolume()
        #expect(code { try write(try real.openFile("/dev/full", forWriting: true), "x", at: 0) } == .diskFull)
        #expect(code { _ = try read(try real.openFile("/proc/self/mem", forWriting: false), 1, at: 0) } == .volumeFailed)

        let simulated = MemoryVolume()
        let file = try simulated.createFile("/a")
        simulated.capacity = 0
        #expect(code { try write(file, "x", at: 0) } == .diskFull)
        simulated.plan(.fail(.inputOutput), at: .next(.read))
        #expect(code { _ = try read(file, 1, at: 0) } == .volumeFailed)
    }

    @Test("random operations do the same on both", arguments: 1...20)
    func alike(seed: UInt64) throws {
        try withDirectory(.memory) { memory, memoryDirectory in
            try withDirectory(.disk) { disk, diskDirectory in
                var (one, other) = (VolumeWalk(memory, memoryDirectory, seed), VolumeWalk(disk, diskDirectory, seed))
                for step in 0..<200 { try #require(one.step() == other.step(), "step \(step)") }
            }
        }
    }
}

/// Random operations on a few files of a volume. Two walks of one seed do the same.
private struct VolumeWalk {
    private let volume: any Volume
    private let directory: String
    private var random: SeededGenerator
    private var open: [any VolumeFile] = []

    init(_ volume: any Volume, _ directory: String, _ seed: UInt64) {
        (self.volume, self.directory, random) = (volume, directory, SeededGenerator(seed: seed))
    }

    /// What an operation answered, in words.
    mutating func step() -> String {
        let (path, newPath) = (anyPath(), anyPath())
        let (operation, number) = (Int.random(in: 0..<12, using: &random), Int.random(in: 0..<1500, using: &random))
        let file = open.randomElement(using: &random)
        do {
            switch operation {
            case 0: open.append(try volume.createFile(path))
            case 1: open.append(try volume.openFile(path, forWriting: number % 3 > 0))
            case 2: try volume.rename(path, to: newPath)
            case 3: try volume.remove(path)
            case 4, 5, 6: try write(file, number)
            case 7: try file?.truncate(to: UInt64(number))
            case 8: try file?.sync()
            case 9: return try names()
            case 10: try volume.link(path, to: newPath)
            default: return try text(file)
            }
            return "\(operation)"
        } catch {
            return "\(operation) \((error as? LogError)?.code.rawValue ?? "")"
        }
    }

    private mutating func anyPath() -> String { "\(directory)/\(["a", "b", "c"].randomElement(using: &random) ?? "a")" }

    private func write(_ file: (any VolumeFile)?, _ number: Int) throws {
        let bytes = [UInt8](repeating: UInt8(number % 251), count: number % 700)
        try bytes.withUnsafeBytes { try file?.write($0, at: UInt64(number)) }
    }

    private func names() throws -> String {
        try volume.list(directory).sorted().map { "\($0) \(try volume.exists("\(directory)/\($0)"))" }.joined(separator: " ")
    }

    private func text(_ file: (any VolumeFile)?) throws -> String {
        guard let file else { return "" }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 3000, alignment: 1)
        defer { buffer.deallocate() }
        let count = try file.read(into: buffer, at: 7)
        let sum = buffer[..<count].reduce(UInt32(count)) { $0 &* 31 &+ UInt32($1) }
        return "\(try file.byteCount()) bytes, sum \(sum)"
    }
}
