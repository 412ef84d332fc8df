import Glibc

/// Ranks by Zipf's law: the rank r is drawn as often as 1 / r^exponent says. A draw costs two look-ups: the alias method (A. J.
/// Walker 1977, in the form of M. D. Vose 1991).
struct Zipf {
    private let kept: [Double]
    private let alias: [Int32]

    /// - Parameter count: how many ranks; at least 1.
    init(count: Int, exponent: Double) {
        let weights = (1...count).map { pow(Double($0), -exponent) }
        let scale = Double(count) / weights.reduce(0, +)
        var kept = weights.map { $0 * scale }
        var alias = [Int32](repeating: 0, count: count)
        var poor = kept.indices.filter { kept[$0] < 1 }
        var rich = kept.indices.filter { kept[$0] >= 1 }
        while let giver = rich.last, let taker = poor.popLast() {
            alias[taker] = Int32(giver)
            kept[giver] -= 1 - kept[taker]
            if kept[giver] < 1 { poor.append(rich.removeLast()) }
        }
        // What is left is 1 but for rounding.
        for rank in rich + poor { kept[rank] = 1 }
        (self.kept, self.alias) = (kept, alias)
    }

    /// A rank from 0, the most frequent.
    func rank(_ chance: inout Chance) -> Int {
        let rank = chance.below(kept.count)
        return chance.share() < kept[rank] ? rank : Int(alias[rank])
    }
}
