import CSQLite

extension Connection {
    /// Runs a statement of `apply.sql` over the stretch that is there. It is held to what such SQL may do, and to a number of steps: one
    /// that never ends must not hold up its projector for ever. An error names the statement.
    ///
    /// - Parameter number: the statement's place in the file, from 1.
    func apply(_ statement: Statement, number: Int, stepCountMax: Int = ReadModelBounds.applyStepCountMax) throws {
        do {
            try confinement.confined(to: .apply) {
                try limited(toSteps: stepCountMax) { try statement.run() }
            }
        } catch let error as SQLiteError {
            throw SQLiteError(code: error.code, message: "statement \(number), \(statement.beginning): \(error.message)")
        }
    }

    /// Runs `body`, and interrupts the statement in it when SQLite's machine has made so many steps. Unlike time, steps are the same on
    /// every machine.
    func limited<Result>(toSteps count: Int, _ body: () throws -> Result) throws -> Result {
        var looks = count / Int(ReadModelBounds.stepsBetweenLooks)
        return try withUnsafeMutablePointer(to: &looks) { looks in
            sqlite3_progress_handler(
                handle, ReadModelBounds.stepsBetweenLooks,
                { looks in
                    let looks = looks!.assumingMemoryBound(to: Int.self)
                    looks.pointee -= 1
                    return looks.pointee > 0 ? 0 : 1
                }, looks)
            defer { sqlite3_progress_handler(handle, 0, nil, nil) }
            do { return try body() } catch let error as SQLiteError where error.isInterruption {
                throw SQLiteError(code: error.code, message: "it took more than \(count) steps")
            }
        }
    }
}

extension Statement {
    /// The first words of its text, to know it by.
    fileprivate var beginning: String {
        let text = sqlite3_sql(handle).map { String(cString: $0) } ?? ""
        let lines = text.split(whereSeparator: \.isNewline).drop { $0.drop(while: \.isWhitespace).hasPrefix("--") }
        let words = lines.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 60 ? "\"\(words.prefix(60))...\"" : "\"\(words)\""
    }
}
