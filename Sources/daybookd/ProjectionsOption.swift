import ArgumentParser
import Projections
import ReadModels

/// Which read models there are: those that the program brings along, and an operator's own.
struct ProjectionsOption: ParsableArguments {
    @Option(
        name: .customLong("projections"),
        help: ArgumentHelp("Also keep the read models in this directory: one folder of SQL each.", valueName: "dir"))
    var directory: String?

    /// All of them, the operator's last. Throws what is wrong with the first folder that is not sound, and where.
    func all() throws -> [Projection] {
        guard let directory else { return Projection.builtIn }
        var all = Projection.builtIn
        for folder in try ProjectionFolder.folders(in: directory) {
            // Names differ by more than their case, for a file system may not tell them apart.
            if let taken = all.first(where: { $0.name.lowercased() == folder.name.lowercased() }) {
                throw ValidationError("projection \(folder.name) in \(directory): there is a read model \(taken.name) already")
            }
            all.append(try Projection(folder))
        }
        return all
    }

    /// Those of the names given, in their order. Throws when there is none of a name.
    func named(_ names: [String]) throws -> [Projection] {
        let all = try all()
        return try names.map { name in
            guard let projection = all.first(where: { $0.name == name }) else {
                throw ValidationError("there is no read model \(name); there are \(all.map(\.name).joined(separator: ", "))")
            }
            return projection
        }
    }
}
