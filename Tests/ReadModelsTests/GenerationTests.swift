import Foundation
import LedgerTestKit
import Testing

@testable import ReadModels

/// The names of files: which is in use, and that none is used twice.
@Suite struct GenerationTests {
    private let ledger: Ledger
    private let directory: ReadModelDirectory

    init() throws {
        ledger = try Ledger()
        directory = ReadModelDirectory(path: ledger.views)
        try directory.create()
    }

    private func make(_ names: String...) throws { for name in names { try overwrite("\(directory.path)/\(name)", with: []) } }

    @Test func theHighestWholeNumberIsInUse() throws {
        #expect(directory.newest("daily") == nil && directory.next("daily") == 1)
        try make("daily.sqlite")
        #expect(directory.newest("daily") == 0 && directory.file("daily") == "\(directory.path)/daily.sqlite")
        try make("daily.9.sqlite", "daily.10.sqlite", "daily.11.sqlite.new", "dailyBread.12.sqlite", "daily.13.sqlite-wal")
        #expect(directory.generations(of: "daily") == [10, 9, 0])
        #expect(directory.file("daily") == "\(directory.path)/daily.10.sqlite")
        #expect(directory.next("daily") == 14)
        #expect(directory.names() == ["daily", "dailyBread"])
    }

    @Test(arguments: [
        "daily.txt", "daily.03.sqlite", "daily.+3.sqlite", "daily.-1.sqlite", "daily.0.sqlite", "daily.x.sqlite",
        "daily.1.2.sqlite",
        "daily.sqlite.bak", ".sqlite-x", "daily.99999999999999999999.sqlite",
    ])
    func whatWeWouldNotNameSoIsNotOurs(name: String) { #expect(ReadModelEntry(name) == nil) }

    @Test func leftoversAreRemovedAndNothingElse() throws {
        try make(
            "daily.sqlite", "daily.sqlite-wal", "daily.2.sqlite", "daily.2.sqlite-shm", "daily.3.sqlite", "daily.3.sqlite-wal",
            "daily.3.sqlite-shm", "daily.4.sqlite.new", "daily.4.sqlite.new-journal", "daily.check-71-1.sqlite.new",
            "dailyBread.1.sqlite", "notes.txt", "daily.03.sqlite")
        directory.remove(allOf: "daily", but: 3)
        #expect(
            try ledger.viewFiles() == [
                "daily.03.sqlite", "daily.3.sqlite", "dailyBread.1.sqlite", "notes.txt",
            ])
        #expect(
            directory.exists("\(directory.path)/daily.3.sqlite-wal") && directory.exists("\(directory.path)/daily.3.sqlite-shm"))
    }

    @Test func aRetiredFileStaysAsLongAsSomebodyHoldsIt() async throws {
        try make("daily.1.sqlite", "daily.1.sqlite-wal", "daily.2.sqlite")
        var (old, kept): (Generation?, Generation?) = (
            Generation("daily", 1, in: directory), Generation("daily", 2, in: directory)
        )
        var reader = old
        old?.retire()
        old = nil
        #expect(reader != nil && directory.newest("daily") == 2 && directory.exists(directory.file("daily", generation: 1)))
        reader = nil
        kept = nil
        try await eventually { try ledger.viewFiles() == ["daily.2.sqlite"] }
        #expect(kept == nil)
    }

    @Test func anotherFileInTheSamePlaceIsNoticed() throws {
        try make("daily.1.sqlite")
        let path = directory.file("daily", generation: 1)
        let identity = FileIdentity(path)
        #expect(identity != nil && FileIdentity(path) == identity)
        try make("other")
        try FileManager.default.removeItem(atPath: path)
        #expect(FileIdentity(path) == nil)
        try FileManager.default.moveItem(atPath: "\(directory.path)/other", toPath: path)
        #expect(FileIdentity(path) != nil && FileIdentity(path) != identity)
    }
}
