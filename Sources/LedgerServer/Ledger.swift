import JSONText
import LedgerEngine
import LedgerModel
import LedgerRPC
import Notary
import ReadModels
import SegmentLog
import WhatIf

/// What the server needs of the rest of the daemon, each as a function.
struct Ledger: Sendable {
    /// Registers a way back for answers; gives its number.
    var addLane: @Sendable (@escaping @Sendable ([Answer]) -> Void) -> Int
    /// Hands questions to the writer; false when it takes none of them.
    var submit: @Sendable ([Asked]) -> Bool
    var query: @Sendable (String, QueryParameters) async -> Result<QueryAnswer, QueryError>
    var queries: [Query]
    /// Reads the log, and may sync a file: never to be called on an event loop.
    var prove: @Sendable (ProofQuestion) -> Result<ProofAnswer, RPCError>
    var status: @Sendable () async -> LedgerStatus
    var committed: CommittedHead
    var log: LogReader
    var export: @Sendable (String, QueryParameters) async -> Result<BegunExport, QueryError> = { method, _ in
        .failure(.unknownQuery(method))
    }
    var whatIf: @Sendable (WhatIfCall) async -> Result<WhatIfReport, WhatIfError> = { _ in .failure(.overloaded) }
    var rebuild: @Sendable (RebuildCall) async -> Result<RebuildOutcome, RPCError> = { .failure(.noReadModel($0, there: [])) }
    /// The exports of all connections.
    let exportPlaces = ExportPlaces()

    func query(named name: String) -> Query { queries.first { $0.name == name }! }
}

/// What `status` tells.
struct LedgerStatus: Sendable {
    var head: LogHead
    /// The ledger's time of the last event.
    var lastAt: Timestamp
    var accountCount: Int
    var identifierCount: Int
    var readModels: [ReadModelStatus]
    /// There is no space for the log: few commands are taken, until there is.
    var isDiskFull = false
    var scrub = ScrubProgress()
    /// How many balances do not add up; nil while nobody knows.
    var driftCount: Int?

    init(head: LogHead, lastAt: Timestamp, accountCount: Int, identifierCount: Int, readModels: [ReadModelStatus]) {
        self.head = head
        self.lastAt = lastAt
        self.accountCount = accountCount
        self.identifierCount = identifierCount
        self.readModels = readModels
    }

    fileprivate init(_ status: EngineStatus, _ readModels: [ReadModelStatus], _ driftCount: Int?) {
        self.init(
            head: status.head, lastAt: status.lastAt, accountCount: status.accountCount, identifierCount: status.identifierCount,
            readModels: readModels)
        (isDiskFull, scrub, self.driftCount) = (status.isDiskFull, status.scrub, driftCount)
    }
}

extension Ledger {
    init(_ engine: LedgerEngine, _ readModels: ReadModels, _ notary: Notary, _ log: LogReader, _ drifts: DriftWatch?) {
        self.init(
            addLane: { engine.addLane($0) },
            submit: { engine.submit($0) },
            query: { method, parameters in await readModels.answer(method, parameters, now: engine.now) },
            queries: readModels.methods,
            prove: { notary.answer($0) },
            status: { LedgerStatus(engine.status, readModels.status(), drifts?.count) },
            committed: engine.committed,
            log: log,
            export: { method, parameters in await readModels.export(method, parameters, now: engine.now) },
            whatIf: { [desk = WhatIfDesk(readModels, zones: .foundation)] in await desk.answer($0, now: engine.now) },
            rebuild: { await readModels.answer($0) })
    }
}

extension ReadModels {
    fileprivate func answer(_ method: String, _ parameters: QueryParameters, now: Timestamp) async -> Result<
        QueryAnswer, QueryError
    > {
        do {
            let values = parameters.values.mapValues(QueryValue.init)
            return .success(try await query(method, values, cursor: parameters.cursor, minSeq: parameters.minSeq, now: now))
        } catch { return .failure(error) }
    }
}

extension QueryValue {
    init(_ value: QueryParameters.Value) {
        switch value {
        case .integer(let value): self = .integer(value)
        case .text(let text): self = .text(text)
        case .texts(let texts): self = .texts(texts)
        case .boolean(let value): self = .boolean(value)
        case .null: self = .null
        }
    }
}
