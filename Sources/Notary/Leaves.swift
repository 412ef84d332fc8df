import Glibc
import LedgerModel
import SegmentLog
import Transparency

extension UnsafeRawBufferPointer {
    /// The lines of a text, each without its newline.
    func forEachLine<Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        guard let base = baseAddress else { return }
        var start = 0
        while start < count {
            let found = memchr(base + start, Int32(UInt8(ascii: "\n")), count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? count
            try body(UnsafeRawBufferPointer(rebasing: self[start..<end]))
            start = end + 1
        }
    }
}

extension LogBatch {
    /// The leaves of its events from a number on: an event's line without its newline is its leaf.
    func leaves(from sequence: SequenceNumber) -> [MerkleHash] {
        var leaves: [MerkleHash] = []
        leaves.reserveCapacity(count)
        var number = firstSequence
        records.withUnsafeBytes { bytes in
            bytes.forEachLine { line in
                if number >= sequence { leaves.append(.leaf(line)) }
                number = number.next
            }
        }
        return leaves
    }

    /// The line of one of its events.
    func line(of sequence: SequenceNumber) -> [UInt8] {
        var found: [UInt8] = []
        var number = firstSequence
        records.withUnsafeBytes { bytes in
            bytes.forEachLine { line in
                if number == sequence { found = Array(line) }
                number = number.next
            }
        }
        return found
    }
}
