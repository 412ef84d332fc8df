import LedgerModel
import SegmentLog
import Testing

/// The head that followers wait for.
@Suite struct CommittedHeadTests {
    private func head(_ sequence: UInt64) -> LogHead {
        LogHead(ledger: Ledger.id, lastSequence: SequenceNumber(sequence), chain: .zero, segment: .first, offset: sequence)
    }

    @Test func growthIsAnsweredAtOnceWhenItIsThere() async {
        let committed = CommittedHead(head(7))
        #expect(await committed.growth(past: SequenceNumber(6)) == head(7))
        committed.publish(head(9))
        #expect(await committed.growth(past: SequenceNumber(7)) == head(9) && committed.current == head(9))
    }

    @Test func allWhoWaitAreWoken() async {
        let committed = CommittedHead(head(0))
        await withTaskGroup(of: LogHead.self) { group in
            for past in 0..<20 as Range<UInt64> { group.addTask { await committed.growth(past: SequenceNumber(past)) } }
            for sequence in 1...20 as ClosedRange<UInt64> {
                committed.publish(head(sequence))
                await Task.yield()
            }
            var answers: [LogHead] = []
            for await answer in group { answers.append(answer) }
            #expect(answers.count == 20 && answers.allSatisfy { $0.lastSequence > .zero })
        }
    }

    @Test func closingAndCancellingEndTheWait() async {
        let committed = CommittedHead(head(3))
        let cancelled = Task { await committed.growth(past: SequenceNumber(3)) }
        cancelled.cancel()
        #expect(await cancelled.value == head(3))
        async let waiting = committed.growth(past: SequenceNumber(3))
        await Task.yield()
        committed.close()
        #expect(await waiting == head(3) && committed.isClosed)
        #expect(await committed.growth(past: SequenceNumber(50)) == head(3))
    }
}
