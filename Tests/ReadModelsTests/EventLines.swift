import EventCodec
import Foundation
import JSONText
import LedgerModel
import Testing

@testable import ReadModels

/// An event's line, read by another reader: what tests hold the answers of queries against.
struct EventLine {
    let event: Event
    let fields: [String: Any]

    init(_ event: Event) throws {
        var writer = JSONWriter()
        EventCodec.encode(event, into: &writer)
        self.event = event
        fields = try #require(try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any])
    }

    var seq: Int64 { Int64(event.sequence.rawValue) }
    var type: String { text("type")! }
    func text(_ name: String) -> String? { fields[name] as? String }
    func integer(_ name: String) -> Int64? { (fields[name] as? NSNumber)?.int64Value }
    func texts(_ name: String) -> [String] { fields[name] as? [String] ?? [] }

    /// The fields without some.
    func without(_ names: [String]) -> [String: Any] { fields.filter { !names.contains($0.key) } }
}

extension BuiltInLedger {
    /// The lines of a tenant's events, of some types.
    func lines(of tenant: Name, _ types: String...) throws -> [EventLine] {
        try events(of: tenant).map(EventLine.init).filter { types.isEmpty || types.contains($0.type) }
    }
}

/// A value of JSON as one text, its members in order; null for what is not there.
func canonical(_ value: Any?) -> String {
    guard let value, !(value is NSNull) else { return "null" }
    let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "not JSON: \(value)"
}

/// An instant as answers tell it, after so many microseconds.
func instant(_ line: EventLine, plus microseconds: Int64 = 0) -> QueryValue {
    .text(Timestamp(microseconds: line.event.at.rawValue + microseconds).description)
}

/// An event from the fields behind its `day`.
func event(seq: Int, at: String = "2026-11-21T08:00:00.000000Z", _ fields: String) throws -> Event {
    let line = #"{"seq":\#(seq),"at":"\#(at)","day":"\#(at.prefix(10))",\#(fields)}"#
    return try Array(line.utf8).withUnsafeBytes { try EventCodec.decode($0) }
}
