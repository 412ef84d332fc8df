import EventCodec
public import JSONText
public import LedgerModel

/// The result of `verifyKey`.
extension JSONWriter {
    /// `{tenant, key, account, status, usable, ...}` with the key's terms and what it has used of them.
    public mutating func verifiedKey(_ view: KeyView) {
        beginObject()
        named("tenant", view.tenant)
        named("key", view.key)
        named("account", view.account)
        key("status")
        string(view.status.rawValue)
        key("usable")
        boolean(view.isUsable)
        key("expired")
        boolean(view.isExpired)
        key("accountState")
        string(view.accountState.rawValue)
        terms(view)
        endObject()
    }

    private mutating func terms(_ view: KeyView) {
        named("platform", ifAny: view.terms.platform)
        named("owner", ifAny: view.terms.owner)
        named("name", ifAny: view.terms.name)
        names("tags", view.terms.tags)
        time("expiresAt", view.terms.expiresAt)
        if let limit = view.terms.limit { self.limit(limit, view) }
        names("features", view.terms.features)
        openHolds(view)
    }

    private mutating func limit(_ limit: KeyLimit, _ view: KeyView) {
        key("limit")
        beginObject()
        named("unit", limit.unit)
        count("amount", limit.amount)
        period(limit.period)
        count("used", view.used)
        time("start", view.window?.start)
        time("resetsAt", view.window?.end)
        endObject()
    }

    private mutating func openHolds(_ view: KeyView) {
        key("openHolds")
        integer(view.openHolds)
        if let most = view.terms.maxOpenHolds {
            key("maxOpenHolds")
            integer(most)
        }
    }

    /// Absent when there are none.
    private mutating func names(_ field: StaticString, _ names: [Name]) {
        if names.isEmpty { return }
        key(field)
        beginArray()
        for name in names { self.name(name) }
        endArray()
    }
}

extension KeyView {
    /// Whether a use with it would not be refused for the key or the account; limits and features apart.
    fileprivate var isUsable: Bool { (status == .active || status == .faulty) && !isExpired && accountState == .open }
}

extension RPCError {
    /// What `verifyKey` answers when no key has the hash.
    public static func unknownKey(_ hash: KeyHash) -> RPCError { .rejected(RejectionRecord(.keyNotFound(Name(hash.text)!))) }
}
