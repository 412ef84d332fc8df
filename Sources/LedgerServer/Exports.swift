import JSONText
import LedgerModel
import LedgerRPC
import NIOConcurrencyHelpers
import NIOCore
import ReadModels

/// An export as it begins: what reads it, and what is known before its first row.
struct BegunExport: Sendable {
    let export: Export
    let head: Export.Head
}

/// An export of a connection.
struct OpenExport {
    let export: Export
    let query: String
    /// A chunk of it is being read: there is one at a time, so that the chunks come in their order.
    var isReading = false
    /// Ends it when nobody asks for more.
    var timer: Scheduled<Void>?
}

/// How many exports are open on all connections.
final class ExportPlaces: Sendable {
    private let taken = NIOLockedValueBox(0)

    /// False when there are as many as there may be.
    func take(of countMax: Int) -> Bool {
        taken.withLockedValue { count in
            if count >= countMax { return false }
            count += 1
            return true
        }
    }

    func giveBack() { taken.withLockedValue { $0 -= 1 } }
}

/// Exports belong to their connection, and end with it.
extension Connection {
    func export(_ call: ExportCall, tag: UInt64) {
        switch call {
        case .begin(let query, let parameters): beginExport(query, parameters, tag)
        case .next(let number): nextChunk(number, tag)
        case .end(let number): endExport(number, tag)
        }
    }

    // MARK: Begin

    private func beginExport(_ query: String, _ parameters: QueryParameters, _ tag: UInt64) {
        if exports.count + beginningExportCount >= bounds.exportCountMax {
            return answer(tag, with: .tooLarge("an export more than may be open on a connection", limit: bounds.exportCountMax))
        }
        guard lane.ledger.exportPlaces.take(of: bounds.exportCountMaxInAll) else { return answer(tag, with: .overloaded) }
        beginningExportCount += 1
        queryCount += 1
        away { [ledger = lane.ledger] in
            let result = await ledger.export(query, parameters)
            return { connection in
                connection.queryCount -= 1
                connection.beginningExportCount -= 1
                connection.begin(tag, query, result)
            }
        }
    }

    private func begin(_ tag: UInt64, _ query: String, _ result: Result<BegunExport, QueryError>) {
        switch result {
        case .failure(let error):
            lane.ledger.exportPlaces.giveBack()
            answer(tag, with: RPCError(error, exporting: lane.ledger.query(named: query)))
        case .success(let begun):
            // The client has gone: nobody will ask, and nobody else will end it.
            guard context != nil else { return lane.ledger.exportPlaces.giveBack() }
            exportCount += 1
            exports[exportCount] = OpenExport(export: begun.export, query: query)
            waitForClient(exportCount)
            answer(tag) { [exportCount] in $0.export(exportCount, begun.head) }
        }
    }

    // MARK: Chunks

    private func nextChunk(_ number: Int64, _ tag: UInt64) {
        guard let open = exports[number] else { return answer(tag, with: .noExport(number)) }
        if open.isReading {
            return answer(tag, with: .invalidRequest("export \(number) is being read: ask again when it is answered"))
        }
        open.timer?.cancel()
        exports[number]?.isReading = true
        queryCount += 1
        away { [export = open.export] in
            let result = await Result(chunkOf: export)
            return { connection in
                connection.queryCount -= 1
                connection.answer(tag, chunk: result, of: number)
            }
        }
    }

    private func answer(_ tag: UInt64, chunk: Result<Export.Chunk, QueryError>, of number: Int64) {
        guard let query = exports[number]?.query else { return answer(tag, with: .noExport(number)) }
        exports[number]?.isReading = false
        switch chunk {
        case .success(let chunk):
            if chunk.isLast { closeExport(number) } else { waitForClient(number) }
            answer(tag) { $0.chunk(chunk) }
        case .failure(let error):
            closeExport(number)
            answer(tag, with: RPCError(error, exporting: lane.ledger.query(named: query)))
        }
    }

    private func waitForClient(_ number: Int64) {
        let connection = WayBack(self)
        exports[number]?.timer = context?.eventLoop.scheduleTask(in: .seconds(bounds.exportPatienceSeconds)) {
            connection { $0.closeExport(number) }
        }
    }

    // MARK: End

    private func endExport(_ number: Int64, _ tag: UInt64) {
        guard exports[number] != nil else { return answer(tag, with: .noExport(number)) }
        closeExport(number)
        answer(tag) { writer in
            writer.beginObject()
            writer.endObject()
        }
    }

    private func closeExport(_ number: Int64) {
        guard let open = exports.removeValue(forKey: number) else { return }
        open.timer?.cancel()
        open.export.end()
        lane.ledger.exportPlaces.giveBack()
    }

    func endExports() {
        for number in exports.keys { closeExport(number) }
    }
}

extension Result where Success == Export.Chunk, Failure == QueryError {
    fileprivate init(chunkOf export: Export) async {
        do { self = .success(try await export.next()) } catch { self = .failure(error) }
    }
}

extension RPCError {
    fileprivate static func noExport(_ number: Int64) -> RPCError {
        .invalidRequest("this connection has no export \(number): it has ended, or nobody asked for its next rows in time")
    }
}
