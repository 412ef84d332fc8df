import CSQLite
import SegmentLog

/// A wish to end work that another thread does, such as a step of a long query.
public final class Interruption: Sendable {
    private let wish = Monitor(false)

    public init() {}

    /// From now on; it cannot be taken back.
    public func set() { wish.withLock { $0 = true } }

    public var isSet: Bool { wish.withLock { $0 } }
}

/// What SQLite looks at about every millisecond of a step, to learn whether the step is to end.
final class StepWatch {
    private let interruption: Interruption
    var deadline: ContinuousClock.Instant?

    init(_ interruption: Interruption) { self.interruption = interruption }

    /// It must outlive the last step on that connection.
    func register(on connection: Connection) {
        sqlite3_progress_handler(
            connection.handle, ReadModelBounds.stepsBetweenLooks,
            { watch in Unmanaged<StepWatch>.fromOpaque(watch!).takeUnretainedValue().isOver ? 1 : 0 },
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// Runs `body`, and ends a step in it when it is to end.
    func watching<Result>(_ connection: Connection, _ body: () throws -> Result) rethrows -> Result {
        register(on: connection)
        defer { sqlite3_progress_handler(connection.handle, 0, nil, nil) }
        return try body()
    }

    private var isOver: Bool { interruption.isSet || deadline.map { $0 <= ContinuousClock.now } ?? false }
}
