import EventCodec
import JSONText
import LedgerModel

/// The commands that move nothing: accounts, batches, alerts.
extension JSONReader {
    mutating func openAccount(_ head: inout CommandHead) throws(FieldError) -> OpenAccount {
        var account: Name?
        var name: Name?
        var labels: Labels = [:]
        try fields(of: .openAccount, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "name": name = try reader.name("name")
            case "labels": labels = try reader.labels("labels")
            default: try head.read(key, &reader)
            }
        }
        return OpenAccount(account: account!, name: name, labels: labels)
    }

    mutating func accountState(_ head: inout CommandHead) throws(FieldError) -> ChangeAccountState {
        var account: Name?
        var reason: String?
        try fields(of: .accountState, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "reason": reason = try reader.reason()
            default: try head.read(key, &reader)
            }
        }
        return ChangeAccountState(account: account!, reason: reason!)
    }

    mutating func openBatch(_ head: inout CommandHead) throws(FieldError) -> OpenBatch {
        var account: Name?
        var batch: Name?
        var feature: Name?
        var size: Int?
        try fields(of: .openBatch, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
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
        try fields(of: .closeBatch, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "batch": batch = try reader.name("batch")
            default: try head.read(key, &reader)
            }
        }
        return CloseBatch(account: account!, batch: batch!)
    }

    mutating func acknowledgeAlerts(_ head: inout CommandHead) throws(FieldError) -> AcknowledgeAlerts {
        var alerts: [SequenceNumber] = []
        var state: AcknowledgeAlerts.State?
        try fields(of: .acknowledgeAlerts, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
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
}
