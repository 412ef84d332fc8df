import LedgerModel
import SegmentLog
import Transparency

/// The file `tree/level8`: the hash of every full subtree of 256 leaves, so that a start need not read the whole log. A hint:
/// what it says counts only when it leads to the root that was signed.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 32 | `daybook tree level 8, version 1` and a newline |
/// | 32 + 32 n | 32 | the hash of the leaves 256 n ..< 256 (n + 1) |
struct TreeFile: Sendable {
    let directory: String
    let volume: any Volume

    static let header = Array("daybook tree level 8, version 1\n".utf8)

    private var folder: String { "\(directory)/tree" }
    private var path: String { "\(folder)/level8" }

    /// As many hashes as there are, at most `count`; none when the file is missing or is not one of ours.
    func read(atMost count: Int) throws(NotaryError) -> [MerkleHash] {
        do throws(LogError) {
            guard try volume.exists(path) else { return [] }
            let bytes = try volume.openFile(path, forWriting: false)
                .contents(atMost: Self.header.count + count * MerkleHash.byteCount)
            guard bytes.starts(with: Self.header) else { return [] }
            return bytes.hashes(from: Self.header.count)
        } catch { throw .volume(error) }
    }

    /// Writes hashes behind the first `count` and makes them durable; with a count of zero the file is made anew.
    func write(_ hashes: ArraySlice<MerkleHash>, behind count: Int) throws(NotaryError) {
        do throws(LogError) {
            if count == 0 { try create(hashes) } else { try append(hashes, behind: count) }
        } catch { throw .volume(error) }
    }

    private func append(_ hashes: ArraySlice<MerkleHash>, behind count: Int) throws(LogError) {
        let file = try volume.openFile(path, forWriting: true)
        let offset = Self.header.count + count * MerkleHash.byteCount
        try file.write([UInt8](hashes: hashes), at: UInt64(offset))
        try file.truncate(to: UInt64(offset + hashes.count * MerkleHash.byteCount))
        try file.sync()
    }

    private func create(_ hashes: ArraySlice<MerkleHash>) throws(LogError) {
        try volume.makeDirectory(folder)
        try volume.syncDirectory(directory)
        try volume.replace(path, in: folder, with: Self.header + [UInt8](hashes: hashes))
    }
}

extension [UInt8] {
    fileprivate init(hashes: ArraySlice<MerkleHash>) {
        self.init(repeating: 0, count: hashes.count * MerkleHash.byteCount)
        withUnsafeMutableBytes { bytes in
            for (index, hash) in hashes.enumerated() { hash.put(at: index * MerkleHash.byteCount, in: bytes) }
        }
    }

    /// The whole hashes from an offset on.
    fileprivate func hashes(from offset: Int) -> [MerkleHash] {
        withUnsafeBytes { bytes in
            (0..<(bytes.count - offset) / MerkleHash.byteCount).map {
                MerkleHash(at: offset + $0 * MerkleHash.byteCount, in: bytes)
            }
        }
    }
}
