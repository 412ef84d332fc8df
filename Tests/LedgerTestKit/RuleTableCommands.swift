import LedgerModel

/// A command and the id that its line gives it.
struct NamedCommand {
    let command: Command
    let id: Name
}

/// The commands, each with its words.
extension Words {
    /// - Parameter unnamed: The id of a command whose line gives it none.
    mutating func command(unnamed: Name) throws(Unreadable) -> NamedCommand {
        if take("hold") { return try hold() }
        let command = try command(inside: unnamed)
        return NamedCommand(command: command, id: take("id") ? try name() : unnamed)
    }

    private mutating func command(inside id: Name) throws(Unreadable) -> Command {
        let word = try next()
        if word == "submit" { return .submit(try submit(id)) }
        if let command = try accountCommand(word) { return command }
        if let command = try useCommand(word) { return command }
        if let command = try holdCommand(word) { return command }
        if let command = try planCommand(word) { return command }
        if let command = try configurationCommand(word) { return command }
        if let command = try keyCommand(word) { return command }
        if let command = try reportCommand(word) { return command }
        throw Unreadable("\(word) is no command")
    }

    private mutating func accountCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "openAccount": .openAccount(OpenAccount(account: try name()))
        case "freezeAccount": .freezeAccount(ChangeAccountState(account: try name(), reason: "a test"))
        case "unfreezeAccount": .unfreezeAccount(ChangeAccountState(account: try name(), reason: "a test"))
        case "closeAccount": .closeAccount(ChangeAccountState(account: try name(), reason: "a test"))
        case "grant": .grant(try grant())
        case "adjust": .adjust(try adjust())
        default: nil
        }
    }

    private mutating func useCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "debit": .debit(try debit())
        case "debitBatch": .debitBatch(try debitBatch())
        case "openBatch": .openBatch(OpenBatch(account: try name(), batch: try name(), size: take("size") ? try integer() : nil))
        case "closeBatch": .closeBatch(CloseBatch(account: try name(), batch: try name()))
        case "refund": .refund(try refund())
        case "recordUsage": .recordUsage(RecordUsage(account: try name(), ask: try ask(), use: try use()))
        default: nil
        }
    }

    private mutating func holdCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "settle": .settle(try settle())
        case "release": .release(Release(hold: try name(), reason: "a test"))
        case "extend": .extend(Extend(hold: try name(), expiresInSeconds: try seconds()))
        default: nil
        }
    }

    private mutating func planCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "subscribe": .subscribe(try subscribe())
        case "unsubscribe": .unsubscribe(Unsubscribe(account: try name(), plan: try name()))
        case "changePlan": .changePlan(try changePlan())
        case "override": .overrideAllowance(try override())
        case "reset": .resetAllowance(try reset())
        default: nil
        }
    }

    /// `submit grant u-7 credits 5 ; debit u-7 credits 1 id d-1`.
    private mutating func submit(_ id: Name) throws(Unreadable) -> Submit {
        var inner: [Submit.Inner] = []
        if take("nothing") { return Submit(commands: []) }
        for var words in takeRest(cutAt: ";") {
            let named = try words.command(unnamed: Name("\(id).\(inner.count + 1)")!)
            if !words.isAtEnd { throw Unreadable("\(words.rest) is not understood") }
            inner.append(Submit.Inner(id: named.id, body: 1, command: named.command))
        }
        return Submit(commands: inner)
    }
}

/// Accounts and uses.
extension Words {
    private mutating func grant() throws(Unreadable) -> Grant {
        var grant = Grant(account: try name(), unit: try name(), amount: try amount())
        try inAnyOrder { words throws(Unreadable) in
            if words.take("priority") { grant.terms.priority = try words.integer() }
            if words.take("effective") { grant.terms.effectiveAt = try words.time() }
            if words.take("expires") { grant.terms.expiresAt = try words.time() }
        }
        return grant
    }

    private mutating func adjust() throws(Unreadable) -> Adjust {
        let (account, unit, change) = (try name(), try name(), try integer())
        guard let amount = Amount(rawValue: Int64(change.magnitude)) else { throw Unreadable("\(change) is too much") }
        return Adjust(account: account, unit: unit, amount: amount, isIncrease: change >= 0, reason: "a test")
    }

    /// `credits 50`, or `feature siterank requests=1`.
    private mutating func ask() throws(Unreadable) -> Ask {
        if take("feature") { return .priced(feature: try name(), quantities: try quantities()) }
        return .amount(unit: try name(), try amount())
    }

    private mutating func use() throws(Unreadable) -> Use {
        var use = Use()
        try inAnyOrder { words throws(Unreadable) in
            if words.take("key") { use.key = try words.name() }
            if words.take("batch") { use.batch = try words.name() }
            if words.take("occurred") { use.occurredAt = try words.time() }
            if words.take("labels") { use.labels = try words.labels() }
        }
        return use
    }

    mutating func debit() throws(Unreadable) -> Debit { Debit(account: try name(), ask: try ask(), use: try use()) }

