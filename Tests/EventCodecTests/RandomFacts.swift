import EventCodec
import LedgerModel

/// Facts of every type.
extension RandomEvents {
    mutating func fact() -> Fact {
        switch count(0...8) {
        case 0: ledgerFact()
        case 1: accountFact()
        case 2: useFact()
        case 3: holdFact()
        case 4: batchFact()
        case 5: planFact()
        case 6: configurationFact()
        case 7: keyFact()
        default: pick([alertFact(), reportFact()])
        }
    }

    private mutating func ledgerFact() -> Fact {
        switch count(0...4) {
        case 0: .ledgerOpened(ledgerOpened())
        case 1: .recovered(recovered())
        case 2:
            .restored(
                Restored(
                    ledger: name(), origin: name(), key: name(), parent: name(), sequence: sequence(), root: name()))
        case 3: .signingKeyReplaced(SigningKeyReplaced(key: name(), reason: text()))
        default: .submitted(Submitted(commands: count(1...1000)))
        }
    }

    private mutating func ledgerOpened() -> LedgerOpened { LedgerOpened(ledger: name(), origin: name(), key: name()) }

    private mutating func recovered() -> Recovered {
        Recovered(segment: sequence(), offset: sequence().rawValue, byteCount: sequence().rawValue, torn: name())
    }

    private mutating func accountFact() -> Fact {
        let state = AccountStateChanged(account: name(), reason: text())
        return switch count(0...7) {
        case 0: .accountOpened(AccountOpened(account: name(), name: maybe { $0.name() }, labels: labels()))
        case 1: .granted(Granted(account: name(), terms: terms(), memo: maybe { $0.text() }, part: part()))
        case 2:
            .adjusted(
                Adjusted(
                    account: name(), reason: text(), isIncrease: flag(), before: balance(), part: part(), meters: meters()))
        case 3: .lotExpired(LotExpired(account: name(), lot: sequence(), expiresAt: time(), part: part()))
        case 4: .accountFrozen(state)
        case 5: .accountUnfrozen(state)
        default: .accountClosed(state)
        }
    }

    private mutating func useFact() -> Fact {
        switch count(0...3) {
        case 0:
            .debited(
                Debited(
                    account: name(), priced: maybe { $0.priced() }, use: use(), item: maybe { $0.name() },
                    parts: list(1...3) { $0.part() }, meters: meters(), late: maybe { $0.late() }))
        case 1: .itemsRejected(ItemsRejected(account: name(), batch: name(), items: list(1...3) { $0.rejectedItem() }))
        case 2: .refunded(refunded())
        default: .usageRecorded(UsageRecorded(account: name(), ask: ask(), use: use()))
        }
    }

    private mutating func ask() -> Ask {
        flag() ? .amount(unit: name(), amount()) : .priced(feature: name(), quantities: quantities())
    }

    private mutating func rejectedItem() -> ItemsRejected.Item {
        let rejection: Rejection =
            switch count(0...5) {
            case 0: .insufficientBalance(unit: name(), asked: amount(), available: amount(), held: amount())
            case 1: .unknownDimension(feature: name(), dimension: name())
            case 2: .priceDisabled(feature: name(), version: count(1...99))
            case 3: .occurredInFuture(at: time(), now: time())
            case 4: .inItem(name(), .priceNotFound(feature: name()))
            default: .alertNotFound(sequence())
            }
        return ItemsRejected.Item(item: name(), rejection: RejectionRecord(rejection))
    }

    private mutating func refunded() -> Refunded {
        Refunded(
            account: name(), of: name(), debit: sequence(), feature: maybe { $0.name() }, key: maybe { $0.name() },
            batch: maybe { $0.name() }, labels: labels(), quantities: quantities(), reason: maybe { $0.text() },
            returns: list(1...2) { $0.returned() }, meters: meters(), late: maybe { $0.late() })
    }

    private mutating func holdFact() -> Fact {
        switch count(0...4) {
        case 0:
            .held(
                Held(
                    account: name(), priced: maybe { $0.priced() }, use: use(), terms: holdTerms(),
                    parts: list(1...3) { $0.part() }, meters: meters()))
        case 1: .holdExtended(HoldExtended(account: name(), hold: name(), expiresAt: time()))
        case 2: .settled(holdEnded())
        case 3: .released(holdEnded())
        default: .holdExpired(holdEnded())
        }
    }

    private mutating func holdTerms() -> HoldTerms {
        HoldTerms(
            expiresAt: time(), onExpiry: pick(HoldTerms.Expiry.allCases), overage: pick([.reject, .cap, .allow(amount())]))
    }

    private mutating func holdEnded() -> HoldEnded {
        HoldEnded(
            account: name(), hold: name(), held: sequence(), priced: maybe { $0.priced() }, use: use(),
            method: maybe { $0.pick(SettlementMethod.allCases) }, reason: maybe { $0.text() }, parts: list(0...2) { $0.part() },
            returns: list(0...2) { $0.returned() }, shortfall: maybe { $0.amount() } ?? .zero, meters: meters())
    }

    private mutating func batchFact() -> Fact {
        if flag() { return .batchClosed(BatchClosed(account: name(), batch: name())) }
        return .batchOpened(
            BatchOpened(account: name(), batch: name(), feature: maybe { $0.name() }, size: maybe { $0.count(0...99_999) }))
    }

