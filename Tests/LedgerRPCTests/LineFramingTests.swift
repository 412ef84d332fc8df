import Testing

@testable import LedgerRPC

@Suite struct LineFramings {
    /// What an owner of the bytes sees that gets them in these pieces: the lines, and at the end what stopped it.
    private func performed(_ pieces: [[UInt8]], byteCountMax: Int) -> [String] {
        var framing = LineFraming(byteCountMax: byteCountMax)
        var unread: [UInt8] = []
        var seen: [String] = []
        for piece in pieces {
            unread += piece
            reading: while true {
                switch unread.withUnsafeBytes({ framing.next(in: $0) }) {
                case .line(let byteCount):
                    seen.append(String(decoding: unread.prefix(byteCount), as: UTF8.self))
                    unread.removeFirst(byteCount + 1)
                case .more: break reading
                case .tooLong: seen.append("<too long>")
                case .drop(let byteCount): unread.removeFirst(byteCount)
                case .close: return seen + ["<close>"]
                }
            }
        }
        return seen
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func linesHoweverTheyAreCut() {
        let text = bytes("one\n\ntwo and more\nthree")
        for first in 0...text.count {
            for second in first...text.count {
                let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
                #expect(performed(pieces, byteCountMax: 100) == ["one", "", "two and more"])
            }
        }
        #expect(performed(text.map { [$0] }, byteCountMax: 100) == ["one", "", "two and more"])
    }

    @Test func aLineMayBeAsLongAsTheBound() {
        #expect(performed([bytes("12345\n123\n")], byteCountMax: 5) == ["12345", "123"])
        #expect(performed([bytes("12345"), bytes("\n")], byteCountMax: 5) == ["12345"])
    }

    @Test func aLineAboveTheBoundIsToldOnceAndDroppedToItsEnd() {
        #expect(performed([bytes("ok\n123456\nnever")], byteCountMax: 5) == ["ok", "<too long>", "<close>"])
        #expect(
            performed([bytes("123456"), bytes("789"), bytes("0"), bytes("\n")], byteCountMax: 5) == ["<too long>", "<close>"])
        #expect(performed([bytes("123456"), bytes("789")], byteCountMax: 5) == ["<too long>"])
    }

    @Test func aLineWithoutEndIsNotDroppedForEver() {
        let piece = [UInt8](repeating: 0x78, count: 1 << 20)
        let pieces = Array(repeating: piece, count: 1 + RPCBounds.droppedByteCountMax >> 20)
        #expect(performed(pieces, byteCountMax: 5) == ["<too long>", "<close>"])
        #expect(performed(Array(pieces.dropLast(2)), byteCountMax: 5) == ["<too long>"])
    }
}
