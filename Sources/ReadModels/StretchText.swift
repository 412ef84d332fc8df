import Glibc

/// The texts of one stretch, numbered from one. They are given to SQLite as they lie here: they never move, and stay for as long as the
/// stretch lives.
final class StretchText {
    typealias Number = UInt32

    private struct Entry {
        let start: UnsafeRawPointer
        let byteCount: Int
    }

    /// Memory in pieces, so that none has to move: 256 KiB, or one text that is larger.
    private var blocks: [UnsafeMutableRawPointer] = []
    private var free = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private static let blockByteCount = 1 << 18

    /// By number. The first is none.
    private var entries: UnsafeMutablePointer<Entry>
    private var capacity = 1 << 10
    private var count = 1
    /// The numbers of the texts that were interned, by hash, zero where there is none: open addressing, at most half full.
    private var slots: UnsafeMutablePointer<Number>
    private var slotCount = 1 << 10
    private var internedCount = 0
    /// Names are chosen by clients: without knowing the key nobody can choose many with one hash.
    private let key = UInt64.random(in: .min ... .max) | 1

    init() {
        entries = .allocate(capacity: capacity)
        entries.initialize(to: Entry(start: UnsafeRawPointer(entries), byteCount: 0))
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
    }

    deinit {
        for block in blocks { block.deallocate() }
        entries.deallocate()
        slots.deallocate()
    }

    /// One more than the largest number.
    var endNumber: Int { count }

    /// The text's bytes.
    subscript(number: Number) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: entries[Int(number)].start, count: entries[Int(number)].byteCount)
    }

    // MARK: Texts that come once

    /// A copy of bytes of which any part can be made a text.
    func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        if bytes.count >= free.count { addBlock(max(bytes.count + 1, StretchText.blockByteCount)) }
        let kept = UnsafeMutableRawBufferPointer(rebasing: free[..<bytes.count])
        kept.copyMemory(from: bytes)
        free = UnsafeMutableRawBufferPointer(rebasing: free[bytes.count...])
        return UnsafeRawBufferPointer(kept)
    }

    private func addBlock(_ byteCount: Int) {
        let block = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 8)
        blocks.append(block)
        free = UnsafeMutableRawBufferPointer(start: block, count: byteCount)
    }

    /// Makes a text of bytes that are kept.
    func number(kept bytes: UnsafeRawBufferPointer) -> Number {
        if count == capacity { growEntries() }
        (entries + count).initialize(to: Entry(start: bytes.baseAddress!, byteCount: bytes.count))
        count += 1
        return Number(count - 1)
    }

    private func growEntries() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 4)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        (entries, capacity) = (larger, capacity * 4)
    }

    func append(_ bytes: UnsafeRawBufferPointer) -> Number { number(kept: keep(bytes)) }

    // MARK: Texts that come often

    /// The number of a text that may be there already: one for all that are equal.
    func intern(_ bytes: UnsafeRawBufferPointer) -> Number {
        var slot = slot(of: bytes)
        while slots[slot] != 0 {
            if areEqual(self[slots[slot]], bytes) { return slots[slot] }
            slot = (slot + 1) & (slotCount - 1)
        }
        let number = append(bytes)
        slots[slot] = number
        internedCount += 1
        if internedCount * 2 > slotCount { growSlots() }
        return number
    }

    private func slot(of bytes: UnsafeRawBufferPointer) -> Int { Int(truncatingIfNeeded: hash(bytes)) & (slotCount - 1) }

    private func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        left.count == right.count && (left.isEmpty || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0)
    }

    private func growSlots() {
        let interned = UnsafeBufferPointer(start: slots, count: slotCount).filter { $0 != 0 }
        slots.deallocate()
        slotCount *= 4
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
        for number in interned {
            var slot = slot(of: self[number])
            while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = number
        }
    }

    /// Word by word, each folded with a key that is not known: the high half of a product depends on all bits below.
    private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = fold(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return fold(hash ^ rest)
    }

    private func fold(_ word: UInt64) -> UInt64 {
        let product = (word ^ key >> 7).multipliedFullWidth(by: key)
        return product.high ^ product.low
    }
}
