/// Changing documents: any number at once, and back to an earlier version.
extension Tenant {
    func decide(_ command: Configure, zones: ZoneTable, _ group: inout GroupDraft) throws(Rejection) {
        if command.changes.isEmpty { throw .invalidField(field: "changes", reason: "must have at least one change") }
        if Set(command.changes.map(\.key)).count < command.changes.count {
            throw .invalidField(field: "changes", reason: "must name each key once")
        }
        for change in command.changes { try change.check(zones) }
        for change in command.changes { try configuration.checkVersion(change) }
        // Units come into force before the prices that are computed in them.
        let ordered = command.changes.filter { $0.key.kind == .unit } + command.changes.filter { $0.key.kind != .unit }
        let scales = command.scales
        for change in ordered {
            try configuration.check(change.document, under: change.key, scales)
            let version = configuration.newestVersion(of: change.key) + 1
            group.add(
                .configured(Configured(key: change.key, version: version, document: change.document, reason: command.reason)))
        }
    }

    func decide(_ command: Rollback, zones: ZoneTable, _ group: inout GroupDraft) throws(Rejection) {
        let newest = configuration.newestVersion(of: command.key)
        if newest == 0 { throw .documentNotFound(command.key) }
        guard (1...newest).contains(command.version) else {
            throw .versionNotFound(command.key, version: command.version, newest: newest)
        }
        let document = configuration.document(command.key, version: command.version)
        try document?.checkZone(zones)
        try configuration.check(document, under: command.key, [:])
        group.add(
            .configured(
                Configured(
                    key: command.key, version: newest + 1, document: document, reason: command.reason, rollbackOf: command.version
                )))
    }
}

extension Configure {
    /// The scales that this command gives to units; a unit whose document is deleted has scale 0.
    fileprivate var scales: [Name: Int] {
        var scales: [Name: Int] = [:]
        for change in changes where change.key.kind == .unit {
            if case .unit(let document)? = change.document {
                scales[change.key.name] = document.scale
            } else {
                scales[change.key.name] = 0
            }
        }
        return scales
    }
}

extension Configure.Change {
    /// What can be said of the document by itself: it is of the kind that its key names, and its zone exists.
    fileprivate func check(_ zones: ZoneTable) throws(Rejection) {
        if let document, document.kind != key.kind { throw .invalidField(field: "value", reason: "is no document for \(key)") }
        try document?.checkZone(zones)
    }
}

extension Document {
    fileprivate func checkZone(_ zones: ZoneTable) throws(Rejection) {
        if case .settings(let settings) = self, let zone = settings.timeZone, zones.rules(zone) == nil {
            throw .unknownTimeZone(zone)
        }
    }
}

extension Configuration {
    fileprivate func checkVersion(_ change: Configure.Change) throws(Rejection) {
        let newest = newestVersion(of: change.key)
        if change.document == nil, current(change.key) == nil { throw .documentNotFound(change.key) }
        if let expected = change.expectVersion, expected != newest {
            throw .versionMismatch(change.key, expected: expected, actual: newest)
        }
    }

    /// A document must fit what is there: units keep their scale, rates can be computed.
    fileprivate func check(_ document: Document?, under key: DocumentKey, _ scales: [Name: Int]) throws(Rejection) {
        switch document {
        case .unit(let unit): try checkScale(unit.scale, of: key.name)
        case nil where key.kind == .unit: try checkScale(0, of: key.name)
        case .price(let price):
            let scale = scales[price.charge.unit] ?? scale(of: price.charge.unit)
            if Price(price, version: 1, scale: scale) == nil { throw .rateOutOfRange(key) }
        case .alert, .settings, nil: break
        }
    }

    private func checkScale(_ scale: Int, of unit: Name) throws(Rejection) {
        let current = self.scale(of: unit)
        if scale != current, unitsInUse.contains(unit) { throw .scaleInUse(unit: unit, scale: current) }
    }
}
