import JSONText
import LedgerModel

/// Facts about configuration documents.
extension JSONWriter {
    mutating func configured(_ fact: Configured) {
        field("key", text: fact.key.description)
        field("version", fact.version)
        value(fact.document)
        field("reason", text: fact.reason)
        optional("rollbackOf", fact.rollbackOf)
        optional("effectiveAt", fact.effectiveAt)
    }

    mutating func configurationScheduled(_ fact: ConfigurationScheduled) {
        field("key", text: fact.key.description)
        value(fact.document)
        field("reason", text: fact.reason)
        field("effectiveAt", fact.effectiveAt)
    }

    mutating func configurationCancelled(_ fact: ConfigurationCancelled) {
        field("key", text: fact.key.description)
        field("scheduled", fact.scheduled)
        field("reason", text: fact.reason)
    }

    private mutating func value(_ document: Document?) {
        key("value")
        if let document { self.document(document) } else { null() }
    }
}

extension OrderedFields {
    mutating func configured() throws(FieldError) -> Configured {
        let key = try documentKey()
        let version = try integer("version")
        return Configured(
            key: key, version: version, document: try value(of: key), reason: try text("reason"),
            rollbackOf: try optionalInteger("rollbackOf"), effectiveAt: try optionalTimestamp("effectiveAt"))
    }

    mutating func configurationScheduled() throws(FieldError) -> ConfigurationScheduled {
        let key = try documentKey()
        return ConfigurationScheduled(
            key: key, document: try value(of: key), reason: try text("reason"), effectiveAt: try timestamp("effectiveAt"))
    }

    mutating func configurationCancelled() throws(FieldError) -> ConfigurationCancelled {
        ConfigurationCancelled(key: try documentKey(), scheduled: try sequence("scheduled"), reason: try text("reason"))
    }

    private mutating func documentKey() throws(FieldError) -> DocumentKey {
        guard let key = DocumentKey(try text("key")) else { throw .value(field: "key", reason: "names no kind of document") }
        return key
    }

    private mutating func value(of key: DocumentKey) throws(FieldError) -> Document? {
        try required("value") { (reader, _) throws(FieldError) -> Document? in
            (try? reader.peekType()) == .null ? try reader.absent() : try reader.document(key.kind)
        }
    }
}

extension JSONReader {
    /// A null, as the absence of a document.
    fileprivate mutating func absent() throws(FieldError) -> Document? {
        do throws(JSONError) { _ = try null() } catch { throw .text(error) }
        return nil
    }
}
