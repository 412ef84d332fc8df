import EventCodec
import JSONText
import LedgerModel

/// The commands that move nothing: accounts, batches, configuration, alerts.
extension JSONReader {
    mutating func openAccount(_ head: inout CommandHead) throws(FieldError) -> OpenAccount {
        var account: Name?
        var name: Name?
        var labels: Labels = [:]
        try fields(of: .openAccount, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "name": name = try reader.name("name")
            case "labels": labels = try reader.labels("labels")
            default: try head.read(key, &reader)
            }
        }
        return OpenAccount(account: account!, name: name, labels: labels)
    }

    mutating func openBatch(_ head: inout CommandHead) throws(FieldError) -> OpenBatch {
        var account: Name?
        var batch: Name?
        var feature: Name?
        var size: Int?
        try fields(of: .openBatch, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "batch": batch = try reader.name("batch")
            case "feature": feature = try reader.name("feature")
            case "size": size = try reader.integer("size", in: 1...Int(Amount.max.rawValue))
            default: try head.read(key, &reader)
            }
        }
        return OpenBatch(account: account!, batch: batch!, feature: feature, size: size)
    }

    mutating func closeBatch(_ head: inout CommandHead) throws(FieldError) -> CloseBatch {
        var account: Name?
        var batch: Name?
        try fields(of: .closeBatch, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "batch": batch = try reader.name("batch")
            default: try head.read(key, &reader)
            }
        }
        return CloseBatch(account: account!, batch: batch!)
    }

    mutating func configure(_ head: inout CommandHead) throws(FieldError) -> Configure {
        var changes: [Configure.Change] = []
        var reason: String?
        try fields(of: .configure, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "changes":
                changes = try reader.elements("changes", countMax: RPCBounds.changeCountMax) { (reader) throws(FieldError) in
                    try reader.change()
                }
            case "reason": reason = try reader.reason()
            default: try head.read(key, &reader)
            }
        }
        return Configure(changes: try Configure.checked(changes), reason: reason!)
    }

    private mutating func change() throws(FieldError) -> Configure.Change {
        var key: DocumentKey?
        var value = ""
        var expectVersion: Int?
        try fields(of: .change, in: "") { (field, reader) throws(FieldError) in
            switch field {
            case "key": key = try reader.documentKey()
            case "value": value = try reader.json("value", byteCountMax: RPCBounds.documentByteCountMax)
            default: expectVersion = try reader.integer("expectVersion", in: 0...Int(Amount.max.rawValue))
            }
        }
        return Configure.Change(key: key!, document: try Document.read(value, kind: key!.kind), expectVersion: expectVersion)
    }

    mutating func rollback(_ head: inout CommandHead) throws(FieldError) -> Rollback {
        var key: DocumentKey?
        var version = 0
        var reason: String?
        try fields(of: .rollback, in: "params") { (field, reader) throws(FieldError) in
            switch field {
            case "key": key = try reader.documentKey()
            case "version": version = try reader.integer("version", in: 1...Int(Amount.max.rawValue))
            case "reason": reason = try reader.reason()
            default: try head.read(field, &reader)
            }
        }
        return Rollback(key: key!, version: version, reason: reason!)
    }

    mutating func acknowledgeAlerts(_ head: inout CommandHead) throws(FieldError) -> AcknowledgeAlerts {
        var alerts: [SequenceNumber] = []
        var state: AcknowledgeAlerts.State?
        try fields(of: .acknowledgeAlerts, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "alerts":
                alerts = try reader.elements("alerts", countMax: AcknowledgeAlerts.alertCountMax) { (reader) throws(FieldError) in
                    try reader.sequence("")
                }
            case "as": state = try reader.choice("as", of: AcknowledgeAlerts.State.self)
            default: try head.read(key, &reader)
            }
        }
        return AcknowledgeAlerts(alerts: alerts, state: state!)
    }

    private mutating func documentKey() throws(FieldError) -> DocumentKey {
        guard let key = DocumentKey(try text("key")) else {
            throw .value(field: "key", reason: "must be unit/NAME, price/FEATURE, alert/NAME or tenant/settings")
        }
        return key
    }
}

extension Configure {
    fileprivate static func checked(_ changes: [Change]) throws(FieldError) -> [Change] {
        var keys: Set<DocumentKey> = []
        for (index, change) in changes.enumerated() where !keys.insert(change.key).inserted {
            throw .value(field: "changes[\(index)].key", reason: "stands in an earlier change already")
        }
        return changes
    }
}

extension Document {
    /// A document from its JSON, which may have come before the key that says its kind; nil for null.
    fileprivate static func read(_ value: String, kind: DocumentKey.Kind) throws(FieldError) -> Document? {
        if value == "null" { return nil }
        if value.utf8.first != UInt8(ascii: "{") { throw .shape(field: "value", reason: "must be an object or null") }
        let bytes = Array(value.utf8)
        do throws(FieldError) {
            return try bytes.withUnsafeBufferPointer { (bytes) throws(FieldError) in
                var reader = JSONReader(UnsafeRawBufferPointer(bytes))
                return try reader.document(kind)
            }
        } catch { throw error.inside("value") }
    }
}
