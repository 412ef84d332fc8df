// Keys and holds.

extension KeyHash: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        words = [try reader.word(), try reader.word(), try reader.word(), try reader.word()]
    }

    func write(to writer: inout SnapshotWriter) {
        for word in words { writer.word(word) }
    }
}

extension KeyLimit: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next(), amount: try reader.next(), period: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(amount)
        writer.write(period)
    }
}

extension KeyTerms: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            platform: try reader.next(), owner: try reader.next(), name: try reader.next(), tags: try reader.next(),
            expiresAt: try reader.next(), limit: try reader.next(), features: try reader.next(), maxOpenHolds: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(platform)
        writer.write(owner)
        writer.write(name)
        writer.write(tags)
        writer.write(expiresAt)
        writer.write(limit)
        writer.write(features)
        writer.write(maxOpenHolds)
    }
}

extension Key: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        hash = try reader.next()
        account = try reader.unique()
        issuedAt = try reader.next()
        terms = try reader.next()
        status = try reader.next()
        number = try reader.next()
        openHoldCount = try reader.next()
        counter = try reader.next()
        limitSince = try reader.next()
        marks = try reader.next()
        due = try reader.next()
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(hash)
        writer.unique(account)
        writer.write(issuedAt)
        writer.write(terms)
        writer.write(status)
        writer.write(number)
        writer.write(openHoldCount)
        writer.write(counter)
        writer.write(limitSince)
        writer.write(marks)
        writer.write(due)
    }
}

extension Key.Counter: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next(), period: try reader.next(), window: try reader.next(), used: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(period)
        writer.write(window)
        writer.write(used)
    }
}

extension Key.Mark: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(rule: try reader.next(), days: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(rule)
        writer.write(days)
    }
}

extension HoldTerms: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(expiresAt: try reader.next(), onExpiry: try reader.next(), overage: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(expiresAt)
        writer.write(onExpiry)
        writer.write(overage)
    }
}

extension HoldTerms.Overage: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        switch try reader.byte() {
        case 0: self = .reject
        case 1: self = .cap
        case 2: self = .allow(try reader.next())
        default: throw reader.error("there is no such overage")
        }
    }

    func write(to writer: inout SnapshotWriter) {
        switch self {
        case .reject: writer.byte(0)
        case .cap: writer.byte(1)
        case .allow(let amount):
            writer.byte(2)
            writer.write(amount)
        }
    }
}

extension OpenHold: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        number = try reader.next()
        heldAt = try reader.next()
        account = try reader.unique()
        priced = try reader.next()
        use = try reader.next()
        terms = try reader.next()
        parts = try reader.next()
        keyWindow = try reader.next()
        marks = try reader.next()
        due = try reader.next()
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(number)
        writer.write(heldAt)
        writer.unique(account)
        writer.write(priced)
        writer.write(use)
        writer.write(terms)
        writer.write(parts)
        writer.write(keyWindow)
        writer.write(marks)
        writer.write(due)
    }
}

extension OpenHold.Mark: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(rule: try reader.next(), seconds: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(rule)
        writer.write(seconds)
    }
}
