import LedgerModel

/// A few tenants that do everything there is to do, a little of each. A real book decides; what it rejects is passed over.
struct SmallTenants {
    private var book: Book
    private var tenants: [SmallTenant]
    private var chance: Chance
    private var past = SmallPast()

    init(count: Int, seed: UInt64, zones: ZoneTable) {
        // The secret by which ids are hashed is for hostile ids, of which there are none.
        book = Book(hashKey: HashKey(1, 2), zones: zones)
        chance = Chance(seed: seed)
        tenants = (0..<count).map { SmallTenant(number: $0) }
    }

    var nextDue: Timestamp? { book.nextDue }

    mutating func begin(_ sheet: inout EventSheet, at now: Timestamp) {
        for index in tenants.indices {
            for command in tenants[index].beginning(at: now, &chance) {
                let isAccepted = send(command, of: index, &sheet, at: now)
                precondition(isAccepted, "a small tenant cannot begin with \(command)")
            }
        }
    }

    /// One command that is accepted.
    mutating func step(_ sheet: inout EventSheet, at now: Timestamp) {
        while true {
            let index = chance.below(tenants.count)
            let command = tenants[index].next(book, at: now, &chance)
            if send(command, of: index, &sheet, at: now) { return }
        }
    }

    /// The first group of what is due.
    mutating func passDue(_ sheet: inout EventSheet, at now: Timestamp) {
        catchUp(with: sheet)
        guard let group = book.decideDue(at: now) else { return }
        take(group, &sheet)
    }

    private mutating func send(_ command: Command, of index: Int, _ sheet: inout EventSheet, at now: Timestamp) -> Bool {
        catchUp(with: sheet)
        let request = Request(
            tenant: tenants[index].name, id: chance.identifier(), body: chance.bits(), peer: 1001,
            actor: chance.oneIn(3) ? "operator" : nil, command: command)
        guard let group = decide(request, at: now) else { return false }
        take(group, &sheet)
        return true
    }

    private func decide(_ request: Request, at now: Timestamp) -> [Event]? {
        var recalled = Recalled.none
        while true {
            switch try? book.decide(request, at: now, recalled: recalled) {
            case .accepted(let group): return group
            case .recall(let numbers):
                guard let found = past.recall(numbers) else { return nil }
                recalled.merge(found)
            case .known, .dryRun, nil: return nil
            }
        }
    }

    private mutating func take(_ group: [Event], _ sheet: inout EventSheet) {
        for event in group { book.apply(event) }
        past.note(group)
        if let index = tenants.firstIndex(where: { $0.name == group[0].tenant }) { tenants[index].note(group) }
        sheet.add(group: group)
    }

    /// Lets the book count past what others have done: to it each is an event of the ledger itself that moves nothing.
    private mutating func catchUp(with sheet: borrowing EventSheet) {
        var filler = Event(
            sequence: book.lastSequence, at: max(sheet.at, book.lastAt), day: Day(daysSinceEpoch: 0), tenant: .system, id: "$",
            group: nil, peer: nil, actor: nil, fact: .submitted(Submitted(commands: 1)))
        while filler.sequence < sheet.last {
            filler.sequence = filler.sequence.next
            book.apply(filler)
        }
    }
}

/// What the small tenants' book may ask to have read back: the last groups, and the terms of all lots.
struct SmallPast {
    private var groups: [SequenceNumber: [Event]] = [:]
    private var numbers: [SequenceNumber] = []
    private var lots: [SequenceNumber: [Name: LotTerms]] = [:]

    private static let groupCountMax = 4000

    mutating func note(_ group: [Event]) {
        for event in group {
            let opened = event.openedLots
            if !opened.isEmpty { lots[event.sequence] = opened }
            // A command inside a submit is a group of its own.
            if let head = event.group {
                let first = Int(event.sequence.rawValue - group[0].sequence.rawValue)
                keep(Array(group[first..<first + head.count]))
            } else if event.isItem {
                keep([event])
            }
        }
    }

    private mutating func keep(_ group: [Event]) {
        groups[group[0].sequence] = group
        numbers.append(group[0].sequence)
        if numbers.count < 2 * SmallPast.groupCountMax { return }
        for number in numbers.prefix(SmallPast.groupCountMax) { groups[number] = nil }
        numbers.removeFirst(SmallPast.groupCountMax)
    }

    /// Nil when one of them is too old.
    func recall(_ numbers: [SequenceNumber]) -> Recalled? {
        var recalled = Recalled.none
        for number in numbers {
            guard let group = groups[number] else { return nil }
            recalled.groups[number] = group
            for part in group.flatMap(\.partsTaken) {
                for draw in part.lots { recalled.lots[draw.lot] = lots[draw.lot]?[part.unit] }
            }
        }
        return recalled
    }
}

extension Event {
    /// An item of a batch, or the end of a hold: ids lead to it although it may begin no group.
    fileprivate var isItem: Bool {
        switch fact {
        case .debited, .settled, .released, .holdExpired, .refunded: true
        default: false
        }
    }
}