    private mutating func planFact() -> Fact {
        switch count(0...5) {
        case 0:
            .subscribed(
                Subscribed(
                    account: name(), plan: name(), from: time(), until: maybe { $0.time() }, anchor: count(1...31),
                    isDefault: flag()))
        case 1:
            .planChanged(
                PlanChanged(
                    account: name(), from: name(), to: name(), effectiveAt: time(), until: maybe { $0.time() },
                    anchor: count(1...31)))
        case 2: .unsubscribed(Unsubscribed(account: name(), plan: name(), endedAt: time()))
        case 3: .allowanceOpened(allowanceOpened())
        case 4:
            .allowanceOverridden(
                AllowanceOverridden(
                    account: name(), plan: name(), unit: name(), period: period(), amount: maybe { $0.allotment() },
                    reason: text()))
        default:
            .allowanceReset(AllowanceReset(account: name(), plan: name(), unit: name(), period: period(), reason: text()))
        }
    }

    private mutating func allowanceOpened() -> AllowanceOpened {
        AllowanceOpened(
            account: name(), plan: name(), version: count(1...99), period: period(), window: interval(),
            amount: maybe { $0.amount() }, carried: maybe { $0.amount() } ?? .zero, used: maybe { $0.amount() } ?? .zero,
            replaces: maybe { $0.sequence() }, priority: count(LotTerms.priorityRange), expiresAt: maybe { $0.time() },
            part: part())
    }

    private mutating func configurationFact() -> Fact {
        let kind = pick(DocumentKey.Kind.allCases)
        let key = kind == .tenant ? .settings : DocumentKey(kind, name())
        let document = maybe { $0.document(kind) }
        return switch count(0...2) {
        case 0:
            .configured(
                Configured(
                    key: key, version: count(1...999), document: document, reason: text(), rollbackOf: maybe { $0.count(1...99) },
                    effectiveAt: maybe { $0.time() }))
        case 1:
            .configurationScheduled(
                ConfigurationScheduled(key: key, document: document, reason: text(), effectiveAt: time()))
        default: .configurationCancelled(ConfigurationCancelled(key: key, scheduled: sequence(), reason: text()))
        }
    }

    private mutating func keyFact() -> Fact {
        switch count(0...2) {
        case 0: .keyIssued(KeyIssued(key: name(), hash: hash(), account: name(), terms: keyTerms()))
        case 1:
            .keyUpdated(
                KeyUpdated(key: name(), account: name(), status: pick(KeyStatus.allCases), terms: keyTerms()))
        default: .keyRevoked(KeyRevoked(key: name(), account: name(), reason: maybe { $0.text() }))
        }
    }

    private mutating func hash() -> KeyHash {
        KeyHash((0..<64).map { _ in pick(Array("0123456789abcdef").map(String.init)) }.joined())!
    }

    private mutating func keyTerms() -> KeyTerms {
        KeyTerms(
            platform: maybe { $0.name() }, owner: maybe { $0.name() }, name: maybe { $0.name() },
            tags: names(0...KeyTerms.tagCountMax), expiresAt: maybe { $0.time() },
            limit: maybe { KeyLimit(unit: $0.name(), amount: $0.amount(), period: $0.period()) }, features: names(0...5),
            maxOpenHolds: maybe { $0.count(KeyTerms.maxOpenHoldsRange) })
    }

    private mutating func alertFact() -> Fact {
        let acknowledged = AlertAcknowledged(alerts: list(1...9) { $0.sequence() })
        let raised = AlertRaised(
            rule: name(), severity: pick(AlertSeverity.allCases), account: maybe { $0.name() }, condition: condition())
        return pick([.alertRaised(raised), .alertDelivered(acknowledged), .alertRead(acknowledged)])
    }

    private mutating func condition() -> AlertRaised.Condition {
        switch count(0...7) {
        case 0: .lowBalance(unit: name(), below: amount(), available: amount())
        case 1:
            .allowanceUsed(
                AlertRaised.AllowanceUse(
                    plan: name(), unit: name(), period: period(), windowStart: time(), limit: amount(), used: amount(),
                    threshold: count(1...100)))
        case 2:
            .spend(
                AlertRaised.Spend(
                    subject: pick(SpendSubject.allCases), name: name(), unit: name(), window: interval(), above: amount(),
                    spent: amount()))
        case 3: .keyExpiring(key: name(), expiresAt: time(), days: count(1...366))
        case 4: .keyFaulty(key: name())
        case 5: .holdAgeing(hold: name(), seconds: count(1...99_999))
        case 6: .segmentRotten(segment: sequence(), reason: text())
        default:
            .drift(
                AlertRaised.Drift(
                    tenant: name(), account: name(), unit: name(), sequence: sequence(), expected: amount().rawValue,
                    found: -amount().rawValue))
        }
    }

    private mutating func reportFact() -> Fact {
        if flag() {
            return .usageReported(
                UsageReported(
                    platform: name(), key: maybe { $0.name() }, from: time(), to: time(), quantities: quantities(), unit: name(),
                    cost: amount()))
        }
        return .syncReported(
            SyncReported(
                platform: name(), status: pick(SyncReported.Status.allCases), from: time(), to: time(), counts: quantities(),
                error: maybe { $0.text() }))
    }
}
