import LedgerClient

/// An object for people, whatever it has: single values as pairs, lists of objects as tables.
enum Sheet {
    static func lines(_ object: JSONValue, hiding hidden: Set<String> = [], _ amounts: Amounts = .minor) -> [String] {
        let members = (object.members ?? []).filter { !hidden.contains($0.key) }
        return pairs(object, members, amounts) + members.flatMap { table($0, amounts) }
    }

    private static func pairs(_ object: JSONValue, _ members: [JSONValue.Member], _ amounts: Amounts) -> [String] {
        let flat = members.flatMap { flattened($0, of: object, amounts) }
        let width = flat.map { displayWidth($0.0) }.max() ?? 0
        return flat.map { name, text in
            let space = String(repeating: " ", count: width - displayWidth(name) + 2)
            return Terminal.output.dim(name) + space + text
        }
    }

    /// A member that is no list of objects; the members of an object as `outer inner`.
    private static func flattened(_ member: JSONValue.Member, of object: JSONValue, _ amounts: Amounts) -> [(String, String)] {
        let name = Rows.words(member.key)
        if let inner = member.value.members {
            return inner.flatMap { flattened($0, of: member.value, amounts) }.map { ("\(name) \($0)", $1) }
        }
        if let elements = member.value.elements { return list(elements).map { [(name, $0)] } ?? [] }
        return member.value.isNull ? [] : [(name, Rows.cell(member.key, of: object, amounts))]
    }

    /// A list of single values on one line; nil for a list of objects.
    private static func list(_ elements: [JSONValue]) -> String? {
        if elements.isEmpty || elements.contains(where: { $0.members != nil }) { return nil }
        return elements.map { Rows.cell("number", $0) }.joined(separator: ", ")
    }

    private static func table(_ member: JSONValue.Member, _ amounts: Amounts) -> [String] {
        guard let rows = member.value.elements, rows.contains(where: { $0.members != nil }) else { return [] }
        return ["", Terminal.output.bold(Rows.words(member.key))] + Rows.table(rows, amounts).lines()
    }
}
