import CChecksum
import Foundation
import LedgerModel
import SegmentLog

/// Why a snapshot is not used.
struct SnapshotFault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// A snapshot as a file: a header of 100 bytes, then the two parts of the book. Numbers are little-endian.
///
/// | offset | size | field | meaning |
/// |---|---|---|---|
/// | 0 | 8 | signature | `dbksnap` in ASCII and a zero byte |
/// | 8 | 4 | version | 1: of the file |
/// | 12 | 4 | book version | `Book.snapshotVersion` |
/// | 16 | 16 | ledger | the UUID of the ledger, in the order of its text |
/// | 32 | 8 | sequence | the last event that the book has taken |
/// | 40 | 32 | chain | of the log batch that ends with that event |
/// | 72 | 8 | state byte count | |
/// | 80 | 4 | state checksum | CRC-32C |
/// | 84 | 8 | identifiers byte count | |
/// | 92 | 4 | identifiers checksum | CRC-32C |
/// | 96 | 4 | checksum | CRC-32C of bytes 0 to 95 |
///
/// The file ends with the second part. It is a hint: whoever reads one that does not check out goes without it.
struct SnapshotHeader: Equatable {
    static let byteCount = 100
    private static let signature = Array("dbksnap\0".utf8)
    private static let fileVersion: UInt32 = 1

    /// A part of the file.
    struct Part: Equatable {
        var byteCount: UInt64 = 0
        var checksum: UInt32 = 0

        fileprivate var bytes: [UInt8] { SnapshotHeader.littleEndian(byteCount) + SnapshotHeader.littleEndian(checksum) }
    }

    let watermark: Watermark
    var state = Part()
    var identifiers = Part()

    init(_ watermark: Watermark) { self.watermark = watermark }

    /// Nil when the parts are larger than any file.
    var fileByteCount: UInt64? {
        guard max(state.byteCount, identifiers.byteCount) < 1 << 48 else { return nil }
        return UInt64(SnapshotHeader.byteCount) + state.byteCount + identifiers.byteCount
    }

    var bytes: [UInt8] {
        var bytes = SnapshotHeader.signature + SnapshotHeader.littleEndian(SnapshotHeader.fileVersion)
        bytes += SnapshotHeader.littleEndian(Book.snapshotVersion)
        bytes += watermark.ledger.bytes
        bytes += SnapshotHeader.littleEndian(watermark.sequence.rawValue)
        bytes += watermark.chain.bytes
        bytes += state.bytes
        bytes += identifiers.bytes
        return bytes + SnapshotHeader.littleEndian(SnapshotHeader.checksum(of: bytes[...]))
    }

    fileprivate static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// Reads a header. Throws when it does not check out, or is of another version.
    init(_ bytes: [UInt8]) throws(SnapshotFault) {
        guard bytes.count == SnapshotHeader.byteCount, bytes.starts(with: SnapshotHeader.signature) else {
            throw SnapshotFault("it is no snapshot")
        }
        func number<Number: FixedWidthInteger>(_ offset: Int) -> Number {
            bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
        }
        guard number(96) == SnapshotHeader.checksum(of: bytes[..<96]) else { throw SnapshotFault("its header is damaged") }
        let (fileVersion, bookVersion): (UInt32, UInt32) = (number(8), number(12))
        guard fileVersion == SnapshotHeader.fileVersion, bookVersion == Book.snapshotVersion else {
            throw SnapshotFault("it was written by another version of Daybook")
        }
        watermark = Watermark(
            ledger: LedgerID(bytes: bytes[16..<32])!, sequence: SequenceNumber(number(32)),
            chain: ChainHash(bytes: Array(bytes[40..<72]))!)
        state = Part(byteCount: number(72), checksum: number(80))
        identifiers = Part(byteCount: number(84), checksum: number(92))
    }

    private static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { checksum_crc32c(0, $0.baseAddress, $0.count) }
    }
}

// MARK: Writing

/// Writes a book to a new file: all of it is synced when `write` returns.
final class SnapshotWriting {
    private let file: any VolumeFile
    private var header: SnapshotHeader
    private let isCancelled: () -> Bool
    private var offset = UInt64(SnapshotHeader.byteCount)
    /// Of the part that is being written.
    private var part = SnapshotHeader.Part()

