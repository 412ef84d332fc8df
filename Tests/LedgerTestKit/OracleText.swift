import LedgerModel

/// How amounts are told, by the oracle and of events alike.
enum OracleText {
    static func parts(_ parts: [(unit: Name, amount: Int64)]) -> String {
        parts.map { "\($0.amount) \($0.unit)" }.joined(separator: " + ")
    }

    static func back(_ unit: Name, _ amount: Int64, _ expired: Int64) -> String {
        expired == 0 ? "\(amount) \(unit)" : "\(amount) \(unit) (\(expired) expired)"
    }

    static func instant(_ instant: Int64) -> String { Timestamp(microseconds: instant).description }
}
