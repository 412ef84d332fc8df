import LedgerClient

/// The second pass: the rows go to the daemon, many under way at once, and their answers are counted.
struct Sending {
    private let ledger: LedgerConnection
    private var underWay: [Int64: ImportRow] = [:]
    private var progress: Progress
    private(set) var tally: Tally

    init(_ check: ImportCheck, connection: LedgerConnection) {
        ledger = connection
        progress = Progress("importing", total: check.rowCount, unit: "rows")
        tally = Tally(names: check.sums.names)
    }

    mutating func run(_ rows: RowSource) throws {
        var rows = rows
        var hasMore = true
        while true {
            while hasMore, ledger.hasRoom() { hasMore = try send(&rows) }
            guard let answer = try ledger.nextAnswer() else { break }
            try take(answer)
            progress.show(tally.rowCount)
        }
        progress.end()
    }

    private mutating func send(_ rows: inout RowSource) throws -> Bool {
        guard let (line, result) = try rows.next() else { return false }
        guard case .success(let row) = result else {
            throw Failure(status: .failed, message: "line \(line) is not what it was when the file was checked.")
        }
        underWay[ledger.send(row.call)] = row
        return true
    }

    private mutating func take(_ answer: LedgerConnection.Answer) throws {
        guard let row = underWay.removeValue(forKey: answer.number) else { return }
        switch answer.outcome {
        case .success(let result): tally.note(row, result)
        case .failure(let error) where Sending.isOfTheRow(error): tally.note(row, error)
        case .failure(let error): throw ClientError.rpc(error)
        }
    }

    /// Other errors would come for every row.
    private static func isOfTheRow(_ error: RPCError) -> Bool {
        [RPCError.rejected, RPCError.idMismatch, RPCError.tooLarge].contains(error.code)
    }

    /// The failure with how far it got.
    mutating func stopped(by error: any Error) -> Failure {
        progress.end()
        let cause = (error as? Failure)?.message ?? "\(error)"
        let advice = "Run the same import again: what was added is not added twice."
        return Failure(
            status: Ending(error).status,
            message: "the import stopped after \(grouped(tally.rowCount)) answered rows: \(cause)\n\(advice)")
    }
}

/// What became of the rows.
struct Tally {
    struct Refusal {
        var row: Int
        var line: Int
        var message: String
    }

    private static let refusalCountMax = 5

    private(set) var added = 0
    private(set) var alreadyThere = 0
    private(set) var rejected = 0
    private(set) var refusals: [Refusal] = []
    private(set) var addedSums: Sums
    private(set) var alreadyThereSums: Sums

    init(names: [String]) {
        addedSums = Sums(names: names)
        alreadyThereSums = Sums(names: names)
    }

    var rowCount: Int { added + alreadyThere + rejected }

    mutating func note(_ row: ImportRow, _ result: JSONValue) {
        if result["replayed"]?.boolean == true {
            alreadyThere += 1
            alreadyThereSums.add(row.counts)
        } else {
            added += 1
            addedSums.add(row.counts)
        }
    }

    mutating func note(_ row: ImportRow, _ error: RPCError) {
        rejected += 1
        if refusals.count < Self.refusalCountMax {
            refusals.append(Refusal(row: row.row, line: row.line, message: error.description))
        }
    }

    var json: JSONValue {
        [
            "rows": .integer(Int64(rowCount)), "added": .integer(Int64(added)), "alreadyThere": .integer(Int64(alreadyThere)),
            "rejected": .integer(Int64(rejected)), "quantities": addedSums.json, "quantitiesAlreadyThere": alreadyThereSums.json,
            "refusals": .array(refusals.map(Tally.json)),
        ]
    }

    private static func json(_ refusal: Refusal) -> JSONValue {
        ["row": .integer(Int64(refusal.row)), "line": .integer(Int64(refusal.line)), "message": .string(refusal.message)]
    }

    var lines: [String] {
        let numbers = zip(zip(addedSums.names, addedSums.values), alreadyThereSums.values).map {
            [$0.0, grouped($0.1), grouped($1), ""]
        }
        let table = Table(
            columns: [
                Table.Column(title: "", alignment: .left), Table.Column(title: "added", alignment: .right),
                Table.Column(title: "already there", alignment: .right), Table.Column(title: "rejected", alignment: .right),
            ],
            rows: [["rows", grouped(added), grouped(alreadyThere), grouped(rejected)]] + numbers)
        let reasons = refusals.map { "  row \($0.row) (line \($0.line)): \(Terminal.printable($0.message))" }
        return table.lines() + reasons + (rejected > refusals.count ? ["  and \(grouped(rejected - refusals.count)) more"] : [])
    }
}
