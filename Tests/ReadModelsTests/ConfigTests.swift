import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// Documents, their changes and their differences are those that the events tell.
@Suite struct ConfigTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    /// All versions of each document, from version 1, as JSON; null for one that was deleted.
    private func versions(of tenant: Name) throws -> [String: [EventLine]] {
        Dictionary(grouping: try ledger.lines(of: tenant, "configured")) { $0.text("key")! }
    }

    @Test func documentsAreListedAtTheirNewestVersion() async throws {
        try await ledger.following { ask in
            var deletedCount = 0
            for tenant in EventLogGenerator.tenants {
                let versions = try versions(of: tenant)
                for deleted in [false, true] {
                    let rows = try await ask(
                        "config.list", ["tenant": .init(tenant), "deleted": .boolean(deleted), "limit": 2], ledger.now)
                    let keys = versions.filter { deleted || !($0.value.last!.fields["value"] is NSNull) }.keys.sorted()
                    deletedCount += versions.count - keys.count
                    #expect(rows.map { $0.text("key")! } == keys)
                    for row in rows { check(row, versions[row.text("key")!]!) }
                }
            }
            #expect(deletedCount > 0)
        }
    }

    private func check(_ row: Row, _ versions: [EventLine]) {
        let newest = versions.last!
        #expect(canonical(row.fields["value"]) == canonical(newest.fields["value"]))
        #expect(row.integer("version") == Int64(versions.count) && row.integer("seq") == newest.seq)
        #expect(row.text("firstAt") == versions[0].text("at") && row.text("at") == newest.text("at"))
        #expect(row.text("kind") == row.text("key")!.split(separator: "/")[0].description)
    }

    @Test func theListIsFiltered() async throws {
        try await ledger.following { ask in
            func keys(_ arguments: [String: QueryValue]) async throws -> [String] {
                try await ask("config.list", arguments.merging(["tenant": "acme"]) { $1 }, ledger.now).map { $0.text("key")! }
            }
            #expect(try await keys(["kinds": .texts(["price", "plan"])]).allSatisfy { $0.hasPrefix("p") })
            #expect(try await keys(["text": "INPUTTOKENS"]) == ["price/chat"])
            let pending = try await ask("config.scheduled", ["tenant": "acme"], ledger.now).map { $0.text("key")! }
            let all = try await keys([:])
            #expect(try await keys(["scheduled": .boolean(true)]) == all.filter(pending.contains))
            #expect(try await keys(["scheduled": .boolean(false)]) == all.filter { !pending.contains($0) })
            let newest = try versions(of: "acme").mapValues { $0.last! }
            let line = newest["price/siterank"]!
            #expect(try await keys(["since": instant(line)]) == all.filter { newest[$0]!.event.at >= line.event.at })
            #expect(try await keys(["until": instant(line)]) == all.filter { newest[$0]!.event.at < line.event.at })
            #expect(
                try await keys(["actors": .texts(["operator"])])
                    == all.filter { newest[$0]!.text("actor") == "operator" })
        }
    }

    /// Names and values are searched, not the JSON that they are written in.
    @Test func textIsWhatADocumentSaysNotHowItIsWritten() async throws {
        let own = try Ledger()
        let price = #"{"charges":[{"unit":"ap","rates":{"The \"plus\" rate":"7/2"}}],"minimum":125,"enabled":false}"#
        try own.append(try configured("price/plus", [price], from: 1))
        let readModels = try own.readModels(Projection.builtIn.filter { $0.name == "config" })
        readModels.start()
        for (text, isFound) in [
            (#"THE "PLUS""#, true), ("Charges", true), ("125", true), ("False", true), ("PRICE/", true),
            (#"":"#, false), (#"\""#, false), ("{", false), ("[", false), ("0", false),
        ] {
            let rows = try await readModels.rows(
                "config.list", ["tenant": "acme", "text": .text(text)], at: SequenceNumber(1), now: Timestamp(microseconds: 1))
            #expect(rows.count == (isFound ? 1 : 0), "\(text)")
        }
        await readModels.stop()
    }

    @Test func everyChangeHasItsBeforeAndAfter() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let versions = try versions(of: tenant)
                let lines = try ledger.lines(of: tenant, "configured").reversed().map { $0 }
                let rows = try await ask("config.changes", ["tenant": .init(tenant), "limit": 3], ledger.now)
                #expect(rows.map { $0.integer("seq") } == lines.map(\.seq))
                for (row, line) in zip(rows, lines) {
                    let version = Int(line.integer("version")!)
                    let before = version == 1 ? nil : versions[line.text("key")!]![version - 2].fields["value"]
                    #expect(canonical(row.fields["before"]) == canonical(before))
                    #expect(canonical(row.fields["after"]) == canonical(line.fields["value"]))
                    #expect(row.text("change") == change(from: before, line))
                }
            }
        }
    }

    private func change(from before: Any?, _ line: EventLine) -> String {
        if line.fields["value"] is NSNull { return "deleted" }
        if line.fields["rollbackOf"] != nil { return "rolledBack" }
        return before == nil || before is NSNull ? "made" : "changed"
    }

    @Test func changesAreFiltered() async throws {
        try await ledger.following { ask in
            let lines = try ledger.lines(of: "acme", "configured").reversed().map { $0 }
            func seqs(_ arguments: [String: QueryValue]) async throws -> [Int64] {
                try await ask("config.changes", arguments.merging(["tenant": "acme"]) { $1 }, ledger.now).map {
                    $0.integer("seq")
                }
            }
            let middle = lines[lines.count / 2]
            #expect(try await seqs(["since": instant(middle)]) == lines.filter { $0.event.at >= middle.event.at }.map(\.seq))
            #expect(try await seqs(["until": instant(middle)]) == lines.filter { $0.event.at < middle.event.at }.map(\.seq))
            let tags = lines.filter { $0.text("key") == "tag/blue" }.map(\.seq)
            #expect(try await seqs(["kinds": .texts(["tag"])]) == tags && !tags.isEmpty)
            #expect(try await seqs(["keys": .texts(["tag/blue"])]) == tags)
            #expect(try await seqs(["text": "TAG/BL"]) == tags)
            #expect(try await seqs(["actors": .texts(["operator"])]) == lines.filter { $0.text("actor") != nil }.map(\.seq))
            #expect(try await seqs(["peer": 1]) == [])
        }
    }

    // MARK: Differences

    /// The members of a document by path, as config.diff names them.
    private func members(_ value: Any?, _ path: String = "$") -> [String: String] {
        switch value {
        case nil, is NSNull: return [:]
        case let object as [String: Any] where !object.isEmpty:
            return object.reduce(into: [:]) { all, member in
                let isPlain = member.key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
                all.merge(members(member.value, "\(path).\(isPlain ? member.key : canonical(member.key))")) { $1 }
            }
        case let array as [Any] where !array.isEmpty:
            let units = array.map { ($0 as? [String: Any])?["unit"] as? String }
            let places = array.indices.map { index in
                let period = (array[index] as? [String: Any])?["period"] as? String
                return units[index].map { canonical($0) + (period.map { " \($0)" } ?? "") } ?? "\(index)"
            }
            var all = zip(array, places).reduce(into: [:]) { all, element in
                all.merge(members(element.0, "\(path)[\(element.1)]")) { $1 }
            }
            if units[0] != nil {
                all["\(path)[]"] = canonical(places.map { $0.replacingOccurrences(of: "\"", with: "") })
            }
            return all
        default: return [path: canonical(value)]
        }
    }

    /// There is a row for a member exactly if it is not the same, so none when the documents are.
    private func check(_ rows: [Row], _ before: Any?, _ after: Any?) {
        let (old, new) = (members(before), members(after))
        let paths = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        #expect(rows.map { $0.text("path")! } == paths)
        for row in rows {
            let path = row.text("path")!
            #expect(canonical(row.fields["before"]) == old[path] ?? "null")
            #expect(canonical(row.fields["after"]) == new[path] ?? "null")
            #expect(row.text("change") == (old[path] == nil ? "added" : new[path] == nil ? "removed" : "changed"))
        }
    }

    @Test func versionsDifferInWhatTheirContentsDo() async throws {
        try await ledger.following { ask in
            for (key, lines) in try versions(of: "acme") {
                let values: [Any?] = [nil] + lines.map { $0.fields["value"] }
                for from in 0..<values.count {
                    let to = (from * 7 + 3) % values.count
                    let arguments: [String: QueryValue] = [
                        "tenant": "acme", "key": .text(key), "from": .integer(Int64(from)), "to": .integer(Int64(to)), "limit": 2,
                    ]
                    check(try await ask("config.diff", arguments, ledger.now), values[from], values[to])
                }
                check(
                    try await ask("config.diff", ["tenant": "acme", "key": .text(key)], ledger.now), values[values.count - 2],
                    values.last!)
                let absent: [String: QueryValue] = ["tenant": "acme", "key": .text(key), "to": .integer(Int64(values.count))]
                #expect(try await ask("config.diff", absent, ledger.now).isEmpty)
            }
        }
    }

    /// Charges are told apart by their units and allowances by unit and period, however they stand; names may be any.
    @Test func elementsAreToldApartByTheirUnit() async throws {
        let prices = [
            #"{"charges":[{"unit":"usd","rates":{"a.b":"1","ü \"q\"":"2"}}],"minimum":1}"#,
            #"{"charges":[{"unit":"ap","rates":{"a.b":"2"}},{"unit":"usd","rates":{"a.b":"1","ü \"q\"":"3"}}],"enabled":false}"#,
            #"{"charges":[{"unit":"usd","rates":{"a.b":"1","ü \"q\"":"3"}},{"unit":"ap","rates":{"a.b":"2"}}],"enabled":false}"#,
        ]
        let plans = [
            #"{"allowances":[{"unit":"ap","amount":1,"period":"day"},{"unit":"ap","amount":5,"period":"month"}]}"#,
            #"{"name":"N","allowances":[{"unit":"ap","amount":6,"period":"month"}]}"#, #"{"allowances":[]}"#,
        ]
        let own = try Ledger()
        try own.append(try configured("price/chat", prices, from: 1) + configured("plan/plus", plans, from: 4))
        let readModels = try own.readModels()
        readModels.start()
        for (key, texts) in [("price/chat", prices), ("plan/plus", plans)] {
            let values = try texts.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
            for (from, to) in [(1, 2), (2, 3), (3, 1), (2, 2)] {
                let arguments: [String: QueryValue] = [
                    "tenant": "acme", "key": .text(key), "from": .integer(Int64(from)), "to": .integer(Int64(to)),
                ]
                let rows = try await readModels.rows(
                    "config.diff", arguments, at: SequenceNumber(6), now: Timestamp(microseconds: 1))
                check(rows, values[from - 1], values[to - 1])
                if from == 2, to == 3, key == "price/chat" { #expect(rows.map { $0.text("path") } == ["$.charges[]"]) }
            }
        }
        await readModels.stop()
    }

    private func configured(_ key: String, _ values: [String], from seq: Int) throws -> [Event] {
        try values.enumerated().map { index, value in
            try event(
                seq: seq + index,
                #""type":"configured","tenant":"acme","id":"c-\#(seq + index)","events":1,"body":"0123456789abcdef","peer":7,"#
                    + #""key":"\#(key)","version":\#(index + 1),"value":\#(value),"reason":"r""#)
        }
    }
}
