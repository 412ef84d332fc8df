import CSQLite
import LedgerModel
import Projections
import SegmentLog

/// One read model's file, as its projector writes it: the folder's tables, and beside them our own `daybook`, which says of which
/// ledger and how far they are, and `daybookFiles`, the SQL they were built with.
final class ReadModelFile {
    let projection: Projection
    /// How far the file has followed the log.
    private(set) var mark: ReadModelMark
    /// Also reads what was written, where there is nobody else who could.
    let connection: Connection
    private let window = StretchWindow()
    private let statements: [Statement]
    private let saving: Statement

    /// Makes a new file, which must not be there. It is complete, and nobody may read it, once it has been closed.
    static func create(_ path: String, _ projection: Projection, ledger: LedgerID) throws -> ReadModelFile {
        let connection = try Connection(path, .building)
        let mark = ReadModelMark(
            version: projection.version, watermark: Watermark(ledger: ledger, sequence: .zero, chain: .zero), at: nil)
        try connection.transaction {
            try connection.confinement.confined(to: .schema) { try connection.execute(projection.schema) }
            try mark.create(on: connection, projection)
        }
        return try ReadModelFile(connection, projection, mark)
    }

    /// Opens a file that was built from this projection, to write it while others read.
    static func open(_ path: String, _ projection: Projection) throws -> ReadModelFile {
        let connection = try Connection(path, .following)
        let file = try ReadModelFile(connection, projection, try ReadModelMark.read(from: connection))
        try connection.transaction { try ReadModelMark.keep(projection.folder, on: connection) }
        return file
    }

    private init(_ connection: Connection, _ projection: Projection, _ mark: ReadModelMark) throws {
        self.connection = connection
        self.projection = projection
        self.mark = mark
        try StretchModule.register(window, on: connection)
        statements = try connection.confinement.confined(to: .apply) { try connection.statements(projection.apply) }
        saving = try connection.statement("UPDATE daybook SET sequence = :sequence, chain = :chain, at = :at")
    }

    /// Applies stretches, each given by `next` for the one before, and the new watermark, in one transaction: all or nothing. Ends when there
    /// is none, or when the commit has `eventCountMax` events.
    func commit(eventCountMax: Int, next: (SequenceNumber) throws -> Stretch?) throws {
        var mark = mark
        try connection.transaction {
            var count = 0
            while count < eventCountMax, let stretch = try next(mark.watermark.sequence) {
                try apply(stretch)
                mark.advance(to: stretch)
                count += stretch.eventCount
            }
            try save(mark)
        }
        self.mark = mark
    }

    private func apply(_ stretch: Stretch) throws {
        window.stretch = stretch
        defer { window.stretch = nil }
        for (index, statement) in statements.enumerated() {
            try connection.apply(statement, number: index + 1)
            if !connection.isInTransaction { throw SQLiteError(code: SQLITE_ABORT, message: "apply.sql ended the transaction") }
        }
    }

    private func save(_ mark: ReadModelMark) throws {
        saving.bind(.integer(Int64(mark.watermark.sequence.rawValue)), to: "sequence")
        saving.bind(.text(mark.watermark.chain.description), to: "chain")
        saving.bind(mark.at.map { .integer($0.rawValue) } ?? .null, to: "at")
        try saving.run()
    }
}

/// What a read model's file says of itself.
struct ReadModelMark: Hashable {
    /// The version of the projection that built it.
    let version: String
    var watermark: Watermark
    /// The time of the last event in it; nil when there is none.
    var at: Timestamp?

    mutating func advance(to stretch: Stretch) {
        watermark = Watermark(ledger: watermark.ledger, sequence: stretch.last, chain: stretch.chain)
        at = stretch.at
    }

    static let query = "SELECT version, ledger, sequence, chain, at FROM daybook"

    /// The mark in the statement's row.
    init?(_ row: Statement) {
        guard let ledger = LedgerID(row.text(1)), let chain = ChainHash(hex: row.text(3)), row.integer(2) >= 0 else { return nil }
        version = row.text(0)
        watermark = Watermark(ledger: ledger, sequence: SequenceNumber(UInt64(row.integer(2))), chain: chain)
        at = row.isNull(4) ? nil : Timestamp(microseconds: row.integer(4))
    }

    init(version: String, watermark: Watermark, at: Timestamp?) {
        (self.version, self.watermark, self.at) = (version, watermark, at)
    }

    /// Throws when the file is not one of ours, or damaged.
    static func read(from connection: Connection) throws -> ReadModelMark {
        let statement = try connection.statement(query)
        defer { statement.reset() }
        guard try statement.step(), let mark = ReadModelMark(statement) else {
            throw SQLiteError.noMark
        }
        return mark
    }

    /// What a file says of itself. Throws when the log up to `head` does not agree with it.
    static func sound(_ path: String, _ reader: LogReader, _ head: LogHead) throws -> ReadModelMark {
        let mark = try read(from: try Connection(path, .reading))
        let watermark = mark.watermark
        guard watermark.ledger == head.ledger, watermark.sequence <= head.lastSequence else {
            throw ReadModelError("it has seen \(watermark.sequence) of the ledger \(watermark.ledger), which the log has not")
        }
        if watermark.sequence > .zero, try reader.batch(holding: watermark.sequence, upTo: head).chain != watermark.chain {
            throw ReadModelError("it has seen another history of the ledger")
        }
        return mark
    }

    // MARK: The tables of our own

    private static let schema = """
        CREATE TABLE daybook (version TEXT, ledger TEXT, sequence INTEGER, chain TEXT, at INTEGER) STRICT;
        CREATE TABLE daybookFiles (path TEXT PRIMARY KEY, text TEXT) STRICT;
        """

    /// Makes the tables empty, for SQL that is tried out.
    static func rehearse(on connection: Connection) throws { try connection.execute(schema) }

    fileprivate func create(on connection: Connection, _ projection: Projection) throws {
        try connection.execute(ReadModelMark.schema)
        let statement = try connection.statement("INSERT INTO daybook VALUES (:version, :ledger, 0, :chain, NULL)")
        statement.bind(.text(version), to: "version")
        statement.bind(.text(watermark.ledger.description), to: "ledger")
        statement.bind(.text(watermark.chain.description), to: "chain")
        try statement.run()
        try ReadModelMark.keep(projection.folder, on: connection)
    }

    /// Notes the SQL that the file goes with: a program that brings other SQL can go on asking it until it is rebuilt.
    fileprivate static func keep(_ folder: ProjectionFolder, on connection: Connection) throws {
        if try self.folder(on: connection, named: folder.name) == folder { return }
        try connection.execute("DELETE FROM daybookFiles")
        let statement = try connection.statement("INSERT INTO daybookFiles VALUES (:path, :text)")
        for (path, text) in folder.files {
            statement.bind(.text(path), to: "path")
            statement.bind(.text(text), to: "text")
            try statement.run()
        }
    }

    /// The SQL that the file goes with.
    static func folder(on connection: Connection, named name: String) throws -> ProjectionFolder {
        let statement = try connection.statement("SELECT path, text FROM daybookFiles")
        defer { statement.reset() }
        var files: [String: String] = [:]
        while try statement.step() { files[statement.text(0)] = statement.text(1) }
        return ProjectionFolder(name: name, files: files)
    }
}