    private mutating func debitBatch() throws(Unreadable) -> DebitBatch {
        let (account, batch) = (try name(), try name())
        let mode = take("each") ? DebitBatch.Mode.each : .atomic
        let key = take("key") ? try name() : nil
        var items: [DebitBatch.Item] = []
        if take("empty") { return DebitBatch(account: account, batch: batch, mode: mode, items: [], key: key) }
        repeat {
            var item = DebitBatch.Item(id: try name(), ask: try ask())
            if take("occurred") { item.occurredAt = try time() }
            items.append(item)
        } while comma()
        return DebitBatch(account: account, batch: batch, mode: mode, items: items, key: key)
    }

    private mutating func refund() throws(Unreadable) -> Refund {
        var refund = Refund(of: try name())
        if take("amount") { refund.extent = .amount(try amount()) }
        let quantities = try quantities()
        if !quantities.isEmpty { refund.extent = .quantities(quantities) }
        if take("reissue") { refund.reissue = Refund.Reissue(expiresAt: take("forever") ? nil : try time()) }
        return refund
    }
}

/// Holds.
extension Words {
    /// `hold h-1 u-7 credits 60 for 15m capture overage allow 5`.
    private mutating func hold() throws(Unreadable) -> NamedCommand {
        let id = try name()
        var hold = Hold(account: try name(), ask: try ask(), use: try use())
        try inAnyOrder { words throws(Unreadable) in
            if words.take("for") { hold.expiresInSeconds = try words.seconds() }
            if words.take("capture") { hold.onExpiry = .capture }
            if words.take("overage") { hold.overage = try words.overage() }
        }
        return NamedCommand(command: .hold(hold), id: id)
    }

    private mutating func overage() throws(Unreadable) -> HoldTerms.Overage {
        if take("reject") { return .reject }
        if take("cap") { return .cap }
        try expect("allow")
        return .allow(try amount())
    }

    /// `settle h-1`, `settle h-1 25`, `settle h-1 requests=3`; `settle h-1 unused` is no quantities at all.
    private mutating func settle() throws(Unreadable) -> Settle {
        var settle = Settle(hold: try name())
        if let amount = takeIf(Words.amount) { settle.extent = .amount(amount) }
        let quantities = try quantities()
        if take("unused") || !quantities.isEmpty { settle.extent = .quantities(quantities) }
        if let method = takeCase(SettlementMethod.self) { settle.method = method }
        if take("labels") { settle.labels = try labels() }
        return settle
    }
}

/// Plans of an account.
extension Words {
    private mutating func subscribe() throws(Unreadable) -> Subscribe {
        var subscribe = Subscribe(account: try name(), plan: try name())
        try inAnyOrder { words throws(Unreadable) in
            if words.take("from") { subscribe.from = try words.time() }
            if words.take("until") { subscribe.until = try words.time() }
            if words.take("anchor") { subscribe.anchor = try words.integer() }
        }
        return subscribe
    }

    private mutating func changePlan() throws(Unreadable) -> ChangePlan {
        let (account, from, to) = (try name(), try name(), try name())
        return ChangePlan(account: account, from: from, to: to, when: takeCase(ChangePlan.When.self) ?? .now)
    }

    /// `override u-7 pro articles day 10`; `plan` in place of the amount puts the plan's own back.
    private mutating func override() throws(Unreadable) -> OverrideAllowance {
        let (account, plan, unit, period) = (try name(), try name(), try name(), try period())
        let amount = take("plan") ? nil : try allotment()
        return OverrideAllowance(account: account, plan: plan, unit: unit, period: period, amount: amount, reason: "a test")
    }

    private mutating func reset() throws(Unreadable) -> ResetAllowance {
        ResetAllowance(account: try name(), plan: try name(), unit: try name(), period: try period(), reason: "a test")
    }
}

/// Alerts, and a provider's own figures.
extension Words {
    fileprivate mutating func reportCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "acknowledge": .acknowledgeAlerts(try acknowledge())
        case "reportUsage": .reportUsage(try usageReport())
        case "reportSync": .reportSync(try syncReport())
        default: nil
        }
    }

    private mutating func acknowledge() throws(Unreadable) -> AcknowledgeAlerts {
        var alerts: [SequenceNumber] = []
        while let number = takeIf({ UInt64($0) }) { alerts.append(SequenceNumber(number)) }
        return AcknowledgeAlerts(alerts: alerts, state: take("delivered") ? .delivered : .read)
    }

    private mutating func usageReport() throws(Unreadable) -> UsageReported {
        UsageReported(
            platform: try name(), key: nil, from: try time(), to: try time(), quantities: try quantities(), unit: try name(),
            cost: try amount())
    }

    private mutating func syncReport() throws(Unreadable) -> SyncReported {
        SyncReported(
            platform: try name(), status: try oneOf(SyncReported.Status.self), from: try time(), to: try time(),
            counts: try quantities(), error: nil)
    }
}
