import Glibc

/// Finds the lines in the bytes of one connection. It returns the step; the owner of the bytes performs it and asks again.
///
/// A line ends in a newline (0x0a), which does not belong to it. A line above the bound is answered once, and what is left of it is
/// dropped before the connection closes.
public struct LineFraming: Sendable {
    public enum Step: Hashable, Sendable {
        /// The unread bytes begin with a whole line of so many bytes. The owner consumes them and the newline after them.
        case line(byteCount: Int)
        /// No whole line: read more and ask again with it appended.
        case more
        /// The line that begins here is longer than the bound. The owner answers, and asks again.
        case tooLong
        /// The owner forgets so many unread bytes, reads more and asks again.
        case drop(byteCount: Int)
        /// The end of a line that was too long: the owner closes the connection.
        case close
    }

    private enum State: Sendable {
        /// So many of the unread bytes are known to hold no newline.
        case reading(scanned: Int)
        /// A line was too long; so many bytes of it may still come.
        case dropping(left: Int)
    }

    private let byteCountMax: Int
    private var state = State.reading(scanned: 0)

    public init(byteCountMax: Int = RPCBounds.lineByteCountMax) { self.byteCountMax = byteCountMax }

    /// The next step for the bytes that were read and not consumed.
    public mutating func next(in unread: UnsafeRawBufferPointer) -> Step {
        switch state {
        case .reading(let scanned): nextLine(in: unread, scanned)
        case .dropping(let left): nextDrop(in: unread, left)
        }
    }

    private mutating func nextLine(in unread: UnsafeRawBufferPointer, _ scanned: Int) -> Step {
        let end = LineFraming.newline(in: unread, from: scanned)
        if (end ?? unread.count) > byteCountMax {
            state = .dropping(left: RPCBounds.droppedByteCountMax)
            return .tooLong
        }
        state = .reading(scanned: end == nil ? unread.count : 0)
        return end.map { .line(byteCount: $0) } ?? .more
    }

    private mutating func nextDrop(in unread: UnsafeRawBufferPointer, _ left: Int) -> Step {
        if unread.isEmpty { return .more }
        if LineFraming.newline(in: unread, from: 0) != nil || unread.count >= left { return .close }
        state = .dropping(left: left - unread.count)
        return .drop(byteCount: unread.count)
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + start, 0x0a, bytes.count - start).map { UnsafeRawPointer($0) - base }
    }
}
