import EventCodec
import JSONText
import LedgerModel
import LedgerRPC
import ReadModels

extension JSONWriter {
    /// The result of `export`: its number on this connection, how far the read model has come, and the columns of its rows.
    mutating func export(_ number: Int64, _ head: Export.Head) {
        beginObject()
        key("export")
        integer(number)
        key("asOf")
        asOf(head)
        key("columns")
        beginArray()
        for column in head.columns { self.column(column) }
        endArray()
        endObject()
    }

    private mutating func asOf(_ head: Export.Head) {
        beginObject()
        key("seq")
        sequence(head.sequence)
        key("at")
        if let at = head.at { timestamp(at) } else { null() }
        endObject()
    }

    private mutating func column(_ column: Query.Column) {
        beginObject()
        key("name")
        string(column.name)
        key("type")
        string(column.type.rawValue)
        endObject()
    }

    /// The result of `export.next`.
    mutating func chunk(_ chunk: Export.Chunk) {
        beginObject()
        key("rows")
        chunk.json.withUnsafeBytes { raw($0) }
        key("done")
        boolean(chunk.isLast)
        endObject()
    }
}

extension ReadModels {
    func export(
        _ method: String, _ parameters: QueryParameters, now: Timestamp
    ) async -> Result<BegunExport, QueryError> {
        do {
            let (export, head) = try await export(
                method, parameters.values.mapValues(QueryValue.init), minSeq: parameters.minSeq, now: now)
            return .success(BegunExport(export: export, head: head))
        } catch { return .failure(error) }
    }
}
