/// A price to compute with outside the book: one that is only proposed, or one that was in force once.
public struct ProposedPrice: Hashable, Sendable {
    /// What a charge asks and its unit pays.
    public struct Share: Hashable, Sendable {
        public let unit: Name
        public let asked: Amount
        public let paid: Amount
    }

    private let price: Price
    private let feature: Name

    /// Throws `rateOutOfRange` when the rates cannot be computed exactly together, as `configure` does.
    ///
    /// - Parameters:
    ///   - version: What a rejection names; 0 for one that is not configured.
    ///   - scale: The scale of each unit.
    public init(_ document: PriceDocument, of feature: Name, version: Int = 0, scale: (Name) -> Int) throws(Rejection) {
        guard let price = Price(document, version: version, scale: scale) else {
            throw .rateOutOfRange(DocumentKey(.price, feature))
        }
        self.price = price
        self.feature = feature
    }

    public var document: PriceDocument { price.document }

    /// What a use asks of each unit, by the rules of a debit: those up to the last that asks for something, and at least the first.
    /// Throws `priceDisabled`, `unknownDimension` or `amountOverflow`.
    ///
    /// - Parameter payable: How much of a unit there is. The last charge pays whole, whether or not there is enough.
    public func shares(of quantities: [Quantity], payable: (Name) -> Amount) throws(Rejection) -> [Share] {
        if !document.enabled { throw .priceDisabled(feature: feature, version: price.version) }
        for quantity in quantities where !price.knows(quantity.dimension) {
            throw .unknownDimension(feature: feature, dimension: quantity.dimension)
        }
        let shares = try price.shares(of: quantities) { unit, asked, isLast in isLast ? asked : min(asked, payable(unit)) }
        return shares.asking.map { Share(unit: $0.unit, asked: $0.asked, paid: $0.paid) }
    }
}
