import Foundation

/// Work that blocks gets a thread of its own.
enum OwnThread {
    static func run(_ work: @escaping @Sendable () -> Void) {
        let thread = Thread(block: work)
        thread.start()
    }

    /// The same, for who waits for a result without blocking a thread of the cooperative pool.
    static func value<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            run { continuation.resume(with: Result { try work() }) }
        }
    }
}
