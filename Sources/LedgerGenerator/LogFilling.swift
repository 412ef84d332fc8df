import EventCodec
import Foundation
import JSONText
public import LedgerModel
public import SegmentLog

/// Fills a new log with what a generator makes: this thread makes events and lines of them, another compresses, chains and writes
/// the lines.
public struct LogFilling {
    private let generator: LedgerGenerator
    private let log: SegmentLog

    /// As when a thousand clients ask at once.
    private static let batchEventCount = 1000

    /// - Parameter log: empty.
    public init(_ generator: LedgerGenerator, into log: SegmentLog) {
        self.generator = generator
        self.log = log
    }

    /// Writes everything. The log stays open.
    ///
    /// - Parameters:
    ///   - opened: who the ledger is.
    ///   - progress: told after each log batch how many events there are.
    /// - Returns: the number of the last event.
    /// - Throws: `LogError` when the log cannot be written.
    public func run(_ opened: LedgerOpened, progress: (SequenceNumber) -> Void = { _ in }) throws(LogError) -> SequenceNumber {
        let press = Press(log)
        var generator = generator
        var sheet = EventSheet()
        generator.begin(opened, &sheet)
        var page = press.emptyPage()
        repeat {
            page.take(&sheet)
            if page.eventCount < LogFilling.batchEventCount { continue }
            press.put(page, at: generator.now)
            progress(sheet.last)
            page = press.emptyPage()
        } while !press.isOver && generator.next(&sheet)
        if page.eventCount > 0 { press.put(page, at: generator.now) }
        try press.finish()
        return sheet.last
    }
}

/// The lines of one log batch. It belongs to one thread at a time, and is used again and again.
private final class Page: @unchecked Sendable {
    private(set) var lines = JSONWriter(capacity: 1 << 20)
    private(set) var eventCount = 0
    var at = Timestamp(microseconds: 0)

    func take(_ sheet: inout EventSheet) {
        for event in sheet.events { EventCodec.encode(event, into: &lines) }
        eventCount += sheet.events.count
        sheet.forget()
    }

    func clear() {
        lines.removeAll()
        eventCount = 0
    }
}

/// The other thread: it takes full pages in their order, and gives them back empty.
private final class Press: @unchecked Sendable {
    private struct State {
        var full: [Page] = []
        var empty = (0..<Press.pageCount).map { _ in Page() }
        var isClosed = false
        var isOver = false
        var fault: LogError?
    }

    private let log: SegmentLog
    private let state = Monitor(State())

    /// Enough that neither thread waits for the other at every page.
    private static let pageCount = 16

    init(_ log: SegmentLog) {
        self.log = log
        let thread = Thread { [self] in work() }
        thread.name = "press"
        thread.start()
    }

    /// The log has failed.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Waits until one is there.
    func emptyPage() -> Page { state.wait { $0.empty.popLast() } }

    func put(_ page: Page, at time: Timestamp) {
        page.at = time
        state.change { $0.full.append(page) }
    }

    /// Waits until everything is written.
    func finish() throws(LogError) {
        state.change { $0.isClosed = true }
        let fault = state.wait { state in state.isOver ? .some(state.fault) : nil }
        if let fault { throw fault }
    }

    /// Waits for pages; none when there will be none any more.
    private func fullPages() -> [Page] {
        state.wait { state in
            if state.full.isEmpty && !state.isClosed { return nil }
            defer { state.full.removeAll(keepingCapacity: true) }
            return state.full
        }
    }

    /// After a fault it gives back pages unwritten: nobody waits for one in vain.
    private func work() {
        var fault: LogError?
        while case let pages = fullPages(), !pages.isEmpty {
            for page in pages {
                if fault == nil { fault = write(page) }
                page.clear()
                state.change { state in
                    state.empty.append(page)
                    (state.fault, state.isOver) = (fault, fault != nil)
                }
            }
        }
        state.change { $0.isOver = true }
    }

    private func write(_ page: Page) -> LogError? {
        do throws(LogError) { try log.append(page.lines.bytes, count: page.eventCount, at: page.at) } catch { return error }
        return nil
    }
}
