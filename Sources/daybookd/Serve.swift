import ArgumentParser
import Dispatch
import Foundation
import LedgerEngine
import LedgerModel
import LedgerServer
import Logging
import Notary
import Projections
import ReadModels
import SegmentLog

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a ledger on a Unix socket.",
        discussion: """
            An empty or absent directory becomes a new ledger. At the start the log is checked and, where a crash left a write unfinished, \
            recovered; then every event is replayed. SIGTERM or SIGINT answers what is under way and ends cleanly; after a kill or a power \
            cut, nothing that was answered is missing. When the log cannot be written, the daemon stops at once with status 70: start it \
            again when the disk is well, and clients repeat what was not answered, with the same ids.

            Only the user who runs the daemon may connect.
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var projections: ProjectionsOption

    @Option(help: ArgumentHelp("The socket; daybook.sock in the data directory unless given.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The origin of a new ledger's checkpoints, such as example.com/ledger.", valueName: "name"))
    var origin: String?

    @Flag(help: "Start although the clock is more than an hour behind the last event.")
    var acceptClock = false

    @Option(
        help: ArgumentHelp(
            "For trying what time does: the ledger's clock begins at this instant (RFC 3339) and runs on. Never for a ledger that counts.",
            valueName: "instant"))
    var clock: String?

    @Option(
        name: .customLong("on-segment"),
        help: ArgumentHelp(
            "Run this with /bin/sh for every sealed segment, its path in DAYBOOK_SEGMENT: to carry it elsewhere.",
            valueName: "command"))
    var onSegment: String?

    @Option(
        name: .customLong("scrub-rate"),
        help: ArgumentHelp("How fast sealed segments are read again to find rot, in bytes/s; 0 for never.", valueName: "bytes"))
    var scrubRate = Housekeeping().scrubBytesPerSecond

    func validate() throws {
        if scrubRate < 0 { throw ValidationError("--scrub-rate must be 0 or more") }
        if let clock, Timestamp(rfc3339: clock) == nil {
            throw ValidationError("--clock must be an instant such as 2026-11-30T23:59:00Z")
        }
        if let origin, Name(origin) == nil || origin.contains(where: { $0 == " " || $0 == "+" }) {
            throw ValidationError("--origin must be a short name without spaces or plus signs")
        }
    }

    func run() async throws {
        Serve.raiseDescriptorLimit()
        let projections = try projections.all()
        let logger = Logger(label: "daybookd", factory: StreamLogHandler.standardError(label:))
        let views = "\(data.directory)/views"
        let log = LogReader(data.directory)
        let stop = StopSignals()

        let engine = try openEngine(watermarks: seen(in: data.directory), logger)
        var line = ProgressLine("tree")
        let notary = try engine.notary(
            in: data.directory, note: { logger.warning("\($0)") },
            progress: { line.show($0, of: $1, "\(grouped($0)) events") })
        line.finish()
        let readModels = try ReadModels(
            views, projections: projections, reader: log, head: engine.committed, note: { logger.warning("\($0)") })
        let drifts = DriftWatch(engine, readModels)
        let path = socket ?? "\(data.directory)/daybook.sock"
        let server = LedgerServer(
            engine: engine, readModels: readModels, notary: notary, log: log, drifts: drifts, socketPath: path, logger: logger)
        readModels.start()
        drifts.start()
        notary.start()
        engine.atEnd { notary.stop() }
        try await server.start()
        logger.info("ledger \(engine.status.ledger) with \(engine.status.head.lastSequence) events serves on \(path)")

        let signal = await stop.first()
        logger.info("\(signal): ending")
        await server.stop()
        await drifts.stop()
        engine.stop()
        await readModels.stop()
    }

    /// Connections, segments and read models all need descriptors: as many as the system allows.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private func openEngine(watermarks: [Watermark], _ logger: Logger) throws -> LedgerEngine {
        var options = LedgerEngine.Options()
        options.watermarks = watermarks
        options.acceptClock = acceptClock
        options.origin = origin.flatMap { Name($0) }
        options.housekeeping.scrubBytesPerSecond = scrubRate
        options.housekeeping.onSegment = onSegment
        options.housekeeping.note = { logger.warning("\($0)") }
        options.snapshots.note = { logger.warning("\($0)") }
        if let start = clock.flatMap({ Timestamp(rfc3339: $0) }) {
            options.clock = .running(from: start)
            logger.warning("the ledger's clock begins at \(start): this is for trying things only")
        }
        var line = ProgressLine("replay")
        let engine = try LedgerEngine(data.directory, options, notice: { Serve.tell($0, &line, logger) }) { fault in
            complain("daybookd: the log cannot be written and the daemon stops: \(fault)")
            Foundation.exit(70)
        }
        line.finish()
        return engine
    }

    private static func tell(_ notice: LedgerEngine.Notice, _ line: inout ProgressLine, _ logger: Logger) {
        switch notice {
        case .replaying(let progress): line.show(progress.events, of: progress.eventsTotal, "\(grouped(progress.events)) events")
        case .cut(let cut):
            logger.warning(
                "an unfinished write of \(cut.byteCount) bytes was cut off segment \(cut.segment) at offset \(cut.offset); it is kept as torn/\(cut.tornFile)"
            )
        case .clockAhead(let days): logger.warning("the clock is \(days) days ahead of the last event: is it right?")
        }
    }
}

/// SIGTERM and SIGINT as something to wait for.
private struct StopSignals {
    private let stream: AsyncStream<String>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        self.stream = stream
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(name) }
            source.resume()
            return source
        }
    }

    func first() async -> String {
        for await name in stream { return name }
        return "end"
    }
}
