import EventCodec
import JSONText
import LedgerModel

/// The alerts that a command raised.
extension JSONWriter {
    /// Absent when there are none.
    mutating func alerts(_ events: ArraySlice<Event>) {
        var isFirst = true
        for event in events {
            guard case .alertRaised(let alert) = event.fact else { continue }
            if isFirst {
                key("alerts")
                beginArray()
                isFirst = false
            }
            self.alert(alert, event.sequence)
        }
        if !isFirst { endArray() }
    }

    private mutating func alert(_ alert: AlertRaised, _ sequence: SequenceNumber) {
        beginObject()
        self.sequence("seq", sequence)
        named("rule", alert.rule)
        key("severity")
        string(alert.severity.rawValue)
        key("kind")
        string(alert.condition.kind.description)
        endObject()
    }
}