    /// - Parameter isCancelled: Asked for every piece of some 1 MiB; when it answers true, writing ends with a `CancellationError`.
    init(_ file: any VolumeFile, _ watermark: Watermark, isCancelled: @escaping () -> Bool) {
        self.file = file
        self.isCancelled = isCancelled
        header = SnapshotHeader(watermark)
    }

    func write(_ book: Book) throws {
        header.state = try write(book, .state)
        header.identifiers = try write(book, .identifiers)
        try writeHeader()
        try file.sync()
    }

    private func writeHeader() throws {
        let bytes = header.bytes
        try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    }

    private func write(_ book: Book, _ part: BookPart) throws -> SnapshotHeader.Part {
        self.part = SnapshotHeader.Part()
        try book.write(part) { try self.write($0) }
        return self.part
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        if isCancelled() { throw CancellationError() }
        try file.write(bytes, at: offset)
        offset += UInt64(bytes.count)
        part.byteCount += UInt64(bytes.count)
        part.checksum = checksum_crc32c(part.checksum, bytes.baseAddress, bytes.count)
    }
}

// MARK: Reading

/// A snapshot that was opened: its header checks out.
struct SnapshotFile: Sendable {
    let header: SnapshotHeader
    private let file: any VolumeFile

    private static let readByteCount = 1 << 20

    init(_ path: String, _ volume: any Volume) throws {
        let file = try volume.openFile(path, forWriting: false)
        let bytes = try UnsafeMutableRawBufferPointer.withRoom(SnapshotHeader.byteCount) { room in
            Array(UnsafeRawBufferPointer(room)[..<(try file.read(into: room, at: 0))])
        }
        header = try SnapshotHeader(bytes)
        self.file = file
        let (found, expected) = (try file.byteCount(), header.fileByteCount)
        guard found == expected else { throw SnapshotFault("it is cut short, or goes on behind its end: it has \(found) bytes") }
    }

    /// The book, its two parts read on two threads. Throws when a byte of it does not check out.
    func book(zones: ZoneTable) throws -> Book {
        let identifiers = Concurrent { try readIdentifiers() }
        let stateStart = UInt64(SnapshotHeader.byteCount)
        let book = try part(header.state, at: stateStart) { state in
            // The ids are waited for before the book is begun, so that both are read and checked meanwhile.
            try Book(state: state, identifiers.value(), zones: zones)
        }
        guard book.lastSequence == header.watermark.sequence, book.identity?.ledger.text == header.watermark.ledger.description
        else {
            throw SnapshotFault("its book is not the one that its header names")
        }
        return book
    }

    private func readIdentifiers() throws -> BookIdentifiers {
        try part(header.identifiers, at: UInt64(SnapshotHeader.byteCount) + header.state.byteCount) { try BookIdentifiers($0) }
    }

    private func part<Result>(
        _ part: SnapshotHeader.Part, at start: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try UnsafeMutableRawBufferPointer.withRoom(Int(part.byteCount)) { room in
            var (checksum, done) = (UInt32(0), 0)
            while done < room.count {
                let piece = UnsafeMutableRawBufferPointer(
                    rebasing: room[done..<min(done + SnapshotFile.readByteCount, room.count)])
                guard try file.read(into: piece, at: start + UInt64(done)) == piece.count else {
                    throw SnapshotFault("it ends too early")
                }
                checksum = checksum_crc32c(checksum, piece.baseAddress, piece.count)
                done += piece.count
            }
            guard checksum == part.checksum else { throw SnapshotFault("it is damaged") }
            return try body(UnsafeRawBufferPointer(room))
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate static func withRoom<Result>(
        _ byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        defer { room.deallocate() }
        return try body(room)
    }
}

/// Something that is worked out on a thread of its own while its maker does something else.
private final class Concurrent<Value: Sendable>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    /// Set before `done` is signalled, read after it was waited for.
    private var result: Result<Value, any Error>?

    init(_ work: @escaping @Sendable () throws -> Value) {
        Thread { [self] in
            result = Result { try work() }
            done.signal()
        }.start()
    }

    func value() throws -> Value {
        done.wait()
        done.signal()
        return try result!.get()
    }
}
