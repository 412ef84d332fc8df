import JSONText
import LedgerModel
import LedgerRPC
import NIOCore
import SegmentLog

/// A connection's subscription: where it stands, and the task that reads the log for it.
struct Subscription {
    /// Tells what a former subscription of the same connection still sends from what this one does.
    let number: Int
    /// The first sequence number that has not been sent, or left out by the filter.
    var next: SequenceNumber
    let follower: Task<Void, Never>
}

/// One subscription per connection: the lines of the log do not say for whom they are sent.
extension Connection {
    func subscribe(_ filter: EventFilter, from asked: SequenceNumber?, _ id: RequestID?) {
        if subscription != nil {
            return write(.invalidRequest("this connection has a subscription; events.unsubscribe ends it"), to: id)
        }
        let end = lane.ledger.committed.current.lastSequence.next
        let from = asked ?? end
        if from > end { return write(.beyondTheEnd(from, end), to: id) }
        write(to: id) { $0.place(from) }
        follow(EventSource(lane.ledger.log, filter, from: from), from: from)
    }

    private func follow(_ source: EventSource, from: SequenceNumber) {
        subscriptionCount += 1
        let follower = EventFollower(
            committed: lane.ledger.committed, source: source, readingThreads: lane.threads.reading, subscriber: WayBack(self),
            subscription: subscriptionCount)
        let task = away {
            await follower.run(from: from)
            return { _ in }
        }
        subscription = Subscription(number: subscriptionCount, next: from, follower: task)
    }

    func unsubscribe(_ id: RequestID?) {
        guard let subscription else { return write(.invalidRequest("this connection has no subscription"), to: id) }
        write(to: id) { $0.place(subscription.next) }
        endSubscription()
    }

    func endSubscription() {
        subscription?.follower.cancel()
        subscription = nil
    }

    /// Sends a page behind what was answered before. `taken` is called when the client has taken it, or never will.
    func send(_ page: EventPage, subscription number: Int, taken: @escaping @Sendable () -> Void) {
        guard subscription?.number == number, let context else { return taken() }
        subscription?.next = page.next
        if page.bytes.readableBytes == 0 { return taken() }
        flush()
        let back = WayBack(self)
        let late = context.eventLoop.scheduleTask(in: .seconds(bounds.subscriberPatienceSeconds)) { back { $0.drop(number) } }
        context.writeAndFlush(wrapOutboundOut(page.bytes)).whenComplete { _ in
            late.cancel()
            taken()
        }
    }

    /// Ends a subscription whose client does not read, or for which the log cannot be read: then for a reason. The client learns of it, and
    /// where to go on, once it reads again.
    func drop(_ number: Int, reason: String? = nil) {
        guard let subscription, subscription.number == number else { return }
        writeNotification { $0.droppedNotification(next: subscription.next, reason: reason) }
        endSubscription()
    }
}

extension RPCError {
    fileprivate static func beyondTheEnd(_ from: SequenceNumber, _ end: SequenceNumber) -> RPCError {
        .rejected(RejectionRecord(.invalidField(field: "from", reason: "must be at most \(end), where the log goes on")))
    }
}
