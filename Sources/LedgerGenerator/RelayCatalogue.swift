import LedgerModel

/// What the busy tenant sells: features with their prices, and plans. All documents are there from the beginning; in the middle
/// of the time chat becomes cheaper.
enum RelayCatalogue {
    static let tenant: Name = "relay"

    enum Unit: Int {
        case money, credits

        var name: Name { Unit.names[rawValue] }
        private static let names: [Name] = ["usd", "credits"]
    }

    /// A feature that is paid in one unit.
    final class Feature: Sendable {
        let name: Name
        let unit: Unit
        let dimensions: [Dimension]
        /// Which models serve it, and of which platforms.
        let labels: [Labels]
        /// The rates of each version, as whole numbers over one denominator, in minor units.
        let rates: [(numerators: [Int64], denominator: Int64)]
        let texts: [[String]]

        init(
            name: Name, unit: Unit, dimensions: [Dimension], labels: [Labels], rates: [(numerators: [Int64], denominator: Int64)],
            texts: [[String]]
        ) {
            self.name = name
            self.unit = unit
            self.dimensions = dimensions
            self.labels = labels
            self.rates = rates
            self.texts = texts
        }

        /// What the ledger asks for: the least whole number that is not below the sum.
        func cost(_ quantities: [Quantity], version: Int) -> Int64 {
            let (numerators, denominator) = rates[version - 1]
            let sum = zip(quantities, numerators).reduce(0) { $0 + $1.0.count.rawValue * $1.1 }
            return (sum + denominator - 1) / denominator
        }

        /// `price/NAME` at a version.
        func price(version: Int) -> Document {
            let rates = zip(dimensions, texts[version - 1]).map { Charge.DimensionRate(dimension: $0.name, rate: Rate($1)!) }
            return .price(PriceDocument(charges: [Charge(unit: unit.name, rates: rates)]))
        }
    }

    struct Dimension: Sendable {
        let name: Name
        /// How much a use asks for.
        let range: ClosedRange<Int64>
    }

    static let chat = Feature(
        name: "chat", unit: .money,
        dimensions: [Dimension(name: "inputTokens", range: 200...6000), Dimension(name: "outputTokens", range: 20...1500)],
        labels: [
            ["model": "gpt-large", "platform": "openai"], ["model": "gpt-small", "platform": "openai"],
            ["model": "claude-large", "platform": "anthropic"], ["model": "mistral-small", "platform": "mistral"],
        ],
        rates: [([5, 20], 2), ([2, 8], 1)],
        texts: [["2.50/1000000", "10/1000000"], ["2/1000000", "8/1000000"]])

    static let embed = Feature(
        name: "embed", unit: .money, dimensions: [Dimension(name: "inputTokens", range: 100...40_000)],
        labels: [["model": "embed-3", "platform": "openai"], ["model": "embed-m", "platform": "mistral"]],
        rates: [([2], 100)], texts: [["0.02/1000000"]])

    static let image = Feature(
        name: "image", unit: .credits, dimensions: [Dimension(name: "images", range: 1...4)],
        labels: [["model": "picture-2", "platform": "openai"]], rates: [([4], 1)], texts: [["4"]])

    static let search = Feature(
        name: "search", unit: .credits, dimensions: [Dimension(name: "requests", range: 1...10)],
        labels: [["platform": "web"]], rates: [([1], 1)], texts: [["1"]])

    static let features = [chat, embed, image, search]

    /// A plan that gives money in every window.
    struct Plan: Sendable {
        let name: Name
        let period: Period
        let limit: Int64

        var document: Document {
            .plan(
                PlanDocument(
                    allowances: [
                        AllowanceDocument(unit: Unit.money.name, amount: .units(Amount(limit)), period: period)
                    ]))
        }
    }

    static let plans = [
        Plan(name: "free", period: .day, limit: 30_000), Plan(name: "plus", period: .month, limit: 5_000_000),
        Plan(name: "pro", period: .month, limit: 50_000_000),
    ]

    /// The documents at the beginning, each at version 1.
    static let documents: [(key: DocumentKey, document: Document)] =
        [(DocumentKey(.unit, Unit.money.name), .unit(UnitDocument(scale: 6)))]
        + features.map { (DocumentKey(.price, $0.name), $0.price(version: 1)) }
        + plans.map { (DocumentKey(.plan, $0.name), $0.document) }
}
