import EventCodec
import JSONText
import LedgerEngine
import LedgerModel
import LedgerRPC
import ReadModels
import SegmentLog

extension JSONWriter {
    /// The writer's answer to a question.
    mutating func outcome(_ outcome: Outcome, to id: RequestID) {
        switch outcome {
        case .accepted(let events, let replayed): reply(to: id) { $0.commandResult(events, replayed: replayed) }
        case .dryRun(let dryRun): reply(to: id) { $0.dryRun(dryRun) }
        case .balances(let holdings): reply(to: id) { $0.balances(holdings) }
        case .quotas(let quotas): reply(to: id) { $0.quotas(quotas) }
        case .checked(.success(let events)): reply(to: id) { $0.checkResult(events) }
        case .checked(.failure(let rejection)): reply(to: id) { $0.checkResult(rejection) }
        case .key(let view): reply(to: id) { $0.verifiedKey(view) }
        case .explained(let explanation, let inquiry): reply(to: id) { $0.explanation(explanation, of: inquiry) }
        case .rejected(let rejection): reply(to: id, error: .rejected(RejectionRecord(rejection)))
        case .idMismatch(let sequence): reply(to: id, error: .idMismatch(sequence))
        case .diskFull: reply(to: id, error: .diskFull)
        case .tooLarge(let byteCount, let limit):
            reply(to: id, error: .tooLarge("the command's events have \(byteCount) bytes", limit: limit))
        case .failed(let reason): reply(to: id, error: .internalError(reason))
        }
    }

    private mutating func explanation(_ explanation: Explanation, of inquiry: Inquiry) {
        self.explanation(
            of: Explain(inquiry), events: explanation.events, opened: explanation.opened, documents: explanation.documents,
            holdings: explanation.holdings, rejection: explanation.rejection)
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
        key("diskFull")
        boolean(status.isDiskFull)
        scrub(status.scrub)
        key("drifts")
        if let count = status.driftCount { integer(count) } else { null() }
        key("readModels")
        beginArray()
        for readModel in status.readModels { self.readModel(readModel) }
        endArray()
        endObject()
    }

    private mutating func scrub(_ progress: ScrubProgress) {
        key("scrub")
        beginObject()
        key("segment")
        integer(Int64(progress.segment.rawValue))
        key("rounds")
        integer(Int64(progress.finishedRoundCount))
        if let finishedAt = progress.lastFinishedAt {
            key("finishedAt")
            timestamp(finishedAt)
        }
        key("damaged")
        beginArray()
        for segment in progress.damaged { integer(Int64(segment.rawValue)) }
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
        if let checked = status.checked {
            key("checked")
            integer(Int64(checked.rawValue))
        }
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

extension Inquiry {
    init(_ explain: Explain) {
        self =
            switch explain {
            case .command(let tenant, let id): .command(tenant: tenant, id: id)
            case .balance(let tenant, let account, let unit): .balance(tenant: tenant, account: account, unit: unit)
            case .use(let check): .use(check)
            }
    }
}

extension Explain {
    fileprivate init(_ inquiry: Inquiry) {
        self =
            switch inquiry {
            case .command(let tenant, let id): .command(tenant: tenant, id: id)
            case .balance(let tenant, let account, let unit): .balance(tenant: tenant, account: account, unit: unit)
            case .use(let check): .use(check)
            }
    }
}
