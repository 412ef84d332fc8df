extension Tenant {
    /// - Parameter zones: By which the tenant's settings are read.
    init(from reader: inout SnapshotReader, zones: ZoneTable) throws(SnapshotError) {
        self.init(name: try reader.unique())
        accounts = try Sharded(from: &reader) { reader throws(SnapshotError) in
            let account: Account = try reader.next()
            return (account.name, account)
        }
        batches = try Sharded(from: &reader) { reader throws(SnapshotError) in
            (BatchKey(account: try reader.unique(), batch: try reader.unique()), Batch(isOpen: try reader.next()))
        }
        holds = try Sharded(from: &reader) { reader throws(SnapshotError) in (try reader.unique(), try reader.next()) }
        keys = try Sharded(from: &reader) { reader throws(SnapshotError) in (try reader.unique(), try reader.next()) }
        refunds = try Sharded(from: &reader) { reader throws(SnapshotError) in (try reader.next(), try reader.next()) }
        spending = try Sharded(from: &reader) { reader throws(SnapshotError) in
            (SpendKey(rule: try reader.next(), subject: try reader.unique()), try reader.next())
        }
        unreadAlerts = try reader.next()
        configuration = try Configuration(from: &reader, zones: zones)
    }

    func write(to writer: inout SnapshotWriter) {
        writer.unique(name)
        accounts.write(to: &writer) { _, account, writer in writer.write(account) }
        batches.write(to: &writer) { key, batch, writer in
            writer.unique(key.account)
            writer.unique(key.batch)
            writer.write(batch.isOpen)
        }
        holds.write(to: &writer) { id, hold, writer in
            writer.unique(id)
            writer.write(hold)
        }
        keys.write(to: &writer) { name, key, writer in
            writer.unique(name)
            writer.write(key)
        }
        refunds.write(to: &writer) { debit, progress, writer in
            writer.write(debit)
            writer.write(progress)
        }
        spending.write(to: &writer) { key, spending, writer in
            writer.write(key.rule)
            writer.unique(key.subject)
            writer.write(spending)
        }
        writer.write(unreadAlerts)
        configuration.write(to: &writer)
    }
}
extension RefundProgress: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(amounts: try reader.next(), quantities: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(amounts)
        writer.write(quantities)
    }
}

extension Spending: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            unit: try reader.next(), period: try reader.next(), window: try reader.next(), used: try reader.next(),
            isRaised: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(period)
        writer.write(window)
        writer.write(used)
        writer.write(isRaised)
    }
}
