import Foundation
import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct RejectionTables {
    private let instant = Timestamp(microseconds: 0)

    private var shortage: AllowanceShortage {
        AllowanceShortage(
            unit: "n", asked: 1, available: 0, held: 0, plan: "n", period: .day, used: 1, limit: 1, resetsAt: instant)
    }

    /// One rejection after the other, in the order of the cases. A new case does not compile before it stands here.
    private func next(after rejection: Rejection?) -> Rejection? {
        switch rejection {
        case nil: .invalidField(field: "f", reason: "r")
        case .invalidField: .reservedName(field: "f", name: "$n")
        case .reservedName: .duplicateId("n")
        case .duplicateId: .unknownTimeZone("n")
        case .unknownTimeZone: .occurredInFuture(at: instant, now: instant)
        case .occurredInFuture: .occurredTooLate(at: instant, lateDays: 35)
        case .occurredTooLate: .documentNotFound(.settings)
        case .documentNotFound: .nothingScheduled(.settings)
        case .nothingScheduled: .versionMismatch(.settings, expected: 1, actual: 2)
        case .versionMismatch: .versionNotFound(.settings, version: 1, newest: 2)
        case .versionNotFound: .scaleInUse(unit: "n", scale: 1)
        case .scaleInUse: .rateOutOfRange(.settings)
        case .rateOutOfRange: .planNotFound("n")
        case .planNotFound: .planDisabled("n", version: 1)
        case .planDisabled: .accountExists("n")
        case .accountExists: .accountNotFound("n")
        case .accountNotFound: .accountClosed("n")
        case .accountClosed: .accountFrozen("n")
        case .accountFrozen: .accountNotFrozen("n")
        case .accountNotFrozen: .holdsOpen(account: "n", count: 1)
        case .holdsOpen: .batchExists("n")
        case .batchExists: .batchNotFound("n")
        case .batchNotFound: .batchClosed("n")
        case .batchClosed: .alreadySubscribed(account: "n", plan: "n")
        case .alreadySubscribed: .notSubscribed(account: "n", plan: "n")
        case .notSubscribed: .tooManyPlans(account: "n", limit: 16)
        case .tooManyPlans: .allowanceNotFound(plan: "n", unit: "n", period: .day)
        case .allowanceNotFound: .alertNotFound(SequenceNumber(1))
        case .alertNotFound: .keyExists("n")
        case .keyExists: .keyHashExists(key: "n")
        case .keyHashExists: .keyNotFound("n")
        case .keyNotFound: .keyOfOtherAccount("n", account: "n")
        case .keyOfOtherAccount: .keyRevoked("n")
        case .keyRevoked: .keyExpired("n", at: instant)
        case .keyExpired: .keyDisabled("n")
        case .keyDisabled: .featureNotAllowed(key: "n", feature: "n")
        case .featureNotAllowed: .debitNotFound("n")
        case .debitNotFound: .notRefundable(of: "n", reason: "r")
        case .notRefundable: .refundExceedsDebit(of: "n", asked: 1, left: 0)
        case .refundExceedsDebit: .holdNotFound("n")
        case .holdNotFound: .holdClosed("n")
        case .holdClosed: .notSettleable(hold: "n", reason: "r")
        case .notSettleable: .priceNotFound(feature: "n")
        case .priceNotFound: .priceDisabled(feature: "n", version: 1)
        case .priceDisabled: .unknownDimension(feature: "n", dimension: "n")
        case .unknownDimension: .amountOverflow(unit: "n")
        case .amountOverflow: .tooManyLots(account: "n", unit: "n", limit: 256)
        case .tooManyLots: .tooManyHolds(of: "n", limit: 1)
        case .tooManyHolds: .amountExceedsHold(hold: "n", unit: "n", asked: 2, held: 1)
        case .amountExceedsHold: .keyLimitExceeded(key: "n", unit: "n", asked: 1, used: 1, limit: 1, resetsAt: instant)
        case .keyLimitExceeded: .allowanceExhausted(shortage)
        case .allowanceExhausted: .insufficientBalance(unit: "n", asked: 1, available: 0, held: 0)
        case .insufficientBalance, .inItem, .inCommand: nil
        }
    }

    @Test func theDocumentHasThemInOrderWithTheirData() throws {
        let rows = sequence(first: next(after: nil)!) { next(after: $0) }.map { rejection in
            let record = RejectionRecord(rejection)
            return "| \(record.number) | `\(record.name)` | \(record.fields.map(\.name).joined(separator: ", ")) |"
        }
        #expect(try document().contains("| number | rejection | data |\n|---|---|---|\n" + rows.joined(separator: "\n") + "\n\n"))
    }

    @Test func numbersRise() {
        let numbers = sequence(first: next(after: nil)!) { next(after: $0) }.map(\.number)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func theDocumentHasEveryErrorCode() throws {
        let errors: [RPCError] = [
            .invalidRequest(""), .unknownMethod(""), .invalidParameters(method: "", field: "", reason: "", fields: []),
            .internalError(""),
            .rejected(RejectionRecord(.duplicateId("d"))), .idMismatch(.first), .overloaded,
            .lagging(reached: .zero, asked: .first),
            .notReady(""), .diskFull, .timeLimit, .unauthorized(peer: 0), .tooLarge("", limit: 0),
        ]
        let document = try document()
        for error in errors { #expect(document.contains("| \(error.code) |"), "\(error.code)") }
    }

    private func document() throws -> String {
        let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: top.appendingPathComponent("docs/rpc.md"), encoding: .utf8)
    }
}
