// What stands on accounts beside the account itself: windows, marks and subscriptions.

extension Window: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            subscription: try reader.next(), plan: try reader.next(), version: try reader.next(), period: try reader.next(),
            interval: try reader.next(), amount: try reader.next(), carried: try reader.next(), used: try reader.next(),
            lot: try reader.next(), replaced: try reader.next(), marks: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(subscription)
        writer.write(plan)
        writer.write(version)
        writer.write(period)
        writer.write(interval)
        writer.write(amount)
        writer.write(carried)
        writer.write(used)
        writer.write(lot)
        writer.write(replaced)
        writer.write(marks)
    }
}

extension Window.Mark: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        rule = try reader.next()
        plan = try reader.next()
        period = try reader.next()
        start = try reader.next()
        limit = try reader.next()
        threshold = try reader.next()
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(rule)
        writer.write(plan)
        writer.write(period)
        writer.write(start)
        writer.write(limit)
        writer.write(threshold)
    }
}

extension Purse.Mark: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(rule: try reader.next(), below: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(rule)
        writer.write(below)
    }
}

extension Subscription: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            number: try reader.next(), plan: try reader.next(), from: try reader.next(), since: try reader.next(),
            until: try reader.next(), anchor: try reader.next(), isDefault: try reader.next(), overrides: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(number)
        writer.write(plan)
        writer.write(from)
        writer.write(since)
        writer.write(until)
        writer.write(anchor)
        writer.write(isDefault)
        writer.write(overrides)
    }
}

extension Subscription.Override: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next(), period: try reader.next(), amount: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(period)
        writer.write(amount)
    }
}
