import ArgumentParser
import LedgerEngine
import LedgerModel
import Projections
import ReadModels
import SegmentLog

struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a read model anew from the log, while no daemon serves.",
        discussion: """
            The new file is made beside the old one and takes its place when it has caught up. With --check nothing is replaced: the file in \
            use is compared with a fresh one row by row, and the first difference is named (exit status 1).

            Read models: \(Projection.builtIn.map(\.name).joined(separator: ", ")).
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var projections: ProjectionsOption

    @Argument(help: ArgumentHelp("The read model.", valueName: "name"))
    var name: String

    @Flag(help: "Compare instead of replacing.")
    var check = false

    func validate() throws { _ = try projection() }

    private func projection() throws -> Projection {
        let all = try projections.all()
        guard let projection = all.first(where: { $0.name == name }) else {
            throw ValidationError("there is no read model \(name); there are \(all.map(\.name).joined(separator: ", "))")
        }
        return projection
    }

    func run() throws {
        let reader = LogReader(data.directory)
        // Opened as the daemon opens it: recovered, and refused if read models have seen what the log no longer has.
        let views = "\(data.directory)/views"
        let (log, _) = try SegmentLog.open(
            data.directory, watermarks: seen(in: data.directory), creatingWith: nil,
            now: Clock.system.now())
        let head = log.head
        let rebuild = try OfflineRebuild(projection(), in: views, reader: reader)
        var line = ProgressLine("rebuild \(name)")
        func show(_ sequence: SequenceNumber) {
            line.show(sequence.rawValue, of: head.lastSequence.rawValue, "\(grouped(sequence.rawValue)) events")
        }
        if check {
            let difference = try rebuild.check(upTo: head, progress: show)
            line.finish()
            try log.close()
            guard let difference else { return print("\(name): every row is the same") }
            complain("\(name): \(difference)")
            throw ExitCode.failure
        }
        try rebuild.rebuild(upTo: head, progress: show)
        line.finish()
        try log.close()
        print("\(name): made anew from \(grouped(head.lastSequence.rawValue)) events")
    }
}
