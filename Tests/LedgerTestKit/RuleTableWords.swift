import LedgerModel

/// The words of one line of a rule table, taken from the left.
struct Words {
    let all: [String]
    private var index = 0

    init(_ line: Substring) { all = line.split(whereSeparator: \.isWhitespace).map(String.init) }

    var isAtEnd: Bool { index == all.count }
    var peek: String? { isAtEnd ? nil : all[index] }
    var rest: String { all[index...].joined(separator: " ") }

    mutating func skip() { index += 1 }

    mutating func next() throws(Unreadable) -> String {
        guard let word = peek else { throw Unreadable("the line ends too early") }
        index += 1
        return word
    }

    /// Takes the next word if it is this one.
    mutating func take(_ word: String) -> Bool {
        guard peek == word else { return false }
        index += 1
        return true
    }

    mutating func name() throws(Unreadable) -> Name { try Words.read(next(), Name.init) }
    mutating func integer() throws(Unreadable) -> Int { try Words.read(next()) { Int($0) } }
    mutating func amount() throws(Unreadable) -> Amount { try Words.read(next(), Words.amount) }
    mutating func key() throws(Unreadable) -> DocumentKey { try Words.read(next(), DocumentKey.init) }

    private static func read<Value>(_ word: String, _ read: (String) -> Value?) throws(Unreadable) -> Value {
        guard let value = read(word) else { throw Unreadable("\(word) cannot be read") }
        return value
    }

    /// `1_000`, or `2^53-1` for the most there is.
    private static func amount(_ word: String) -> Amount? {
        word == "2^53-1" ? .max : Int64(word.filter { $0 != "_" }).flatMap { Amount(rawValue: $0) }
    }

    /// `+2d`, `-36h`, `+1d12h30m5s` from the table's start, or an RFC 3339 time.
    mutating func time() throws(Unreadable) -> Timestamp {
        let word = try next()
        if let instant = Timestamp(rfc3339: word) { return instant }
        guard let sign = word.first, sign == "+" || sign == "-" else { throw Unreadable("\(word) is no time") }
        var (seconds, number): (Int64, Int64) = (0, 0)
        for character in word.dropFirst() {
            if let digit = character.wholeNumberValue {
                number = number * 10 + Int64(digit)
            } else if let unit = Words.secondsPerUnit[character] {
                (seconds, number) = (seconds + number * unit, 0)
            } else {
                throw Unreadable("\(word) is no time")
            }
        }
        let offset = (sign == "-" ? -seconds : seconds) * Timestamp.microsecondsPerSecond
        return Timestamp(microseconds: ManualClock.start.rawValue + offset)
    }

    private static let secondsPerUnit: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]

    /// `requests=3 inputTokens=10`, in order of the names.
    mutating func quantities() throws(Unreadable) -> [Quantity] {
        var quantities: [Quantity] = []
        while let (name, value) = pair() {
            quantities.append(Quantity(dimension: try Words.read(name, Name.init), count: try Words.read(value, Words.amount)))
        }
        return quantities.sorted { $0.dimension < $1.dimension }
    }

    private mutating func pair() -> (String, String)? {
        guard let halves = peek?.split(separator: "=", maxSplits: 1), halves.count == 2 else { return nil }
        index += 1
        return (String(halves[0]), String(halves[1]))
    }

    /// Takes a comma, which stands by itself, between the parts of a list.
    mutating func comma() -> Bool { take(",") }
}

/// The commands, each with its words.
extension Words {
    mutating func command() throws(Unreadable) -> Command {
        switch try next() {
        case "openAccount": .openAccount(OpenAccount(account: try name()))
        case "grant": .grant(try grant())
        case "adjust": .adjust(try adjust())
        case "debit": .debit(try debit())
        case "debitBatch": .debitBatch(try debitBatch())
        case "openBatch": .openBatch(OpenBatch(account: try name(), batch: try name(), size: take("size") ? try integer() : nil))
        case "closeBatch": .closeBatch(CloseBatch(account: try name(), batch: try name()))
        case "refund": .refund(try refund())
        case "configure": .configure(Configure(changes: try changes(), reason: "a test"))
        case "rollback": .rollback(Rollback(key: try key(), version: try integer(), reason: "a test"))
        case "acknowledge": .acknowledgeAlerts(try acknowledge())
        case let word: throw Unreadable("\(word) is no command")
        }
    }

