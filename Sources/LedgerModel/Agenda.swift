/// What time will make due, in the order in which it is done: by due time, then by the number of the event that caused it.
///
/// A sorted array in pieces, so that an entry is added or removed anywhere at the cost of moving one piece, and a copy shares the others.
struct Agenda: Sendable {
    enum Task: Hashable, Sendable {
        case hold(tenant: Name, id: Name)
        case key(tenant: Name, key: Name)
        case configuration(tenant: Name, key: DocumentKey)
    }

    struct Entry: Hashable, Sendable {
        let due: Timestamp
        let cause: SequenceNumber
        let task: Task

        func isBefore(_ due: Timestamp, _ cause: SequenceNumber) -> Bool {
            self.due != due ? self.due < due : self.cause < cause
        }
    }

    private var pieces: [[Entry]] = []
    private static let pieceCountMax = 256

    init() {}

    /// An agenda of these entries, which may come in any order.
    init(_ entries: [Entry]) {
        let sorted = entries.sorted { $0.isBefore($1.due, $1.cause) }
        pieces = stride(from: 0, to: sorted.count, by: Agenda.pieceCountMax).map {
            Array(sorted[$0..<min($0 + Agenda.pieceCountMax, sorted.count)])
        }
    }

    var first: Entry? { pieces.first?.first }

    mutating func add(_ entry: Entry) {
        guard !pieces.isEmpty else { return pieces.append([entry]) }
        var piece = self.piece(of: entry.due, entry.cause)
        if pieces[piece].count == Agenda.pieceCountMax { piece = split(piece, for: entry) }
        pieces[piece].insert(entry, at: place(of: entry.due, entry.cause, in: piece))
    }

    /// An entry that is not there is a programming error.
    mutating func remove(due: Timestamp, cause: SequenceNumber) {
        let piece = self.piece(of: due, cause)
        let place = self.place(of: due, cause, in: piece)
        precondition(pieces[piece][place].due == due && pieces[piece][place].cause == cause, "nothing is planned there")
        pieces[piece].remove(at: place)
        if pieces[piece].isEmpty { pieces.remove(at: piece) }
    }

    /// The last piece that does not begin behind the place.
    private func piece(of due: Timestamp, _ cause: SequenceNumber) -> Int {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            let begin = pieces[middle][0]
            if begin.isBefore(due, cause) || (begin.due == due && begin.cause == cause) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return max(low - 1, 0)
    }

    private func place(of due: Timestamp, _ cause: SequenceNumber, in piece: Int) -> Int {
        var (low, high) = (0, pieces[piece].count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[piece][middle].isBefore(due, cause) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Makes room in a full piece, and answers where the entry belongs then. What comes in order fills pieces to the end.
    private mutating func split(_ piece: Int, for entry: Entry) -> Int {
        let last = pieces[piece][Agenda.pieceCountMax - 1]
        let middle = last.isBefore(entry.due, entry.cause) ? Agenda.pieceCountMax : Agenda.pieceCountMax / 2
        let upper = middle == Agenda.pieceCountMax ? [] : Array(pieces[piece][middle...])
        if upper.isEmpty {
            pieces.insert([], at: piece + 1)
            pieces[piece + 1].reserveCapacity(Agenda.pieceCountMax)
            return piece + 1
        }
        pieces[piece].removeSubrange(middle...)
        pieces.insert(upper, at: piece + 1)
        return upper[0].isBefore(entry.due, entry.cause) ? piece + 1 : piece
    }
}

/// What is due of documents, and of all else: documents come into force before anything else is done at their time or after it, so that
/// what is done late is judged by what is in force.
struct Agendas: Equatable, Sendable {
    var documents = Agenda()
    var others = Agenda()

    func first(at now: Timestamp) -> Agenda.Entry? {
        [documents.first, others.first].compactMap { $0 }.first { $0.due <= now }
    }

    var nextDue: Timestamp? { [documents.first, others.first].compactMap { $0?.due }.min() }
}

extension Agenda: Equatable {
    /// The same entries; how they are cut into pieces depends on what was removed before.
    static func == (left: Self, right: Self) -> Bool { left.pieces.joined().elementsEqual(right.pieces.joined()) }
}
