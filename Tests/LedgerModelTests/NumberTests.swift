import Testing

@testable import LedgerModel

@Suite("SipHash")
struct SipHashTests {
    /// The first outputs of the reference implementation's table for SipHash-2-4-128: key 00...0f, input 00, 01, ...
    @Test(arguments: [(0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45")])
    func reference(_ byteCount: Int, _ expected: String) {
        let key = HashKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        let (low, high) = (0..<byteCount).map { UInt8($0) }.withUnsafeBytes { SipHash.hash($0, key: key) }
        let bytes = [low, high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
        #expect(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == expected)
    }

    @Test("every byte of the input and of the key counts, at every length")
    func sensitivity() {
        var seen: Set<[UInt64]> = []
        for byteCount in 0...40 {
            for changed in 0...byteCount {
                var bytes = (0..<byteCount).map { UInt8($0) }
                if changed < byteCount { bytes[changed] ^= 0x80 }
                let (low, high) = bytes.withUnsafeBytes { SipHash.hash($0, key: HashKey(1, 2)) }
                #expect(seen.insert([low, high]).inserted)
            }
        }
        #expect(SipHash.hash("a", key: HashKey(1, 2)) != SipHash.hash("a", key: HashKey(1, 3)))
        #expect(SipHash.hash("a", key: HashKey(1, 2)) != SipHash.hash("a", key: HashKey(0, 2)))
    }
}

@Suite("Identifier table")
struct IdentifierTableTests {
    @Test("finds what was put in, and nothing else, while it grows")
    func finds() {
        var table = IdentifierTable(key: HashKey(1, 2))
        let ids = (1...20_000).map { table.hash(Name("id-\($0)")!, of: "t") }
        for (index, id) in ids.enumerated() {
            #expect(table.sequence(of: id) == nil)
            table.set(id, to: SequenceNumber(UInt64(index + 1)))
        }
        #expect(table.count == ids.count)
        #expect(ids.enumerated().allSatisfy { table.sequence(of: $1) == SequenceNumber(UInt64($0 + 1)) })
        #expect(table.sequence(of: table.hash("id-1", of: "u")) == nil)
        table.set(ids[7], to: SequenceNumber(1 << 44 - 1))
        #expect(table.sequence(of: ids[7]) == SequenceNumber(1 << 44 - 1))
        #expect(table.count == ids.count)
    }

    @Test("two ids are told apart by every bit that is kept of their hashes")
    func bits() {
        let base = HashedIdentifier((low: 7, high: 9))
        for bit in Array(0..<8) + Array(44..<128) {
            let low: UInt64 = bit < 64 ? 7 ^ 1 << UInt64(bit) : 7
            let high: UInt64 = bit < 64 ? 9 : 9 ^ 1 << UInt64(bit - 64)
            var table = IdentifierTable(key: HashKey(1, 2))
            table.set(base, to: SequenceNumber(1))
            #expect(table.sequence(of: HashedIdentifier((low: low, high: high))) == nil, "bit \(bit)")
            table.set(HashedIdentifier((low: low, high: high)), to: SequenceNumber(2))
            #expect(table.sequence(of: base) == SequenceNumber(1))
        }
    }
}

@Suite("Names")
struct NameTests {
    @Test(
        "1 to 128 bytes without control characters",
        arguments: [
            ("", false), ("a", true), (String(repeating: "x", count: 128), true), (String(repeating: "x", count: 129), false),
            (String(repeating: "é", count: 64), true), (String(repeating: "é", count: 65), false), ("a\nb", false),
            ("a\u{0}", false),
            ("a\u{7f}", false), ("a\u{80}", false), ("a\u{9f}", false), ("a\u{a0}", true), (" ", true), ("\u{1F600}", true),
            ("a\tb", false), ("\u{301}x", true), ("\u{feff}", true), ("\"\\", true),
        ] as [(String, Bool)])
    func validity(_ text: String, _ isValid: Bool) { #expect((Name(text) != nil) == isValid) }

    @Test("two spellings of one text are two names")
    func bytewise() {
        let (composed, decomposed): (Name, Name) = ("\u{e9}", "e\u{301}")
        #expect(composed != decomposed)
        #expect(composed.text == decomposed.text)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
        #expect(!(composed < decomposed))
    }

    @Test(
        "a document's key is its kind and name",
        arguments: [
            ("price/siterank", "price/siterank"), ("unit/a/b", "unit/a/b"), ("tenant/settings", "tenant/settings"),
            ("tenant/other", nil),
            ("plan/pro", "plan/pro"), ("plans/pro", nil), ("price/", nil), ("price", nil), ("/x", nil),
            ("price/\u{301}x", "price/\u{301}x"),
            ("price/\u{301}x/y", "price/\u{301}x/y"), ("price/a\nb", nil),
        ] as [(String, String?)])
    func documentKey(_ text: String, _ expected: String?) {
        #expect(DocumentKey(text).map { Array($0.description.utf8) } == expected.map { Array($0.utf8) })
    }
}

@Suite("Amounts")
struct AmountTests {
    @Test func range() {
        #expect(Amount(rawValue: -1) == nil)
        #expect(Amount(rawValue: 0) == .zero)
        #expect(Amount(rawValue: 1 << 53 - 1) == .max)
        #expect(Amount(rawValue: 1 << 53) == nil)
        #expect(Amount(rawValue: .min) == nil)
        #expect(Amount.max.adding(1) == nil)
        #expect(Amount.max.adding(.max) == nil)
        #expect(Amount.max.adding(0) == .max)
        #expect((Amount.max - 1).adding(1) == .max)
    }
}

@Suite("Rejections")
struct RejectionTests {
    /// One of each, in the order of the cases.
    static let all: [Rejection] = [
        .invalidField(field: "f", reason: "r"), .reservedName(field: "f", name: "$n"), .duplicateId("i"), .unknownTimeZone("z"),
        .occurredInFuture(at: Timestamp(microseconds: 2), now: Timestamp(microseconds: 1)),
        .occurredTooLate(at: Timestamp(microseconds: 2), lateDays: 35), .documentNotFound(.settings),
        .nothingScheduled(.settings), .versionMismatch(.settings, expected: 1, actual: 2),
        .versionNotFound(.settings, version: 3, newest: 2),
        .scaleInUse(unit: "u", scale: 2), .rateOutOfRange(DocumentKey(.price, "p")), .planNotFound("p"),
        .planDisabled("p", version: 2), .accountExists("a"), .accountNotFound("a"), .accountClosed("a"), .accountFrozen("a"),
        .accountNotFrozen("a"), .holdsOpen(account: "a", count: 2), .batchExists("b"), .batchNotFound("b"), .batchClosed("b"),
        .alreadySubscribed(account: "a", plan: "p"), .notSubscribed(account: "a", plan: "p"),
        .tooManyPlans(account: "a", limit: 16), .allowanceNotFound(plan: "p", unit: "u", period: .day),
        .alertNotFound(SequenceNumber(7)), .keyExists("k"), .keyHashExists(key: "k"), .keyNotFound("k"),
        .keyOfOtherAccount("k", account: "a"), .keyRevoked("k"), .keyExpired("k", at: Timestamp(microseconds: 1)),
        .keyDisabled("k"), .featureNotAllowed(key: "k", feature: "f"), .debitNotFound("d"),
        .notRefundable(of: "d", reason: "r"), .refundExceedsDebit(of: "d", asked: 2, left: 1), .holdNotFound("h"),
        .holdClosed("h"), .notSettleable(hold: "h", reason: "r"), .priceNotFound(feature: "f"),
        .priceDisabled(feature: "f", version: 3), .unknownDimension(feature: "f", dimension: "d"), .amountOverflow(unit: "u"),
        .tooManyLots(account: "a", unit: "u", limit: 256), .tooManyHolds(of: "a", limit: 2),
        .amountExceedsHold(hold: "h", unit: "u", asked: 2, held: 1),
        .keyLimitExceeded(key: "k", unit: "u", asked: 2, used: 1, limit: 2, resetsAt: Timestamp(microseconds: 9)),
        .allowanceExhausted(
            AllowanceShortage(
                unit: "u", asked: 2, available: 1, held: 0, plan: "p", period: .day, used: 4, limit: 5, resetsAt: nil)),
        .insufficientBalance(unit: "u", asked: 2, available: 1, held: 0),
    ]

    @Test("the numbers ascend in the order of the cases, and each case is told under its own name")
    func numbers() throws {
        #expect(zip(Self.all, Self.all.dropFirst()).allSatisfy { $0.number < $1.number })
        let names = Self.all.map { RejectionRecord($0).name }
        #expect(names == Self.all.map { Mirror(reflecting: $0).children.first!.label! })
        #expect(names == (try RejectionTests.casesInSource()))
    }

    /// The cases as the source lists them, but for `inItem` and `inCommand`, which have no number of their own.
    private static func casesInSource() throws -> [String] {
        let source = try sourceText("LedgerModel/Rejection.swift")
        let cases = source.split(separator: "extension Rejection")[0].split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").drop { $0 == "indirect" }
            return words.first == "case" ? words.dropFirst().first.map { String($0.prefix { $0.isLetter }) } : nil
        }
        return cases.filter { $0 != "inItem" && $0 != "inCommand" }
    }

    @Test("an item's rejection keeps name and number, and names the item first")
    func inItem() {
        for rejection in Self.all {
            let (plain, inItem) = (RejectionRecord(rejection), RejectionRecord(.inItem("i-1", rejection)))
            #expect(inItem.name == plain.name && inItem.number == plain.number)
            #expect(inItem.fields == [.init(name: "item", value: .text("i-1"))] + plain.fields)
            #expect(inItem.message == "item i-1: \(plain.message)")
        }
    }
}
