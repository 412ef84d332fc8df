/// What time makes due: holds end, keys and holds are warned of, scheduled documents come into force.
extension Book {
    /// When the first thing is due; nil when nothing is planned.
    public var nextDue: Timestamp? { agendas.nextDue }

    /// The group of the first thing that is due by an instant; nil when nothing is. Applying it takes it off the agenda.
    public func decideDue(at now: Timestamp) -> [Event]? {
        guard let entry = agendas.first(at: now) else { return nil }
        switch entry.task {
        case .hold(let tenant, let id): return decideDue(hold: id, of: self.tenant(tenant), at: now)
        case .key(let tenant, let name):
            let tenant = self.tenant(tenant)
            let days = tenant.keys[name]!.expiring(tenant.configuration.rules)[0].days
            return tenant.warn(name, draft(tenant, "$keyExpiring/\(entry.cause)/\(days)", at: now))
        case .configuration(let tenant, let key):
            let tenant = self.tenant(tenant)
            return tenant.bringIntoForce(key, zones: zones, draft(tenant, "$configured/\(entry.cause)", at: now))
        }
    }

    private func decideDue(hold id: Name, of tenant: Tenant, at now: Timestamp) -> [Event] {
        let hold = tenant.holds[id]!
        let ageing = hold.nextAgeing(tenant.configuration.rules)
        guard let ageing, ageing.due <= hold.terms.expiresAt else {
            return tenant.expire(id, draft(tenant, "$holdExpired/\(hold.number)", at: now))
        }
        var group = draft(tenant, "$holdAgeing/\(hold.number)/\(ageing.seconds)", at: now)
        for rule in tenant.configuration.rules where hold.ageing(rule) == ageing.due {
            let condition = AlertRaised.Condition.holdAgeing(hold: id, seconds: ageing.seconds)
            group.add(.alertRaised(rule.alert(hold.account, condition, nearness: .warning)))
        }
        return group.finish()
    }

    private func draft(_ tenant: Tenant, _ id: String, at now: Timestamp) -> GroupDraft {
        GroupDraft(
            tenant: tenant.name, id: Name(id)!, at: now, after: lastSequence, zone: tenant.configuration.zone(at: now))
    }
}
