import LedgerModel

extension Simulation.Step: CustomStringConvertible {
    /// One line: when, for whom, under which id, what.
    public var description: String {
        "\(at)\(isAfterDowntime ? " after downtime" : "") \(request.tenant) \(request.id) \(CommandText.of(request.command))"
    }
}

/// Commands as a person reads them: fields that say nothing are left out.
enum CommandText {
    static func of(_ value: Any) -> String {
        switch value {
        case let name as Name: return name.text
        case let amount as Amount: return amount.description
        case let instant as Timestamp: return instant.description
        case let rate as Rate: return rate.text
        case let key as DocumentKey: return key.description
        default: return composed(Mirror(reflecting: value), value)
        }
    }

    private static func composed(_ mirror: Mirror, _ value: Any) -> String {
        switch mirror.displayStyle {
        case .optional?: mirror.children.first.map { of($0.value) } ?? ""
        case .enum?: mirror.children.first.map { "\($0.label ?? "")(\(of($0.value)))" } ?? "\(value)"
        case .collection?, .set?:
            mirror.children.isEmpty ? "" : "[\(mirror.children.map { of($0.value) }.joined(separator: ", "))]"
        case .dictionary?: mirror.children.isEmpty ? "" : "\(value)"
        case nil: "\(value)"
        default: mirror.children.compactMap(field).joined(separator: " ")
        }
    }

    private static func field(_ child: Mirror.Child) -> String? {
        let text = of(child.value)
        return text.isEmpty ? nil : "\(child.label ?? ""):\(text.contains(" ") ? "{\(text)}" : text)"
    }
}
