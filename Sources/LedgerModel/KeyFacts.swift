/// SHA-256 of an API key's secret (FIPS 180-4). The secret itself never reaches the ledger.
public struct KeyHash: Hashable, Sendable {
    public let words: [UInt64]

    /// Nil unless the text is 64 lower-case hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 64 else { return nil }
        var words: [UInt64] = []
        var word: UInt64 = 0
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
            if index % 16 == 15 {
                words.append(word)
                word = 0
            }
        }
        self.words = words
    }

    public var text: String {
        words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// What is said of an API key and can be changed.
public struct KeyTerms: Hashable, Sendable {
    public var platform: Name?
    public var owner: Name?
    public var name: Name?
    /// At most `tagCountMax`, each once, in order of the names.
    public var tags: [Name]
    /// The first instant at which it is refused.
    public var expiresAt: Timestamp?
    public var limit: KeyLimit?
    /// The features that it may be used for; empty for all.
    public var features: [Name]
    /// How many holds it may have open at once.
    public var maxOpenHolds: Int?

    public init(
        platform: Name? = nil, owner: Name? = nil, name: Name? = nil, tags: [Name] = [], expiresAt: Timestamp? = nil,
        limit: KeyLimit? = nil, features: [Name] = [], maxOpenHolds: Int? = nil
    ) {
        self.platform = platform
        self.owner = owner
        self.name = name
        self.tags = tags
        self.expiresAt = expiresAt
        self.limit = limit
        self.features = features
        self.maxOpenHolds = maxOpenHolds
    }

    public static let tagCountMax = 16
    public static let featureCountMax = 64
    public static let maxOpenHoldsRange = 1...1_000_000
}

/// How much a key may spend in a window of the calendar, in the tenant's zone.
public struct KeyLimit: Hashable, Sendable {
    public var unit: Name
    public var amount: Amount
    public var period: Period

    public init(unit: Name, amount: Amount, period: Period) {
        self.unit = unit
        self.amount = amount
        self.period = period
    }
}

public enum KeyStatus: String, Hashable, Sendable, CaseIterable {
    case active
    /// Refused until it is active again.
    case disabled
    /// Reported not to work; it is not refused.
    case faulty
    /// Refused for ever.
    case revoked
}

/// An API key was made known.
public struct KeyIssued: Hashable, Sendable {
    public var key: Name
    public var hash: KeyHash
    public var account: Name
    public var terms: KeyTerms

    public init(key: Name, hash: KeyHash, account: Name, terms: KeyTerms) {
        self.key = key
        self.hash = hash
        self.account = account
        self.terms = terms
    }
}

/// A key's terms or status are these now.
public struct KeyUpdated: Hashable, Sendable {
    public var key: Name
    public var account: Name
    public var status: KeyStatus
    public var terms: KeyTerms

    public init(key: Name, account: Name, status: KeyStatus, terms: KeyTerms) {
        self.key = key
        self.account = account
        self.status = status
        self.terms = terms
    }
}

/// A key is refused from now on, for ever.
public struct KeyRevoked: Hashable, Sendable {
    public var key: Name
    public var account: Name
    public var reason: String?

    public init(key: Name, account: Name, reason: String?) {
        self.key = key
        self.account = account
        self.reason = reason
    }
}
