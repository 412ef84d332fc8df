import Foundation
import FuzzLaws
import FuzzNoteLaws
import Testing

/// Every input that the fuzzers found worth keeping (`tools/fuzz`), through what it was found with.
@Suite struct CorpusTests {
    @Test func ofLogs() throws { try check("log", checkLog) }
    @Test func ofEvents() throws { try check("events", checkEvent) }
    @Test func ofRequests() throws { try check("requests", checkRequests) }
    @Test func ofNotes() throws { try check("notes", checkNote) }

    private func check(_ target: String, _ law: (UnsafeRawBufferPointer) throws(BrokenLaw) -> Void) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Corpus/\(target)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            do { try Data(contentsOf: file).withUnsafeBytes(law) } catch { Issue.record("\(file.lastPathComponent): \(error)") }
        }
    }
}
