import Foundation
import LedgerTestKit
import Testing

@testable import LedgerModel

@Suite("Days and instants")
struct TimeTests {
    @Test("every day from 1970 to 2100 is what the Gregorian calendar says, there and back")
    func everyDay() throws {
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<Int64(47_847) {
            let found = Day(daysSinceEpoch: number)
            try #require(found.components == (year, month, day))
            try #require(Day(year: year, month: month, day: day) == found)
            try #require(Day(found.description) == found)
            let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
            let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
            day += 1
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(Day(daysSinceEpoch: 47_847).description == "2101-01-01")
    }

    @Test(arguments: [
        "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "0000-01-01", "2026-1-01", "2026-01-01Z", "",
    ])
    func noSuchDay(_ text: String) { #expect(Day(text) == nil) }

    @Test("the date of an instant, before 1970 too")
    func dates() {
        #expect(Day(utc: Timestamp(microseconds: -1)).description == "1969-12-31")
        #expect(Day(utc: Timestamp(microseconds: 0)).description == "1970-01-01")
        #expect(Day(utc: Timestamp(microseconds: 86_399_999_999)).description == "1970-01-01")
        #expect(Day(utc: Timestamp(microseconds: 86_400_000_000)).description == "1970-01-02")
        #expect(Day(daysSinceEpoch: -719_162).description == "0001-01-01")
    }

    @Test(
        "RFC 3339, as it is read and as it is written",
        arguments: [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
            ("2026-11-21T01:23:45.678901Z", "2026-11-21T01:23:45.678901Z"),
            ("2026-11-21t01:23:45z", "2026-11-21T01:23:45.000000Z"),
            ("2026-11-21T01:23:45.5+01:30", "2026-11-20T23:53:45.500000Z"),
            ("2026-11-21T01:23:45.123456789Z", "2026-11-21T01:23:45.123456Z"),
            ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000000Z"),
            ("2024-02-29T23:59:59.999999-00:00", "2024-02-29T23:59:59.999999Z"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            ("1969-12-31T23:30:00-01:00", "1970-01-01T00:30:00.000000Z"),
            ("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00.000000Z"),
            ("9999-12-31T23:59:59-00:01", nil), ("1970-01-01T00:00:00+00:01", nil), ("2025-02-29T00:00:00Z", nil),
            ("2026-11-21T24:00:00Z", nil), ("2026-11-21T01:60:00Z", nil), ("2026-11-21T01:23:61Z", nil),
            ("2026-11-21 01:23:45Z", nil),
            ("2026-11-21T01:23:45", nil), ("2026-11-21T01:23:45.Z", nil), ("2026-11-21T01:23:45.1234567890Z", nil),
            ("2026-11-21T01:23:45+24:00", nil), ("2026-11-21T01:23:45+0130", nil), ("2026-11-21T01:23Z", nil),
            ("2026-11-21", nil),
            ("2026-11-21T01:23:45ZZ", nil), ("２026-11-21T01:23:45Z", nil), ("+026-11-21T01:23:45Z", nil), ("", nil),
        ] as [(String, String?)])
    func rfc3339(_ text: String, _ expected: String?) { #expect(Timestamp(rfc3339: text)?.description == expected) }

    @Test("an instant is read back as it was written")
    func roundTrip() {
        var instant: Int64 = 0
        while instant <= Timestamp.representable.upperBound.rawValue {
            #expect(Timestamp(rfc3339: Timestamp(microseconds: instant).description)?.rawValue == instant)
            instant += 86_400_000_000 * 97 + 12_345_678_901
        }
        #expect(Timestamp(rfc3339: Timestamp.representable.upperBound.description) == Timestamp.representable.upperBound)
    }

    @Test("a zone's changes hold from their instant on")
    func zones() {
        let rules = ZoneRules(
            name: "X", initialOffsetSeconds: 3600,
            transitions: [
                .init(at: Timestamp(microseconds: 100), offsetSeconds: 7200),
                .init(at: Timestamp(microseconds: 200), offsetSeconds: -60),
            ])
        #expect(
            [0, 99, 100, 199, 200, 9999].map { rules.offsetSeconds(at: Timestamp(microseconds: $0)) } == [
                3600, 3600, 7200, 7200, -60, -60,
            ])
        #expect(ZoneRules.utc.offsetSeconds(at: Timestamp(microseconds: 5)) == 0)
    }

    @Test("the zones of the rule tables are as the system's database has them", arguments: Zones.names)
    func zonesOfRuleTables(_ name: String) throws {
        let (rules, zone) = (try Zones.rules(name), try #require(TimeZone(identifier: name)))
        for instant in try Zones.instants(name) {
            for second in [instant - 1, instant, instant + 1] {
                let offset = rules.offsetSeconds(at: Timestamp(microseconds: second * 1_000_000))
                #expect(Int(offset) == zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second))))
            }
        }
    }

    @Test("a day begins where the system's calendar says", arguments: Zones.names.filter { $0 != "America/St_Johns" })
    func daysBegin(_ name: String) throws {
        var system = Foundation.Calendar(identifier: .gregorian)
        system.timeZone = try #require(TimeZone(identifier: name))
        let calendar = LedgerModel.Calendar(zone: try Zones.rules(name), period: .day, anchor: 1)
        for instant in try Zones.instants(name) {
            let start = system.startOfDay(for: Date(timeIntervalSince1970: TimeInterval(instant)))
            let found = calendar.boundary(atOrBefore: Timestamp(microseconds: instant * 1_000_000))
            #expect(found?.rawValue == Int64(start.timeIntervalSince1970) * 1_000_000)
        }
    }

    @Test("windows follow each other without a gap, whatever the zone and the anchor", arguments: Zones.names)
    func windowsFollow(_ name: String) throws {
        let rules = try Zones.rules(name)
        var calendars = [LedgerModel.Calendar(zone: rules, period: .day, anchor: 1)]
        calendars += [1, 15, 28, 29, 30, 31].map { LedgerModel.Calendar(zone: rules, period: .month, anchor: $0) }
        for calendar in calendars {
            for instant in try Zones.instants(name) {
                let window = try #require(calendar.window(containing: Timestamp(microseconds: instant * 1_000_000 + 1)))
                let end = try #require(window.end)
                try #require(window.contains(Timestamp(microseconds: instant * 1_000_000 + 1)))
                let before = Timestamp(microseconds: end.rawValue - 1)
                #expect(calendar.window(containing: before) == window)
                #expect(calendar.window(containing: end)?.start == end)
                #expect(calendar.boundary(after: window.start) == end)
            }
        }
    }
}

/// The zones that rule tables are written in.
private enum Zones {
    static let names = [
        "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "America/St_Johns",
        "Pacific/Kiritimati",
    ]

    static func rules(_ name: String) throws -> ZoneRules { try #require(ZoneTable.ofRuleTables.rules(Name(name)!)) }

    /// Every seven hours from 90 days before the first change to 90 days after the last, and the changes, in seconds since 1970.
    static func instants(_ name: String) throws -> [Int64] {
        let changes = try rules(name).transitions.map { $0.at.rawValue / 1_000_000 }
        let (first, last) = (changes.first ?? 1_772_323_200, changes.last ?? 1_772_323_200)
        return Array(stride(from: first - 90 * 86_400, to: last + 90 * 86_400, by: 25_200)) + changes
    }
}
