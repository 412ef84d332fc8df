import LedgerSimulation

/// What the command line asks for.
struct SimulateOptions {
    struct Misuse: Error {
        let reason: String
    }

    static let usage = """
        usage: tools/simulate [--seed N] [--commands N]
                 the rules of the ledger against the oracle
               tools/simulate --whole [--seed N] [--commands N] [--without FAULT,...] [--without-read-models]
                 book, log, read models, clock and disk, with faults: \
        \(SimulatedFault.allCases.map(\.rawValue).joined(separator: ", "))
               tools/simulate --log DIRECTORY --events N [--seed N]
                 writes a log of every type of event
               daybook-simulate --views DIRECTORY [--seed N]
                 all read models follow a log in random stretches, and are held against ones built anew
        Without --commands it runs until it is stopped.
        """

    private(set) var seed: UInt64 = 1
    /// Nil for no end.
    private(set) var commandCount: Int?
    private(set) var isWhole = false
    private(set) var excluded: Set<SimulatedFault> = []
    private(set) var hasReadModels = true
    private(set) var log: String?
    private(set) var views: String?
    private(set) var eventCount = 0

    init(_ arguments: ArraySlice<String>) throws(Misuse) {
        var rest = arguments
        while let name = rest.popFirst() {
            switch name {
            case "--whole": isWhole = true
            case "--without-read-models": hasReadModels = false
            case "--seed": seed = try SimulateOptions.number(name, &rest)
            case "--commands": commandCount = Int(min(try SimulateOptions.number(name, &rest), 1 << 53))
            case "--events": eventCount = Int(min(try SimulateOptions.number(name, &rest), 1 << 40))
            case "--log": log = try SimulateOptions.value(name, &rest)
            case "--views": views = try SimulateOptions.value(name, &rest)
            case "--without": excluded = try SimulateOptions.faults(try SimulateOptions.value(name, &rest))
            default: throw Misuse(reason: "\(name) is not known")
            }
        }
        if log != nil, eventCount < 1 { throw Misuse(reason: "--log needs --events, 1 or more") }
    }

    private static func value(_ name: String, _ rest: inout ArraySlice<String>) throws(Misuse) -> String {
        guard let value = rest.popFirst() else { throw Misuse(reason: "\(name) needs a value") }
        return value
    }

    private static func number(_ name: String, _ rest: inout ArraySlice<String>) throws(Misuse) -> UInt64 {
        let text = try value(name, &rest)
        guard let number = UInt64(text) else { throw Misuse(reason: "\(name) needs a number, not \(text)") }
        return number
    }

    private static func faults(_ list: String) throws(Misuse) -> Set<SimulatedFault> {
        var faults: Set<SimulatedFault> = []
        for name in list.split(separator: ",") {
            guard let fault = SimulatedFault(rawValue: String(name)) else { throw Misuse(reason: "there is no fault \(name)") }
            faults.insert(fault)
        }
        return faults
    }
}
