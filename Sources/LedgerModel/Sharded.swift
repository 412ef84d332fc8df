/// A dictionary that becomes 256 small ones when it is large: a piece that grows, or is copied because two books share it, stalls nobody.
struct Sharded<Key: Hashable & Sendable, Value: Hashable & Sendable>: Hashable, Sendable {
    private var shards: [[Key: Value]] = [[:]]
    private(set) var count = 0

    /// Below this many entries one dictionary is copied as fast as its parts would be.
    private static var splitCount: Int { 4096 }

    private func shard(of key: Key) -> Int { shards.count == 1 ? 0 : key.hashValue & 255 }

    subscript(key: Key) -> Value? { shards[shard(of: key)][key] }

    mutating func insert(_ value: Value, for key: Key) {
        if shards[shard(of: key)].updateValue(value, forKey: key) == nil { grow() }
    }

    @discardableResult
    mutating func remove(_ key: Key) -> Value? {
        let removed = shards[shard(of: key)].removeValue(forKey: key)
        if removed != nil { count -= 1 }
        return removed
    }

    /// Changes a value in place. There must be one.
    mutating func update<Result>(_ key: Key, _ body: (inout Value) -> Result) -> Result {
        body(&shards[shard(of: key)][key]!)
    }

    /// Changes a value in place, after setting it to a first one if there is none.
    mutating func update<Result>(_ key: Key, default first: @autoclosure () -> Value, _ body: (inout Value) -> Result) -> Result {
        if shards[shard(of: key)].index(forKey: key) == nil { insert(first(), for: key) }
        return update(key, body)
    }

    /// In no particular order.
    func forEach(_ body: (Key, Value) -> Void) {
        for shard in shards { for (key, value) in shard { body(key, value) } }
    }

    private mutating func grow() {
        count += 1
        guard shards.count == 1, count > Sharded.splitCount, let whole = shards.first else { return }
        shards = Array(repeating: [:], count: 256)
        for (key, value) in whole { shards[key.hashValue & 255][key] = value }
    }
}
