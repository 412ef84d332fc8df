import CSQLite
public import LedgerModel

/// Asking for all rows of a query, without pages and without a bound on their number.
extension ReadModels {
    /// A cursor over all rows of a query, to be used on the caller's thread.
    ///
    /// - Parameters:
    ///   - method: the query's name, such as `usage.history`.
    ///   - arguments: its parameters by name. There are no pages, and so no `limit`.
    ///   - now: the ledger's time, by which lots lapse.
    ///   - interruption: ends the cursor from another thread.
    public func cursor(
        _ method: String, _ arguments: [String: QueryValue] = [:], now: Timestamp, interruption: Interruption = Interruption()
    ) throws(QueryError) -> ExportCursor {
        let kept = try kept(answering: method)
        if kept.projection.query(method) == nil { throw .unknownQuery(method) }
        for _ in 0..<ReadModelBounds.openingCountMax {
            guard let serving = kept.projector.board.serving, let query = serving.projection.query(method) else { break }
            let arguments = try QueryArguments(allRowsOf: query, arguments, now: now)
            let tellDamage = { (error: SQLiteError) in kept.projector.tellDamage(of: serving.generation, error) }
            do {
                return try ExportCursor(query, on: serving, arguments, interruption, tellDamage: tellDamage)
            } catch is ExportCursor.Moved {
                continue
            } catch let error as SQLiteError where error.isMissingFile {
                continue
            } catch {
                if let error = error as? SQLiteError, error.isDamage { tellDamage(error) }
                throw QueryError(error)
            }
        }
        throw rebuilding(kept)
    }

    /// The same in chunks, on a thread of their own.
    ///
    /// - Parameter minSeq: waits until the read model has followed the log up to here.
    public func export(
        _ method: String, _ arguments: [String: QueryValue] = [:], minSeq: SequenceNumber? = nil, now: Timestamp
    ) async throws(QueryError) -> (Export, Export.Head) {
        let kept = try kept(answering: method)
        guard let query = kept.projection.query(method) else { throw .unknownQuery(method) }
        // Bad arguments are told at once, and not only when the read model has come far enough.
        _ = try QueryArguments(allRowsOf: query, arguments, now: now)
        _ = try await serving(kept, atLeast: minSeq ?? .zero)
        let export = Export(bounds: bounds)
        let head = try await export.open { (interruption) throws(QueryError) in
            try cursor(method, arguments, now: now, interruption: interruption)
        }
        return (export, head)
    }
}

extension QueryError {
    /// What a query under way ended with.
    init(_ error: any Error) {
        switch error {
        case let error as QueryError: self = error
        case let error as SQLiteError where error.isInterruption: self = .timeLimit
        default: self = .failed("\(error)")
        }
    }
}

extension SQLiteError {
    /// The file was taken away between the look at the board and the opening of it.
    fileprivate var isMissingFile: Bool { code & 0xff == SQLITE_CANTOPEN }
}
