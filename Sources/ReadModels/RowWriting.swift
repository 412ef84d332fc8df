import EventCodec
import JSONText
import LedgerModel
import SegmentLog

/// Rows of a query as JSON, each value by the type that its column declares.
extension JSONWriter {
    /// How far the read model had come, as the member `asOf`.
    mutating func asOf(_ mark: ReadModelMark) {
        key("asOf")
        beginObject()
        key("seq")
        integer(Int64(mark.watermark.sequence.rawValue))
        key("at")
        if let at = mark.at { timestamp(at) } else { null() }
        endObject()
    }

    /// The row that a statement stands on.
    mutating func row(_ row: Statement, _ columns: [Query.Column]) {
        beginObject()
        for (index, column) in columns.enumerated() {
            key(column.name)
            if row.isNull(index) { null() } else { value(row, index, column.type) }
        }
        endObject()
    }

    /// The values of the row that a statement stands on, in the order of the columns.
    mutating func values(_ row: Statement, _ columns: [Query.Column]) {
        beginArray()
        for (index, column) in columns.enumerated() {
            if row.isNull(index) { null() } else { value(row, index, column.type) }
        }
        endArray()
    }

    private mutating func value(_ row: Statement, _ index: Int, _ type: Query.ValueType) {
        switch type {
        case .integer: integer(row.integer(index))
        case .text, .day, .texts: string(row.text(index))
        case .boolean: boolean(row.integer(index) != 0)
        case .timestamp:
            let instant = Timestamp(microseconds: row.integer(index))
            if Timestamp.representable.contains(instant) { timestamp(instant) } else { integer(instant.rawValue) }
        case .json:
            if JSONWriter.isOneLineOfJSON(row.bytes(index)) { raw(row.bytes(index)) } else { string(row.text(index)) }
        }
    }

    /// An answer is one line of JSON: what a query calls JSON and is not must not break it.
    private static func isOneLineOfJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var reader = JSONReader(bytes)
        do throws(JSONError) {
            try reader.rawValue()
            try reader.finish()
        } catch { return false }
        return !bytes.contains(UInt8(ascii: "\n"))
    }
}
