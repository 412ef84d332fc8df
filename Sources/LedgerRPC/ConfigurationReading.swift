import EventCodec
import JSONText
import LedgerModel

/// The commands on configuration.
extension JSONReader {
    mutating func configure(_ head: inout CommandHead) throws(FieldError) -> Configure {
        var changes: [Configure.Change] = []
        var reason: String?
        var effectiveAt: Timestamp?
        var isDryRun = false
        try fields(of: .configure, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "changes":
                changes = try reader.elements("changes", countMax: RPCBounds.changeCountMax) { (reader) throws(FieldError) in
                    try reader.change()
                }
            case "reason": reason = try reader.reason()
            case "effectiveAt": effectiveAt = try reader.timestamp("effectiveAt")
            case "dryRun": isDryRun = try reader.flag("dryRun")
            default: try head.read(key, &reader)
            }
        }
        return Configure(
            changes: try Configure.checked(changes), reason: reason!, effectiveAt: effectiveAt, isDryRun: isDryRun)
    }

    private mutating func change() throws(FieldError) -> Configure.Change {
        var key: DocumentKey?
        var value: String?
        var isCancelled = false
        var expectVersion: Int?
        try fields(of: .change, in: "") { (field, reader) throws(FieldError) in
            switch field {
            case "key": key = try reader.documentKey()
            case "value": value = try reader.json("value", byteCountMax: RPCBounds.documentByteCountMax)
            case "cancel": isCancelled = try reader.flag("cancel")
            default: expectVersion = try reader.integer("expectVersion", in: 0...Int(Amount.max.rawValue))
            }
        }
        let action = try Configure.Change.Action(value, isCancelled: isCancelled, kind: key!.kind)
        return Configure.Change(key: key!, action: action, expectVersion: expectVersion)
    }

    mutating func rollback(_ head: inout CommandHead) throws(FieldError) -> Rollback {
        var key: DocumentKey?
        var version = 0
        var reason: String?
        try fields(of: .rollback, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "key": key = try reader.documentKey()
            case "version": version = try reader.integer("version", in: 1...Int(Amount.max.rawValue))
            case "reason": reason = try reader.reason()
            default: try head.read(field, &reader)
            }
        }
        return Rollback(key: key!, version: version, reason: reason!)
    }

    private mutating func documentKey() throws(FieldError) -> DocumentKey {
        guard let key = DocumentKey(try text("key")) else {
            throw .value(field: "key", reason: "must be \(DocumentKey.forms)")
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

extension Configure.Change.Action {
    fileprivate init(_ value: String?, isCancelled: Bool, kind: DocumentKey.Kind) throws(FieldError) {
        switch (value, isCancelled) {
        case (let value?, false): self = try Document.read(value, kind: kind).map { .put($0) } ?? .delete
        case (nil, true): self = .cancel
        case (.some, true): throw .shape(field: "cancel", reason: "cannot stand beside value")
        case (nil, false): throw .missing("value")
        }
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
