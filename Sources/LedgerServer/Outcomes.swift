import EventCodec
import JSONText
import LedgerEngine
import LedgerModel
import LedgerRPC
import ReadModels
import SegmentLog

extension JSONWriter {
    /// The answer to a command or a balance.
    mutating func outcome(_ outcome: Outcome, to id: RequestID) {
        switch outcome {
        case .accepted(let events, let replayed): reply(to: id) { $0.commandResult(events, replayed: replayed) }
        case .balances(let holdings): reply(to: id) { $0.balances(holdings) }
        case .rejected(let rejection): reply(to: id, error: .rejected(RejectionRecord(rejection)))
        case .idMismatch(let sequence): reply(to: id, error: .idMismatch(sequence))
        case .tooLarge(let byteCount, let limit):
            reply(to: id, error: .tooLarge("the command's events have \(byteCount) bytes", limit: limit))
        case .failed(let reason): reply(to: id, error: .internalError(reason))
        }
    }

    /// The result of `status`.
    mutating func status(_ status: LedgerStatus) {
        beginObject()
        key("api")
        integer(1)
        key("ledger")
        string(status.head.ledger.description)
        key("head")
        beginObject()
        key("seq")
        integer(Int64(status.head.lastSequence.rawValue))
        key("at")
        timestamp(status.lastAt)
        key("chain")
        string(status.head.chain.description)
        endObject()
        key("accounts")
        integer(status.accountCount)
        key("ids")
        integer(status.identifierCount)
        key("readModels")
        beginArray()
        for readModel in status.readModels { self.readModel(readModel) }
        endArray()
        endObject()
    }

    private mutating func readModel(_ status: ReadModelStatus) {
        beginObject()
        key("name")
        string(status.name)
        key("seq")
        integer(Int64(status.sequence.rawValue))
        key("lag")
        integer(Int64(status.lag))
        phase(status.phase)
        endObject()
    }

    private mutating func phase(_ phase: ReadModelStatus.Phase) {
        key("phase")
        switch phase {
        case .starting: string("starting")
        case .following: string("following")
        case .rebuilding(let reached):
            string("rebuilding")
            key("rebuilt")
            integer(Int64(reached.rawValue))
        case .failed(let reason):
            string("failed")
            key("reason")
            string(reason)
        }
    }
}
