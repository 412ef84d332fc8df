import EventCodec
import LedgerModel

/// Tells events as transactions of plain-text accounting (hledger.org/1.25/hledger.html, "Journal").
///
/// Every unit is at one of five places: in a lot, in a hold, spent, expired, or not issued yet. An event moves it from one to another, so
/// that the postings of each unit add up to zero. What a lot gains or loses is taken from what the event says is left in it, all else from
/// the amounts that the event says were moved: a program that checks the sums checks that the two agree.
struct JournalWriting {
    private struct LotKey: Hashable {
        let lot: SequenceNumber
        let unit: Name
    }

    /// What open lots have left, and what open holds have of finite lots, by the number of their event.
    private var lots: [LotKey: Int64] = [:]
    private var holds: [LotKey: Int64] = [:]
    private var postings: [Posting] = []

    private struct Posting {
        let account: String
        let unit: Name
        let amount: Int64
    }

    /// The event's transaction, with an empty line behind it; nil when it moved nothing.
    mutating func transaction(_ event: Event) -> String? {
        postings.removeAll(keepingCapacity: true)
        add(event)
        if postings.isEmpty { return nil }
        let date = event.at.description.prefix(10)
        let lines = postings.map { "    \($0.account)  \($0.amount) \"\(JournalWriting.escaped($0.unit))\"\n" }
        return "\(date) * (\(event.sequence)) \(event.fact.type) | \(JournalWriting.escaped(event.id))\n\(lines.joined())\n"
    }

    private mutating func add(_ event: Event) {
        switch event.fact {
        case .granted(let fact): issue([fact.part], event, fact.account, source: fact.terms.source)
        case .allowanceOpened(let fact): issue([fact.part], event, fact.account, source: .plan)
        case .adjusted(let fact):
            setLots([fact.part], event, fact.account)
            post(event, "adjusted", nil, fact.part, fact.isIncrease ? -1 : 1)
            drawWithoutLimit([fact.part], event, -1)
        case .lotExpired(let fact):
            setLots([fact.part], event, fact.account)
            post(event, "expired", nil, fact.part, 1)
        case .debited(let fact):
            setLots(fact.parts, event, fact.account)
            spend(fact.parts, event, fact.priced?.feature)
        case .held(let fact):
            setLots(fact.parts, event, fact.account)
            hold(fact.parts, event, fact.account)
        case .settled(let fact), .released(let fact), .holdExpired(let fact): end(fact, event)
        case .refunded(let fact):
            setLots(fact.returns.map(\.part), event, fact.account)
            for part in fact.returns.map(\.part) { post(event, "spent", fact.feature, part, -1) }
            drawWithoutLimit(fact.returns.map(\.part), event, 1)
            expire(fact.returns, event, fact.account)
        case .ledgerOpened, .recovered, .restored, .signingKeyReplaced, .submitted, .accountOpened, .accountFrozen,
            .accountUnfrozen,
            .accountClosed, .itemsRejected, .usageRecorded, .holdExtended, .batchOpened, .batchClosed, .subscribed, .planChanged,
            .unsubscribed, .allowanceOverridden, .allowanceReset, .configured, .configurationScheduled, .configurationCancelled,
            .keyIssued, .keyUpdated, .keyRevoked, .alertRaised, .alertDelivered, .alertRead, .usageReported, .syncReported:
            break
        }
    }

    // MARK: Places

    private mutating func issue(_ parts: [Part], _ event: Event, _ account: Name, source: LotSource) {
        setLots(parts, event, account)
        for part in parts {
            post("issued:\(JournalWriting.escaped(event.tenant)):\(source.rawValue)", part.unit, -part.amount.rawValue)
        }
    }

    private mutating func spend(_ parts: [Part], _ event: Event, _ feature: Name?) {
        for part in parts { post(event, "spent", feature, part, 1) }
        drawWithoutLimit(parts, event, -1)
    }

