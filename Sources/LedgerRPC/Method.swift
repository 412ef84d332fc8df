/// The methods that are neither commands nor queries of a read model.
public enum LedgerMethod: String, Sendable, CaseIterable {
    case balance, quota, check, verifyKey, explain, proof, checkpoint, status
    case discover = "rpc.discover"
    case subscribe = "events.subscribe"
    case subscribeAlerts = "alerts.subscribe"
    case unsubscribe = "events.unsubscribe"
}

/// A method as it is described to those who write clients: by `rpc.discover`, in `docs/rpc.md` and in error messages.
public struct Method: Sendable {
    public let name: String
    /// What it does, in a sentence without a full stop.
    public let sentence: String
    public let parameters: [Parameter]
    /// What it answers with.
    public let result: String

    public init(name: String, sentence: String, parameters: [Parameter], result: String) {
        self.name = name
        self.sentence = sentence
        self.parameters = parameters
        self.result = result
    }

    /// The commands, then the other methods that do not belong to a read model.
    public static let builtIn =
        CommandMethod.allCases.map(Method.init) + LedgerMethod.allCases.map(Method.init) + ExportMethod.allCases.map(Method.init)
        + WhatIfMethod.allCases.map(Method.init) + RebuildMethod.allCases.map(Method.init)

    /// The fields of a built-in method; none for others.
    static func fieldNames(of method: String) -> [String] {
        if let method = CommandMethod(rawValue: method) { return Shape.of(method).names }
        if let method = ExportMethod(rawValue: method) { return Shape.of(method).names }
        if let method = WhatIfMethod(rawValue: method) { return Shape.of(method).names }
        if let method = RebuildMethod(rawValue: method) { return Shape.of(method).names }
        return LedgerMethod(rawValue: method).map { Shape.of($0).names } ?? []
    }

    private init(_ name: String, _ shape: Shape, _ told: (sentence: String, result: String)) {
        self.init(name: name, sentence: told.sentence, parameters: shape.fields.map(\.parameter), result: told.result)
    }

    private init(_ method: CommandMethod) {
        let told = method.told
        self.init(method.rawValue, .of(method), (told.sentence, "seq, at, replayed, \(told.result), alerts?"))
    }

    private init(_ method: LedgerMethod) { self.init(method.rawValue, .of(method), method.told) }

    private init(_ method: RebuildMethod) { self.init(method.rawValue, .of(method), method.told) }

    private init(_ method: WhatIfMethod) { self.init(method.rawValue, .of(method), method.told) }

    private init(_ method: ExportMethod) { self.init(method.rawValue, .of(method), method.told) }
}

extension CommandMethod {
    fileprivate var told: (sentence: String, result: String) {
        switch self {
        case .debit: ("Takes units from an account's lots, all or nothing", "price?, parts, meters?")
        case .debitBatch: ("Takes units for many items of one batch", "batch, accepted, rejected, parts, meters?")
        case .refund: ("Gives units of a debit or settlement back to the lots they came from", "of, parts, meters?")
        case .recordUsage: ("Keeps a use from before this ledger; it moves nothing", "account")
        case .hold: ("Takes units out of lots for a while", "hold, expiresAt, price?, parts, meters?")
        case .settle:
            ("Takes what was used of a hold and gives the rest back", "hold, late?, price?, parts, returned, shortfall?, meters?")
        case .release: ("Gives all of a hold back", "hold, returned, meters?")
        case .extend: ("Lets a hold last until so many seconds from now", "hold, expiresAt")
        case .grant: ("Gives units to an account as a new lot", "lot, balance")
        case .adjust: ("Corrects a balance by hand", "lot?, balance, meters?")
        case .openAccount: ("Opens an account, with a name and labels", "account")
        case .freezeAccount: ("Refuses an account's uses until it is unfrozen", "account, state")
        case .unfreezeAccount: ("Lets a frozen account be used again", "account, state")
        case .closeAccount: ("Closes an account for ever", "account, state")
        case .openBatch: ("Announces a batch", "batch")
        case .closeBatch: ("Ends a batch: no more debits are counted in it", "batch")
        case .subscribe: ("Gives an account a plan", "plan, from, until?, anchor")
        case .changePlan: ("Puts one plan in the place of another", "from, to, effectiveAt, until?, anchor, allowances")
        case .unsubscribe: ("Ends a plan now, and what it gave", "plan, endedAt")
        case .overrideAllowance: ("Gives one account another amount than its plan does", "plan, unit, period, allowance?")
        case .resetAllowance: ("Starts an open window's count again", "plan, unit, period, allowance?")
        case .configure:
            (
                "Changes configuration documents, all or none; now, later, or only to see",
                "changes; of a dry run: dryRun, differences"
            )
        case .rollback: ("Makes an earlier version's content the newest version of a document", "changes")
        case .issueKeys: ("Makes API keys known, all or none", "keys")
        case .updateKeys: ("Changes API keys, all or none: what is absent stays, null clears", "keys")
        case .revokeKeys: ("Refuses API keys from now on, for ever", "keys")
        case .acknowledgeAlerts: ("Notes that somebody has been told of alerts, or has read them", "acknowledged")
        case .reportUsage: ("Keeps a provider's own figures, for reconciliation; it moves nothing", "platform")
        case .reportSync: ("Keeps how a synchronisation with a provider went", "platform")
        case .submit: ("Does several commands, all or none", "results")
        }
    }
}

extension LedgerMethod {
    fileprivate var told: (sentence: String, result: String) {
        switch self {
        case .balance: ("What an account has, from the writer: never behind", "balances")
        case .quota: ("What an account's plans give in their open windows, and how much of it is used", "allowances")
        case .check:
            (
                "Whether a use would be allowed now, and what it would cost; nothing is written",
                "allowed, price?, cost, lots, after, meters?; or rejection"
            )
        case .verifyKey:
            ("What is known of the API key whose secret has this hash", "tenant, key, account, status, usable and its terms")
        case .explain:
            (
                "Why a command did what it did, a balance is what it is, or a use would be refused",
                "event, group; or balances; or check; with lots and documents"
            )
        case .proof:
            (
                "A receipt for an event: that the log, as it is signed, holds it",
                "seq, size, receipt (a C2SP tlog-proof with the event's line)"
            )
        case .checkpoint:
            (
                "The log's signed head, up to the newest event; and how it continues an older one",
                "size, root, checkpoint (a C2SP signed note), consistency? (hashes)"
            )
        case .status:
            ("What the ledger is and how far it has come", "api, ledger, head, accounts, ids, diskFull, scrub, readModels")
        case .discover: ("This description (OpenRPC 1.3)", "an OpenRPC document")
        case .subscribe: ("Sends committed events as notifications, from a sequence number on", "from")
        case .subscribeAlerts: ("Sends alerts, and what becomes of them, as event notifications", "from")
        case .unsubscribe: ("Ends the connection's subscription", "from: where to go on")
        }
    }

    /// What a method without fields asks for.
    var callWithoutFields: RPCCall {
        switch self {
        case .status: .status
        case .discover: .discover
        case .unsubscribe: .unsubscribe
        case .balance, .quota, .check, .verifyKey, .explain, .proof, .checkpoint, .subscribe, .subscribeAlerts:
            preconditionFailure("\(rawValue) has fields")
        }
    }
}
