import JSONText
import LedgerModel

/// Facts about accounts and their lots.
extension JSONWriter {
    mutating func accountOpened(_ fact: AccountOpened) {
        named("account", fact.account)
        optional("name", fact.name)
        nonempty("labels", fact.labels)
    }

    mutating func accountStateChanged(_ fact: AccountStateChanged) {
        named("account", fact.account)
        field("reason", text: fact.reason)
    }

    mutating func granted(_ fact: Granted) {
        named("account", fact.account)
        terms(fact.terms)
        optional("memo", text: fact.memo)
        partsField([fact.part])
    }

    mutating func adjusted(_ fact: Adjusted) {
        named("account", fact.account)
        key("direction")
        literal(quoting: fact.isIncrease ? "up" : "down")
        field("reason", text: fact.reason)
        key("before")
        balance(fact.before)
        partsField([fact.part])
        metersField(fact.meters)
    }

    mutating func lotExpired(_ fact: LotExpired) {
        named("account", fact.account)
        field("lot", fact.lot)
        field("expiresAt", fact.expiresAt)
        partsField([fact.part])
    }
}

extension OrderedFields {
    mutating func accountOpened() throws(FieldError) -> AccountOpened {
        AccountOpened(account: try name("account"), name: try optionalName("name"), labels: try labels())
    }

    mutating func accountStateChanged() throws(FieldError) -> AccountStateChanged {
        AccountStateChanged(account: try name("account"), reason: try text("reason"))
    }

    mutating func granted() throws(FieldError) -> Granted {
        Granted(account: try name("account"), terms: try terms(), memo: try optionalText("memo"), part: try onlyPart())
    }

    mutating func adjusted() throws(FieldError) -> Adjusted {
        let account = try name("account")
        let direction = try choice("direction", of: Direction.self)
        return Adjusted(
            account: account, reason: try text("reason"), isIncrease: direction == .up, before: try balance("before"),
            part: try onlyPart(), meters: try meters())
    }

    private enum Direction: String, CaseIterable {
        case up, down
    }

    mutating func lotExpired() throws(FieldError) -> LotExpired {
        LotExpired(
            account: try name("account"), lot: try sequence("lot"), expiresAt: try timestamp("expiresAt"), part: try onlyPart())
    }
}
