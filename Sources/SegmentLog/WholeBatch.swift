import LedgerModel

/// A batch as it stands in a segment: its header and its frame.
struct WholeBatch {
    let header: BatchHeader
    let bytes: [UInt8]

    /// A batch of records at a position. Where it stands in the log names the error.
    init(_ records: [UInt8], count: Int, committedAt: Timestamp, at position: LogPosition) throws(LogError) {
        var bytes = [UInt8](repeating: 0, count: BatchHeader.byteCount + Frame.overheadByteCount + records.count)
        let result = bytes.withUnsafeMutableBytes { bytes in
            Result { () throws(Fault) in
                let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[BatchHeader.byteCount...])
                let storedByteCount = records.withUnsafeBytes { FrameEncoder().encode($0, into: frame) }
                return try BatchHeader(
                    at: position, count: count, committedAt: committedAt, rawByteCount: records.count,
                    stored: frame.part(0, storedByteCount), encodingInto: bytes)
            }
        }
        do { header = try result.get() } catch {
            throw LogError(error, file: "log", offset: position.offset, sequence: position.next)
        }
        bytes.removeLast(bytes.count - header.byteCount)
        self.bytes = bytes
    }
}
