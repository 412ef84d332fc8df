import Testing

@testable import daybook

@Suite struct TimeTests {
    @Test(arguments: [
        ("2023-11-16 18:17:03.9799600", "2023-11-16T18:17:03.979960Z"),
        ("2023-11-16 18:17:03.9799609", "2023-11-16T18:17:03.979960Z"),
        ("2023-11-16T18:17:03Z", "2023-11-16T18:17:03.000000Z"),
        ("2023-11-16t18:17:03.5z", "2023-11-16T18:17:03.500000Z"),
        ("2023-11-16T18:17:03.979960+01:30", "2023-11-16T16:47:03.979960Z"),
        ("2023-11-16 18:17:03 +0130", "2023-11-16T16:47:03.000000Z"),
        ("2023-11-16 18:17:03-08", "2023-11-17T02:17:03.000000Z"),
        ("2023-11-16 18:17:03 UTC", "2023-11-16T18:17:03.000000Z"),
        ("2023-11-16 18:17", "2023-11-16T18:17:00.000000Z"),
        ("2023-11-16", "2023-11-16T00:00:00.000000Z"),
        ("2024-02-29", "2024-02-29T00:00:00.000000Z"),
        ("2000-02-29", "2000-02-29T00:00:00.000000Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ("0001-01-01", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000Z"),
    ])
    func timesAreRead(text: String, expected: String) {
        #expect(Instant(text)?.description == expected)
    }

    @Test(arguments: [
        "", "yesterday", "2023-11", "2023-13-01", "2023-00-01", "2023-02-29", "1900-02-29", "2023-04-31", "2023-11-16T",
        "2023-11-16 24:00",
        "2023-11-16 18:60", "2023-11-16 18:17:60", "2023-11-16 18:17:03.", "2023-11-16 18:17:03.x", "2023-11-16 18:17:03 +1",
        "16.11.2023",
        "2023-11-16 18:17:03+25:00", "2023-11-16 18:17:03+01:60", "2023-11-16 18:17:03Zz", " 2023-11-16", "2023-11-16 ",
        "0000-01-01",
        "2023-11-16 18:17:03+01:", "２023-11-16",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test(arguments: [
        ("+02:00", "2023-07-01 12:00", "2023-07-01T10:00:00.000000Z"),
        ("Europe/Berlin", "2023-07-01 12:00", "2023-07-01T10:00:00.000000Z"),
        ("Europe/Berlin", "2023-01-01 00:30", "2022-12-31T23:30:00.000000Z"),
        ("Europe/Berlin", "2023-03-26 03:00", "2023-03-26T01:00:00.000000Z"),
        ("Europe/Berlin", "2023-03-26 01:59", "2023-03-26T00:59:00.000000Z"),
        ("America/New_York", "2023-11-05 03:00", "2023-11-05T08:00:00.000000Z"),
        ("Europe/Berlin", "2023-07-01T12:00:00Z", "2023-07-01T12:00:00.000000Z"),
    ])
    func aZoneHoldsWhereTheTextNamesNone(zone: String, text: String, expected: String) throws {
        #expect(Instant(text, zone: try #require(Zone(zone)))?.description == expected)
    }

    @Test(arguments: ["", "Nowhere/Land", "+99:00", "+2"])
    func whatIsNoZoneIsRefused(text: String) {
        #expect(Zone(text) == nil)
    }

    @Test func everyDayComesBack() throws {
        for days in stride(from: Int64(-719_162), through: 2_932_896, by: 97) {
            let date = CivilDate(days: days)
            #expect(date.days == days)
            #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
        }
        #expect(CivilDate(days: 0) == CivilDate(year: 1970, month: 1, day: 1))
        #expect(CivilDate(days: 19_677) == CivilDate(year: 2023, month: 11, day: 16))
    }
}
