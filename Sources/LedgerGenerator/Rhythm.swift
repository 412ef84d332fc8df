import LedgerModel

/// When things happen: most by day, little at night.
struct Rhythm {
    let start: Timestamp
    let dayCount: Int

    /// The instant at which so much of all is done, from 0 to 1. Around midnight the clock runs 2.5 times as fast as on average,
    /// at noon a quarter as fast.
    func instant(at share: Double) -> Timestamp {
        let days = min(max(share, 0), 1) * Double(dayCount)
        let whole = days.rounded(.down)
        let part = days - whole
        let warped = part + 1.5 * part * (1 - part) * (1 - 2 * part)
        return Timestamp(
            microseconds: start.rawValue + Int64((whole + warped) * Double(Timestamp.microsecondsPerDay)))
    }
}
