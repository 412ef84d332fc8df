"""The windows of allowances (ledger.md, "Windows"; events.md, "allowanceOpened")."""

from typing import Any

from . import calendar
from .book import FOREVER, Account, Book, Lot, Subscription, Tenant, Unit, Window
from .disagreement import Disagreement, refuse, require
from .parts import balance, check_parts, lot_of
from .types import AMOUNT_MAX

Event = dict[str, Any]
Allowances = dict[tuple[str, str], dict[str, Any]]


def allowances(tenant: Tenant, plan: str, version: int) -> Allowances:
    """What a version of a plan gives, by unit and period."""
    document = tenant.document("plan/" + plan)
    if document is None or not 1 <= version <= len(document.versions):
        return {}
    if version not in document.parsed:
        value = document.versions[version - 1][1] or {}
        document.parsed[version] = {(each["unit"], each["period"]): each for each in value.get("allowances", ())}
    found: Allowances = document.parsed[version]
    return found


def version_at(tenant: Tenant, plan: str, time: str) -> int:
    document = tenant.document("plan/" + plan)
    return document.version_at(time) if document else 0


def latest(tenant: Tenant, plan: str) -> int:
    document = tenant.document("plan/" + plan)
    return len(document.versions) if document else 0


def anchor(allowance: dict[str, Any] | None, subscription: Subscription) -> int:
    return subscription.anchor if allowance and allowance.get("anchor") == "subscription" else 1


class Span:
    """A window as the calendar gives it, opened or not."""

    __slots__ = ("start", "end", "version", "allowance", "left")

    def __init__(self, start: str, end: str, version: int, allowance: dict[str, Any] | None, left: int) -> None:
        self.start, self.end, self.version, self.allowance, self.left = start, end, version, allowance, left


def beginning(tenant: Tenant, subscription: Subscription) -> str:
    """When the subscription begins to give: a plan made since is had from its own beginning."""
    document = tenant.document("plan/" + subscription.plan)
    made = document.versions[0][0] if document and document.versions else ""
    return max(subscription.start, made)


def first_span(tenant: Tenant, subscription: Subscription, unit: str, period: str) -> Span:
    """The first window of an allowance."""
    start = beginning(tenant, subscription)
    version = version_at(tenant, subscription.plan, start)
    allowance = allowances(tenant, subscription.plan, version).get((unit, period))
    if period == "never":
        if allowance is None:
            start, version = added_later(tenant, subscription, unit)
            allowance = allowances(tenant, subscription.plan, version).get((unit, period))
        return Span(start, FOREVER, version, allowance, 0)
    zone, day = tenant.zone_at(start), anchor(allowance, subscription)
    begin = calendar.last_boundary(start, period, day, zone)
    return Span(begin, calendar.next_boundary(begin, period, day, zone), version, allowance, 0)


def added_later(tenant: Tenant, subscription: Subscription, unit: str) -> tuple[str, int]:
    """When a version that gives something of `never` came into force for those that were subscribed already."""
    document = tenant.document("plan/" + subscription.plan)
    for version, (start, _) in enumerate(document.versions if document else (), 1):
        if start > subscription.start and (unit, "never") in allowances(tenant, subscription.plan, version):
            return start, version
    return subscription.start, 0


def next_span(tenant: Tenant, subscription: Subscription, unit: str, period: str, start: str, carried: int) -> Span:
    """The window that starts where another ended, which left so much to carry over."""
    version = version_at(tenant, subscription.plan, start)
    allowance = allowances(tenant, subscription.plan, version).get((unit, period))
    end = calendar.next_boundary(start, period, anchor(allowance, subscription), tenant.zone_at(start))
    return Span(start, end, version, allowance, min(carried, (allowance or {}).get("rollover", 0)))


def untouched(subscription: Subscription, span: Span, unit: str, period: str) -> int:
    """What a window leaves that was never touched: all that it gave. Without limit nothing is carried."""
    if span.allowance is None:
        return 0
    amount = subscription.overrides.get((unit, period), span.allowance["amount"])
    return 0 if amount < 0 else min(amount + span.left, AMOUNT_MAX)


