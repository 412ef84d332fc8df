public import LedgerModel

/// Dates as a list that was made by walking from one day to the next: no arithmetic that the book's calendar could share.
struct WalkedDate {
    let year: Int
    let month: Int
    let day: Int

    /// The last day of its month.
    var isLast: Bool { day == WalkedDate.dayCount(year, month) }

    static func dayCount(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 400 == 0 || year % 4 == 0 && year % 100 != 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    var tomorrow: WalkedDate {
        if !isLast { return WalkedDate(year: year, month: month, day: day + 1) }
        return month == 12
            ? WalkedDate(year: year + 1, month: 1, day: 1) : WalkedDate(year: year, month: month + 1, day: 1)
    }

    /// By days since 1970-01-01, up to the end of 2036.
    static let all: [WalkedDate] = {
        var dates = [WalkedDate(year: 1970, month: 1, day: 1)]
        while dates.last!.year < 2037 { dates.append(dates.last!.tomorrow) }
        return dates
    }()
}

/// A zone of the simulation: the same table that the ledger is given, read in another way.
///
/// The first instant of every date is found beforehand, once; a boundary is looked for date by date.
public struct WalkedZone: Sendable {
    public let name: Name
    let initialOffset: Int64
    let changes: [(at: Int64, offset: Int64)]
    /// Microseconds since 1970, by days since `firstDay`.
    private let beginnings: [Int64]

    /// Days since 1970-01-01 of 2022-10-01: no simulation begins before 2024, and plans begin a year before at most.
    static let firstDay = 19_266

    /// - Parameter changes: In seconds since 1970, in order.
    init(_ name: Name, _ initialOffset: Int64, _ changes: [(at: Int64, offset: Int64)] = []) {
        self.name = name
        self.initialOffset = initialOffset
        self.changes = changes
        var beginnings: [Int64] = []
        var near = 0
        for day in WalkedZone.firstDay..<WalkedDate.all.count - 30 {
            while near < changes.count, changes[near].at < Int64(day) * 86_400 - 200_000 { near += 1 }
            beginnings.append(
                1_000_000 * WalkedZone.firstSecond(of: Int64(day), initialOffset, changes, near))
        }
        self.beginnings = beginnings
    }

    /// The earliest of all seconds at which clocks can come to show the day or a later one: a midnight by some offset, or a change.
    private static func firstSecond(
        of day: Int64, _ initial: Int64, _ changes: [(at: Int64, offset: Int64)], _ near: Int
    ) -> Int64 {
        let close = changes[max(near - 1, 0)...].prefix { $0.at < day * 86_400 + 200_000 }
        let midnights = ([initial] + close.map(\.offset)).map { day * 86_400 - $0 }
        let candidates = midnights + close.map(\.at)
        return candidates.filter { localDay(at: $0, initial, changes) >= day }.min()!
    }

    private static func localDay(at second: Int64, _ initial: Int64, _ changes: [(at: Int64, offset: Int64)]) -> Int64 {
        let offset = changes.last { $0.at <= second }?.offset ?? initial
        return (second + offset) / 86_400
    }

    /// The date that clocks show at an instant.
    func date(at instant: Int64) -> WalkedDate {
        WalkedDate.all[Int(WalkedZone.localDay(at: instant / 1_000_000, initialOffset, changes))]
    }

    /// The last boundary at or before an instant: walked back, day by day.
    func boundary(_ period: Period, anchor: Int, atOrBefore instant: Int64) -> Int64 {
        var index = lastBegun(at: instant)
        while !isBoundary(index, period, anchor) { index -= 1 }
        return beginnings[index]
    }

    /// The first boundary after an instant: walked to, day by day.
    func boundary(_ period: Period, anchor: Int, after instant: Int64) -> Int64 {
        var index = lastBegun(at: instant) + 1
        while !isBoundary(index, period, anchor) || beginnings[index] <= instant { index += 1 }
        return beginnings[index]
    }

