import LedgerModel

/// What is still taken when there is no space for another reserve: what ends or gives back, and what an operator needs. It lives on
/// the zeros that are written already.
extension Command {
    static let takenOnFullDisk = "settle, release, extend, refund, revokeKeys and configure"

    var isTakenOnFullDisk: Bool {
        switch self {
        case .settle, .release, .extend, .refund, .revokeKeys, .configure: true
        case .submit(let submit): submit.commands.allSatisfy(\.command.isTakenOnFullDisk)
        case .openAccount, .freezeAccount, .unfreezeAccount, .closeAccount, .grant, .adjust, .debit, .debitBatch, .recordUsage,
            .hold, .openBatch, .closeBatch, .subscribe, .changePlan, .unsubscribe, .overrideAllowance, .resetAllowance, .rollback,
            .issueKeys, .updateKeys, .acknowledgeAlerts, .reportUsage, .reportSync:
            false
        }
    }
}

extension Book {
    /// It would write, and is not of what is still taken. An id that is known is answered from what is written.
    func refusesOnFullDisk(_ request: Request) -> Bool {
        !request.command.isTakenOnFullDisk && sequence(of: request.id, in: request.tenant) == nil
    }
}
