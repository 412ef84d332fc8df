// What is moved: lots and their terms, parts, and uses.

extension Interval: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(start: try reader.next(), end: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(start)
        writer.write(end)
    }
}

extension Allotment: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        let units: Amount? = try reader.next()
        self = units.map { .units($0) } ?? .unlimited
    }

    func write(to writer: inout SnapshotWriter) { writer.write(units) }
}

extension LotTerms: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            priority: try reader.next(), effectiveAt: try reader.next(), expiresAt: try reader.next(), source: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(priority)
        writer.write(effectiveAt)
        writer.write(expiresAt)
        writer.write(source)
    }
}

extension Lot: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(number: try reader.next(), remaining: try reader.next(), held: try reader.next(), terms: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(number)
        writer.write(remaining)
        writer.write(held)
        writer.write(terms)
    }
}

extension Balance: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(available: try reader.next(), held: try reader.next(), isUnlimited: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(available)
        writer.write(held)
        writer.write(isUnlimited)
    }
}

extension Draw: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(lot: try reader.next(), amount: try reader.next(), remaining: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(lot)
        writer.write(amount)
        writer.write(remaining)
    }
}

extension Part: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next(), amount: try reader.next(), lots: try reader.next(), balance: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(amount)
        writer.write(lots)
        writer.write(balance)
    }
}

extension Quantity: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(dimension: try reader.next(), count: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(dimension)
        writer.write(count)
    }
}

extension Priced: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(feature: try reader.next(), quantities: try reader.next(), version: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(feature)
        writer.write(quantities)
        writer.write(version)
    }
}

extension Use: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            key: try reader.next(), batch: try reader.next(), labels: try reader.next(), occurredAt: try reader.next(),
            details: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(key)
        writer.write(batch)
        writer.write(labels)
        writer.write(occurredAt)
        writer.write(details)
    }
}
