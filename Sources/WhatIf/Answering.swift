public import LedgerModel
public import ReadModels

extension WhatIfQuestion {
    /// Answers from the read models, on the caller's thread: it may take minutes, a microsecond or some for each use of the period.
    ///
    /// - Parameters:
    ///   - zones: The zones that the tenant may have.
    ///   - now: The ledger's time.
    ///   - interruption: Ends it from another thread.
    public func answer(
        _ readModels: ReadModels, zones: ZoneTable, now: Timestamp, interruption: Interruption
    ) throws(WhatIfError) -> WhatIfReport {
        let begin = ContinuousClock.now
        let queries = PastQueries(readModels: readModels, tenant: tenant, now: now, interruption: interruption)
        var documents = try PastDocuments(queries)
        let terms = try terms(documents, zones)
        let since = documents.longestPeriod(with: terms.proposal).map { terms.start.adding(days: -$0) }
        var uses = try PastUses(queries, since: since, until: terms.zone.start(of: documents.lastDay(of: days)))
        let accounts = PastAccounts(queries, since: since ?? Timestamp(microseconds: 0), plan: planName)
        let asOf = uses.rows.cursor.asOf
        let answer = try compare(&uses, accounts, &documents, terms)
        return WhatIfReport(question: self, answer: answer, asOf: asOf, readCount: uses.readCount, duration: .now - begin)
    }

    private func compare(
        _ uses: inout PastUses, _ accounts: PastAccounts, _ documents: inout PastDocuments, _ terms: ComparisonTerms
    ) throws(WhatIfError) -> WhatIfAnswer {
        var comparison = Comparison(terms)
        while let use = try uses.next() {
            let own = try documents.price(of: use)
            try comparison.take(use, own: own) { (account) throws(WhatIfError) in
                try accounts.plans(of: account, &documents)
            } balance: { (unit) throws(WhatIfError) in
                try accounts.available(use.account, unit, at: use)
            }
        }
        return comparison.finish()
    }

    private func terms(_ documents: PastDocuments, _ zones: ZoneTable) throws(WhatIfError) -> ComparisonTerms {
        let zone = documents.settings.timeZone.flatMap { zones.zone($0) } ?? .utc
        return ComparisonTerms(
            proposal: try proposal(documents, zone), days: days, zone: zone, thresholds: AlertThresholds(documents.alerts),
            top: top)
    }

    private var planName: Name? { key.kind == .plan ? key.name : nil }

    private func proposal(_ documents: PastDocuments, _ zone: ZoneRules) throws(WhatIfError) -> Proposal {
        switch document {
        case .plan(let plan):
            return .plan(ProposedPlan(key.name, plan, zone: zone, versions: try documents.history(ofPlan: key.name)))
        case .price(let price):
            do throws(Rejection) {
                return .price(feature: key.name, try ProposedPrice(price, of: key.name) { documents.scale(of: $0) })
            } catch { throw .rejected(error) }
        case .unit, .alert, .tag, .settings: preconditionFailure("a question is about a price or a plan")
        }
    }
}

extension PastDocuments {
    /// The day behind the last on which a use of the period may have been written down.
    fileprivate func lastDay(of days: ClosedRange<Day>) -> Day {
        let late = settings.lateDays ?? SettingsDocument.lateDaysDefault
        return Day(daysSinceEpoch: min(days.upperBound.daysSinceEpoch + Int64(late) + 1, Day("9999-12-31")!.daysSinceEpoch))
    }

    /// How many days before the period a window may begin that reaches into it; nil for any number.
    fileprivate func longestPeriod(with proposal: Proposal) -> Int64? {
        var plans = plansInForce
        if case .plan(let plan) = proposal { plans.append(plan.document) }
        let periods = plans.flatMap(\.allowances).map(\.period)
        if periods.contains(.never) { return nil }
        // A day more, for zones.
        return periods.contains(.month) ? 32 : periods.contains(.day) ? 2 : 1
    }
}
