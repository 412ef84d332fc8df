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

    @Test("a file opened for reading takes no writes", arguments: Medium.allCases)
    func readOnly(medium: Medium) throws {
        try withDirectory(medium) { volume, directory in
            _ = try volume.createFile(directory + "/a")
            let file = try volume.openFile(directory + "/a", forWriting: false)
            #expect(code { try write(file, "x", at: 0) } == .volumeFailed)
            try volume.makeReadOnly(directory + "/a")
            #expect(try volume.exists(directory + "/a"))
        }
    }
}

@Suite("Memory volume")
struct MemoryVolumeTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("a power cut leaves what was synced, of bytes and of names")
    func powerCut() throws {
        let volume = MemoryVolume()
        try volume.makeDirectory("/data")
        try volume.syncDirectory("/")
        let kept = try volume.createFile("/data/kept")
        try bytes("synced").withUnsafeBytes { try kept.write($0, at: 0) }
        try kept.sync()
        try volume.syncDirectory("/data")
        try bytes("UN").withUnsafeBytes { try kept.write($0, at: 0) }
        _ = try volume.createFile("/data/lost")

        #expect(volume.contents("/data/kept") == bytes("UNnced"))
        #expect(volume.syncedContents("/data/kept") == bytes("synced"))
        #expect(volume.unsynced("/data/kept") == [.write(offset: 0, bytes: bytes("UN"))])
        volume.powerCut()
        #expect(volume.contents("/data/kept") == bytes("synced"))
        #expect(volume.contents("/data/lost") == nil)
        #expect(volume.unsynced("/data/kept") == [])
    }

    @Test("a rename is undone by a power cut before the directory is synced")
    func rename() throws {
        let volume = MemoryVolume()
        volume.put("/data/new", bytes("text"))
        try volume.rename("/data/new", to: "/data/name")
        volume.powerCut()
        #expect(volume.contents("/data/new") == bytes("text"))
        #expect(volume.contents("/data/name") == nil)
    }

    @Test("a copy shares nothing")
    func copy() throws {
        let volume = MemoryVolume()
        volume.put("/data/a", bytes("text"))
        let copy = volume.copy()
        copy.put("/data/a", bytes("other"))
        #expect(volume.contents("/data/a") == bytes("text"))
        #expect(copy.contents("/data/a") == bytes("other"))
    }
}
