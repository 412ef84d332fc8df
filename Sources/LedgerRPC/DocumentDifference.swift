import EventCodec
import JSONText
import LedgerModel

/// One value in which two documents differ.
struct DocumentDifference: Hashable {
    /// Where it stands: `charges[0].rates.requests`.
    let path: String
    /// The values as JSON; nil where there is none.
    let before: String?
    let after: String?

    /// In the order of the first document, then of the second.
    static func between(_ before: Document?, _ after: Document?) -> [DocumentDifference] {
        let (left, right) = (leaves(of: before), leaves(of: after))
        let (leftValues, rightValues) = (values(left), values(right))
        let gone = left.filter { rightValues[$0.path] != $0.value }
            .map { DocumentDifference(path: $0.path, before: $0.value, after: rightValues[$0.path]) }
        let new = right.filter { leftValues[$0.path] == nil }
            .map { DocumentDifference(path: $0.path, before: nil, after: $0.value) }
        return gone + new
    }

    private typealias Leaf = (path: String, value: String)

    private static func values(_ leaves: [Leaf]) -> [String: String] {
        Dictionary(leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private static func leaves(of document: Document?) -> [Leaf] {
        guard let document else { return [] }
        var writer = JSONWriter()
        writer.document(document)
        var reader = JSONReader(writer.bytes)
        var leaves: [Leaf] = []
        do { try reader.leaves(at: "", into: &leaves) } catch {
            preconditionFailure("a document was not written as JSON: \(error)")
        }
        return leaves
    }
}

extension JSONReader {
    /// Every value that is no object and no array, with its path.
    fileprivate mutating func leaves(at path: String, into leaves: inout [(path: String, value: String)]) throws(JSONError) {
        switch try peekType() {
        case .object:
            try beginObject()
            while let key = try nextKey() { try self.leaves(at: path.isEmpty ? key.text : "\(path).\(key.text)", into: &leaves) }
        case .array:
            var index = 0
            try beginArray()
            while try nextElement() {
                try self.leaves(at: "\(path)[\(index)]", into: &leaves)
                index += 1
            }
        case .string, .number, .boolean, .null: leaves.append((path, String(decoding: try rawValue(), as: UTF8.self)))
        }
    }
}
