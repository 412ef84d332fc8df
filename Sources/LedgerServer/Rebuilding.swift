import JSONText
import LedgerRPC
import ReadModels

/// What became of a call about a read model.
enum RebuildOutcome: Sendable {
    case begun
    case compared(ReadModelDifference?)
}

/// A check ends with its connection; a rebuild does not.
extension Connection {
    func rebuild(_ call: RebuildCall, tag: UInt64) {
        queryCount += 1
        tasks[tag] = away { [ledger = lane.ledger] in
            let result = await ledger.rebuild(call)
            return { connection in
                connection.queryCount -= 1
                connection.tasks[tag] = nil
                switch result {
                case .success(let outcome): connection.answer(tag, call, outcome)
                case .failure(let error): connection.answer(tag, with: error)
                }
            }
        }
    }

    private func answer(_ tag: UInt64, _ call: RebuildCall, _ outcome: RebuildOutcome) {
        answer(tag) { writer in
            writer.beginObject()
            writer.key("readModel")
            writer.string(call.readModel)
            if case .compared(let difference) = outcome {
                writer.key("difference")
                if let difference { writer.string(difference.description) } else { writer.null() }
            }
            writer.endObject()
        }
    }
}

extension ReadModels {
    func answer(_ call: RebuildCall) async -> Result<RebuildOutcome, RPCError> {
        let names = status().map(\.name)
        guard names.contains(call.readModel) else { return .failure(.noReadModel(call, there: names)) }
        do throws(ReadModelError) {
            switch call {
            case .rebuild(let name):
                try await rebuild(name)
                return .success(.begun)
            case .check(let name): return .success(.compared(try await check(name)))
            }
        } catch { return .failure(.internalError(error.description)) }
    }
}
