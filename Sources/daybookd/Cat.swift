import ArgumentParser
import EventCodec
import Glibc
import LedgerModel
import SegmentLog

struct Cat: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the events of a log, one JSON line each, in order.",
        discussion: """
            The lines are those of the log, byte for byte, and what is printed has been checked; damage ends with exit status 1. May run beside the daemon.

              daybookd cat --data ledger --from 1000 --type debited --type refunded | jq .parts
            """)

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("Begin at this sequence number.", valueName: "seq"))
    var from: UInt64 = 1

    @Option(help: ArgumentHelp("Only events of this type; may be given several times.", valueName: "type"))
    var type: [String] = []

    func validate() throws {
        for type in type where !Fact.types.contains(type) {
            throw ValidationError("there are no events of type \(type); there are \(Fact.types.joined(separator: ", "))")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        let reader = LogReader(data.directory)
        let head = try reader.head()
        let cursor = reader.cursor(from: SequenceNumber(from))
        let filter = LineFilter(from: SequenceNumber(from), types: Set(type.map { Array($0.utf8) }))
        while let batch = try cursor.next(upTo: head) { try filter.print(batch) }
        if let fault = try reader.faultBehind(head) {
            complain("daybookd: what stands behind event \(head.lastSequence) is damaged and was not printed: \(fault)")
            throw ExitCode.failure
        }
    }
}

/// Picks lines of a log batch by number and type, and writes them to standard output.
private struct LineFilter {
    let from: SequenceNumber
    let types: Set<[UInt8]>

    func print(_ batch: LogBatch) throws {
        try batch.records.withUnsafeBytes { bytes in
            if types.isEmpty, batch.firstSequence >= from { return try writeOut(bytes) }
            var (start, sequence) = (0, batch.firstSequence)
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                if sequence >= from, types.isEmpty || types.contains(typeOfLine(line)) { try writeOut(line) }
                (start, sequence) = (end, sequence.next)
            }
        }
    }

    /// The fields of a line have a fixed order: `type` is the fourth, and no field before it can hold a quote within its value.
    private func typeOfLine(_ line: UnsafeRawBufferPointer) -> [UInt8] {
        let marker = Array("\"type\":\"".utf8)
        var index = 0
        while index + marker.count < line.count, !line[index..<index + marker.count].elementsEqual(marker) { index += 1 }
        return Array(line[min(index + marker.count, line.count)...].prefix { $0 != UInt8(ascii: "\"") })
    }
}
