/// Opening and closing batches, and acknowledging alerts.
extension Tenant {
    func decide(_ command: OpenBatch, _ group: inout GroupDraft) throws(Rejection) {
        _ = try account(command.account)
        if batches[BatchKey(account: command.account, batch: command.batch)] != nil { throw .batchExists(command.batch) }
        group.add(
            .batchOpened(
                BatchOpened(account: command.account, batch: command.batch, feature: command.feature, size: command.size)))
    }

    func decide(_ command: CloseBatch, _ group: inout GroupDraft) throws(Rejection) {
        _ = try account(command.account)
        guard let batch = batches[BatchKey(account: command.account, batch: command.batch)] else {
            throw .batchNotFound(command.batch)
        }
        if !batch.isOpen { throw .batchClosed(command.batch) }
        group.add(.batchClosed(BatchClosed(account: command.account, batch: command.batch)))
    }

    func decide(_ command: AcknowledgeAlerts, _ group: inout GroupDraft) throws(Rejection) {
        guard (1...AcknowledgeAlerts.alertCountMax).contains(command.alerts.count) else {
            throw .invalidField(field: "alerts", reason: "must name 1 to \(AcknowledgeAlerts.alertCountMax) alerts")
        }
        for alert in command.alerts where !unreadAlerts.contains(alert) { throw .alertNotFound(alert) }
        let acknowledged = AlertAcknowledged(alerts: command.alerts)
        group.add(command.state == .read ? .alertRead(acknowledged) : .alertDelivered(acknowledged))
    }
}
