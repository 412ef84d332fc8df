import Foundation

/// The writer's bounded mailbox: many put, one takes everything at once.
final class Mailbox<Letter: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var letters: [Letter] = []
    private var isOpen = true
    private var isWoken = false
    private let capacity: Int

    /// - Parameter capacity: How many letters may wait; past them the sender is told that the ledger is overloaded.
    init(capacity: Int) { self.capacity = capacity }

    /// False when the mailbox is full or closed; then none of the letters was taken.
    func put(_ new: [Letter]) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard isOpen, letters.count + new.count <= capacity else { return false }
        add(new)
        return true
    }

    /// For what the writer itself asked for: taken however full the mailbox is, closed or not.
    func putRegardless(_ letter: Letter) {
        condition.lock()
        defer { condition.unlock() }
        add([letter])
    }

    private func add(_ new: [Letter]) {
        let wasEmpty = letters.isEmpty
        letters.append(contentsOf: new)
        if wasEmpty { condition.signal() }
    }

    /// Lets the taker go, with or without letters: now, or when it waits next.
    func wake() {
        condition.lock()
        isWoken = true
        condition.signal()
        condition.unlock()
    }

    /// Waits until there is something and takes all of it; nil when the mailbox is closed and empty.
    ///
    /// - Parameters:
    ///   - alarm: When to stop waiting, with nothing; nil for never.
    ///   - expectingMore: True when the taker has asked for something that is still to be put: then a closed mailbox waits too.
    func takeAll(until alarm: Date? = nil, expectingMore: Bool = false) -> [Letter]? {
        condition.lock()
        defer { condition.unlock() }
        while letters.isEmpty && !isWoken && (isOpen || expectingMore) {
            guard let alarm else {
                condition.wait()
                continue
            }
            if !condition.wait(until: alarm) { break }
        }
        if letters.isEmpty && !isOpen && !expectingMore { return nil }
        isWoken = false
        var taken: [Letter] = []
        swap(&taken, &letters)
        letters.reserveCapacity(taken.count)
        return taken
    }

    /// Nothing more is taken in; what waits is still given out.
    func close() {
        condition.lock()
        isOpen = false
        condition.broadcast()
        condition.unlock()
    }
}
