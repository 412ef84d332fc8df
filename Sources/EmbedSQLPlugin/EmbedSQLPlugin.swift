import Foundation
import PackagePlugin

/// Makes one Swift file of all `.sql` files of a target: `.embedInCode` names a resource by its file name alone, and every
/// folder has a `schema.sql`.
@main
struct EmbedSQLPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? SourceModuleTarget else { return [] }
        let inputs = target.sourceFiles(withSuffix: "sql").map(\.url).sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "ProjectionFolder+BuiltIn.swift")
        return [
            .buildCommand(
                displayName: "Embedding the projections' SQL", executable: try context.tool(named: "EmbedSQL").url,
                arguments: [output.path, target.directoryURL.path] + inputs.map(\.path), inputFiles: inputs, outputFiles: [output]
            )
        ]
    }
}
