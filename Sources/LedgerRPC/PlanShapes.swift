import EventCodec
import LedgerModel

/// Commands about the plans of an account.
extension Shape {
    static let subscribe = command([
        .account, .plan, .optional("from", .timestamp, "When it begins, if not now; it may lie in the past"),
        .optional("until", .timestamp, "The first instant without it"),
        .optional(
            "anchor", .integer(Subscribe.anchorRange),
            "The day of the month on which windows anchored to the subscription begin; the day of from when absent"),
    ])
    static let unsubscribe = command([.account, .plan])
    static let changePlan = command([
        .account, .required("from", .name, "The plan that ends"), .required("to", .name, "The plan that follows"),
        .optional(
            "when", .choice(of: ChangePlan.When.self), "now, when absent, keeping the open windows; or when the longest one ends"),
    ])
    static let overrideAllowance = command([
        .account, .plan, .unit, .period,
        .required("amount", .nullable(.allotment), "What every window gives; -1 is unlimited, null what the plan gives"), .reason,
    ])
    static let resetAllowance = command([.account, .plan, .unit, .period, .reason])
}
