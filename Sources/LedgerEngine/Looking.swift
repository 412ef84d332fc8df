import LedgerModel

/// Questions that only look.
extension Writer {
    func look(_ asked: Asked, at now: Timestamp) {
        switch asked.question {
        case .command: preconditionFailure("a command does not only look")
        case .balance(let tenant, let account, let unit):
            answer(asked, holdings(of: account, in: tenant, unit, at: now).outcome { .balances($0) })
        case .quota(let tenant, let account):
            answer(
                asked, book.quota(of: account, in: tenant, at: now).map { .quotas($0) } ?? .rejected(.accountNotFound(account)))
        case .check(let check): answer(asked, .checked(events(of: check, at: now)))
        case .verifyKey(let hash):
            answer(asked, book.key(with: hash, at: now).map { .key($0) } ?? .rejected(.keyNotFound(Name(hash.text)!)))
        case .explain(let inquiry): explain(inquiry, asked, at: now)
        }
    }

    private func holdings(of account: Name, in tenant: Name, _ unit: Name?, at now: Timestamp) -> Result<
        [Book.Holding], Rejection
    > {
        guard let holdings = book.holdings(of: account, in: tenant, at: now) else { return .failure(.accountNotFound(account)) }
        return .success(unit.map { unit in holdings.filter { $0.unit == unit } } ?? holdings)
    }

    private func events(of check: Check, at now: Timestamp) -> Result<[Event], Rejection> {
        Result { () throws(Rejection) in try book.check(check, at: now) }
    }

    // MARK: Explaining

    /// Says what the book knows; the rest is read back.
    private func explain(_ inquiry: Inquiry, _ asked: Asked, at now: Timestamp) {
        switch inquiry {
        case .command(let tenant, let id):
            guard let sequence = book.sequence(of: id, in: tenant) else { return answer(asked, .rejected(.debitNotFound(id))) }
            explain(Explanation(), of: Errand.Identified(id: id, sequence: sequence), for: asked)
        case .balance(let tenant, let account, let unit):
            switch holdings(of: account, in: tenant, unit, at: now) {
            case .success(let holdings): explain(Explanation(holdings: holdings), of: nil, for: asked)
            case .failure(let rejection): answer(asked, .rejected(rejection))
            }
        case .use(let check):
            explain(explanation(of: check, at: now), of: nil, for: asked)
        }
    }

    private func explanation(of check: Check, at now: Timestamp) -> Explanation {
        switch events(of: check, at: now) {
        case .success(let events): Explanation(events: events)
        case .failure(let rejection):
            Explanation(
                documents: price(of: check) + plans(of: check, at: now),
                holdings: book.holdings(of: check.account, in: check.tenant, at: now) ?? [],
                rejection: rejection)
        }
    }

    /// The price of a use that has one.
    private func price(of check: Check) -> [(DocumentKey, Int, Document)] {
        guard let feature = check.ask.feature else { return [] }
        let key = DocumentKey(.price, feature)
        return documents([.init(key: key, number: book.currentVersion(of: key, in: check.tenant))], in: check.tenant)
    }

    /// The plans whose windows are open for the account of a use.
    private func plans(of check: Check, at now: Timestamp) -> [(DocumentKey, Int, Document)] {
        let quotas = book.quota(of: check.account, in: check.tenant, at: now) ?? []
        return documents(quotas.map { .init(key: DocumentKey(.plan, $0.plan), number: $0.version) }, in: check.tenant)
    }

    /// An explanation that was read together, with the documents by which its events were decided.
    func answer(_ asked: Asked, explaining explanation: Explanation) {
        guard case .explain(let inquiry) = asked.question else { preconditionFailure("nothing else is explained") }
        var explanation = explanation
        let known = explanation.documents.map { Explanation.Version(key: $0.0, number: $0.1) }
        explanation.documents += documents(explanation.versions.filter { !known.contains($0) }, in: inquiry.tenant)
        answer(asked, .explained(explanation, of: inquiry))
    }

    private func documents(_ versions: [Explanation.Version], in tenant: Name) -> [(DocumentKey, Int, Document)] {
        var documents: [(DocumentKey, Int, Document)] = []
        for version in versions where !documents.contains(where: { $0.0 == version.key && $0.1 == version.number }) {
            guard let document = book.document(version.key, version: version.number, in: tenant) else { continue }
            documents.append((version.key, version.number, document))
        }
        return documents
    }
}

extension Result where Failure == Rejection {
    fileprivate func outcome(_ told: (Success) -> Outcome) -> Outcome {
        switch self {
        case .success(let value): told(value)
        case .failure(let rejection): .rejected(rejection)
        }
    }
}

extension Inquiry {
    fileprivate var tenant: Name {
        switch self {
        case .command(let tenant, _), .balance(let tenant, _, _): tenant
        case .use(let check): check.tenant
        }
    }
}
