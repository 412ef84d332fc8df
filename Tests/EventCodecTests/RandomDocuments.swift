import LedgerModel

/// Documents of every kind, valid by themselves.
extension RandomEvents {
    mutating func document(_ kind: DocumentKey.Kind) -> Document {
        switch kind {
        case .unit: .unit(UnitDocument(scale: count(UnitDocument.scaleRange)))
        case .price:
            .price(
                PriceDocument(
                    charges: names(1...PriceDocument.chargeCountMax).map { charge($0) }, minimum: maybe { $0.amount() },
                    enabled: flag()))
        case .plan: .plan(plan())
        case .alert:
            .alert(AlertDocument(rule: rule(), severity: maybe { $0.pick(AlertSeverity.allCases) }, enabled: flag()))
        case .tag: .tag(TagDocument(colour: maybe { $0.name() }, note: maybe { "!" + $0.text() }))
        case .tenant: .settings(settings())
        }
    }

    private mutating func charge(_ unit: Name) -> Charge {
        Charge(
            unit: unit,
            rates: names(1...5).map {
                Charge.DimensionRate(dimension: $0, rate: Rate(pick(["1", "0.35", "2.50/1000000", "007", "0"]))!)
            })
    }

    private mutating func plan() -> PlanDocument {
        PlanDocument(
            name: maybe { "!" + $0.text() }, price: maybe { PlanPrice(unit: $0.name(), amount: $0.amount()) },
            cycle: maybe { $0.name() }, enabled: flag(), allowances: names(0...4).flatMap { allowances($0) })
    }

    private mutating func allowances(_ unit: Name) -> [AllowanceDocument] {
        Period.allCases.shuffled(using: &random).prefix(count(1...3)).map {
            AllowanceDocument(
                unit: unit, amount: allotment(), period: $0, priority: pick([10, 10, count(LotTerms.priorityRange)]),
                rollover: maybe { $0.amount() }, anchor: pick(AllowanceDocument.Anchor.allCases))
        }
    }

    private mutating func rule() -> AlertDocument.Rule {
        switch count(0...5) {
        case 0:
            .allowanceUsed(unit: maybe { $0.name() }, thresholds: maybe { $0.steps(1...100).sorted() } ?? [80, 95, 100])
        case 1: .lowBalance(unit: name(), below: Amount(rawValue: max(1, amount().rawValue))!)
        case 2: .spend(subject: pick(SpendSubject.allCases), unit: name(), period: period(), above: amount())
        case 3: .keyExpiring(days: maybe { $0.steps(1...366).sorted(by: >) } ?? [7, 3, 1])
        case 4: .keyFaulty
        default: .holdAgeing(seconds: count(AlertDocument.ageRange))
        }
    }

    private mutating func steps(_ range: ClosedRange<Int>) -> Set<Int> {
        Set(list(1...AlertDocument.stepCountMax) { $0.count(range) })
    }

    private mutating func settings() -> SettingsDocument {
        SettingsDocument(
            timeZone: maybe { $0.name() }, lateDays: maybe { $0.count(SettingsDocument.lateDaysRange) },
            defaultPlan: maybe { $0.name() }, holdSeconds: maybe { $0.count(SettingsDocument.holdSecondsRange) },
            maxOpenHolds: maybe { $0.count(SettingsDocument.maxOpenHoldsRange) })
    }
}
