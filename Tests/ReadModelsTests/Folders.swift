import Projections

@testable import ReadModels

/// A small folder of a test: it counts events by type, and keeps their ids.
func folder(
    schema: String = countsSchema, apply: String = countsApply, queries: [String: String] = ["all": countsQuery],
    name: String = "counts"
) -> ProjectionFolder {
    var files = ["schema.sql": schema, "apply.sql": apply]
    for (name, sql) in queries { files["queries/\(name).sql"] = sql }
    return ProjectionFolder(name: name, files: files)
}

let countsSchema = """
    -- How many events there are of each type.
    CREATE TABLE counts (type TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    """
let countsApply = """
    INSERT INTO counts SELECT type, sum(count) FROM events WHERE true GROUP BY type
    ON CONFLICT DO UPDATE SET count = count + excluded.count;
    """
let countsQuery = """
    -- All counts.
    -- returns type text, count integer
    SELECT type, count FROM counts ORDER BY type;
    """

/// The reason for which a folder is refused; nil when it is not.
func refusal(_ folder: ProjectionFolder) -> String? {
    do {
        _ = try Projection(folder)
        return nil
    } catch { return error.description }
}
