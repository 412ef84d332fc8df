/// Every command id ever accepted, by its hash, with the number of the event it led to: the memory that makes retries harmless for ever.
///
/// 16 bytes per slot: of the 128-bit keyed hash, 8 bits choose one of 256 shards, 84 are kept, and 44 bits hold the sequence number. The
/// ids themselves stay in the log; who finds a number here reads the line and compares. Shards grow one at a time, so that no insertion
/// stalls for long.
struct IdentifierTable: Hashable, Sendable {
    private var shards: [Shard]
    private let key: HashKey

    /// The key must be secret and random: ids are chosen by clients, who could otherwise make them collide.
    init(key: HashKey) {
        self.key = key
        shards = Array(repeating: Shard(), count: 256)
    }

    /// The hash of an id of a tenant.
    func hash(_ id: Name, of tenant: Name) -> HashedIdentifier {
        var hasher = hasher
        return hasher.hash(id, of: tenant)
    }

    /// Hashes as this table does, on any thread.
    var hasher: IdentifierHasher { IdentifierHasher(key: key) }

    func sequence(of id: HashedIdentifier) -> SequenceNumber? { shards[id.shard].sequence(of: id) }

    /// Remembers an id, or moves one that is there to another event.
    mutating func set(_ id: HashedIdentifier, to sequence: SequenceNumber) {
        if shards[id.shard].set(id, to: sequence) { count += 1 }
    }

    /// How many ids are remembered.
    private(set) var count = 0
}

/// A secret of 128 bits.
public struct HashKey: Hashable, Sendable {
    let low: UInt64
    let high: UInt64

    public init(_ low: UInt64, _ high: UInt64) {
        self.low = low
        self.high = high
    }
}

/// Makes the hashes of ids. It keeps the last tenant's key, for the ids of one tenant mostly come one after the other.
public struct IdentifierHasher: Sendable {
    private let key: HashKey
    private var last: (tenant: Name, key: HashKey)?

    fileprivate init(key: HashKey) { self.key = key }

    mutating func hash(_ id: Name, of tenant: Name) -> HashedIdentifier {
        HashedIdentifier(SipHash.hash(id.text, key: key(of: tenant)))
    }

    private mutating func key(of tenant: Name) -> HashKey {
        if let last, last.tenant == tenant { return last.key }
        let derived = SipHash.derive(tenant.text, key: key)
        last = (tenant, derived)
        return derived
    }
}

/// What the table keeps of an id's hash.
struct HashedIdentifier: Hashable, Sendable {
    let shard: Int
    let high: UInt64
    /// The upper 20 bits of the hash's low half; the rest of the word is the sequence number's.
    let low: UInt64

    init(_ hash: (low: UInt64, high: UInt64)) {
        shard = Int(hash.low & 255)
        high = hash.high
        low = hash.low & ~IdentifierTable.sequenceMask
    }
}

extension IdentifierTable {
    fileprivate static let sequenceMask: UInt64 = 1 << 44 - 1

    /// Open addressing with linear probing; at most seven eighths full.
    private struct Shard: Hashable, Sendable {
        private struct Slot: Hashable, Sendable {
            var high: UInt64 = 0
            /// 20 bits of hash above 44 bits of sequence number; 0 is an empty slot, for no event has the number 0.
            var low: UInt64 = 0
        }

        private var slots: [Slot] = []
        private(set) var count = 0

        func sequence(of id: HashedIdentifier) -> SequenceNumber? {
            guard !slots.isEmpty, case let slot = slots[place(of: id)], slot.low != 0 else { return nil }
            return SequenceNumber(slot.low & sequenceMask)
        }

        /// True when the id was not there before.
        mutating func set(_ id: HashedIdentifier, to sequence: SequenceNumber) -> Bool {
            precondition(sequence.rawValue <= sequenceMask, "sequence numbers beyond 2^44 do not fit")
            if (count + 1) * 8 > slots.count * 7 { grow() }
            let place = place(of: id)
            let isNew = slots[place].low == 0
            if isNew { count += 1 }
            slots[place] = Slot(high: id.high, low: id.low | sequence.rawValue)
            return isNew
        }

        /// The slot that holds the id, or the empty one where it would stand.
        private func place(of id: HashedIdentifier) -> Int {
            let mask = slots.count - 1
            var index = Int(truncatingIfNeeded: id.high) & mask
            while slots[index].low != 0, slots[index].high != id.high || slots[index].low & ~sequenceMask != id.low {
                index = (index + 1) & mask
            }
            return index
        }

        /// Its entries one after the other, from behind an empty slot on: so put back in this order, each comes to its old place.
        func write(to writer: inout SnapshotWriter) {
            writer.word(UInt64(slots.count))
            writer.word(UInt64(count))
            let start = slots.firstIndex { $0.low == 0 } ?? 0
            for index in start..<start + slots.count {
                let slot = slots[index & (slots.count - 1)]
                if slot.low == 0 { continue }
                writer.word(slot.high)
                writer.word(slot.low)
            }
        }

