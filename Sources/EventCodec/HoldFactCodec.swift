import JSONText
import LedgerModel

/// Facts about holds.
extension JSONWriter {
    mutating func held(_ fact: Held) {
        named("account", fact.account)
        priced(fact.priced)
        use(fact.use)
        field("expiresAt", fact.terms.expiresAt)
        choice("onExpiry", fact.terms.onExpiry)
        key("overage")
        overage(fact.terms.overage)
        partsField(fact.parts)
        metersField(fact.meters)
    }

    mutating func holdExtended(_ fact: HoldExtended) {
        named("account", fact.account)
        named("hold", fact.hold)
        field("expiresAt", fact.expiresAt)
    }

    mutating func holdEnded(_ fact: HoldEnded) {
        named("account", fact.account)
        named("hold", fact.hold)
        field("held", fact.held)
        priced(fact.priced)
        use(fact.use)
        if let method = fact.method { choice("method", method) }
        optional("reason", text: fact.reason)
        partsField(fact.parts)
        if !fact.returns.isEmpty {
            key("returns")
            returns(fact.returns)
        }
        positive("shortfall", fact.shortfall)
        metersField(fact.meters)
    }
}

extension OrderedFields {
    mutating func held() throws(FieldError) -> Held {
        Held(
            account: try name("account"), priced: try priced(), use: try use(), terms: try holdTerms(), parts: try parts(),
            meters: try meters())
    }

    private mutating func holdTerms() throws(FieldError) -> HoldTerms {
        HoldTerms(
            expiresAt: try timestamp("expiresAt"), onExpiry: try choice("onExpiry", of: HoldTerms.Expiry.self),
            overage: try required("overage") { (reader, field) throws(FieldError) in try reader.overage(field) })
    }

    mutating func holdExtended() throws(FieldError) -> HoldExtended {
        HoldExtended(account: try name("account"), hold: try name("hold"), expiresAt: try timestamp("expiresAt"))
    }

    mutating func holdEnded() throws(FieldError) -> HoldEnded {
        HoldEnded(
            account: try name("account"), hold: try name("hold"), held: try sequence("held"), priced: try priced(),
            use: try use(), method: try optionalChoice("method", of: SettlementMethod.self), reason: try optionalText("reason"),
            parts: try parts(), returns: try optionalObjects("returns") { (fields) throws(FieldError) in try fields.returned() },
            shortfall: try optionalAmount("shortfall") ?? .zero, meters: try meters())
    }
}
