import ArgumentParser
import LedgerEngine
import LedgerModel
import Projections
import ReadModels
import SegmentLog

struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make read models anew from the log, while no daemon serves; or check them, at any time.",
        discussion: """
            The new file is made beside the old one and takes its place when it is complete. With --check nothing is replaced: the file in \
            use is compared with a fresh one row by row, and the first difference is named (exit status 1). That takes no lock, and a \
            daemon may be serving.

            Read models: \(Projection.builtIn.map(\.name).joined(separator: ", ")).
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var projections: ProjectionsOption

    @Argument(help: ArgumentHelp("The read models.", valueName: "name"))
    var names: [String] = []

    @Flag(help: "All read models.")
    var all = false

    @Flag(help: "Compare instead of replacing.")
    var check = false

    func validate() throws {
        if names.isEmpty != all { throw ValidationError("name read models, or say --all") }
        _ = try projections.named(names)
    }

    func run() throws {
        let chosen = all ? try projections.all() : try projections.named(names)
        if check { try check(chosen) } else { try rebuild(chosen) }
    }

    private var views: String { "\(data.directory)/views" }

    private func rebuild(_ projections: [Projection]) throws {
        // Opened as the daemon opens it: recovered, and refused if read models have seen what the log no longer has.
        let (log, _) = try SegmentLog.open(
            data.directory, watermarks: seen(in: data.directory), creatingWith: nil, now: Clock.system.now())
        let head = log.head
        for projection in projections {
            var line = ProgressLine("rebuild \(projection.name)")
            let pace = Pace()
            try OfflineRebuild(projection, in: views, reader: LogReader(data.directory)).rebuild(upTo: head) { reached in
                line.show(reached.rawValue, of: head.lastSequence.rawValue, pace.words(reached, of: head.lastSequence))
            }
            line.finish()
            print(
                "\(projection.name): made anew from \(grouped(head.lastSequence.rawValue)) events, \(pace.words(head.lastSequence))"
            )
        }
        try log.close()
    }

    /// All are checked, also when one has a difference.
    private func check(_ projections: [Projection]) throws {
        let reader = LogReader(data.directory)
        var areSame = true
        for projection in projections {
            do {
                try check(projection, reader)
            } catch {
                complain("\(projection.name): \(error)")
                areSame = false
            }
        }
        if !areSame { throw ExitCode.failure }
    }

    private func check(_ projection: Projection, _ reader: LogReader) throws {
        var line = ProgressLine("check \(projection.name)")
        let pace = Pace()
        var last = SequenceNumber.zero
        let difference = try OfflineRebuild(projection, in: views, reader: reader).check(upTo: { try reader.head() }) {
            reached, end in
            last = end
            line.show(reached.rawValue, of: end.rawValue, pace.words(reached, of: end))
        }
        line.finish()
        if let difference { throw Difference(description: "\(difference)") }
        print("\(projection.name): every row is the same, of \(grouped(last.rawValue)) events")
    }
}

private struct Difference: Error, CustomStringConvertible {
    let description: String
}

/// How fast a rebuild goes.
private struct Pace {
    private let start = ContinuousClock.now

    private var seconds: Double { max((ContinuousClock.now - start) / .seconds(1), 0.001) }

    /// `1,200,000 events, 240,000/s, 8 s left`.
    func words(_ reached: SequenceNumber, of end: SequenceNumber) -> String {
        let rate = Double(reached.rawValue) / seconds
        let left = rate > 0 ? Int(Double(end.rawValue - min(reached.rawValue, end.rawValue)) / rate) : 0
        return "\(grouped(reached.rawValue)) events, \(grouped(Int(rate)))/s, \(left) s left"
    }

    /// `240,000/s`.
    func words(_ end: SequenceNumber) -> String { "\(grouped(Int(Double(end.rawValue) / seconds)))/s" }
}