def span_at(tenant: Tenant, subscription: Subscription, unit: str, period: str, at: str) -> Span:
    """The window that contains an instant; `left` is what is carried into it."""
    known = subscription.windows.get((unit, period))
    if known is None:
        span = first_span(tenant, subscription, unit, period)
        span.left = 0
    else:
        carried = known.remained if known.amount >= 0 else 0
        span = next_span(tenant, subscription, unit, period, known.end, carried)
    while span.end <= at:
        carried = untouched(subscription, span, unit, period)
        span = next_span(tenant, subscription, unit, period, span.end, carried)
    return span


def contains(window: Window | None, at: str) -> bool:
    return window is not None and window.start <= at < window.end


def check_open(tenant: Tenant, account: Account, parts: list[dict[str, Any]], at: str) -> None:
    """Each subscription in force has the windows of the parts' units open (ledger.md, "Touching an account", 3)."""
    check_default(tenant, account, at)
    for subscription in account.subscriptions:
        if subscription.start <= at < subscription.until:
            for part in parts:
                check_unit_open(tenant, subscription, part["unit"], at)


def check_default(tenant: Tenant, account: Account, at: str) -> None:
    """The default plan is a subscription of every account while it holds no other (ledger.md, "Touching an account", 1); not so
    if the account has this very plan from a later time on, for it cannot have one twice."""
    plan = tenant.setting("defaultPlan", None)
    if plan is not None and account.state != "closed":
        if not any(each.start <= at < each.until or each.plan == plan for each in account.subscriptions):
            refuse(f"the subscriptions of account {account.name}", f"the default plan {plan}", "none")


def check_unit_open(tenant: Tenant, subscription: Subscription, unit: str, at: str) -> None:
    for name, period in allowances(tenant, subscription.plan, latest(tenant, subscription.plan)):
        if name == unit and not contains(subscription.windows.get((unit, period)), at):
            try:
                span = span_at(tenant, subscription, unit, period, at)
            except calendar.Unjudged:
                continue
            if span.allowance is not None and span.start <= at:
                refuse(
                    f"the window of {unit} by {period} of plan {subscription.plan} from {span.start}",
                    "open before the unit is moved",
                    "not opened",
                )


def subscription_of(account: Account, plan: str) -> Subscription:
    """The oldest subscription of a plan that the account has."""
    for subscription in account.subscriptions:
        if subscription.plan == plan:
            return subscription
    raise Disagreement(f"the subscription of account {account.name}", f"one of plan {plan}", "none")


def allowance_opened(book: Book, tenant: Tenant, account: Account, event: Event) -> None:
    at, part = event["at"], event["parts"][0]
    subscription = subscription_of(account, event["plan"])
    if not subscription.start <= at < subscription.until:
        refuse("the subscription", f"in force at {at}", f"from {subscription.start} to {subscription.until}")
    unit = account.unit(part["unit"])
    lot = Lot(event["seq"], unit, None if event["amount"] < 0 else 0, {"priority": event["priority"]})
    window = Window(subscription, event, unit.name, lot)
    lot.window, lot.expires = window, min(window.end, subscription.until)
    require("expiresAt of the lot", lot.expires, event.get("expiresAt", FOREVER))
    require("the window contains the instant", True, contains(window, at))
    if "replaces" in event:
        replace(book, tenant, account, unit, window, event)
    else:
        begin(tenant, subscription, window)
    fill(unit, window, part, at)
    subscription.windows[unit.name, window.period] = window
    check_parts(account, event["parts"], at)


