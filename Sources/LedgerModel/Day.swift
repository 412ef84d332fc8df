/// A calendar date of the proleptic Gregorian calendar, without a zone.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let daysSinceEpoch: Int64

    public init(daysSinceEpoch: Int64) { self.daysSinceEpoch = daysSinceEpoch }

    /// Nil when there is no such date. Algorithm: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...Day.count(ofMonth: month, year)).contains(day) else {
            return nil
        }
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceEpoch = era * 146_097 + dayOfEra - 719_468
    }

    private static func count(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Year, month 1...12 and day 1...31. Algorithm: Hinnant, civil_from_days.
    public var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, day)
    }

    /// The date in UTC of an instant.
    public init(utc instant: Timestamp) { self.init(instant, offsetSeconds: 0) }

    init(_ instant: Timestamp, offsetSeconds: Int64) {
        let local = instant.rawValue + offsetSeconds * Timestamp.microsecondsPerSecond
        daysSinceEpoch = Day.floorDivide(local, by: Timestamp.microsecondsPerDay)
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        value % divisor < 0 ? value / divisor - 1 : value / divisor
    }

    public static func < (left: Self, right: Self) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }

    /// `2026-11-21` (ISO 8601).
    public var description: String {
        let (year, month, day) = components
        return "\(Day.padded(year, 4))-\(Day.padded(month, 2))-\(Day.padded(day, 2))"
    }

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp: CustomStringConvertible {
    /// The first and the last instant that an event line can carry: years 1970 to 9999.
    public static let representable = Timestamp(microseconds: 0)...Timestamp(microseconds: 253_402_300_799_999_999)

    /// `2026-11-21T01:23:45.678901Z` (RFC 3339, UTC, always six digits).
    public var description: String {
        let time = rawValue - Day(utc: self).daysSinceEpoch * Timestamp.microsecondsPerDay
        let (seconds, fraction) = (Int(time / 1_000_000), Int(time % 1_000_000))
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Day.padded($0, 2) }.joined(separator: ":")
        return "\(Day(utc: self))T\(clock).\(Day.padded(fraction, 6))Z"
    }
}

/// A time zone as the list of its changes: what the book knows of zones, handed to it by the engine.
public struct ZoneRules: Hashable, Sendable {
    public struct Transition: Hashable, Sendable {
        public let at: Timestamp
        public let offsetSeconds: Int32

        public init(at: Timestamp, offsetSeconds: Int32) {
            self.at = at
            self.offsetSeconds = offsetSeconds
        }
    }

    /// The name in the IANA time zone database, such as `Europe/Berlin`.
    public let name: String
    let initialOffsetSeconds: Int32
    /// In order of time.
    let transitions: [Transition]

    public init(name: String, initialOffsetSeconds: Int32, transitions: [Transition]) {
        self.name = name
        self.initialOffsetSeconds = initialOffsetSeconds
        self.transitions = transitions
    }

    public static let utc = ZoneRules(name: "UTC", initialOffsetSeconds: 0, transitions: [])

    /// The date that clocks in this zone show at an instant.
    public func day(of instant: Timestamp) -> Day { Day(instant, offsetSeconds: Int64(offsetSeconds(at: instant))) }

    func offsetSeconds(at instant: Timestamp) -> Int32 {
        let index = firstTransition(after: instant)
        return index == 0 ? initialOffsetSeconds : transitions[index - 1].offsetSeconds
    }

    /// The index of the first change after an instant.
    func firstTransition(after instant: Timestamp) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Timestamp {
    /// Nil unless the text is an RFC 3339 date-time between 1970 and 9999 with at most nine digits of a second, which are cut to six.
    /// A leap second is the first instant of the next minute.
    public init?(rfc3339 text: String) {
        var text = text
        guard let instant = text.withUTF8({ Timestamp(rfc3339: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = instant
    }

    /// The same from the text's bytes.
    public init?(rfc3339 bytes: UnsafeRawBufferPointer) {
        var scanner = DigitScanner(bytes)
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let date = scanner.number(2),
            let day = Day(year: year, month: month, day: date), scanner.take("T") || scanner.take("t"),
            let hour = scanner.number(2), hour < 24, scanner.take(":"), let minute = scanner.number(2), minute < 60,
            scanner.take(":"),
            let second = scanner.number(2), second <= 60, let fraction = scanner.fraction(),
            let offset = scanner.zoneOffsetSeconds(),
            scanner.isAtEnd
        else { return nil }
        let seconds = day.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
        self.init(microseconds: seconds * Timestamp.microsecondsPerSecond + fraction)
        if !Timestamp.representable.contains(self) { return nil }
    }
}

private struct DigitScanner {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard index < bytes.count, (0x30...0x39).contains(bytes[index]) else { return nil }
        index += 1
        return Int(bytes[index - 1]) - 0x30
    }

    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Microseconds after an optional point.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var (value, count): (Int64, Int) = (0, 0)
        while let digit = digit() {
            count += 1
            if count <= 6 { value = value * 10 + Int64(digit) }
        }
        guard (1...9).contains(count) else { return nil }
        return (min(count, 6)..<6).reduce(value) { value, _ in value * 10 }
    }

    mutating func zoneOffsetSeconds() -> Int? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(2), hours < 24, take(":"), let minutes = number(2), minutes < 60 else {
            return nil
        }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}

extension Day {
    /// Nil unless the text is an ISO 8601 date such as `2026-11-21`.
    public init?(_ text: String) {
        var text = text
        guard let day = text.withUTF8({ Day(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = day
    }

    /// The same from the text's bytes.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        var scanner = DigitScanner(bytes)
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2),
            scanner.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
