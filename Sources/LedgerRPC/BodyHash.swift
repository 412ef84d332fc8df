import CChecksum
public import LedgerModel

/// What makes the same id the same command: the first 8 bytes, big-endian, of SHA-256 over the command's typed fields.
///
/// The form that is hashed, in this order and with defaults filled in:
///
/// | part | bytes |
/// |---|---|
/// | text | its byte count in UTF-8 as a number, then the bytes |
/// | number | 8 bytes, big-endian, two's complement |
/// | time | its microseconds since 1970 as a number |
/// | list, labels | its count as a number, then the elements in order; labels in order of their names, each name and value |
/// | what may be absent | one byte 0, or one byte 1 and the value |
/// | one of several | one byte that says which, then its fields |
/// | command | its method's name as text, then its fields in the order of the functions below |
struct BodyHash: ~Copyable {
    private var sha = checksum_sha256()

    init() { checksum_sha256_init(&sha) }

    consuming func finish() -> UInt64 {
        var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &digest) { checksum_sha256_final(&sha, $0.baseAddress!.assumingMemoryBound(to: UInt8.self)) }
        return UInt64(bigEndian: digest.0)
    }

    // MARK: Parts

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            number(Int64(utf8.count))
            checksum_sha256_update(&sha, utf8.baseAddress, utf8.count)
        }
    }

    mutating func name(_ name: Name) { text(name.text) }

    mutating func number(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { checksum_sha256_update(&sha, $0.baseAddress, $0.count) }
    }

    mutating func number(_ value: Int) { number(Int64(value)) }
    mutating func amount(_ amount: Amount) { number(amount.rawValue) }
    mutating func time(_ instant: Timestamp) { number(instant.rawValue) }

    mutating func choice(_ value: UInt8) {
        withUnsafeBytes(of: value) { checksum_sha256_update(&sha, $0.baseAddress, 1) }
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout BodyHash, Value) -> Void) {
        choice(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout BodyHash, Element) -> Void) {
        number(elements.count)
        for element in elements { write(&self, element) }
    }

    mutating func labels(_ labels: Labels) {
        list(labels.sorted { $0.key < $1.key }) { hash, label in
            hash.name(label.key)
            hash.name(label.value)
        }
    }

    mutating func quantities(_ quantities: [Quantity]) {
        list(quantities) { hash, quantity in
            hash.name(quantity.dimension)
            hash.amount(quantity.count)
        }
    }
}

extension Command {
    /// The command's `body`, the same for the same fields whatever their order and spacing were.
    public var body: UInt64 {
        var hash = BodyHash()
        hash.command(self)
        return hash.finish()
    }
}

extension BodyHash {
    fileprivate mutating func command(_ command: Command) {
        text(command.method.rawValue)
        switch command {
        case .openAccount(let command): openAccount(command)
        case .grant(let command): grant(command)
        case .adjust(let command): adjust(command)
        case .debit(let command): debit(command)
        case .debitBatch(let command): debitBatch(command)
        case .openBatch(let command): openBatch(command)
        case .closeBatch(let command): closeBatch(command)
        case .refund(let command): refund(command)
        case .configure(let command): configure(command)
        case .rollback(let command): rollback(command)
        case .acknowledgeAlerts(let command): acknowledgeAlerts(command)
        }
    }

    private mutating func openAccount(_ command: OpenAccount) {
        name(command.account)
        optional(command.name) { $0.name($1) }
        labels(command.labels)
    }

    private mutating func grant(_ command: Grant) {
        name(command.account)
        name(command.unit)
        amount(command.amount)
        number(command.terms.priority)
        optional(command.terms.effectiveAt) { $0.time($1) }
        optional(command.terms.expiresAt) { $0.time($1) }
        text(command.terms.source.rawValue)
        optional(command.memo) { $0.text($1) }
    }

    private mutating func adjust(_ command: Adjust) {
        name(command.account)
        name(command.unit)
        number(command.isIncrease ? command.amount.rawValue : -command.amount.rawValue)
        text(command.reason)
    }

    private mutating func ask(_ ask: Ask) {
        switch ask {
        case .amount(let unit, let amount):
            choice(0)
            name(unit)
            self.amount(amount)
        case .priced(let feature, let quantities):
            choice(1)
            name(feature)
            self.quantities(quantities)
        }
    }

    private mutating func debit(_ command: Debit) {
        name(command.account)
        ask(command.ask)
        optional(command.use.key) { $0.name($1) }
        optional(command.use.batch) { $0.name($1) }
        labels(command.use.labels)
        optional(command.use.occurredAt) { $0.time($1) }
        optional(command.use.details) { $0.text($1) }
    }

    private mutating func debitBatch(_ command: DebitBatch) {
        name(command.account)
        name(command.batch)
        text(command.mode.rawValue)
        optional(command.key) { $0.name($1) }
        list(command.items) { $0.item($1) }
    }

    private mutating func item(_ item: DebitBatch.Item) {
        name(item.id)
        ask(item.ask)
        labels(item.labels)
        optional(item.occurredAt) { $0.time($1) }
        optional(item.details) { $0.text($1) }
    }

    private mutating func openBatch(_ command: OpenBatch) {
        name(command.account)
        name(command.batch)
        optional(command.feature) { $0.name($1) }
        optional(command.size) { $0.number($1) }
    }

    private mutating func closeBatch(_ command: CloseBatch) {
        name(command.account)
        name(command.batch)
    }

    private mutating func refund(_ command: Refund) {
        name(command.of)
        switch command.extent {
        case .everything: choice(0)
        case .amount(let amount):
            choice(1)
            self.amount(amount)
        case .quantities(let quantities):
            choice(2)
            self.quantities(quantities)
        }
        optional(command.reissue) { $0.optional($1.expiresAt) { $0.time($1) } }
        optional(command.reason) { $0.text($1) }
    }

    private mutating func configure(_ command: Configure) {
        list(command.changes) { hash, change in
            hash.text(change.key.description)
            hash.optional(change.document) { $0.document($1) }
            hash.optional(change.expectVersion) { $0.number($1) }
        }
        text(command.reason)
    }

    private mutating func document(_ document: Document) {
        switch document {
        case .unit(let unit): number(unit.scale)
        case .price(let price): self.price(price)
        case .alert(let alert):
            name(alert.unit)
            amount(alert.below)
            text(alert.severity.rawValue)
        case .settings(let settings):
            optional(settings.timeZone) { $0.name($1) }
            optional(settings.lateDays) { $0.number($1) }
        }
    }

    private mutating func price(_ price: PriceDocument) {
        name(price.charge.unit)
        list(price.charge.rates) { hash, entry in
            hash.name(entry.dimension)
            hash.text(entry.rate.text)
        }
        optional(price.minimum) { $0.amount($1) }
        choice(price.enabled ? 1 : 0)
    }

    private mutating func rollback(_ command: Rollback) {
        text(command.key.description)
        number(command.version)
        text(command.reason)
    }

    private mutating func acknowledgeAlerts(_ command: AcknowledgeAlerts) {
        list(command.alerts) { $0.number(Int64($1.rawValue)) }
        text(command.state.rawValue)
    }
}

extension Command {
    /// The method by which the command is sent.
    public var method: CommandMethod {
        switch self {
        case .openAccount: .openAccount
        case .grant: .grant
        case .adjust: .adjust
        case .debit: .debit
        case .debitBatch: .debitBatch
        case .openBatch: .openBatch
        case .closeBatch: .closeBatch
        case .refund: .refund
        case .configure: .configure
        case .rollback: .rollback
        case .acknowledgeAlerts: .acknowledgeAlerts
        }
    }
}
