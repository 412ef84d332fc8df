import LedgerModel
import ReadModels

/// The tenant's documents: those in force, and the versions by which uses were made.
struct PastDocuments {
    private let queries: PastQueries
    private var current: [DocumentKey: Document] = [:]
    private var prices: [Version: ProposedPrice?] = [:]
    private var plans: [Version: PlanDocument?] = [:]

    private struct Version: Hashable {
        let name: Name
        let number: Int
    }

    init(_ queries: PastQueries) throws(WhatIfError) {
        self.queries = queries
        var current: [DocumentKey: Document] = [:]
        try queries.forEach("config.current", [:]) { (row) throws(WhatIfError) in
            guard let key = row.text("key").flatMap({ DocumentKey($0) }) else { return }
            current[key] = row.document("value", key.kind)
        }
        self.current = current
    }

    var settings: SettingsDocument {
        if case .settings(let settings)? = current[.settings] { settings } else { SettingsDocument() }
    }

    var alerts: [AlertDocument] {
        current.values.compactMap { document in
            if case .alert(let alert) = document { alert } else { nil }
        }
    }

    /// The plans in force.
    var plansInForce: [PlanDocument] {
        current.values.compactMap { document in
            if case .plan(let plan) = document { plan } else { nil }
        }
    }

    func scale(of unit: Name) -> Int {
        if case .unit(let document)? = current[DocumentKey(.unit, unit)] { document.scale } else { 0 }
    }

    /// The price by which a use was made; nil when it named its amount.
    mutating func price(of use: PastUse) throws(WhatIfError) -> ProposedPrice? {
        guard let feature = use.feature, let number = use.version else { return nil }
        let version = Version(name: feature, number: number)
        if let known = prices[version] { return known }
        let document = try document(DocumentKey(.price, feature), number)
        var price: ProposedPrice?
        if case .price(let document)? = document {
            price = try? ProposedPrice(document, of: feature, version: number) { scale(of: $0) }
        }
        prices[version] = .some(price)
        return price
    }

    mutating func plan(_ name: Name, version number: Int) throws(WhatIfError) -> PlanDocument? {
        let version = Version(name: name, number: number)
        if let known = plans[version] { return known }
        var plan: PlanDocument?
        if case .plan(let document)? = try document(DocumentKey(.plan, name), number) { plan = document }
        plans[version] = .some(plan)
        return plan
    }

    private func document(_ key: DocumentKey, _ version: Int) throws(WhatIfError) -> Document? {
        var document: Document?
        let arguments: [String: QueryValue] = ["key": .text(key.description), "version": .integer(Int64(version))]
        try queries.forEach("config.version", arguments) { (row) throws(WhatIfError) in
            document = row.document("value", key.kind)
        }
        return document
    }

    /// What a plan was from an instant on, in order; nil where it was deleted.
    func history(ofPlan name: Name) throws(WhatIfError) -> [(from: Timestamp, document: PlanDocument?)] {
        var versions: [(from: Timestamp, document: PlanDocument?)] = []
        let key = DocumentKey(.plan, name)
        try queries.forEach("config.history", ["key": .text(key.description)]) { (row) throws(WhatIfError) in
            guard let from = row.timestamp("effectiveAt") ?? row.timestamp("at") else { return }
            if case .plan(let plan)? = row.document("value", .plan) {
                versions.append((from, plan))
            } else {
                versions.append((from, nil))
            }
        }
        return versions.reversed()
    }
}
