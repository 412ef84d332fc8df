/// Changing documents: any number at once, now or later, and back to an earlier version.
extension Tenant {
    func decide(_ command: Configure, zones: ZoneTable, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try command.check(at: group.now)
        for change in command.changes { try change.check(zones, configuration) }
        try configuration.checkPresence(command.changes)
        try configuration.checkRuleCount(command.changes)
        let scales = command.scales
        let plans = command.plans
        for change in command.changes.unitsFirst {
            switch change.action {
            case .cancel: group.add(.configurationCancelled(configuration.cancellation(of: change.key, command.reason)!))
            case .delete, .put:
                try configuration.check(change.document, under: change.key, scales, plans)
                add(change, command, &group)
            }
        }
        return group.finish()
    }

    private func add(_ change: Configure.Change, _ command: Configure, _ group: inout GroupDraft) {
        if let effectiveAt = command.effectiveAt {
            let scheduled = ConfigurationScheduled(
                key: change.key, document: change.document, reason: command.reason, effectiveAt: effectiveAt)
            group.add(.configurationScheduled(scheduled))
        } else {
            let version = configuration.newestVersion(of: change.key) + 1
            group.add(
                .configured(Configured(key: change.key, version: version, document: change.document, reason: command.reason)))
        }
    }

    func decide(_ command: Rollback, zones: ZoneTable, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        let newest = configuration.newestVersion(of: command.key)
        let document = configuration.document(command.key, version: command.version)
        try document?.checkZone(zones)
        if newest == 0 { throw .documentNotFound(command.key) }
        guard (1...newest).contains(command.version) else {
            throw .versionNotFound(command.key, version: command.version, newest: newest)
        }
        try configuration.check(document, under: command.key, [:], [:])
        group.add(
            .configured(
                Configured(
                    key: command.key, version: newest + 1, document: document, reason: command.reason, rollbackOf: command.version
                )))
        return group.finish()
    }

    /// What time does to scheduled changes: those of one command come into force, unless one of them no longer fits what is there.
    func bringIntoForce(_ key: DocumentKey, zones: ZoneTable, _ group: consuming GroupDraft) -> [Event] {
        let scheduled = configuration.scheduled(with: key)
        let changes = scheduled.map { Configure.Change(key: $0.fact.key, document: $0.fact.document) }
        do throws(Rejection) {
            for change in changes { try change.document?.checkZone(zones) }
            try configuration.checkPresence(changes)
            let command = Configure(changes: changes, reason: "")
            for change in changes {
                try configuration.check(change.document, under: change.key, command.scales, command.plans)
            }
            for fact in scheduled.map(\.fact) {
                group.add(
                    .configured(
                        Configured(
                            key: fact.key, version: configuration.newestVersion(of: fact.key) + 1, document: fact.document,
                            reason: fact.reason, effectiveAt: fact.effectiveAt)))
            }
        } catch {
            for one in scheduled {
                group.add(
                    .configurationCancelled(
                        ConfigurationCancelled(key: one.fact.key, scheduled: one.number, reason: error.message)))
            }
        }
        return group.finish()
    }
}

extension Configure {
    fileprivate func check(at now: Timestamp) throws(Rejection) {
        if changes.isEmpty { throw .invalidField(field: "changes", reason: "must have at least one change") }
        if Set(changes.map(\.key)).count < changes.count {
            throw .invalidField(field: "changes", reason: "must name each key once")
        }
        if let effectiveAt, effectiveAt <= now {
            throw .invalidField(field: "effectiveAt", reason: "must lie after the ledger's time \(now)")
        }
        // The rules that stand by themselves have such names.
        for key in changes.map(\.key) where key.kind == .alert && key.name.isReserved {
            throw .reservedName(field: "changes", name: key.name)
        }
    }

