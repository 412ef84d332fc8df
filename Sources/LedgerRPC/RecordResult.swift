import EventCodec
import JSONText
import LedgerModel

/// The results of commands on configuration and keys.
extension JSONWriter {
    mutating func changes(_ events: [Event]) {
        key("changes")
        beginArray()
        for event in events { change(event.fact) }
        endArray()
    }

    private mutating func change(_ fact: Fact) {
        switch fact {
        case .configured(let configured):
            changed(configured.key) { writer in
                writer.key("version")
                writer.integer(configured.version)
            }
        case .configurationScheduled(let scheduled): changed(scheduled.key) { $0.time("effectiveAt", scheduled.effectiveAt) }
        case .configurationCancelled(let cancelled): changed(cancelled.key) { $0.sequence("cancelled", cancelled.scheduled) }
        default: return
        }
    }

    private mutating func changed(_ document: DocumentKey, _ what: (inout JSONWriter) -> Void) {
        beginObject()
        key("key")
        string(document.description)
        what(&self)
        endObject()
    }

    mutating func keys(_ events: [Event]) {
        key("keys")
        beginArray()
        for event in events { apiKey(event.fact) }
        endArray()
    }

    private mutating func apiKey(_ fact: Fact) {
        switch fact {
        case .keyIssued(let issued): apiKey(issued.key, issued.account, .active)
        case .keyUpdated(let updated): apiKey(updated.key, updated.account, updated.status)
        case .keyRevoked(let revoked): apiKey(revoked.key, revoked.account, .revoked)
        default: return
        }
    }

    private mutating func apiKey(_ key: Name, _ account: Name, _ status: KeyStatus) {
        beginObject()
        named("key", key)
        named("account", account)
        self.key("status")
        string(status.rawValue)
        endObject()
    }
}
