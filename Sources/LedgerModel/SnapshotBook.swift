/// The two parts of a book as bytes. Each is written and read for itself, so that two threads can read them at once.
public enum BookPart: CaseIterable, Sendable {
    /// All but the ids.
    case state
    /// The ids that were ever used: the greater part of a book with a long past.
    case identifiers
}

/// The ids of a book, read from bytes.
public struct BookIdentifiers: Sendable {
    fileprivate let table: IdentifierTable

    /// Reads the part `identifiers`. Throws where the bytes are not such a part.
    public init(_ bytes: UnsafeRawBufferPointer) throws(SnapshotError) {
        var reader = SnapshotReader(bytes)
        table = try IdentifierTable(from: &reader)
        try reader.finish()
    }
}

/// The book as bytes. What can be made again from the rest is not written: prices, rules, zones, the agendas, the owners of hashes.
///
/// The law: a book that is read equals the one that was written, and goes on to decide the same.
extension Book {
    /// The version of the form. It goes up with every change of what is written; other versions are not read.
    public static let snapshotVersion: UInt32 = 1

    /// Writes a part in pieces of some 1 MiB. Throws what `sink` throws, and gives it nothing after that.
    public func write(_ part: BookPart, to sink: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        var writer = SnapshotWriter(to: sink)
        switch part {
        case .state: writeState(to: &writer)
        case .identifiers: identifiers.write(to: &writer)
        }
        try writer.finish()
    }

    private func writeState(to writer: inout SnapshotWriter) {
        writer.write(lastSequence)
        writer.write(lastAt)
        writer.write(identity)
        tenants.write(to: &writer) { _, tenant, writer in tenant.write(to: &writer) }
    }

    /// Puts a book together from its parts. Throws where the bytes are not the part `state`, or not of the same book as the ids.
    ///
    /// - Parameter zones: The time zones by which the tenants' settings are read anew, as when events are replayed.
    public init(state: UnsafeRawBufferPointer, _ identifiers: BookIdentifiers, zones: ZoneTable) throws(SnapshotError) {
        var reader = SnapshotReader(state)
        self.zones = zones
        self.identifiers = identifiers.table
        lastSequence = try reader.next()
        lastAt = try reader.next()
        identity = try reader.next()
        tenants = try Sharded(from: &reader) { reader throws(SnapshotError) in
            let tenant = try Tenant(from: &reader, zones: zones)
            return (tenant.name, tenant)
        }
        try reader.finish()
        if identifiers.table.newest > lastSequence { throw reader.error("an id leads beyond the last event") }
        deriveTables()
    }

    private mutating func deriveTables() {
        var (documents, others) = ([Agenda.Entry](), [Agenda.Entry]())
        tenants.forEach { _, tenant in
            documents += tenant.plannedDocuments
            others += tenant.plannedHolds + tenant.plannedKeys
            accountCount += tenant.accounts.count
            tenant.keys.forEach { name, key in keyHashes.insert(KeyPlace(tenant: tenant.name, key: name), for: key.hash) }
        }
        agendas = Agendas(documents: Agenda(documents), others: Agenda(others))
    }
}

extension Tenant {
    fileprivate var plannedDocuments: [Agenda.Entry] {
        configuration.scheduled.map { key, scheduled in
            Agenda.Entry(
                due: scheduled.fact.effectiveAt, cause: scheduled.number, task: .configuration(tenant: name, key: key))
        }
    }

    fileprivate var plannedHolds: [Agenda.Entry] {
        var entries: [Agenda.Entry] = []
        holds.forEach { entries.append(Agenda.Entry(due: $1.due, cause: $1.number, task: .hold(tenant: name, id: $0))) }
        return entries
    }

    fileprivate var plannedKeys: [Agenda.Entry] {
        var entries: [Agenda.Entry] = []
        keys.forEach { keyName, key in
            guard let due = key.due else { return }
            entries.append(Agenda.Entry(due: due, cause: key.number, task: .key(tenant: name, key: keyName)))
        }
        return entries
    }
}

extension Identity: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(ledger: try reader.next(), origin: try reader.next(), keys: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(ledger)
        writer.write(origin)
        writer.write(keys)
    }
}
