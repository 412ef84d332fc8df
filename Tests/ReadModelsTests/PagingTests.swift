import Foundation
import LedgerModel
import LedgerTestKit
import Projections
import SegmentLog
import Testing

@testable import ReadModels

/// Pages of every built-in query that has some: however they are cut, they are the rows of the whole, each once.
@Suite struct PagingTests {
    /// At their end several documents are scheduled at once, which the generator does not do.
    private static let events = {
        let events = generatedEvents(seed: 31, count: 1600)
        return events + ["a", "b", "c"].enumerated().map { index, name in scheduling(name, behind: events.last!, index + 1) }
    }()
    private static let now = events.last!.at

    private static func scheduling(_ name: Name, behind last: Event, _ place: Int) -> Event {
        Event(
            sequence: SequenceNumber(last.sequence.rawValue + UInt64(place)), at: last.at, day: last.day, tenant: "acme",
            id: Name("scheduling-\(place)")!, group: GroupHead(count: 1, body: 1), peer: 1, actor: nil,
            fact: .configurationScheduled(
                ConfigurationScheduled(
                    key: DocumentKey(.price, name), document: nil, reason: "why", effectiveAt: Timestamp(microseconds: 1 << 51))))
    }

    private let ledger: Ledger

    init() throws { ledger = try Ledger() }

    private func append(_ range: Range<Int>) throws {
        var random = SeededGenerator(seed: 3)
        try ledger.append(Array(PagingTests.events[range]), cutting: &random)
    }

    /// The first place at or behind an index where a group begins.
    private func group(from index: Int) -> Int { PagingTests.events[index...].firstIndex { $0.group != nil }! }

    private func following(_ body: (ReadModels) async throws -> Void) async throws {
        var bounds = Ledger.patient
        bounds.queryTimeLimit = .seconds(300)
        let readModels = try ledger.readModels(bounds: bounds)
        readModels.start()
        try await body(readModels)
        await readModels.stop()
    }

    private static let paged = Projection.builtIn.flatMap(\.queries).filter { !$0.page.isEmpty }
    private static let names = paged.map(\.name)

    /// A sound ledger has no drift, and this one has a single provider.
    private static let short: Set<String> = ["health.drift", "providers.platforms"]

    private func query(_ name: String) throws -> Query { try #require(PagingTests.paged.first { $0.name == name }) }

    /// The log grows until there is enough to cut: open holds and what is scheduled come and go.
    @Test(arguments: names)
    func pagesAreCutAnywhere(name: String) async throws {
        let query = try query(name)
        try await following { readModels in
            var (end, longest) = (0, 0)
            while longest < 3, end < PagingTests.events.count {
                let next = end + 40 < PagingTests.events.count ? group(from: end + 40) : PagingTests.events.count
                try append(end..<next)
                end = next
                for arguments in Askings.of(query, Array(PagingTests.events[..<end])) {
                    longest = max(longest, try await cut(query, arguments, readModels, now: PagingTests.events[end - 1].at))
                }
            }
            #expect(
                longest > 1 || PagingTests.short.contains(name),
                "\(query.name): nothing was found to cut into pages; Askings may lack a parameter")
        }
    }

    /// Cuts an answer into small pages, and answers how many rows it has.
    private func cut(
        _ query: Query, _ arguments: [String: QueryValue], _ readModels: ReadModels, now: Timestamp
    ) async throws -> Int {
        let whole = try await pages(of: 1000, query, arguments, readModels, now: now)
        if whole.count < 2 { return whole.count }
        for size: Int64 in [1, 2, 7] {
            let cut = try await pages(of: size, query, arguments, readModels, now: now)
            #expect(cut == whole, "\(query.name) \(arguments) in pages of \(size)")
        }
        return whole.count
    }

