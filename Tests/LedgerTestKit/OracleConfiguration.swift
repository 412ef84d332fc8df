import LedgerModel

/// Documents: now, later, and back to what they were.
extension OracleAttempt {
    mutating func configure(_ command: Configure, _ id: Name) throws(OracleRefusal) {
        if command.changes.isEmpty || Set(command.changes.map(\.key)).count < command.changes.count {
            throw OracleRefusal("invalidField")
        }
        if let at = command.effectiveAt, at.rawValue <= now { throw OracleRefusal("invalidField") }
        for change in command.changes {
            if case .put(let document) = change.action, document.kind != change.key.kind { throw OracleRefusal("invalidField") }
            try checkZone(change.document)
        }
        try checkPlaces(command.changes)
        let ordered = command.changes.sorted { OracleAttempt.rank($0.key) < OracleAttempt.rank($1.key) }
        let together = papers(with: ordered)
        for change in ordered {
            if change.action != .cancel { try check(change.document, under: change.key, together) }
        }
        for change in ordered { take(change, command.effectiveAt?.rawValue, id) }
    }

    /// Units first, settings last.
    private static func rank(_ key: DocumentKey) -> Int { key.kind == .unit ? 0 : key.kind == .tenant ? 2 : 1 }

    private func checkZone(_ document: Document?) throws(OracleRefusal) {
        guard case .settings(let settings)? = document, let zone = settings.timeZone else { return }
        if !WalkedZone.all.contains(where: { $0.name == zone }) { throw OracleRefusal("unknownTimeZone") }
    }

    private func checkPlaces(_ changes: [Configure.Change]) throws(OracleRefusal) {
        if changes.contains(where: { $0.action == .delete && house.papers.newest($0.key) == nil }) {
            throw OracleRefusal("documentNotFound")
        }
        if changes.contains(where: { $0.action == .cancel && house.papers.planned[$0.key] == nil }) {
            throw OracleRefusal("nothingScheduled")
        }
        for change in changes {
            if let expected = change.expectVersion, expected != house.papers.version(change.key) {
                throw OracleRefusal("versionMismatch")
            }
        }
    }

    /// The tenant's papers as they will be with all changes of a command.
    private func papers(with changes: [Configure.Change]) -> OraclePapers {
        var papers = house.papers
        for change in changes where change.action != .cancel {
            papers.editions[change.key, default: []].append(.init(document: change.document, from: now))
        }
        return papers
    }

    /// A document must fit those that there are, and those that come with it.
    private func check(_ document: Document?, under key: DocumentKey, _ together: OraclePapers) throws(OracleRefusal) {
        switch document {
        case .unit(let unit): try checkScale(key.name, unit.scale)
        case nil where key.kind == .unit: try checkScale(key.name, 0)
        case .settings(let settings):
            if let plan = settings.defaultPlan, together.newest(DocumentKey(.plan, plan)) == nil {
                throw OracleRefusal("planNotFound")
            }
        case .price, .plan, .alert, .tag, nil: break
        }
    }

    private func checkScale(_ unit: Name, _ scale: Int) throws(OracleRefusal) {
        if scale != house.papers.scale(unit), house.papers.unitsInUse.contains(unit) { throw OracleRefusal("scaleInUse") }
    }

    private mutating func take(_ change: Configure.Change, _ effectiveAt: Int64?, _ id: Name) {
        if change.action == .cancel {
            house.papers.planned[change.key] = nil
            tell("configurationCancelled", change.key.description)
        } else if let effectiveAt {
            house.papers.planned[change.key] = .init(document: change.document, at: effectiveAt, cause: nextCause(), command: id)
            tell("configurationScheduled", change.key.description, OracleText.instant(effectiveAt))
        } else {
            put(change.document, change.key, from: now)
        }
    }

    /// A new edition is in force.
    private mutating func put(_ document: Document?, _ key: DocumentKey, from instant: Int64) {
        let timed = house.papers.timedRules
        house.papers.editions[key, default: []].append(.init(document: document, from: instant))
        tell("configured", key.description, "\(house.papers.version(key))")
        house.papers.unitsInUse.formUnion(OracleAttempt.units(of: document))
        switch key.kind {
        case .tenant: follow(house.papers.settings.defaultPlan, from: instant)
        case .alert:
            if house.papers.timedRules == timed { return }
            for name in house.keys.keys where hasExpired(name) { house.keys[name]!.isSilent = true }
        case .unit, .price, .plan, .tag: break
        }
    }

    private func hasExpired(_ key: Name) -> Bool { house.keys[key]!.terms.expiresAt.map { $0.rawValue <= now } ?? false }

    private mutating func follow(_ plan: Name?, from instant: Int64) {
        if house.papers.defaults.last?.plan == plan { return }
        house.papers.defaults.append((instant, plan))
        for name in house.accounts.keys where house.accounts[name]!.state != .closed {
            house.accounts[name]!.judgeDefault(at: instant, house.papers)
        }
    }

    private static func units(of document: Document?) -> [Name] {
        switch document {
        case .price(let price): return price.charges.map(\.unit)
        case .plan(let plan): return plan.allowances.map(\.unit) + (plan.price.map { [$0.unit] } ?? [])
        case .alert(let alert):
            switch alert.rule {
            case .allowanceUsed(let unit, _): return unit.map { [$0] } ?? []
            case .lowBalance(let unit, _), .spend(_, let unit, _, _): return [unit]
            case .keyExpiring, .keyFaulty, .holdAgeing: return []
            }
        case .unit, .tag, .settings, nil: return []
        }
    }

    mutating func rollback(_ command: Rollback) throws(OracleRefusal) {
        let editions = house.papers.editions[command.key] ?? []
        let document = editions.indices.contains(command.version - 1) ? editions[command.version - 1].document : nil
        try checkZone(document)
        if editions.isEmpty { throw OracleRefusal("documentNotFound") }
        if !editions.indices.contains(command.version - 1) { throw OracleRefusal("versionNotFound") }
        try check(document, under: command.key, house.papers)
        put(document, command.key, from: now)
    }

    /// What a command scheduled is in force from its time on, unless something of it no longer fits.
    mutating func bringIntoForce(_ key: DocumentKey) {
        let command = house.papers.planned[key]!.command
        let all = house.papers.planned.filter { $0.value.command == command }.sorted { $0.value.cause < $1.value.cause }
        for key in all.map(\.key) { house.papers.planned[key] = nil }
        let changes = all.map { Configure.Change(key: $0.key, document: $0.value.document) }
        do throws(OracleRefusal) {
            try checkPlaces(changes)
            let together = papers(with: changes)
            for change in changes { try check(change.document, under: change.key, together) }
            for one in all { put(one.value.document, one.key, from: one.value.at) }
        } catch {
            for one in all { tell("configurationCancelled", one.key.description) }
        }
    }
}

extension Configure.Change {
    /// Nil for a deletion.
    fileprivate var document: Document? { if case .put(let document) = action { document } else { nil } }
}
