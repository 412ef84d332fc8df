public import LedgerModel

/// The document of which somebody asks what it would have done.
public enum Proposal: Sendable {
    /// What uses of a feature cost.
    case price(feature: Name, ProposedPrice)
    /// What those who have a plan are given.
    case plan(ProposedPlan)

    /// The proposed price of a use, if the use is one that it would have priced.
    func price(of use: PastUse) -> (price: ProposedPrice, quantities: [Quantity])? {
        guard case .price(let feature, let price) = self, use.feature == feature, let quantities = use.quantities else {
            return nil
        }
        return (price, quantities)
    }

    /// What a plan would have given; nil for another plan, or for a price.
    func plan(named name: Name) -> PlanDocument? {
        if case .plan(let plan) = self, plan.name == name { plan.document } else { nil }
    }
}

/// A plan as it might have been, and as it was.
public struct ProposedPlan: Sendable {
    public let name: Name
    public let document: PlanDocument
    /// By which windows begin that were not there.
    public let zone: ZoneRules
    /// What it was from an instant on, in order; nil where it was deleted.
    private let versions: [(from: Timestamp, document: PlanDocument?)]

    public init(
        _ name: Name, _ document: PlanDocument, zone: ZoneRules, versions: [(from: Timestamp, document: PlanDocument?)]
    ) {
        self.name = name
        self.document = document
        self.zone = zone
        self.versions = versions
    }

    /// Whether the plan gave an allowance in just such windows: then who had none, had none.
    func gave(_ allowance: AllowanceDocument, at instant: Timestamp) -> Bool {
        let document = versions.last { $0.from <= instant }?.document
        return document?.allowance(of: allowance.unit, allowance.period).map { $0.isCut(like: allowance) } ?? false
    }
}

extension AllowanceDocument {
    /// Its windows begin and end as the other's do.
    fileprivate func isCut(like other: AllowanceDocument) -> Bool { period != .month || anchor == other.anchor }
}

extension PlanDocument {
    func allowance(of unit: Name, _ period: Period) -> AllowanceDocument? {
        allowances.first { $0.unit == unit && $0.period == period }
    }
}
