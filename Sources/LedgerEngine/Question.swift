public import LedgerModel
public import SegmentLog

/// A question in the mailbox, with the way its answer takes back.
public struct Asked: Sendable {
    /// The way back, as `addLane` numbered it: one per event loop.
    public var lane: Int
    /// Questions of one connection take effect in the order sent.
    public var connection: UInt64
    /// The connection's own number for the question.
    public var tag: UInt64
    public var question: Question

    public init(lane: Int, connection: UInt64, tag: UInt64, question: Question) {
        self.lane = lane
        self.connection = connection
        self.tag = tag
        self.question = question
    }
}

/// What the writer can be asked. What only looks sees everything that was accepted before, and all that is due by then.
public enum Question: Sendable {
    case command(Request)
    /// What an account has, of one unit or of all.
    case balance(tenant: Name, account: Name, unit: Name?)
    /// How far an account's allowances are used.
    case quota(tenant: Name, account: Name)
    /// What a debit would do.
    case check(Check)
    /// Whose key it is, and whether it is good.
    case verifyKey(KeyHash)
    case explain(Inquiry)
}

/// What is to be explained.
public enum Inquiry: Sendable {
    /// What the id of a command, an item or a hold led to.
    case command(tenant: Name, id: Name)
    /// Where what an account has comes from, of one unit or of all.
    case balance(tenant: Name, account: Name, unit: Name?)
    /// Why a debit would cost what it costs, or be refused.
    case use(Check)
}

public struct Answer: Sendable {
    public var connection: UInt64
    public var tag: UInt64
    public var outcome: Outcome

    public init(connection: UInt64, tag: UInt64, outcome: Outcome) {
        self.connection = connection
        self.tag = tag
        self.outcome = outcome
    }
}

/// How a question ended. Whatever it says is durable by then.
public enum Outcome: Sendable {
    /// The command's group, whole and in order: just written, or read back because the id was used before.
    case accepted([Event], replayed: Bool)
    /// What a change of configuration would do; nothing was written.
    case dryRun(DryRun)
    case rejected(Rejection)
    /// The id was used before for another command, at this event.
    case idMismatch(SequenceNumber)
    /// There is no space for the log, and the command is none of those that are still taken; nothing was written.
    case diskFull
    /// The command's events would not fit into one log batch.
    case tooLarge(byteCount: Int, limit: Int)
    case balances([Book.Holding])
    case quotas([Quota])
    /// The events that a debit would lead to, or why it would be refused.
    case checked(Result<[Event], Rejection>)
    case key(KeyView)
    case explained(Explanation, of: Inquiry)
    /// What the log holds could not be read back; the ledger is unchanged.
    case failed(String)
}

/// The ledger as a whole, as of the last commit.
public struct EngineStatus: Sendable {
    public var ledger: LedgerID
    public var head: LogHead
    /// The ledger's time of the last event.
    public var lastAt: Timestamp
    public var accountCount: Int
    public var identifierCount: Int
    /// There is no space for the log: few commands are taken, until there is.
    public var isDiskFull = false
    public var scrub = ScrubProgress()
}
