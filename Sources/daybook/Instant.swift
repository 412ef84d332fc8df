import ArgumentParser
import Foundation

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
struct Instant: Hashable, Comparable, CustomStringConvertible {
    var microseconds: Int64

    static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// RFC 3339 in UTC, with microseconds: `2023-11-16T18:17:03.979960Z`.
    var description: String {
        let (days, ofDay) = microseconds.flooredDivision(by: 86_400_000_000)
        let seconds = ofDay / 1_000_000
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { digits($0, 2) }.joined(separator: ":")
        return "\(CivilDate(days: days))T\(time).\(digits(ofDay % 1_000_000, 6))Z"
    }
}

/// Where the clock that wrote a text hung, when the text does not say.
enum Zone: Equatable {
    case offset(seconds: Int64)
    case named(TimeZone)

    static let utc = Zone.offset(seconds: 0)

    /// `UTC`, `Z`, an offset such as `+02:00`, or an IANA name.
    init?(_ text: String) {
        var scanner = TimeScanner(text)
        if let seconds = scanner.offset(), scanner.isAtEnd {
            self = .offset(seconds: seconds)
        } else if let zone = TimeZone(identifier: text) {
            self = .named(zone)
        } else {
            return nil
        }
    }

    /// Seconds east of UTC at that moment of the zone's own clock. A clock reading that came twice is taken as one of the two.
    func offset(atLocalSecond local: Int64) -> Int64 {
        switch self {
        case .offset(let seconds): return seconds
        case .named(let zone):
            let guess = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local))))
            return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local - guess))))
        }
    }
}

extension Zone: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension Instant: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }

    /// Reads RFC 3339 (`2023-11-16T18:17:03.97996+01:00`) and its common relatives: a space for the `T`, any number of fractional
    /// digits (cut to microseconds), no seconds, no time at all (midnight), no offset (then `zone` holds). Nil for anything else.
    init?(_ text: String, zone: Zone = .utc) {
        var scanner = TimeScanner(text)
        guard let date = scanner.date(), let time = scanner.timeOfDay() else { return nil }
        let offset = scanner.offset()
        guard scanner.isAtEnd else { return nil }
        let local = date.days * 86_400 + time.seconds
        microseconds = (local - (offset ?? zone.offset(atLocalSecond: local))) * 1_000_000 + time.microseconds
    }
}

/// A day of the Gregorian calendar.
struct CivilDate: Hashable, CustomStringConvertible {
    var year: Int64
    var month: Int64
    var day: Int64

    /// Nil when there is no such day. Years 1...9999.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= CivilDate.dayCount(year, month) else {
            return nil
        }
        (self.year, self.month, self.day) = (year, month, day)
    }

    private static func dayCount(_ year: Int64, _ month: Int64) -> Int64 {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// `2023-11-16`
    var description: String { [digits(year, 4), digits(month, 2), digits(day, 2)].joined(separator: "-") }

    // Both ways by Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, eras have 400 years.

    /// Days since 1970-01-01.
    var days: Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    init(days: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension CivilDate: ExpressibleByArgument {
    init?(argument: String) {
        var scanner = TimeScanner(argument)
        guard let date = scanner.date(), scanner.isAtEnd else { return nil }
        self = date
    }
}

/// Takes a time text apart from left to right.
struct TimeScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    /// `2023-11-16`
    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"), let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `T18:17:03.97996` or with a space; midnight when the text ends here. Nil when it is no time.
    mutating func timeOfDay() -> (seconds: Int64, microseconds: Int64)? {
        if isAtEnd { return (0, 0) }
        guard take("T") || take("t") || take(" "), let hour = number(digits: 2), take(":"), let minute = number(digits: 2) else {
            return nil
        }
        var second: Int64 = 0
        if take(":") {
            guard let number = number(digits: 2) else { return nil }
            second = number
        }
        guard hour < 24, minute < 60, second < 60, let fraction = fraction() else { return nil }
        return (hour * 3600 + minute * 60 + second, fraction)
    }

    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var (microseconds, place): (Int64, Int64) = (0, 100_000)
        guard !rest.isEmpty, isDigit(rest.first!) else { return nil }
        while let byte = rest.first, isDigit(byte) {
            microseconds += Int64(byte - UInt8(ascii: "0")) * place
            place /= 10
            rest = rest.dropFirst()
        }
        return microseconds
    }

    /// `Z`, `UTC`, `+02:00`, `+0200`, `+02`, also after a space, in seconds east. Nil, and nothing is taken, when there is none.
    mutating func offset() -> Int64? {
        let start = rest
        _ = take(" ")
        if take("Z") || take("z") { return 0 }
        if rest.elementsEqual("UTC".utf8) {
            rest = rest.dropFirst(3)
            return 0
        }
        let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
        if sign != 0, let hours = number(digits: 2), hours < 24 {
            let hasColon = take(":")
            let minutes = number(digits: 2) ?? (hasColon ? 60 : 0)
            if minutes < 60 { return sign * (hours * 3600 + minutes * 60) }
        }
        rest = start
        return nil
    }

    private mutating func number(digits count: Int) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(isDigit) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension Int64 {
    /// Quotient rounded down, and a remainder that is never negative.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

private func digits(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
