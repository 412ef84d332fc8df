import EventCodec
import JSONText
import LedgerModel

/// Counters, as results tell them: in the words of the log.
extension JSONWriter {
    /// The counters that a command moved, with their values afterwards; absent when there are none.
    mutating func moved(_ meters: [Meter]) {
        if meters.isEmpty { return }
        key("meters")
        self.meters(meters)
    }

    /// What is used of a window, into an object that is open. Without `limit` there is none.
    mutating func used(_ used: Amount, limit: Amount?, _ window: Interval) {
        count("used", used)
        if let limit { count("limit", limit) }
        intervalFields(window)
    }

    mutating func period(_ period: Period) {
        key("period")
        string(period.rawValue)
    }
}
