/// A moving window over a file, so that small steps through it need few and large reads.
final class ReadWindow {
    /// Nothing from here on is read: it may still change.
    var limit: UInt64
    private let file: any VolumeFile
    private var buffer: UnsafeMutableRawBufferPointer
    private var start: UInt64 = 0
    private var held = 0

    init(_ file: any VolumeFile, byteCount: Int, limit: UInt64 = .max) {
        self.file = file
        self.limit = limit
        buffer = .allocate(byteCount: byteCount, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The bytes from `offset` on: `count` of them, or fewer where the file or the limit ends. Valid until the next call.
    /// `count` must be bounded by the caller, for it is allocated.
    func bytes(at offset: UInt64, count: Int) throws(LogError) -> UnsafeRawBufferPointer {
        if offset < start || offset + UInt64(count) > start + UInt64(held) { try move(to: offset, count: count) }
        let skipped = Int(offset - start)
        return UnsafeRawBufferPointer(rebasing: buffer[skipped..<skipped + min(count, held - skipped)])
    }

    /// Reads anew what was read before: the file may have grown or changed.
    func forget() { held = 0 }

    private func move(to offset: UInt64, count: Int) throws(LogError) {
        if count > buffer.count { grow(to: count) }
        (start, held) = (offset, 0)
        guard offset < limit else { return }
        let wanted = Int(min(UInt64(buffer.count), limit - offset))
        held = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
    }

    private func grow(to byteCount: Int) {
        buffer.deallocate()
        buffer = .allocate(byteCount: byteCount, alignment: 16)
    }
}