    private mutating func grant() throws(Unreadable) -> Grant {
        var grant = Grant(account: try name(), unit: try name(), amount: try amount())
        if take("priority") { grant.terms.priority = try integer() }
        if take("effective") { grant.terms.effectiveAt = try time() }
        if take("expires") { grant.terms.expiresAt = try time() }
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

    private mutating func debit() throws(Unreadable) -> Debit {
        var debit = Debit(account: try name(), ask: try ask())
        if take("batch") { debit.use.batch = try name() }
        if take("occurred") { debit.use.occurredAt = try time() }
        return debit
    }

    private mutating func debitBatch() throws(Unreadable) -> DebitBatch {
        let (account, batch) = (try name(), try name())
        let mode = take("each") ? DebitBatch.Mode.each : .atomic
        var items: [DebitBatch.Item] = []
        if take("empty") { return DebitBatch(account: account, batch: batch, mode: mode, items: []) }
        repeat {
            var item = DebitBatch.Item(id: try name(), ask: try ask())
            if take("occurred") { item.occurredAt = try time() }
            items.append(item)
        } while comma()
        return DebitBatch(account: account, batch: batch, mode: mode, items: items)
    }

    private mutating func refund() throws(Unreadable) -> Refund {
        var refund = Refund(of: try name())
        if take("amount") { refund.extent = .amount(try amount()) }
        let quantities = try quantities()
        if !quantities.isEmpty { refund.extent = .quantities(quantities) }
        if take("reissue") { refund.reissue = Refund.Reissue(expiresAt: take("forever") ? nil : try time()) }
        return refund
    }

    private mutating func changes() throws(Unreadable) -> [Configure.Change] {
        if take("nothing") { return [] }
        var changes: [Configure.Change] = []
        repeat {
            let key = try key()
            let document = take("delete") ? nil : try document(take("as") ? try kind() : key.kind)
            changes.append(Configure.Change(key: key, document: document, expectVersion: take("expect") ? try integer() : nil))
        } while comma()
        return changes
    }

    private mutating func kind() throws(Unreadable) -> DocumentKey.Kind {
        try Words.read(next()) { DocumentKey.Kind(rawValue: $0) }
    }

    private mutating func document(_ kind: DocumentKey.Kind) throws(Unreadable) -> Document {
        switch kind {
        case .unit: return .unit(UnitDocument(scale: try integer()))
        case .price: return .price(try price())
        case .alert:
            let unit = try name()
            guard take("below") else { throw Unreadable("below is missing") }
            return .alert(AlertDocument(unit: unit, below: try amount()))
        case .tenant:
            var settings = SettingsDocument()
            if take("zone") { settings.timeZone = try name() }
            if take("lateDays") { settings.lateDays = try integer() }
            return .settings(settings)
        }
    }

    private mutating func price() throws(Unreadable) -> PriceDocument {
        let unit = try name()
        var rates: [Charge.DimensionRate] = []
        while let (dimension, rate) = pair() {
            rates.append(.init(dimension: try Words.read(dimension, Name.init), rate: try Words.read(rate) { Rate($0) }))
        }
        var price = PriceDocument(charge: Charge(unit: unit, rates: rates))
        if take("minimum") { price.minimum = try amount() }
        if take("disabled") { price.enabled = false }
        return price
    }

    private mutating func acknowledge() throws(Unreadable) -> AcknowledgeAlerts {
        var alerts: [SequenceNumber] = []
        while let word = peek, let number = UInt64(word) {
            skip()
            alerts.append(SequenceNumber(number))
        }
        return AcknowledgeAlerts(alerts: alerts, state: take("delivered") ? .delivered : .read)
    }
}