    private mutating func hold(_ parts: [Part], _ event: Event, _ account: Name) {
        for part in parts {
            let finite = part.lots.reduce(0) { $0 + ($1.remaining == nil ? 0 : $1.amount.rawValue) }
            holds[LotKey(lot: event.sequence, unit: part.unit)] = finite
            post(place("holds", event.tenant, account, event.sequence), part.unit, finite)
        }
    }

    private mutating func end(_ fact: HoldEnded, _ event: Event) {
        let returned = fact.returns.map(\.part)
        setLots(fact.parts + returned, event, fact.account)
        for unit in Set((fact.parts + returned).map(\.unit)).sorted(by: { $0.text < $1.text }) {
            let held = holds.removeValue(forKey: LotKey(lot: fact.held, unit: unit)) ?? 0
            post(place("holds", event.tenant, fact.account, fact.held), unit, -held)
        }
        spend(fact.parts, event, fact.priced?.feature)
        expire(fact.returns, event, fact.account)
    }

    /// Lots have left what the event says: the difference to what they had has moved.
    private mutating func setLots(_ parts: [Part], _ event: Event, _ account: Name) {
        for part in parts {
            for draw in part.lots {
                guard let remaining = draw.remaining?.rawValue else { continue }
                set(draw.lot, part.unit, to: remaining, event, account)
            }
        }
    }

    private mutating func set(_ lot: SequenceNumber, _ unit: Name, to remaining: Int64, _ event: Event, _ account: Name) {
        let key = LotKey(lot: lot, unit: unit)
        post(place("lots", event.tenant, account, lot), unit, remaining - (lots[key] ?? 0))
        lots[key] = remaining == 0 ? nil : remaining
    }

    /// What came back and is not available again is expired, or in a lot that was given anew.
    private mutating func expire(_ returns: [Return], _ event: Event, _ account: Name) {
        for back in returns {
            if back.reissued != nil {
                set(event.sequence, back.part.unit, to: back.expired.rawValue, event, account)
            } else {
                post("expired:\(JournalWriting.escaped(event.tenant))", back.part.unit, back.expired.rawValue)
            }
        }
    }

    /// What is drawn from a lot without limit is issued at that moment.
    private mutating func drawWithoutLimit(_ parts: [Part], _ event: Event, _ sign: Int64) {
        for part in parts {
            let amount = part.lots.reduce(0) { $0 + ($1.remaining == nil ? $1.amount.rawValue : 0) }
            post("issued:\(JournalWriting.escaped(event.tenant)):unlimited", part.unit, sign * amount)
        }
    }

    // MARK: Postings

    private mutating func post(_ event: Event, _ root: String, _ feature: Name?, _ part: Part, _ sign: Int64) {
        let sub = feature.map { ":" + JournalWriting.escaped($0) } ?? ""
        post("\(root):\(JournalWriting.escaped(event.tenant))\(sub)", part.unit, sign * part.amount.rawValue)
    }

    private mutating func post(_ account: String, _ unit: Name, _ amount: Int64) {
        if amount != 0 { postings.append(Posting(account: account, unit: unit, amount: amount)) }
    }

    private func place(_ root: String, _ tenant: Name, _ account: Name, _ number: SequenceNumber) -> String {
        "\(root):\(JournalWriting.escaped(tenant)):\(JournalWriting.escaped(account)):\(number)"
    }

    /// A name as a part of an account's name: letters, digits and `-._@` stand as they are, every other byte as `%` and two digits
    /// (RFC 3986, section 2.1), for a journal gives colons, spaces, brackets, quotes and semicolons meanings of its own.
    static func escaped(_ name: Name) -> String {
        var text = ""
        for scalar in name.text.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
                || "-._@".unicodeScalars.contains(scalar)
            {
                text.unicodeScalars.append(scalar)
            } else {
                for byte in String(scalar).utf8 {
                    text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }
        }
        return text
    }
}
