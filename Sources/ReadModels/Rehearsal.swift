import Projections

/// Tries a folder's SQL out on an empty database before anything is built from it: what SQLite refuses, and what does not agree with
/// the queries' headers, is found when the program starts and not when the query is asked.
enum Rehearsal {
    static func run(_ projection: Projection) throws(ProjectionError) {
        let connection = try trying(projection, ProjectionFolder.schema) { () throws in
            let connection = try Connection("", .scratch)
            try StretchModule.register(StretchWindow(), on: connection)
            try ReadModelMark.rehearse(on: connection)
            try connection.confinement.confined(to: .schema) {
                // A table may be made from a query.
                try connection.limited(toSteps: ReadModelBounds.rehearsalStepCountMax) {
                    try connection.execute(projection.schema)
                }
            }
            try checkDefaults(on: connection)
            return connection
        }
        try trying(projection, ProjectionFolder.apply) {
            let statements = try connection.confinement.confined(to: .apply) { try connection.statements(projection.apply) }
            for (index, statement) in statements.enumerated() {
                try connection.apply(statement, number: index + 1, stepCountMax: ReadModelBounds.rehearsalStepCountMax)
            }
        }
        for query in projection.queries {
            try trying(projection, query.path) { try check(query, on: connection) }
        }
    }

    private static func trying<Result>(
        _ projection: Projection, _ path: String, _ body: () throws -> Result
    ) throws(ProjectionError) -> Result {
        do { return try body() } catch { throw ProjectionError(folder: projection.name, file: path, reason: "\(error)") }
    }

    /// SQLite asks nobody when a default calls a function: what it may call is asked here.
    private static func checkDefaults(on connection: Connection) throws {
        let defaults = try connection.statement(
            """
            SELECT c.dflt_value FROM sqlite_master t, pragma_table_xinfo(t.name) c
            WHERE t.type = 'table' AND c.hidden = 0 AND c.dflt_value IS NOT NULL
            """)
        while try defaults.step() {
            let expression = defaults.text(0)
            _ = try connection.confinement.confined(to: .schema) { try connection.statement("SELECT \(expression)") }
        }
    }

    /// A query that does not agree with its header.
    private struct Disagreement: Error, CustomStringConvertible {
        let description: String
    }

    private static func check(_ query: Query, on connection: Connection) throws {
        let statements = try connection.confinement.confined(to: .query) { try connection.statements(query.sql) }
        guard let statement = statements.first, statements.count == 1 else {
            throw Disagreement(description: "a query is one statement")
        }
        let declared = query.columns.map(\.name)
        guard statement.columnNames == declared else {
            throw Disagreement(
                description:
                    "it returns \(statement.columnNames.joined(separator: ", ")), and declares \(declared.joined(separator: ", "))"
            )
        }
        try check(used: Set(statement.parameterNames), in: query)
    }

    private static func check(used: Set<String>, in query: Query) throws(Disagreement) {
        let declared = Set(query.parameters.map(\.name))
        let known = declared.union([Query.now]).union(query.page.map { Query.after($0.column) })
        if let name = used.subtracting(known).min() { throw Disagreement(description: "it uses :\(name), which is not declared") }
        if let name = declared.subtracting(used).min() {
            throw Disagreement(description: "it declares \(name) and does not use it")
        }
    }
}

extension Query {
    /// The file inside the folder.
    fileprivate var path: String { ProjectionFolder.queries + name.drop { $0 != "." }.dropFirst() + ".sql" }
}
