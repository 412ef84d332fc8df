import Foundation

/// Writes a file anew with these bytes.
func overwrite(_ path: String, with bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

/// Writes nonsense over a page of 4,096 bytes, counted from 1.
func damage(page: Int, of path: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for index in (page - 1) * 4096..<page * 4096 { bytes[index] = 0xa5 }
    try overwrite(path, with: bytes)
}
