public import LedgerModel

/// The accounts of the busy tenant, drawn as often as they are used.
public struct AccountsByUse {
    private let zipf: Zipf
    private var chance: Chance

    /// - Parameter count: how many there are; at least 1.
    public init(count: Int, seed: UInt64) {
        zipf = Zipf(count: count, exponent: LedgerGenerator.zipfExponent)
        chance = Chance(seed: seed)
    }

    public mutating func next() -> Name { RelayAccount.name(rank: zipf.rank(&chance)) }

    /// - Parameter rank: from 0, the account that is used most.
    public static func name(rank: Int) -> Name { RelayAccount.name(rank: rank) }
}
