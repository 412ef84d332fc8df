package import LedgerModel

/// Where a book and the oracle part.
package struct OracleDifference: CustomStringConvertible {
    package let description: String

    package init(_ what: String, ledger: String, oracle: String) {
        description = "\(what)\n  ledger: \(ledger)\n  oracle: \(oracle)"
    }
}

extension Oracle {
    /// The first account or key of which a book says something else, of those that random commands name; nil when there is
    /// none.
    package func firstDifference(from book: Book, at now: Timestamp) -> OracleDifference? {
        for tenant in RandomCommands.tenants {
            for account in RandomCommands.accounts {
                if let difference = firstDifference(of: account, in: tenant, from: book, at: now) { return difference }
            }
            if let difference = keyDifference(of: tenant, from: book, at: now) { return difference }
        }
        return nil
    }

    package func firstDifference(of account: Name, in tenant: Name, from book: Book, at now: Timestamp) -> OracleDifference? {
        guard let foretold = state(of: account, in: tenant, at: now) else { return nil }
        let found = OracleState(book, account, tenant, at: now)
        if found == foretold { return nil }
        return OracleDifference("\(account) of \(tenant) at \(now)", ledger: found.text, oracle: foretold.text)
    }

    private func keyDifference(of tenant: Name, from book: Book, at now: Timestamp) -> OracleDifference? {
        for (hash, foretold) in keys(of: tenant, at: now) {
            let found = book.key(with: hash, at: now).map { OracleKeyState($0) }
            if found == foretold { continue }
            return OracleDifference("a key of \(tenant)", ledger: "\(found, default: "none")", oracle: "\(foretold)")
        }
        return nil
    }

    /// When the first due thing is due, if a book says something else.
    package func dueDifference(from book: Book) -> OracleDifference? {
        if book.nextDue == nextDue { return nil }
        return OracleDifference(
            "the next due thing", ledger: book.nextDue?.description ?? "none", oracle: nextDue?.description ?? "none")
    }
}
