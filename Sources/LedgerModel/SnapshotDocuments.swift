// Configuration documents: content only; what is made of them is made again when they are read.

extension DocumentKey: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(try reader.next(), try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(kind)
        writer.write(name)
    }
}

extension Document: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        let kind: DocumentKey.Kind = try reader.next()
        switch kind {
        case .unit: self = .unit(try reader.next())
        case .price: self = .price(try reader.next())
        case .plan: self = .plan(try reader.next())
        case .alert: self = .alert(try reader.next())
        case .tag: self = .tag(try reader.next())
        case .tenant: self = .settings(try reader.next())
        }
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(kind)
        switch self {
        case .unit(let document): writer.write(document)
        case .price(let document): writer.write(document)
        case .plan(let document): writer.write(document)
        case .alert(let document): writer.write(document)
        case .tag(let document): writer.write(document)
        case .settings(let document): writer.write(document)
        }
    }
}

extension UnitDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(scale: try reader.next())
        guard UnitDocument.scaleRange.contains(scale) else { throw reader.error("there is no such scale") }
    }

    func write(to writer: inout SnapshotWriter) { writer.write(scale) }
}

extension PriceDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(charges: try reader.next(), minimum: try reader.next(), enabled: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(charges)
        writer.write(minimum)
        writer.write(enabled)
    }
}

extension Charge: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next(), rates: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(rates)
    }
}

extension Charge.DimensionRate: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(dimension: try reader.next(), rate: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(dimension)
        writer.write(rate)
    }
}

extension PlanDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            name: try reader.next(), price: try reader.next(), cycle: try reader.next(), enabled: try reader.next(),
            allowances: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(name)
        writer.write(price)
        writer.write(cycle)
        writer.write(enabled)
        writer.write(allowances)
    }
}

extension PlanPrice: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next(), amount: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(amount)
    }
}

extension AllowanceDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            unit: try reader.next(), amount: try reader.next(), period: try reader.next(), priority: try reader.next(),
            rollover: try reader.next(), anchor: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(amount)
        writer.write(period)
        writer.write(priority)
        writer.write(rollover)
        writer.write(anchor)
    }
}

extension AlertDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(rule: try reader.next(), severity: try reader.next(), enabled: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(rule)
        writer.write(severity)
        writer.write(enabled)
    }
}

extension AlertDocument.Rule: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        switch try reader.byte() {
        case 0: self = .allowanceUsed(unit: try reader.next(), thresholds: try reader.next())
        case 1: self = .lowBalance(unit: try reader.next(), below: try reader.next())
        case 2:
            self = .spend(
                subject: try reader.next(), unit: try reader.next(), period: try reader.next(), above: try reader.next())
        case 3: self = .keyExpiring(days: try reader.next())
        case 4: self = .keyFaulty
        case 5: self = .holdAgeing(seconds: try reader.next())
        default: throw reader.error("there is no such rule")
        }
    }

    func write(to writer: inout SnapshotWriter) {
        switch self {
        case .allowanceUsed(let unit, let thresholds):
            writer.byte(0)
            writer.write(unit)
            writer.write(thresholds)
        case .lowBalance(let unit, let below):
            writer.byte(1)
            writer.write(unit)
            writer.write(below)
        case .spend(let subject, let unit, let period, let above):
            writer.byte(2)
            writer.write(subject)
            writer.write(unit)
            writer.write(period)
            writer.write(above)
        case .keyExpiring(let days):
            writer.byte(3)
            writer.write(days)
        case .keyFaulty: writer.byte(4)
        case .holdAgeing(let seconds):
            writer.byte(5)
            writer.write(seconds)
        }
    }
}

extension TagDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(colour: try reader.next(), note: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(colour)
        writer.write(note)
    }
}

extension SettingsDocument: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            timeZone: try reader.next(), lateDays: try reader.next(), defaultPlan: try reader.next(),
            holdSeconds: try reader.next(), maxOpenHolds: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(timeZone)
        writer.write(lateDays)
        writer.write(defaultPlan)
        writer.write(holdSeconds)
        writer.write(maxOpenHolds)
    }
}

extension Configuration.Version: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(document: try reader.next(), from: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(document)
        writer.write(from)
    }
}

extension Configuration.Scheduled: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(number: try reader.next(), command: try reader.unique(), fact: try reader.next())
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(number)
        writer.unique(command)
        writer.write(fact)
    }
}

extension ConfigurationScheduled: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(key: try reader.next(), document: try reader.next(), reason: try reader.next(), effectiveAt: try reader.next())
        if let document, document.kind != key.kind { throw reader.error("a document stands under a key of another kind") }
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(key)
        writer.write(document)
        writer.write(reason)
        writer.write(effectiveAt)
    }
}
