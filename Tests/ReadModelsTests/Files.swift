import Foundation
import Testing

@testable import ReadModels

/// Writes a file anew with these bytes.
func overwrite(_ path: String, with bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

/// Waits until something has come about that others do in their own time.
func eventually(_ condition: () throws -> Bool, at location: SourceLocation = #_sourceLocation) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(60))
    while try !condition() {
        if ContinuousClock.now > end {
            Issue.record("it did not come about", sourceLocation: location)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

extension Ledger {
    /// The files of read models, in order of their names; what SQLite keeps beside one is listed only if that is gone.
    func viewFiles() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: views).sorted()
        return names.filter { name in
            !ReadModelEntry.companions.contains { name.hasSuffix($0) && names.contains(String(name.dropLast($0.count))) }
        }
    }
}

/// Writes nonsense over a page of 4,096 bytes, counted from 1.
func damage(page: Int, of path: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for index in (page - 1) * 4096..<page * 4096 { bytes[index] = 0xa5 }
    try overwrite(path, with: bytes)
}