    /// Between two pages the log grows: what was there before and is there afterwards is seen, and nothing twice.
    @Test(arguments: names)
    func pagesStayWhileTheLogGrows(name: String) async throws {
        let query = try query(name)
        let middle = group(from: 1000)
        try append(0..<middle)
        try await following { readModels in
            let askings = Askings.of(query, PagingTests.events)
            var (before, begun): ([[String]], [(rows: [String], next: String?)]) = ([], [])
            for arguments in askings {
                before.append(try await pages(of: 1000, query, arguments, readModels))
                begun.append(try await page(of: 2, query, arguments, nil, readModels))
            }
            try append(middle..<PagingTests.events.count)
            for (index, arguments) in askings.enumerated() {
                let rest = try await pages(of: 2, query, arguments, readModels, from: begun[index].next)
                let seen = begun[index].rows + rest
                let after = try await pages(of: 1000, query, arguments, readModels)
                #expect(Set(seen).count == seen.count, "\(query.name) \(arguments): a row came twice")
                #expect(
                    Set(before[index]).intersection(after).isSubset(of: seen), "\(query.name) \(arguments): a row was passed over"
                )
            }
        }
    }

    /// The keys of all rows, page by page.
    private func pages(
        of size: Int64, _ query: Query, _ arguments: [String: QueryValue], _ readModels: ReadModels, from first: String?? = .none,
        now: Timestamp = now
    ) async throws -> [String] {
        if case .some(.none) = first { return [] }
        var (all, cursor): ([String], String?) = ([], first ?? nil)
        repeat {
            let page = try await page(of: size, query, arguments, cursor, readModels, now)
            #expect(page.rows.count <= size)
            all += page.rows
            cursor = page.next
        } while cursor != nil
        return all
    }

    private func page(
        of size: Int64, _ query: Query, _ arguments: [String: QueryValue], _ cursor: String?, _ readModels: ReadModels,
        _ now: Timestamp = now
    ) async throws -> (rows: [String], next: String?) {
        let size = min(size, query.parameters.first { $0.name == "limit" }!.range!.upperBound)
        let answer = try answered(
            try await readModels.query(
                query.name, arguments.merging(["limit": .integer(size)]) { $1 }, cursor: cursor,
                minSeq: ledger.log.head.lastSequence, now: now))
        let keys = (answer["rows"] as! [[String: Any]]).map { row in
            query.page.map { "\(row[$0.column] ?? "")" }.joined(separator: " ")
        }
        return (keys, answer["next"] as? String)
    }

    // MARK: Cursors

    private func error(_ cursor: String, of query: String) throws -> QueryError? {
        let query = try #require(Projection.builtIn.flatMap(\.queries).first { $0.name == query })
        do {
            _ = try QueryArguments(query, ["tenant": "acme", "account": "u-1"], cursor: cursor, now: PagingTests.now)
            return nil
        } catch { return error }
    }

    @Test func aCursorIsOfItsQuery() throws {
        #expect(try error(#"["usage.history",1,"a","b"]"#, of: "usage.history") == nil)
        #expect(try error(#"["alerts.list",1]"#, of: "alerts.list") == nil)
        #expect(try error(#"["batches.list",1]"#, of: "alerts.list")?.parameter == "cursor")
    }

    @Test(arguments: [
        "", " ", "12", "null", "[", "[]", "{}", #"["usage.history"]"#, #"["usage.history",1]"#, #"["usage.history",1,"a"]"#,
        #"["usage.history",1,"a","b",1]"#, #"["usage.history","1","a","b"]"#, #"["usage.history",1,2,3]"#,
        #"["usage.history",1.5,"a","b"]"#, #"["usage.history",9223372036854775808,"a","b"]"#, #"["usage.history",null,"a","b"]"#,
        #"["usage.history",[1],"a","b"]"#, #"["usage.history",1,"a","\ud800"]"#, #"["usage.history",1,"a","b"]]"#,
        #"["usage.batch",1,"a","b"]"#, #"[1,"a","b"]"#,
        "[\"usage.history\",1,\"a\",\"" + String(repeating: "b", count: 70_000) + "\"]",
        String(repeating: "[", count: 60_000),
    ])
    func aForeignCursorIsRefused(cursor: String) throws {
        let error = try error(cursor, of: "usage.history")
        #expect(error == .badCursor && error?.parameter == "cursor", "\(cursor.prefix(60))")
    }
}

/// Arguments with which a built-in query is asked so that it finds something: every combination of the values that the events have for its
/// required parameters.
enum Askings {
    static func of(_ query: Query, _ events: [Event]) -> [[String: QueryValue]] {
        query.parameters.filter(\.isRequired).reduce([[:]]) { askings, parameter in
            let values = values(of: parameter, events)
            return askings.flatMap { asking in values.map { asking.merging([parameter.name: $0]) { $1 } } }
        }
    }

    private static func values(of parameter: Query.Parameter, _ events: [Event]) -> [QueryValue] {
        if !parameter.choices.isEmpty { return parameter.choices.map { .text($0) } }
        switch parameter.type {
        case .integer: return [.integer(parameter.range?.lowerBound ?? 1)]
        case .boolean: return [.boolean(true)]
        case .timestamp:
            return [
                .text(parameter.name == "from" || parameter.name == "since" ? "1971-01-01T00:00:00Z" : "2100-01-01T00:00:00Z")
            ]
        case .day: return [.text(parameter.name == "from" ? "1971-01-01" : "2100-01-01")]
        case .texts: return [.texts(names(parameter.name, events))]
        case .text, .json: return names(parameter.name, events).map { .text($0) }
        }
    }

    /// The names that events have for a parameter.
    private static func names(_ name: String, _ events: [Event]) -> [String] {
        switch name {
        case "tenant": EventLogGenerator.tenants.map(\.text)
        case "account": EventLogGenerator.accounts.map(\.text)
        case "unit": EventLogGenerator.units.map(\.text)
        case "feature": EventLogGenerator.features.map(\.text)
        case "plan": EventLogGenerator.plans.map(\.text)
        case "batch": Array(Set(events.compactMap(\.batch))).sorted()
        case "key": Array(Set(events.compactMap(\.documentKey))).sorted()
        default: Array(Set(events.map(\.id.text))).sorted().prefix(20).map { $0 }
        }
    }
}

extension Event {
    fileprivate var batch: String? {
        if case .batchOpened(let fact) = fact { fact.batch.text } else { nil }
    }

    fileprivate var documentKey: String? {
        if case .configured(let fact) = fact { "\(fact.key)" } else { nil }
    }
}
