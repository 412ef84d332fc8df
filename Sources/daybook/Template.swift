import ArgumentParser

/// A text with places for what changes from row to row.
///
/// `{row}` is the row's number from 1, the header not counted; `{row%97}` its remainder; `{file}` the first 12 hexadecimal digits of the
/// file's SHA-256; any other `{name}` the row's cell in that column. `{{` and `}}` are braces.
struct Template: ExpressibleByArgument, Hashable {
    enum Piece: Hashable {
        case text(String)
        case row
        case rowModulo(Int)
        case file
        case column(String)
    }

    private(set) var pieces: [Piece] = []

    /// Nil when braces do not pair up, are empty, or the remainder is not by at least 1.
    init?(argument: String) {
        var rest = argument[...]
        while let first = rest.first {
            if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
                append(text: String(first))
                rest = rest.dropFirst(2)
            } else if first == "{" {
                guard let end = rest.firstIndex(of: "}"), let piece = Template.piece(String(rest[..<end].dropFirst())) else {
                    return nil
                }
                pieces.append(piece)
                rest = rest[rest.index(after: end)...]
            } else {
                if first == "}" { return nil }
                append(text: String(first))
                rest = rest.dropFirst()
            }
        }
    }

    private mutating func append(text: String) {
        if case .text(let before)? = pieces.last {
            pieces[pieces.count - 1] = .text(before + text)
        } else {
            pieces.append(.text(text))
        }
    }

    private static func piece(_ name: String) -> Piece? {
        switch name {
        case "": return nil
        case "row": return .row
        case "file": return .file
        case _ where name.hasPrefix("row%"):
            guard let modulus = Int(name.dropFirst(4)), modulus >= 1 else { return nil }
            return .rowModulo(modulus)
        default: return .column(name)
        }
    }

    /// The columns it names.
    var columns: [String] { pieces.compactMap { if case .column(let name) = $0 { name } else { nil } } }

    func text(row: Int, file: String, cell: (String) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .row: String(row)
            case .rowModulo(let modulus): String(row % modulus)
            case .file: file
            case .column(let name): cell(name)
            }
        }.joined()
    }
}
