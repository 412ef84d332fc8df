import LedgerClient

/// JSON for people, two spaces deeper per level.
enum Documents {
    /// A document may come as a tree or as its text.
    static func pretty(_ value: JSONValue?) -> [String] { tree(value).map(lines) ?? [] }

    /// The document as a tree; nil when it was deleted.
    static func tree(_ value: JSONValue?) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        return value.string.flatMap { try? JSONValue(parsing: $0) } ?? value
    }

    static func lines(_ value: JSONValue) -> [String] {
        if let members = value.members, !members.isEmpty {
            return block("{", members.map { member in prefixing("\(JSONValue.string(member.key)): ", lines(member.value)) }, "}")
        }
        if let elements = value.elements, !elements.isEmpty { return block("[", elements.map(lines), "]") }
        return [Terminal.printable(value.description)]
    }

    private static func prefixing(_ prefix: String, _ lines: [String]) -> [String] {
        [Terminal.printable(prefix) + lines[0]] + lines.dropFirst()
    }

    private static func block(_ opening: String, _ items: [[String]], _ closing: String) -> [String] {
        let inner = items.enumerated().flatMap { index, item in
            index < items.count - 1 ? item.dropLast() + [item.last! + ","] : item
        }
        return [opening] + inner.map { "  " + $0 } + [closing]
    }
}
