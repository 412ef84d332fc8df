public import LedgerModel

/// What is compared, and by which rules: the same for all accounts.
public struct ComparisonTerms: Sendable {
    public let proposal: Proposal
    /// The days whose uses are counted, by the day on which reports count them.
    public let days: ClosedRange<Day>
    /// The tenant's, by which the days begin.
    public let zone: ZoneRules
    public let thresholds: AlertThresholds
    /// How many accounts are named for each unit.
    public let top: Int

    public init(
        proposal: Proposal, days: ClosedRange<Day>, zone: ZoneRules, thresholds: AlertThresholds = AlertThresholds(),
        top: Int = 10
    ) {
        self.proposal = proposal
        self.days = days
        self.zone = zone
        self.thresholds = thresholds
        self.top = top
        start = zone.start(of: days.lowerBound)
    }

    /// The instant at which the first of the days begins.
    let start: Timestamp
}

/// At how many per cent of an allowance the tenant's rules raise an alert.
public struct AlertThresholds: Sendable {
    private let rules: [(unit: Name?, thresholds: [Int])]

    /// - Parameter documents: The tenant's documents of alerts. Without one about allowances the ledger's own rule stands: 80, 95 and 100.
    public init(_ documents: [AlertDocument] = []) {
        var rules: [(unit: Name?, thresholds: [Int])] = []
        for document in documents {
            guard case .allowanceUsed(let unit, let thresholds) = document.rule else { continue }
            rules.append((unit, document.enabled ? thresholds : []))
        }
        self.rules = rules.isEmpty ? [(nil, AlertDocument.thresholdsDefault)] : rules
    }

    /// In order, each once.
    func of(_ unit: Name) -> [Int] {
        Set(rules.filter { $0.unit == nil || $0.unit == unit }.flatMap(\.thresholds)).sorted()
    }
}
