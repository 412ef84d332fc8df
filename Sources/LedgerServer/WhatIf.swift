import JSONText
import LedgerModel
import LedgerRPC
import ReadModels
import WhatIf

/// Questions about the past end with their connection.
extension Connection {
    func whatIf(_ call: WhatIfCall, tag: UInt64) {
        queryCount += 1
        tasks[tag] = away { [ledger = lane.ledger] in
            let result = await ledger.whatIf(call)
            return { connection in
                connection.queryCount -= 1
                connection.tasks[tag] = nil
                switch result {
                case .success(let report): connection.answer(tag) { $0.whatIf(report) }
                case .failure(let error): connection.answer(tag, with: RPCError(error))
                }
            }
        }
    }
}

extension WhatIfDesk {
    func answer(_ call: WhatIfCall, now: Timestamp) async -> Result<WhatIfReport, WhatIfError> {
        let question = WhatIfQuestion(
            tenant: call.tenant, key: call.key, document: call.document, days: call.days, top: call.top)
        do throws(WhatIfError) { return .success(try await answer(question, now: now)) } catch { return .failure(error) }
    }
}

extension RPCError {
    init(_ error: WhatIfError) {
        switch error {
        case .rejected(let rejection): self = .rejected(RejectionRecord(rejection))
        case .query(.rebuilding(let reached, let head), let query):
            self = .notReady("\(query): \(QueryError.rebuilding(reached: reached, of: head).description)")
        case .query(let error, let query): self = .internalError("\(query): \(error.description)")
        case .overloaded: self = .overloaded
        case .cancelled: self = .timeLimit
        }
    }
}