    private func isBoundary(_ index: Int, _ period: Period, _ anchor: Int) -> Bool {
        let date = WalkedDate.all[WalkedZone.firstDay + index]
        return period == .day || date.day == anchor || date.isLast && anchor > date.day
    }

    /// The last date that has begun, guessed by its number and then walked to.
    private func lastBegun(at instant: Int64) -> Int {
        var index = Int(instant / 86_400_000_000) - WalkedZone.firstDay + 2
        while beginnings[index] > instant { index -= 1 }
        return index
    }
}

extension WalkedZone {
    /// What the ledger is given.
    var rules: ZoneRules {
        ZoneRules(
            name: name.text, initialOffsetSeconds: Int32(initialOffset),
            transitions: changes.map {
                .init(at: Timestamp(microseconds: $0.at * 1_000_000), offsetSeconds: Int32($0.offset))
            })
    }

    public static let utc = WalkedZone("UTC", 0)

    /// Zones in which something happens to days: summer time, a midnight that is skipped or comes twice, a day that is skipped.
    public static let all: [WalkedZone] = [
        utc, european("Europe/Berlin"), american("America/New_York"), brazilian("America/Sao_Paulo"), turning("Test/Turning"),
        skipping("Test/Skipping"), WalkedZone("Pacific/Kiritimati", 50_400),
    ]

    public static func named(_ name: Name?) -> WalkedZone { all.first { $0.name == name } ?? utc }

    /// The last Sundays of March and October, 1:00 UTC.
    private static func european(_ name: Name) -> WalkedZone {
        WalkedZone(name, 3600, twice((3, 25, 3600, 7200), (10, 25, 3600, 3600)))
    }

    /// The second Sunday of March and the first of November, 2:00 local time.
    private static func american(_ name: Name) -> WalkedZone {
        WalkedZone(name, -18_000, twice((3, 8, 25_200, -14_400), (11, 1, 21_600, -18_000)))
    }

    /// A Sunday of October on which midnight is skipped, and one of February on which the hour before it comes twice.
    private static func brazilian(_ name: Name) -> WalkedZone {
        WalkedZone(name, -10_800, twice((10, 15, 10_800, -7200), (2, 15, 7200, -10_800)))
    }

    /// Clocks are put back one minute after midnight, so that a date begins twice.
    private static func turning(_ name: Name) -> WalkedZone {
        WalkedZone(name, -12_600, twice((3, 8, 12_660, -9000), (11, 1, 9060, -12_600)))
    }

    /// On the 30th of April of 2026 clocks jump over a whole day, from west of the date line to east of it; in 2028 back.
    private static func skipping(_ name: Name) -> WalkedZone {
        WalkedZone(name, -36_000, [(seconds(2026, 4, 30) + 36_000, 50_400), (seconds(2028, 1, 31) - 50_400, -36_000)])
    }

    /// The first Sunday from a day of a month on, each year, so many seconds after midnight UTC.
    private typealias Turn = (month: Int, day: Int, second: Int64, offset: Int64)

    private static func twice(_ one: Turn, _ two: Turn) -> [(at: Int64, offset: Int64)] {
        (2024...2035).flatMap { year in
            [one, two].map { turn in
                var at = seconds(year, turn.month, turn.day)
                while (at / 86_400 + 4) % 7 != 0 { at += 86_400 }
                return (at + turn.second, turn.offset)
            }
        }.sorted { $0.0 < $1.0 }
    }

    private static func seconds(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        var index = (year - 1970) * 365
        while WalkedDate.all[index].year != year || WalkedDate.all[index].month != month || WalkedDate.all[index].day != day {
            index += 1
        }
        return Int64(index) * 86_400
    }
}

extension ZoneTable {
    /// The zones of the simulation.
    public static let ofSimulation = ZoneTable { name in rules[name] }

    private static let rules = Dictionary(uniqueKeysWithValues: WalkedZone.all.map { ($0.name, $0.rules) })
}
