import LedgerClient

/// How amounts are shown to people: in whole units where a unit's scale is known, else in minor units.
struct Amounts {
    /// How many decimal digits of a whole unit a minor unit is, per unit. One without a scale has 0.
    private let scales: [String: Int]

    init(scales: [String: Int] = [:]) { self.scales = scales }

    /// Every amount as it stands on the wire.
    static let minor = Amounts()

    /// From the rows of `config.current`: the documents `unit/NAME`.
    init(documents rows: [JSONValue]) {
        scales = Dictionary(rows.compactMap(Amounts.scale)) { first, _ in first }
    }

    private static func scale(_ row: JSONValue) -> (String, Int)? {
        guard let key = row["key"]?.string, key.hasPrefix("unit/"), let scale = Documents.tree(row["value"])?["scale"]?.integer,
            (0...18).contains(scale)
        else { return nil }
        return (String(key.dropFirst("unit/".count)), Int(scale))
    }

    /// `1,250` for a unit of scale 0, `1.250000` for one of scale 6.
    func number(_ minor: Int64, _ unit: String?) -> String {
        guard let scale = unit.flatMap({ scales[$0] }), scale > 0 else { return grouped(minor) }
        let digits = String(minor.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return "\(minor < 0 ? "-" : "")\(grouped(UInt64(padded.dropLast(scale))!)).\(padded.suffix(scale))"
    }

    /// `1.250000 usd`
    func words(_ minor: Int64, _ unit: String) -> String { "\(number(minor, unit)) \(unit)" }

    /// `12 available, 3 held`
    func words(balance: JSONValue, _ unit: String?) -> String {
        let available = Amounts.available(balance) { number($0, unit) }
        return "\(available) available, \(number(balance["held"]?.integer ?? 0, unit)) held"
    }

    /// What can be drawn, where a lot without limit is more than any number.
    static func available(_ balance: JSONValue, _ number: (Int64) -> String) -> String {
        let finite = balance["available"]?.integer ?? 0
        if balance["unlimited"]?.boolean != true { return number(finite) }
        return finite == 0 ? "unlimited" : "\(number(finite)) and unlimited"
    }
}

extension ConnectionOptions {
    /// The scales of a tenant's units; minor units when they are wanted, when JSON is, or when the read model does not answer.
    func amounts(of tenant: String?) -> Amounts {
        guard !json, !raw, let tenant, let rows = try? unitDocuments(of: tenant) else { return .minor }
        return Amounts(documents: rows)
    }

    /// As they are now: what was written just before counts.
    private func unitDocuments(of tenant: String) throws(ClientError) -> [JSONValue] {
        let ledger = try LedgerConnection(socketPath: path, patience: .none)
        let params: Params = [
            "tenant": tenant, "prefix": "unit/", "limit": Int64(1000), "minSeq": Head.sequence(in: try ledger.call("status")),
        ]
        return try ledger.call("config.current", params.object)["rows"]?.elements ?? []
    }
}
