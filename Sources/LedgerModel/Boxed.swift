/// A value behind one reference: passed on at the cost of counting one, and copied only when it is changed while it is shared.
struct Boxed<Value: Hashable & Sendable>: Hashable, @unchecked Sendable {
    private final class Storage {
        var value: Value

        init(_ value: Value) { self.value = value }
    }

    private var storage: Storage

    init(_ value: Value) { storage = Storage(value) }

    var value: Value {
        _read { yield storage.value }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.storage === right.storage || left.value == right.value }
    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
