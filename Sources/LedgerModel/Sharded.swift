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
    mutating func update<Result>(_ key: Key, _ body: (inout Value) -> Result) -> Result { body(&self[existing: key]) }

    /// Changes a value in place, after setting it to a first one if there is none.
    mutating func update<Result>(_ key: Key, default first: @autoclosure () -> Value, _ body: (inout Value) -> Result) -> Result {
        let shard = shard(of: key)
        let countBefore = shards[shard].count
        let result = body(&shards[shard][key, default: first()])
        if shards[shard].count > countBefore { grow() }
        return result
    }

    /// A value that is there, to be changed in place.
    subscript(existing key: Key) -> Value {
        _read { yield shards[shard(of: key)][key]! }
        _modify {
            let shard = shard(of: key)
            // By its place, for by its key a dictionary takes a value out and puts it back.
            let index = shards[shard].index(forKey: key)!
            yield &shards[shard].values[index]
        }
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

extension Sharded {
    /// The same entries; into how many pieces they are cut depends on how many there were before.
    static func == (left: Self, right: Self) -> Bool {
        if left.shards.count == right.shards.count { return left.shards == right.shards }
        return left.count == right.count && left.shards.allSatisfy { $0.allSatisfy { right[$0.key] == $0.value } }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(count) }
}

// MARK: As bytes

extension Sharded {
    /// Reads entries by `entry`; each key once.
    init(
        from reader: inout SnapshotReader, _ entry: (inout SnapshotReader) throws(SnapshotError) -> (key: Key, value: Value)
    ) throws(SnapshotError) {
        self.init()
        let expected = try reader.count()
        reserve(reader.capacity(for: expected))
        for index in 0..<expected {
            let (key, value) = try entry(&reader)
            insert(value, for: key)
            if count != index + 1 { throw reader.error("a key comes twice") }
        }
    }

    func write(to writer: inout SnapshotWriter, _ entry: (Key, Value, inout SnapshotWriter) -> Void) {
        writer.number(UInt64(count))
        forEach { key, value in
            entry(key, value, &writer)
            writer.drain()
        }
    }

    /// Makes room in an empty table.
    private mutating func reserve(_ expected: Int) {
        guard expected > Sharded.splitCount else { return shards[0].reserveCapacity(expected) }
        shards = (0..<256).map { _ in Dictionary(minimumCapacity: expected / 256 + expected / 2048) }
    }
}
