import LedgerModel
import SegmentLog

/// What an operator asks for while the ledger serves.
extension ReadModels {
    /// Begins to build a read model anew from the log. The file that is there answers until the new one has caught up and takes its place;
    /// `status` tells how far it is.
    ///
    /// Throws when there is no such read model, or when it is being built already.
    public func rebuild(_ name: String) async throws(ReadModelError) { try await kept(named: name).projector.rebuild() }

    /// Builds a read model anew to the sequence number of the file that answers, compares the two row by row, and throws the new one away.
    /// The file goes on answering and following; `status` tells how far it is.
    ///
    /// - Returns: the first difference; nil when every row is the same.
    ///
    /// Throws when there is no such read model or no file of it, when it is being checked already, or when the file is damaged or has
    /// seen another log. Cancelling the task ends it.
    public func check(_ name: String) async throws(ReadModelError) -> ReadModelDifference? {
        let projector = try kept(named: name).projector
        let board = projector.board
        guard let serving = board.serving else { throw ReadModelError("the read model \(name) has no file yet") }
        guard board.beginCheck() else { throw ReadModelError("the read model \(name) is being checked already") }
        defer { board.check(nil) }
        let check = ReadModelCheck(serving.projection, in: directory, builder: builder)
        return try await checks.run { [head] in
            do {
                return try check.firstDifference(in: serving.path, upTo: { head.current }) { reached in
                    try Task.checkCancellation()
                    board.check(reached)
                }
            } catch let error as SQLiteError where error.isDamage {
                projector.tellDamage(of: serving.generation, error)
                throw ReadModelError("\(error): it is built anew")
            }
        }
    }

    private func kept(named name: String) throws(ReadModelError) -> Kept {
        if let kept = kept.first(where: { $0.projection.name == name }) { return kept }
        let names = kept.map(\.projection.name).joined(separator: ", ")
        throw ReadModelError("there is no read model \(name); there are \(names)")
    }
}

/// The checks under way, which end when the read models do.
final class Checks: Sendable {
    private typealias Check = Task<ReadModelDifference?, any Error>

    private struct State {
        var running: [UInt64: Check] = [:]
        var count: UInt64 = 0
        var isEnded = false
    }

    private let state = Monitor(State())

    func run(_ check: @escaping @Sendable () throws -> ReadModelDifference?) async throws(ReadModelError) -> ReadModelDifference?
    {
        let task = Task { try await Workbench().run(check) }
        let number = keep(task)
        defer { state.withLock { _ = $0.running.removeValue(forKey: number) } }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        do { return try result.get() } catch {
            throw error as? ReadModelError ?? ReadModelError(error is CancellationError ? "the check was ended" : "\(error)")
        }
    }

    func cancel() {
        let tasks = state.withLock { state in
            state.isEnded = true
            return Array(state.running.values)
        }
        for task in tasks { task.cancel() }
    }

    private func keep(_ check: Check) -> UInt64 {
        state.withLock { state in
            if state.isEnded { check.cancel() }
            state.count += 1
            state.running[state.count] = check
            return state.count
        }
    }
}