    /// The scales that this command gives to units; a unit whose document is deleted has scale 0.
    fileprivate var scales: [Name: Int] {
        var scales: [Name: Int] = [:]
        for change in changes where change.key.kind == .unit && change.action != .cancel {
            if case .unit(let document)? = change.document {
                scales[change.key.name] = document.scale
            } else {
                scales[change.key.name] = 0
            }
        }
        return scales
    }

    /// Whether this command makes a plan or deletes it.
    fileprivate var plans: [Name: Bool] {
        var plans: [Name: Bool] = [:]
        for change in changes where change.key.kind == .plan && change.action != .cancel {
            plans[change.key.name] = change.document != nil
        }
        return plans
    }
}

extension Configure.Change {
    /// Nil for a deletion.
    var document: Document? {
        if case .put(let document) = action { document } else { nil }
    }

    /// What can be said of the change by itself: the document is of the kind that its key names, and its zone exists.
    fileprivate func check(_ zones: ZoneTable, _ configuration: Configuration) throws(Rejection) {
        if let document, document.kind != key.kind { throw .invalidField(field: "value", reason: "is no document for \(key)") }
        try document?.checkZone(zones)
    }
}

extension [Configure.Change] {
    /// Units come into force before the prices that are computed in them, plans before the settings that name them.
    fileprivate var unitsFirst: [Configure.Change] {
        filter { $0.key.kind == .unit } + filter { $0.key.kind != .unit && $0.key.kind != .tenant }
            + filter { $0.key.kind == .tenant }
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
    /// What is to be deleted or cancelled is there, and versions are those expected.
    fileprivate func checkPresence(_ changes: [Configure.Change]) throws(Rejection) {
        for change in changes where change.action == .delete && current(change.key) == nil { throw .documentNotFound(change.key) }
        for change in changes where change.action == .cancel && scheduled[change.key] == nil {
            throw .nothingScheduled(change.key)
        }
        for change in changes {
            let newest = newestVersion(of: change.key)
            guard let expected = change.expectVersion, expected != newest else { continue }
            throw .versionMismatch(change.key, expected: expected, actual: newest)
        }
    }

    /// Every use is held against every rule, and what it moved of their counters stands in its line.
    fileprivate func checkRuleCount(_ changes: [Configure.Change]) throws(Rejection) {
        let added = changes.filter { $0.key.kind == .alert && $0.document != nil && current($0.key) == nil }
        if !added.isEmpty, rules.count(where: { !$0.isDefault }) + added.count > AlertDocument.countMax {
            throw .invalidField(field: "changes", reason: "a tenant has at most \(AlertDocument.countMax) alert rules")
        }
    }

    fileprivate func cancellation(of key: DocumentKey, _ reason: String) -> ConfigurationCancelled? {
        scheduled[key].map { ConfigurationCancelled(key: key, scheduled: $0.number, reason: reason) }
    }

    /// A document must fit what is there: units keep their scale, rates can be computed, the default plan exists.
    ///
    /// - Parameters:
    ///   - scales: The scales that come into force together with the document.
    ///   - plans: The plans that are made, or deleted, together with it.
    fileprivate func check(_ document: Document?, under key: DocumentKey, _ scales: [Name: Int], _ plans: [Name: Bool])
        throws(Rejection)
    {
        switch document {
        case .unit(let unit): try checkScale(unit.scale, of: key.name)
        case nil where key.kind == .unit: try checkScale(0, of: key.name)
        case .price(let price):
            if Price(price, version: 1, scale: { scales[$0] ?? scale(of: $0) }) == nil { throw .rateOutOfRange(key) }
        case .settings(let settings):
            if let plan = settings.defaultPlan, !(plans[plan] ?? (currentPlan(plan) != nil)) { throw .planNotFound(plan) }
        case .plan, .alert, .tag, nil: break
        }
    }

    private func checkScale(_ scale: Int, of unit: Name) throws(Rejection) {
        let current = self.scale(of: unit)
        if scale != current, unitsInUse.contains(unit) { throw .scaleInUse(unit: unit, scale: current) }
    }
}
