import LedgerModel

/// A hold of the busy tenant that has not ended.
struct OpenRelayHold {
    let id: Name
    let account: Int
    let sequence: SequenceNumber
    let priced: Priced
    let use: Use
    let terms: HoldTerms
    let cost: Int64
    let draws: [Draw]
}

/// When the open holds end. There are a few waiting times, one queue for each, so that every queue is in order by itself.
struct HoldEnds {
    private struct Queue {
        let microseconds: Int64
        var holds: [(at: Timestamp, hold: OpenRelayHold)] = []
        var first = 0

        var next: Timestamp? { first < holds.count ? holds[first].at : nil }

        mutating func take() -> (Timestamp, OpenRelayHold) {
            defer {
                first += 1
                if first > 1000 {
                    holds.removeFirst(first)
                    first = 0
                }
            }
            return holds[first]
        }
    }

    /// How long a hold lasts that nobody ends.
    static let lifeMicroseconds: Int64 = 900_000_000

    /// The last are those that nobody ends.
    private var queues = [3_141_593, 14_142_136, 71_828_183, HoldEnds.lifeMicroseconds].map { Queue(microseconds: $0) }

    var next: Timestamp? { queues.compactMap(\.next).min() }

    mutating func add(_ hold: OpenRelayHold, at now: Timestamp, _ chance: inout Chance) {
        let index = chance.oneIn(40) ? queues.count - 1 : chance.below(queues.count - 1)
        queues[index].holds.append((Timestamp(microseconds: now.rawValue + queues[index].microseconds), hold))
    }

    /// The hold that ends next; one that expires goes before one that is ended at the same instant.
    mutating func take() -> (hold: OpenRelayHold, at: Timestamp, isExpired: Bool) {
        let next = next!
        let index = queues.lastIndex { $0.next == next }!
        let (at, hold) = queues[index].take()
        return (hold, at, index == queues.count - 1)
    }
}
