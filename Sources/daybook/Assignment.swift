import ArgumentParser
import LedgerClient

/// `name=value` on the command line.
struct Assignment: ExpressibleByArgument, Hashable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}

/// `dimension=count` on the command line, such as `requests=3`.
struct QuantityArgument: ExpressibleByArgument, Hashable {
    let dimension: String
    let count: Int64

    init?(argument: String) {
        guard let assignment = Assignment(argument: argument), let count = Int64(assignment.value) else { return nil }
        dimension = assignment.name
        self.count = count
    }
}

extension [QuantityArgument] {
    /// As an object, nil when there are none.
    var object: JSONValue? { isEmpty ? nil : .object(map { JSONValue.Member($0.dimension, .integer($0.count)) }) }
}

extension [Assignment] {
    /// As an object of strings, nil when there are none.
    var object: JSONValue? { isEmpty ? nil : .object(map { JSONValue.Member($0.name, .string($0.value)) }) }
}

/// How much: a unit and an amount, or a feature and quantities; never both.
struct AskOptions: ParsableArguments {
    @Argument(help: "The unit to take, such as credits; with AMOUNT.")
    var unit: String?

    @Argument(help: "How many minor units to take.")
    var amount: Int64?

    @Option(help: ArgumentHelp("Take what this feature's price asks for the quantities.", valueName: "name"))
    var feature: String?

    @Option(help: ArgumentHelp("How much was used, per dimension of the price. Repeat it for more.", valueName: "dimension=n"))
    var quantity: [QuantityArgument] = []

    func validate() throws {
        let isExplicit = unit != nil && amount != nil && feature == nil && quantity.isEmpty
        let isPriced = unit == nil && amount == nil && feature != nil && !quantity.isEmpty
        if !isExplicit, !isPriced {
            throw ValidationError("Say either UNIT AMOUNT, or --feature NAME with --quantity DIMENSION=N.")
        }
    }

    var params: Params { ["unit": unit, "amount": amount, "feature": feature, "quantities": quantity.object] }

    /// For people: `3 credits`, `siterank (requests=3)`.
    func words(_ amounts: Amounts) -> String {
        if let unit, let amount { return amounts.words(amount, unit) }
        return "\(feature ?? "") (\(quantity.map { "\($0.dimension)=\(grouped($0.count))" }.joined(separator: ", ")))"
    }
}
