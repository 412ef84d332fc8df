import EventCodec
import JSONText
import LedgerModel
import ReadModels

/// The uses of a tenant one after the other, of each account in the order of the log.
struct PastUses {
    let rows: PastRows
    private let queries: PastQueries
    private(set) var readCount = 0
    /// Begun: more of its units may follow.
    private var begun: PastUse?

    /// - Parameter since: The first instant that matters; nil for the beginning of the ledger.
    init(_ queries: PastQueries, since start: Timestamp?, until end: Timestamp) throws(WhatIfError) {
        self.queries = queries
        var arguments: [String: QueryValue] = ["until": .text(end.clamped.description)]
        if let start { arguments["since"] = .text(start.clamped.description) }
        rows = try queries.cursor("usage.uses", arguments)
    }

    /// The next use, with all its units; nil at the end.
    mutating func next() throws(WhatIfError) -> PastUse? {
        while let row = try queries.next(rows) {
            guard let use = PastUse(row) else { continue }
            guard var same = begun, same.sequence == use.sequence else {
                defer { begun = use }
                if let done = begun { return counted(done) }
                continue
            }
            same.parts += use.parts
            same.quantities = same.quantities ?? use.quantities
            begun = same
        }
        defer { begun = nil }
        return begun.map { counted($0) }
    }

    private mutating func counted(_ use: PastUse) -> PastUse {
        readCount += 1
        return use
    }
}

extension PastUse {
    /// One unit of a use. Nil for a row that cannot be read.
    fileprivate init?(_ row: PastRow) {
        guard let sequence = row.integer("seq"), let at = row.timestamp("at"), let account = row.name("account"),
            let day = row.bytes("day").flatMap({ Day($0) }), let kind = row.text("kind").flatMap({ Kind(rawValue: $0) }),
            let unit = row.name("unit")
        else { return nil }
        let amount = row.amount("amount")
        let part = Part(
            unit: unit, amount: amount, refunded: min(amount, row.amount("refunded")), available: row.amount("available"))
        self.init(
            sequence: SequenceNumber(UInt64(sequence)), at: at, day: day, account: account, kind: kind,
            feature: row.name("feature"), version: row.integer("price").map { Int($0) },
            quantities: row.bytes("quantities").flatMap { PastUse.quantities($0) }, parts: [part])
    }

    private static func quantities(_ bytes: UnsafeRawBufferPointer) -> [Quantity]? {
        var reader = JSONReader(bytes)
        return try? reader.quantities("quantities")
    }
}

extension Timestamp {
    /// The nearest instant that can be written.
    fileprivate var clamped: Timestamp {
        min(max(self, Timestamp.representable.lowerBound), Timestamp.representable.upperBound)
    }
}