        init(from reader: inout SnapshotReader) throws(SnapshotError) {
            let (slotCount, entryCount) = (try reader.word(), try reader.word())
            guard Shard.canHave(slotCount: slotCount, entryCount: entryCount) else {
                throw reader.error("a table has another size than its entries give it")
            }
            guard entryCount * 16 <= reader.restByteCount else { throw reader.error("there are fewer bytes than entries") }
            slots = Array(repeating: Slot(), count: Int(slotCount))
            for _ in 0..<entryCount { try put(Slot(high: try reader.word(), low: try reader.word()), reader) }
        }

        /// Twice as many slots from seven eighths on: neither fuller, nor emptier than growing leaves it.
        private static func canHave(slotCount: UInt64, entryCount: UInt64) -> Bool {
            if slotCount == 0 { return entryCount == 0 }
            guard slotCount <= 1 << 40, slotCount >= 16, slotCount & (slotCount - 1) == 0, entryCount <= slotCount else {
                return false
            }
            return entryCount * 8 <= slotCount * 7 && (slotCount == 16 || (entryCount + 1) * 16 > slotCount * 7)
        }

        /// Puts an entry into the first empty slot from its own on.
        private mutating func put(_ slot: Slot, _ reader: SnapshotReader) throws(SnapshotError) {
            let mask = slots.count - 1
            var index = Int(truncatingIfNeeded: slot.high) & mask
            while slots[index].low != 0 {
                if slots[index].high == slot.high, slots[index].low & ~sequenceMask == slot.low & ~sequenceMask {
                    throw reader.error("an id comes twice")
                }
                index = (index + 1) & mask
            }
            if slot.low & sequenceMask == 0 { throw reader.error("an id leads to no event") }
            slots[index] = slot
            count += 1
        }

        /// The greatest number that an id leads to.
        var newest: SequenceNumber { SequenceNumber(slots.reduce(0) { max($0, $1.low & sequenceMask) }) }

        init() {}

        private mutating func grow() {
            let old = slots
            slots = Array(repeating: Slot(), count: max(16, old.count * 2))
            for slot in old where slot.low != 0 {
                var index = Int(truncatingIfNeeded: slot.high) & (slots.count - 1)
                while slots[index].low != 0 { index = (index + 1) & (slots.count - 1) }
                slots[index] = slot
            }
        }
    }
}

// MARK: As bytes

extension IdentifierTable {
    func write(to writer: inout SnapshotWriter) {
        writer.word(key.low)
        writer.word(key.high)
        for shard in shards {
            shard.write(to: &writer)
            writer.drain()
        }
    }

    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(key: HashKey(try reader.word(), try reader.word()))
        for index in shards.indices {
            shards[index] = try Shard(from: &reader)
            count += shards[index].count
        }
    }

    /// The greatest number that an id leads to; zero when there is none.
    var newest: SequenceNumber { shards.map(\.newest).max() ?? .zero }
}

/// SipHash-2-4 with 128 bits of result (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", and its 128-bit variant).
enum SipHash {
    static func derive(_ text: String, key: HashKey) -> HashKey {
        let (low, high) = hash(text, key: key)
        return HashKey(low, high)
    }

    static func hash(_ text: String, key: HashKey) -> (low: UInt64, high: UInt64) {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0), key: key) }
    }

    static func hash(_ bytes: UnsafeRawBufferPointer, key: HashKey) -> (low: UInt64, high: UInt64) {
        var state = State(key)
        let wholeWords = bytes.count & ~7
        for offset in stride(from: 0, to: wholeWords, by: 8) {
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) << 56
        for offset in wholeWords..<bytes.count { last |= UInt64(bytes[offset]) << UInt64(8 * (offset - wholeWords)) }
        state.absorb(last)
        return state.finish()
    }

    private struct State {
        var (v0, v1, v2, v3): (UInt64, UInt64, UInt64, UInt64)

        init(_ key: HashKey) {
            v0 = 0x736f_6d65_7073_6575 ^ key.low
            v1 = 0x646f_7261_6e64_6f6d ^ key.high ^ 0xee
            v2 = 0x6c79_6765_6e65_7261 ^ key.low
            v3 = 0x7465_6462_7974_6573 ^ key.high
        }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> (low: UInt64, high: UInt64) {
            v2 ^= 0xee
            for _ in 0..<4 { round() }
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { round() }
            return (low, v0 ^ v1 ^ v2 ^ v3)
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = v1 << 13 | v1 >> 51
            v3 = v3 << 16 | v3 >> 48
            v1 ^= v0
            v3 ^= v2
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v1
            v0 &+= v3
            v1 = v1 << 17 | v1 >> 47
            v3 = v3 << 21 | v3 >> 43
            v1 ^= v2
            v3 ^= v0
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
