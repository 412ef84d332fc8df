import LedgerClient

/// What the first pass over a file found: every row is a debit, and how much they ask.
struct ImportCheck {
    var hash: String
    var rowCount = 0
    var sums: Sums
    /// The first few commands, for a dry run.
    var samples: [JSONValue] = []

    private static let sampleCount = 3
    private static let faultCountMax = 10

    /// Reads the file whole. Throws when a row does not parse, naming the first ones by line.
    static func run(_ command: Import, _ file: HashedFile) throws -> ImportCheck {
        var (check, faults) = try read(command, file)
        check.hash = try file.finish()
        if faults.isEmpty { return check }
        let lines = faults.prefix(faultCountMax).map { "\n  \($0)" } + (faults.count > faultCountMax ? ["\n  and more"] : [])
        throw Failure(status: .rejected, message: "\(file.path) was not imported; nothing was sent:\(lines.joined())")
    }

    private static func read(_ command: Import, _ file: HashedFile) throws -> (ImportCheck, [CSVReader.Fault]) {
        var check = ImportCheck(hash: "", sums: Sums(names: command.mapping.counted.map(\.name)))
        var faults: [CSVReader.Fault] = []
        var progress = Progress("checking", total: file.byteCount, unit: "bytes")
        do {
            var rows = try command.rows(of: file, named: String(repeating: "0", count: 12))
            while faults.count <= faultCountMax, let (line, row) = try rows.next() {
                switch row {
                case .success(let row): check.note(row)
                case .failure(let fault): faults.append(CSVReader.Fault(line: line, reason: fault.reason))
                }
                progress.show(file.bytesRead)
            }
        } catch let fault as CSVReader.Fault { faults.append(fault) }
        progress.end()
        return (check, faults)
    }

    private mutating func note(_ row: ImportRow) {
        rowCount += 1
        sums.add(row.counts)
    }

    /// The same with the first few commands as they would be sent.
    func sampled(_ command: Import, _ file: HashedFile) throws -> ImportCheck {
        var (check, rows) = (self, try command.rows(of: file, named: hash))
        while check.samples.count < Self.sampleCount, case .success(let row)? = try rows.next()?.1 {
            check.samples.append(row.call.params)
        }
        return check
    }

    var json: JSONValue {
        ["file": .string(hash), "rows": .integer(Int64(rowCount)), "quantities": sums.json, "samples": .array(samples)]
    }

    var lines: [String] {
        ["\(grouped(rowCount)) rows would be sent as debits:"]
            + sums.names.indices.map { "  \(sums.names[$0]) \(grouped(sums.values[$0]))" }
            + samples.map { "  \($0)" } + (rowCount > samples.count ? ["  ..."] : [])
    }
}

/// A sum per counted column.
struct Sums {
    let names: [String]
    /// Wide enough for any number of amounts.
    private(set) var values: [Int128]

    init(names: [String]) {
        self.names = names
        values = names.map { _ in 0 }
    }

    mutating func add(_ counts: [Int64]) {
        for index in values.indices { values[index] += Int128(counts[index]) }
    }

    var json: JSONValue {
        .object(zip(names, values).map { JSONValue.Member($0, Int64(exactly: $1).map { .integer($0) } ?? .number(String($1))) })
    }
}
