import CChecksum
import LedgerModel

/// An alert about the ledger itself, under `$system`. Its id says what it is about, so that it is raised once, however often and
/// after how many starts the same is found.
struct LedgerAlert {
    let id: Name
    let fact: AlertRaised

    private init(_ id: String, rule: Name, _ condition: AlertRaised.Condition) {
        self.id = Name(id)!
        fact = AlertRaised(rule: rule, severity: .error, account: nil, condition: condition)
    }

    /// What the log holds could not be read back.
    init(segmentRotten segment: SequenceNumber, _ reason: String) {
        self.init("$segmentRotten/\(segment)", rule: "$segmentRotten", .segmentRotten(segment: segment, reason: reason))
    }

    /// A balance does not add up.
    init(_ drift: AlertRaised.Drift) {
        self.init("$drift/\(drift.sequence)/\(drift.digest)", rule: "$drift", .drift(drift))
    }
}

extension AlertRaised.Drift {
    /// Stands for tenant, account and unit in an id, which has no room for three names: the first 16 bytes of the SHA-256 of the three,
    /// each with a newline behind it, in hexadecimal digits.
    fileprivate var digest: String {
        let names = Array([tenant, account, unit].map { "\($0.text)\n" }.joined().utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        checksum_sha256_of(names, names.count, &digest)
        return digest[..<16].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
