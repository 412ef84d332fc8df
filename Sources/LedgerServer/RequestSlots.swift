import LedgerRPC

/// The requests of one connection that wait for an answer: each in a slot whose number is its tag.
struct RequestSlots {
    private var ids: [RequestID?] = []
    private var free: [Int] = []

    /// How many wait.
    var count: Int { ids.count - free.count }

    /// Keeps the id of a request, nil when it wants no answer, and gives its tag.
    mutating func insert(_ id: RequestID?) -> UInt64 {
        if let slot = free.popLast() {
            ids[slot] = id
            return UInt64(slot)
        }
        ids.append(id)
        return UInt64(ids.count - 1)
    }

    /// Gives the id back. Every tag is taken out once.
    mutating func remove(_ tag: UInt64) -> RequestID? {
        free.append(Int(tag))
        return ids[Int(tag)]
    }
}
