import ArgumentParser
import Projections
import ReadModels

/// Which read models there are: those that the program brings along, and an operator's own.
struct ProjectionsOption: ParsableArguments {
    @Option(
        name: .customLong("projections"),
        help: ArgumentHelp("Also keep the read models in this directory: one folder of SQL each.", valueName: "dir"))
    var directory: String?

    /// All of them, the operator's last. Throws what is wrong with a folder, and where.
    func all() throws -> [Projection] {
        guard let directory else { return Projection.builtIn }
        return Projection.builtIn + (try ProjectionFolder.folders(in: directory).map { try Projection($0) })
    }
}
