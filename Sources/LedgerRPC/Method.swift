/// The methods that are neither commands nor queries of a read model.
public enum LedgerMethod: String, Sendable, CaseIterable {
    case balance, status
    case discover = "rpc.discover"
    case subscribe = "events.subscribe"
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
    public static let builtIn = CommandMethod.allCases.map(Method.init) + LedgerMethod.allCases.map(Method.init)

    /// The fields of a built-in method; none for others.
    static func fieldNames(of method: String) -> [String] {
        if let method = CommandMethod(rawValue: method) { return Shape.of(method).names }
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
}

extension CommandMethod {
    fileprivate var told: (sentence: String, result: String) {
        switch self {
        case .debit: ("Takes units from an account's lots, all or nothing", "parts, price?")
        case .debitBatch: ("Takes units for many items of one batch", "batch, accepted, rejected, parts")
        case .grant: ("Gives units to an account as a new lot", "lot, balance")
        case .refund: ("Gives units of a debit back to the lots they came from", "of, parts")
        case .openAccount: ("Opens an account, with a name and labels", "account")
        case .adjust: ("Corrects a balance by hand", "lot?, balance")
        case .openBatch: ("Announces a batch", "batch")
        case .closeBatch: ("Ends a batch: no more debits are counted in it", "batch")
        case .configure: ("Changes configuration documents, all or none", "changes")
        case .rollback: ("Makes an earlier version's content the newest version of a document", "changes")
        case .acknowledgeAlerts: ("Notes that somebody has been told of alerts, or has read them", "acknowledged")
        }
    }
}

extension LedgerMethod {
    fileprivate var told: (sentence: String, result: String) {
        switch self {
        case .balance: ("What an account has, from the writer: never behind", "balances")
        case .status: ("What the ledger is and how far it has come", "api, ledger, head, accounts, ids, readModels")
        case .discover: ("This description (OpenRPC 1.3)", "an OpenRPC document")
        case .subscribe: ("Sends committed events as notifications, from a sequence number on", "from")
        case .unsubscribe: ("Ends the connection's subscription", "from: where to go on")
        }
    }

    /// What a method without fields asks for.
    var callWithoutFields: RPCCall {
        switch self {
        case .status: .status
        case .discover: .discover
        case .unsubscribe: .unsubscribe
        case .balance, .subscribe: preconditionFailure("\(rawValue) has fields")
        }
    }
}

extension Shape {
    static func of(_ method: LedgerMethod) -> Shape {
        switch method {
        case .balance: balance
        case .subscribe: subscribe
        case .status, .discover, .unsubscribe: nothing
        }
    }
}
