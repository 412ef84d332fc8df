import EventCodec
import JSONText
import LedgerModel

/// The results of commands on an account's plans.
extension JSONWriter {
    mutating func subscribed(_ subscribed: Subscribed) {
        named("plan", subscribed.plan)
        time("from", subscribed.from)
        time("until", subscribed.until)
        key("anchor")
        integer(subscribed.anchor)
    }

    mutating func planChanged(_ changed: PlanChanged, _ events: [Event]) {
        named("from", changed.from)
        named("to", changed.to)
        time("effectiveAt", changed.effectiveAt)
        time("until", changed.until)
        key("anchor")
        integer(changed.anchor)
        key("allowances")
        beginArray()
        for case .allowanceOpened(let opened) in events.lazy.map(\.fact) where opened.plan == changed.to { following(opened) }
        endArray()
    }

    /// An open window that the new plan took over.
    private mutating func following(_ opened: AllowanceOpened) {
        beginObject()
        named("unit", opened.part.unit)
        period(opened.period)
        used(opened.used, limit: opened.limit, opened.window)
        endObject()
    }

    mutating func unsubscribed(_ unsubscribed: Unsubscribed) {
        named("plan", unsubscribed.plan)
        time("endedAt", unsubscribed.endedAt)
    }

    /// The allowance that was overridden or reset, with its open window if there is one.
    mutating func allowance(_ plan: Name, _ unit: Name, _ period: Period, _ events: [Event]) {
        named("plan", plan)
        named("unit", unit)
        self.period(period)
        for case .allowanceOpened(let opened) in events.reversed().lazy.map(\.fact)
        where opened.plan == plan && opened.part.unit == unit && opened.period == period {
            key("allowance")
            beginObject()
            used(opened.used, limit: opened.limit, opened.window)
            endObject()
            return
        }
    }
}
