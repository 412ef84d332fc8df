public import LedgerModel

/// A ledger in memory and an oracle beside it: both are given the same commands, and must say the same.
public struct Simulation: Sendable {
    /// A command, and when it comes.
    public struct Step: Sendable {
        public let at: Timestamp
        /// What became due since the command before is done at `at` only, and not each in its time.
        public let isAfterDowntime: Bool
        public let request: Request
    }

    /// Where the ledger and the oracle part.
    public struct Failure: Error, CustomStringConvertible {
        /// From 0.
        public let step: Int
        public let description: String
    }

    public private(set) var ledger = MemoryLedger(zones: .ofSimulation)
    private var oracle = Oracle()
    private var telling = EventTelling()
    private var stepCount = 0
    /// How many commands were accepted, and how often each rejection was the answer.
    public private(set) var acceptedCount = 0
    public private(set) var rejections: [String: Int] = [:]
    /// How often each kind of event, and of alert, was told.
    public private(set) var words: [String: Int] = [:]

    /// Every account is compared after every command, and not now and then.
    private let isThorough: Bool

    public init(isThorough: Bool = false) { self.isThorough = isThorough }

    /// Passes time, sends a command, and compares: the account that an accepted command named, and all now and then.
    public mutating func take(_ step: Step) throws(Failure) {
        try passTime(until: step)
        let before = acceptedCount
        try send(step)
        try compareDue()
        if isThorough || stepCount % 40 == 39 {
            try compareAll(step.at)
        } else if acceptedCount > before, let account = step.request.command.account {
            try compare(step.request.tenant, account, step.at)
        }
        stepCount += 1
    }

    // MARK: Time

    private mutating func passTime(until step: Step) throws(Failure) {
        while let due = ledger.book.nextDue, due <= step.at {
            let now = max(step.isAfterDowntime ? step.at : due, ledger.book.lastAt)
            try passDue(at: now)
        }
    }

    private mutating func passDue(at now: Timestamp) throws(Failure) {
        for group in ledger.passDue(at: now) {
            let (told, foretold) = (telling.told(group), oracle.passDue(at: now))
            count(told)
            oracle.note(group)
            if foretold != told { throw failure("due at \(now)", told, foretold ?? ["nothing"]) }
        }
    }

    private func compareDue() throws(Failure) {
        if let difference = oracle.dueDifference(from: ledger.book) { throw failure(difference) }
    }

    // MARK: Commands

    private mutating func send(_ step: Step) throws(Failure) {
        let foretold = oracle.predict(step.request, at: step.at)
        let outcome = outcome(of: step)
        if outcome.inAnyOrder != foretold.inAnyOrder { throw failure("the outcome", outcome, foretold) }
    }

    private mutating func outcome(of step: Step) -> Oracle.Prediction {
        do throws(Rejection) {
            switch try ledger.send(step.request, at: step.at) {
            case .accepted(let group):
                acceptedCount += 1
                oracle.note(group)
                let told = telling.told(group)
                count(told)
                return .accepted(told)
            case .known: return .known
            case .dryRun: return .dryRun
            }
        } catch {
            rejections[error.name, default: 0] += 1
            return .rejected(error.name)
        }
    }

    private mutating func count(_ told: [String]) {
        for words in told.map({ $0.split(separator: " ") }) {
            let kind =
                words[0] == "alertRaised"
                ? "\(words[0]) \(words[4])" : words.contains("late") ? "\(words[0]) late" : "\(words[0])"
            self.words[kind, default: 0] += 1
        }
    }

    private func failure<Value>(_ what: String, _ found: Value, _ foretold: Value) -> Failure {
        failure(OracleDifference(what, ledger: "\(found)", oracle: "\(foretold)"))
    }

    private func failure(_ difference: OracleDifference) -> Failure {
        Failure(step: stepCount, description: difference.description)
    }

    // MARK: States

    private func compareAll(_ now: Timestamp) throws(Failure) {
        if let difference = oracle.firstDifference(from: ledger.book, at: now) { throw failure(difference) }
    }

    private func compare(_ tenant: Name, _ account: Name, _ now: Timestamp) throws(Failure) {
        if let difference = oracle.firstDifference(of: account, in: tenant, from: ledger.book, at: now) {
            throw failure(difference)
        }
    }
}

extension Oracle.Prediction {
    /// The windows that a change of plan moves are told in the order in which they were opened, which depends on who looked when.
    package var inAnyOrder: Self {
        guard case .accepted(let told) = self, told.contains(where: { $0.hasPrefix("planChanged") }) else { return self }
        return .accepted(told.sorted())
    }
}

extension Command {
    /// The account that it names.
    package var account: Name? {
        switch self {
        case .openAccount(let command): command.account
        case .grant(let command): command.account
        case .adjust(let command): command.account
        case .debit(let command): command.account
        case .debitBatch(let command): command.account
        case .hold(let command): command.account
        case .subscribe(let command): command.account
        case .changePlan(let command): command.account
        case .unsubscribe(let command): command.account
        case .overrideAllowance(let command): command.account
        case .resetAllowance(let command): command.account
        default: nil
        }
    }
}