def begin(tenant: Tenant, subscription: Subscription, window: Window) -> None:
    """A window begins: where and as the calendar and the plan say."""
    place = window.unit, window.period
    known = subscription.windows.get(place)
    if known is not None and window.start < known.end:
        refuse("start of the window", f"not before {known.end}, when the one before ends", window.start)
    given = check_given(tenant, subscription, window)
    require("`used` of a new window", 0, window.used)
    try:
        span = span_at(tenant, subscription, *place, window.start)
    except calendar.Unjudged:
        if window.carried > given.get("rollover", 0):
            refuse("`carried` of the window", f"at most {given.get('rollover', 0)}", window.carried)
        return
    expected = (span.start, span.end, span.version)
    require("start, end and version of the window", expected, (window.start, window.end, window.version))
    carried = 0 if window.amount < 0 else min(span.left, given.get("rollover", 0))
    require("`carried` of the window", carried, window.carried)


def check_given(tenant: Tenant, subscription: Subscription, window: Window) -> dict[str, Any]:
    """The amount is the override, or what the version gives for unit and period; the priority is the version's."""
    given = allowances(tenant, window.plan, window.version).get((window.unit, window.period))
    if given is None:
        raise Disagreement(
            f"version {window.version} of plan {window.plan}", f"gives {window.unit} by {window.period}", "does not"
        )
    amount = subscription.overrides.get((window.unit, window.period), given["amount"])
    require("`amount` of the window", amount, window.amount)
    require("`priority` of the window", given.get("priority", 10), window.lot.priority)
    return given


def replace(book: Book, tenant: Tenant, account: Account, unit: Unit, window: Window, event: Event) -> None:
    """The lot of an open window is replaced by one with another limit; its count stays, but at a reset."""
    old = lot_of(unit, event["replaces"])
    if old.window is None or old.heir is not None:
        raise Disagreement("the lot that is replaced", "the lot of an open window", old.number)
    place = (window.start, window.end, window.unit, window.period)
    require(
        "the window of the lot that is replaced", place, (old.window.start, old.window.end, old.window.unit, old.window.period)
    )
    require("what remains of the lot that is replaced", 0, old.remaining or 0)
    require("version of the window", version_of_replacement(tenant, window, old.window), window.version)
    book.to_be_replaced = [each for each in book.to_be_replaced if each is not old.window]
    if old.number in book.resets:
        require("`amount` after a reset", old.window.amount, window.amount)
        given = allowances(tenant, window.plan, window.version).get((window.unit, window.period), {})
        require("`priority` of the window", given.get("priority", 10), window.lot.priority)
        require("`used` after a reset", 0, window.used)
    else:
        check_replacement(tenant, window, old.window)
        require("`used` of the window", old.window.used, window.used)
    require("`carried` of the window", 0 if window.amount < 0 else old.window.carried, window.carried)
    window.lot.held, old.held, old.heir = old.held, 0, window.lot


def check_replacement(tenant: Tenant, window: Window, old: Window) -> None:
    """What a new window would get; without an override, when the plan gives nothing of it any more, it keeps what it has."""
    given = allowances(tenant, window.plan, latest(tenant, window.plan)).get((window.unit, window.period))
    if given is not None or (window.unit, window.period) in window.subscription.overrides:
        check_given(tenant, window.subscription, window)
    else:
        require("`amount` and `priority` of the window", (old.amount, old.lot.priority), (window.amount, window.lot.priority))


def version_of_replacement(tenant: Tenant, window: Window, old: Window) -> int:
    """The version in force now, if it gives the unit and period at all; else the window keeps its own."""
    version = latest(tenant, window.plan)
    given = (window.unit, window.period) in allowances(tenant, window.plan, version)
    return version if given or window.plan != old.plan else old.version


def fill(unit: Unit, window: Window, part: dict[str, Any], at: str) -> None:
    """The new lot gets what is left of the limit; without limit it has no remaining."""
    lot, limit = window.lot, window.limit()
    if limit is None:
        require("the draw of the new lot", [{"lot": lot.number, "amount": 0}], part["lots"])
        unit.add(lot)
        return
    balance(unit, at)
    there = sum(each.remaining or 0 for each in unit.live.values()) + unit.held
    lot.remaining = min(max(0, limit - window.used - lot.held), AMOUNT_MAX - there)
    amount = lot.remaining
    require("the draw of the new lot", [{"lot": lot.number, "amount": amount, "remaining": amount}], part["lots"])
    unit.add(lot)
