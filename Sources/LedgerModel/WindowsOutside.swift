// The book's calendar for those who judge the past outside of it.

extension AllowanceDocument {
    /// The window that contains an instant.
    ///
    /// - Parameters:
    ///   - beginning: Since when the allowance is had: where one without a period begins.
    ///   - subscriptionAnchor: The day of the month on which the windows of a subscription begin.
    public func window(
        containing instant: Timestamp, hadSince beginning: Timestamp, subscriptionAnchor: Int, zone: ZoneRules
    ) -> Interval {
        let calendar = Calendar(zone: zone, period: period, anchor: anchor == .subscription ? subscriptionAnchor : 1)
        return calendar.window(containing: instant) ?? Interval(start: beginning, end: nil)
    }
}

extension ZoneRules {
    /// The first instant whose date in this zone is the day or a later one.
    public func start(of day: Day) -> Timestamp { firstInstant(of: day) }
}

extension ZoneTable {
    /// Nil when there is no such zone.
    public func zone(_ name: Name) -> ZoneRules? { rules(name) }
}
