import Foundation
import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct RejectionTables {
    /// One rejection after the other, in the order of the cases. A new case does not compile before it stands here.
    private func next(after rejection: Rejection?) -> Rejection? {
        switch rejection {
        case nil: .invalidField(field: "f", reason: "r")
        case .invalidField: .reservedName(field: "f", name: "$n")
        case .reservedName: .duplicateId("n")
        case .duplicateId: .unknownTimeZone("n")
        case .unknownTimeZone: .occurredInFuture(at: Timestamp(microseconds: 0), now: Timestamp(microseconds: 0))
        case .occurredInFuture: .occurredTooLate(at: Timestamp(microseconds: 0), lateDays: 35)
        case .occurredTooLate: .documentNotFound(.settings)
        case .documentNotFound: .versionMismatch(.settings, expected: 1, actual: 2)
        case .versionMismatch: .versionNotFound(.settings, version: 1, newest: 2)
        case .versionNotFound: .scaleInUse(unit: "n", scale: 1)
        case .scaleInUse: .rateOutOfRange(.settings)
        case .rateOutOfRange: .accountExists("n")
        case .accountExists: .accountNotFound("n")
        case .accountNotFound: .batchExists("n")
        case .batchExists: .batchNotFound("n")
        case .batchNotFound: .batchClosed("n")
        case .batchClosed: .alertNotFound(SequenceNumber(1))
        case .alertNotFound: .debitNotFound("n")
        case .debitNotFound: .notRefundable(of: "n", reason: "r")
        case .notRefundable: .refundExceedsDebit(of: "n", asked: 1, left: 0)
        case .refundExceedsDebit: .priceNotFound(feature: "n")
        case .priceNotFound: .priceDisabled(feature: "n", version: 1)
        case .priceDisabled: .unknownDimension(feature: "n", dimension: "n")
        case .unknownDimension: .amountOverflow(unit: "n")
        case .amountOverflow: .tooManyLots(account: "n", unit: "n", limit: 256)
        case .tooManyLots: .insufficientBalance(unit: "n", asked: 1, available: 0, held: 0)
        case .insufficientBalance, .inItem: nil
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
            .notReady(""), .timeLimit, .unauthorized(peer: 0), .tooLarge("", limit: 0),
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
