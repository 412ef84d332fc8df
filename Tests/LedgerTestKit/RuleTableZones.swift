public import LedgerModel

extension ZoneTable {
    /// The zones that rule tables know: each by its changes as the IANA time zone database (2025b) has them, for the years that tables
    /// visit.
    public static let ofRuleTables = ZoneTable { name in name == "UTC" ? .utc : zones[name] }

    private static let zones: [Name: ZoneRules] = [
        "Europe/Berlin": zone(
            "Europe/Berlin", 3600,
            [
                ("2024-03-31T01:00:00Z", 7200), ("2024-10-27T01:00:00Z", 3600), ("2025-03-30T01:00:00Z", 7200),
                ("2025-10-26T01:00:00Z", 3600), ("2026-03-29T01:00:00Z", 7200), ("2026-10-25T01:00:00Z", 3600),
                ("2027-03-28T01:00:00Z", 7200), ("2027-10-31T01:00:00Z", 3600), ("2028-03-26T01:00:00Z", 7200),
                ("2028-10-29T01:00:00Z", 3600),
            ]),
        "America/New_York": zone(
            "America/New_York", -18_000,
            [
                ("2026-03-08T07:00:00Z", -14_400), ("2026-11-01T06:00:00Z", -18_000), ("2027-03-14T07:00:00Z", -14_400),
                ("2027-11-07T06:00:00Z", -18_000),
            ]),
        // Clocks went from 24:00 to 1:00, and half a year later from 24:00 back to 23:00.
        "America/Sao_Paulo": zone(
            "America/Sao_Paulo", -10_800, [("2017-10-15T03:00:00Z", -7200), ("2018-02-18T02:00:00Z", -10_800)]),
        "Asia/Beirut": zone("Asia/Beirut", 7200, [("2026-03-28T22:00:00Z", 10_800), ("2026-10-24T21:00:00Z", 7200)]),
        // There was no 30 December 2011.
        "Pacific/Apia": zone("Pacific/Apia", -36_000, [("2011-12-30T10:00:00Z", 50_400), ("2012-03-31T14:00:00Z", 46_800)]),
        // Clocks went back at one minute past midnight: 7 November began twice.
        "America/St_Johns": zone("America/St_Johns", -9000, [("2010-11-07T02:31:00Z", -12_600)]),
        "Pacific/Kiritimati": zone("Pacific/Kiritimati", 50_400, []),
    ]

    private static func zone(_ name: String, _ initial: Int32, _ changes: [(at: String, offset: Int32)]) -> ZoneRules {
        ZoneRules(
            name: name, initialOffsetSeconds: initial,
            transitions: changes.map { .init(at: Timestamp(rfc3339: $0.at)!, offsetSeconds: $0.offset) })
    }
}
