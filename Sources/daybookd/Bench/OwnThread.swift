import Foundation

/// Work that blocks gets a thread of its own.
enum OwnThread {
    static func run(_ work: @escaping @Sendable () -> Void) {
        let thread = Thread(block: work)
        thread.start()
    }
}
