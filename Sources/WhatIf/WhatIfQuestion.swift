public import LedgerModel
public import ReadModels

/// What a period of a tenant would have been under another document.
public struct WhatIfQuestion: Hashable, Sendable {
    public var tenant: Name
    /// Of a price or a plan.
    public var key: DocumentKey
    public var document: Document
    /// By the day on which reports count a use.
    public var days: ClosedRange<Day>
    /// How many accounts to name for each unit.
    public var top: Int

    public init(tenant: Name, key: DocumentKey, document: Document, days: ClosedRange<Day>, top: Int) {
        self.tenant = tenant
        self.key = key
        self.document = document
        self.days = days
        self.top = top
    }
}

/// The answer, and of what it was made.
public struct WhatIfReport: Sendable {
    public let question: WhatIfQuestion
    public let answer: WhatIfAnswer
    /// How far the read model of uses had followed the log, and the time of the last event in it.
    public let asOf: (sequence: SequenceNumber, at: Timestamp?)
    /// Uses that were looked at, those before and after the period included.
    public let readCount: Int
    public let duration: Duration
}

/// Why there is no answer.
public enum WhatIfError: Error {
    /// The document does not fit the tenant's units.
    case rejected(Rejection)
    /// A read model did not answer this query.
    case query(QueryError, of: String)
    /// As many questions wait as may.
    case overloaded
    /// Who asked does not want to know any more.
    case cancelled
}
