import Foundation
public import LedgerModel

extension ZoneTable {
    /// The zones of Foundation's own database, as rules from 1970 to 2100.
    ///
    /// Foundation lists one name of each zone and knows the others too (`Asia/Kolkata` beside `Asia/Calcutta`): those have a slash, which
    /// offsets and abbreviations such as `GMT+5` and `PST` have not.
    public static let foundation = ZoneTable { name in
        guard name == "UTC" || name.text.contains("/") || TimeZone.knownTimeZoneIdentifiers.contains(name.text),
            let zone = TimeZone(identifier: name.text)
        else { return nil }
        return ZoneRules(zone, name: name.text)
    }
}

extension ZoneRules {
    private static let start = Date(timeIntervalSince1970: 0)
    private static let end = Date(timeIntervalSince1970: 4_102_444_800)

    fileprivate init(_ zone: TimeZone, name: String) {
        var transitions: [Transition] = []
        var last = ZoneRules.start
        while let next = zone.nextDaylightSavingTimeTransition(after: last), next < ZoneRules.end, next > last {
            let instant = Timestamp(microseconds: Int64(next.timeIntervalSince1970) * Timestamp.microsecondsPerSecond)
            transitions.append(Transition(at: instant, offsetSeconds: Int32(zone.secondsFromGMT(for: next))))
            last = next
        }
        self.init(name: name, initialOffsetSeconds: Int32(zone.secondsFromGMT(for: ZoneRules.start)), transitions: transitions)
    }
}
