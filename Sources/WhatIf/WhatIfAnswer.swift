public import LedgerModel

/// What a period was beside what it would have been under a proposed document.
public struct WhatIfAnswer: Hashable, Sendable {
    /// The number of the rules in `docs/what-if.md` by which this was computed: another one may give other figures for the same past.
    public static let assumptions = 1

    /// All that was taken of a unit, net of refunds.
    public struct Unit: Hashable, Sendable {
        public let unit: Name
        public var taken: Compared
        /// What of it allowances did not cover.
        public var beyondAllowance: Compared
    }

    /// What a feature took of a unit, net of refunds; nil is what named its amount.
    public struct Feature: Hashable, Sendable {
        public let feature: Name?
        public let unit: Name
        public let uses: Int
        /// Uses that would have been refused.
        public let refused: Int
        public let taken: Compared
    }

    /// Why uses would have been refused, by the name of the rejection.
    public struct Refusal: Hashable, Sendable {
        public let rejection: String
        public let uses: Int
    }

    /// How many windows reached a threshold of their allowance.
    public struct Threshold: Hashable, Sendable {
        public let unit: Name
        /// In per cent of the limit.
        public let threshold: Int
        public private(set) var actual = 0
        public private(set) var proposed = 0
        /// Those that would have, and did not.
        public private(set) var gained = 0
        /// Those that did, and would not have.
        public private(set) var lost = 0

        init(unit: Name, threshold: Int) {
            self.unit = unit
            self.threshold = threshold
        }

        mutating func add(was: Bool, would: Bool, gained: Bool, lost: Bool) {
            actual += was ? 1 : 0
            proposed += would ? 1 : 0
            self.gained += gained ? 1 : 0
            self.lost += lost ? 1 : 0
        }
    }

    /// What changes for an account in a unit.
    public struct Account: Hashable, Sendable {
        public let account: Name
        public let unit: Name
        public let refused: Int
        public let taken: Compared
        public let beyondAllowance: Compared
    }

    /// In order of the units.
    public var units: [Unit]
    public var features: [Feature]
    /// Accounts that used something in the period.
    public var accounts: Int
    public var uses: Int
    public var refused: Int
    public var refusals: [Refusal]
    /// Uses that named their amount or said no quantities: they cost what they did.
    public var notPriced: Int
    /// Uses that would have been paid in a unit of which the past does not tell how much there was: they were taken for paid.
    public var notJudged: Int
    public var thresholds: [Threshold]
    /// By unit, then those first for whom most changes.
    public var mostAffected: [Account]
}
