import LedgerModel
import NIOCore
import NIOPosix
import SegmentLog

/// Follows the log for one subscriber: waits for what is committed, reads it on a thread that may block, and hands it to the connection,
/// one page at a time. The next page is read when the client has taken the last: a slow client costs one page of memory, and nobody
/// waits for it.
struct EventFollower: Sendable {
    let committed: CommittedHead
    let source: EventSource
    let readingThreads: NIOThreadPool
    let subscriber: WayBack
    let subscription: Int

    /// Runs until it is cancelled, the ledger stops, or the log cannot be read.
    func run(from: SequenceNumber) async {
        var next = from
        var reason: String?
        do throws(LogError) {
            while let page = try await page(from: next) {
                next = page.next
                await send(page)
            }
        } catch { reason = error.description }
        subscriber { [subscription, reason] in $0.drop(subscription, reason: reason) }
    }

    /// Nil at the end.
    private func page(from next: SequenceNumber) async throws(LogError) -> EventPage? {
        let head = await committed.growth(past: SequenceNumber(next.rawValue - 1))
        guard head.lastSequence >= next, !Task.isCancelled else { return nil }
        let read = try? await readingThreads.runIfActive { [source] in
            Result { () throws(LogError) in try source.page(upTo: head) }
        }
        return try read?.get()
    }

    private func send(_ page: EventPage) async {
        await withCheckedContinuation { taken in
            subscriber { [subscription] in $0.send(page, subscription: subscription) { taken.resume() } }
        }
    }
}
