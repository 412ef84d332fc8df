/// Where windows begin: the boundaries of a period in a time zone.
struct Calendar: Hashable, Sendable {
    let zone: ZoneRules
    let period: Period
    /// The day of the month on which a month's windows begin; in a month without it, the last.
    let anchor: Int

    /// The first boundary after an instant; nil for a period without any.
    func boundary(after instant: Timestamp) -> Timestamp? {
        switch period {
        case .never: return nil
        case .day:
            var day = zone.day(of: instant).advanced(by: 1)
            while zone.firstInstant(of: day) <= instant { day = day.advanced(by: 1) }
            return zone.firstInstant(of: day)
        case .month:
            var month = Month(of: zone.day(of: instant))
            while zone.firstInstant(of: month.day(anchor)) <= instant { month = month.advanced(by: 1) }
            return zone.firstInstant(of: month.day(anchor))
        }
    }

    /// The last boundary at or before an instant; nil for a period without any.
    func boundary(atOrBefore instant: Timestamp) -> Timestamp? {
        switch period {
        case .never: return nil
        case .day:
            // A clock that is put back over midnight shows the day before again: its day has begun all the same.
            var day = zone.day(of: instant).advanced(by: 1)
            while zone.firstInstant(of: day) > instant { day = day.advanced(by: -1) }
            return zone.firstInstant(of: day)
        case .month:
            var month = Month(of: zone.day(of: instant)).advanced(by: 1)
            while zone.firstInstant(of: month.day(anchor)) > instant { month = month.advanced(by: -1) }
            return zone.firstInstant(of: month.day(anchor))
        }
    }

    /// The stretch between two boundaries that contains an instant.
    func window(containing instant: Timestamp) -> Interval? {
        boundary(atOrBefore: instant).map { Interval(start: $0, end: boundary(after: instant)) }
    }
}

/// A month of a year.
private struct Month {
    /// Months since January of the year 0.
    private let number: Int

    private init(number: Int) { self.number = number }

    init(of day: Day) {
        let (year, month, _) = day.components
        number = year * 12 + month - 1
    }

    func advanced(by count: Int) -> Month { Month(number: number + count) }

    private var first: Day { Day(year: number / 12, month: number % 12 + 1, day: 1)! }

    /// The day with a number, or the last one.
    func day(_ number: Int) -> Day {
        let count = advanced(by: 1).first.daysSinceEpoch - first.daysSinceEpoch
        return first.advanced(by: min(Int64(number), count) - 1)
    }
}

extension Day {
    func advanced(by count: Int64) -> Day { Day(daysSinceEpoch: daysSinceEpoch + count) }
}

extension ZoneRules {
    /// The first instant whose date in this zone is the day or a later one: midnight, or what follows it where midnight is skipped.
    func firstInstant(of day: Day) -> Timestamp {
        let midnight = day.daysSinceEpoch * Timestamp.microsecondsPerDay
        // No offset reaches 26 hours: what happened before cannot matter.
        let earliest = Timestamp(microseconds: midnight - 26 * 3_600_000_000)
        var index = firstTransition(after: earliest)
        var (start, offset) = (earliest, index == 0 ? initialOffsetSeconds : transitions[index - 1].offsetSeconds)
        while true {
            let candidate = max(start.rawValue, midnight - Int64(offset) * Timestamp.microsecondsPerSecond)
            if index == transitions.count || candidate < transitions[index].at.rawValue {
                return Timestamp(microseconds: candidate)
            }
            (start, offset) = (transitions[index].at, transitions[index].offsetSeconds)
            index += 1
        }
    }
}
