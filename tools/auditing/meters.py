"""Meters: what windows, keys and rules count (events.md, "Meters", and the checks "Windows", "Keys" and "Rules")."""

from collections.abc import Iterable
from typing import Any

from . import calendar
from .book import FOREVER, Account, Draw, Hold, Key, Tenant, Window
from .disagreement import Disagreement, refuse, require

Meter = dict[str, Any]
Event = dict[str, Any]


def split(event: Event) -> tuple[list[Meter], Meter | None, list[Meter]]:
    """The meters of allowances, of the key, and of rules, which stand in this order."""
    allowances: list[Meter] = []
    keys: list[Meter] = []
    rules: list[Meter] = []
    for meter in event.get("meters", ()):
        if "allowance" in meter and not keys and not rules:
            allowances.append(meter)
        elif "key" in meter and not keys and not rules:
            keys.append(meter)
        elif "rule" in meter:
            rules.append(meter)
        else:
            refuse("the order of the meters", "allowances, the key, rules", meter)
    return allowances, keys[0] if keys else None, rules


def allowance_meter(window: Window) -> Meter:
    """A window's meter as it stands on a line."""
    meter = {
        "allowance": window.plan,
        "period": window.period,
        "lot": window.lot.number,
        "unit": window.unit,
        "used": window.used,
    }
    limit = window.limit()
    if limit is not None:
        meter["limit"] = limit
    meter["start"] = window.start
    if window.end != FOREVER:
        meter["end"] = window.end
    return meter


def windows_of(draws: Iterable[Draw]) -> list[Window]:
    """The windows of the draws' lots, or of those in their places, each once, in order."""
    found: dict[int, Window] = {}
    for lot, _, _ in draws:
        lot = lot.resolved()
        if lot.window is not None:
            found[lot.number] = lot.window
    return list(found.values())


def check_allowances(found: list[Meter], windows: list[Window], at: str, lapsed_may_lack: bool = False) -> None:
    """Each window has its meter, in order; a refund's may lack where the lot has lapsed."""
    expected = [allowance_meter(window) for window in windows]
    if lapsed_may_lack and found != expected:
        named = {meter["lot"] for meter in found}
        expected = [allowance_meter(each) for each in windows if each.lot.expires > at or each.lot.number in named]
    require("meters of allowances", expected, found)


def calendar_window(zone: str, period: str, at: str, beginning: str, found: Meter | None) -> tuple[str, str]:
    """The calendar's window of a period that contains an instant; in a zone that is not known here, what the meter says."""
    if period == "never":
        return beginning, FOREVER
    if not calendar.judges(zone):
        return window_of(found) if found and found["start"] <= at < found.get("end", "") else (at, at)
    return calendar.last_boundary(at, period, 1, zone), calendar.next_boundary(at, period, 1, zone)


def window_of(meter: Meter) -> tuple[str, str]:
    return meter["start"], meter.get("end", FOREVER)


def key_count(tenant: Tenant, key: Key, at: str, found: Meter | None) -> tuple[int, tuple[str, str]]:
    """What a key has used, and in which window (events.md, "Keys" of the checks)."""
    limit = key.terms["limit"]
    if key.meter is not None:
        start, end = window_of(key.meter)
        if start <= at < end:
            return key.meter["used"], (start, end)
    return 0, calendar_window(tenant.zone(), limit["period"], at, key.issued, found)


def key_meter(name: str, key: Key, used: int, window: tuple[str, str]) -> Meter:
    limit = key.terms["limit"]
    meter = {"key": name, "unit": limit["unit"], "used": used, "limit": limit["amount"], "start": window[0]}
    if window[1] != FOREVER:
        meter["end"] = window[1]
    return meter


def amount_in(parts: list[dict[str, Any]], unit: str) -> int | None:
    """What the parts say in a unit; nothing if no part is in it."""
    for part in parts:
        if part["unit"] == unit:
            return int(part["amount"])
    return None


def count_key(tenant: Tenant, event: Event, found: Meter | None) -> None:
    """A use counts under its key's limit; a use that is not late does not pass it."""
    key = tenant.keys.get(event.get("key", ""))
    amount = amount_in(event["parts"], key.terms["limit"]["unit"]) if key and "limit" in key.terms else None
    if key is None or amount is None:
        require("meter of the key", None, found)
        return
    used, window = key_count(tenant, key, event["at"], found)
    expected = key_meter(event["key"], key, used + amount, window)
    require("meter of the key", expected, found)
    if used + amount > expected["limit"] and "late" not in event and amount:
        refuse(f"what key {event['key']} has used", f"at most its limit, {expected['limit']}", used + amount)
    key.meter = expected


def end_hold_key(tenant: Tenant, event: Event, hold: Hold, found: Meter | None) -> None:
    """The end of a hold: less what was held, plus what was taken, in the window in which it was held."""
    own = next((meter for meter in hold.event.get("meters", ()) if "key" in meter), None)
    key = tenant.keys.get(event.get("key", ""))
    if found is None:
        return
    if key is None or "limit" not in key.terms or own is None:
        raise Disagreement("meter of the key", None, found)
    used, window = key_count(tenant, key, event["at"], found)
    require("the window of the key's meter", window_of(own), window)
    unit = key.terms["limit"]["unit"]
    back, taken = sum(amount for name, amount, _ in hold.parts if name == unit), amount_in(event["parts"], unit) or 0
    key.meter = key_meter(event["key"], key, max(0, used - back) + taken, window)
    require("meter of the key", key.meter, found)


def refund_key(tenant: Tenant, event: Event, found: Meter | None) -> None:
    """What comes back lowers what the key has used, to 0 at least."""
    key = tenant.keys.get(event.get("key", ""))
    if found is None:
        return
    if key is None or "limit" not in key.terms:
        raise Disagreement("meter of the key", None, found)
    used, window = key_count(tenant, key, event["at"], found)
    amount = amount_in(event["parts"], key.terms["limit"]["unit"]) or 0
    key.meter = key_meter(event["key"], key, max(0, used - amount), window)
    require("meter of the key", key.meter, found)


def count_rules(tenant: Tenant, account: Account, event: Event, found: list[Meter], sign: int) -> None:
    """What rules of kind `spend` add up; `sign` is -1 for what came back."""
    names = [meter["rule"] for meter in found]
    require("the order of the rules' meters", sorted(names), names)
    for meter in found:
        count_rule(tenant, account, event, meter, sign)
    if sign > 0:
        require(
            "meters of rules (rule, subject)",
            expected_rules(tenant, account, event),
            [(m["rule"], m["subject"]) for m in found],
        )


def count_rule(tenant: Tenant, account: Account, event: Event, meter: Meter, sign: int) -> None:
    last = tenant.rules.get((meter["rule"], meter["subject"]))
    if sign < 0:
        lower_rule(tenant, event, meter, last)
        return
    rule = tenant.value("alert/" + meter["rule"])
    if rule is None or rule["kind"] != "spend" or rule["unit"] != meter["unit"]:
        raise Disagreement("the rule of a meter", "a document of kind `spend` in this unit", meter["rule"])
    subjects = subjects_of(tenant, account, event, rule.get("subject", "account"))
    if meter["subject"] not in subjects:
        refuse(f"the subject of a meter of rule {meter['rule']}", subjects, meter["subject"])
    at, used = event["at"], 0
    period = rule.get("period", "month")
    if last is not None and last["unit"] == meter["unit"] and last["start"] <= at < last.get("end", FOREVER):
        used, window = last["used"], window_of(last)
    else:
        window = calendar_window(tenant.zone(), period, at, at, meter)
    amount = amount_in(event["parts"], rule["unit"]) or 0
    expected = {
        "rule": meter["rule"],
        "subject": meter["subject"],
        "unit": rule["unit"],
        "used": used + amount,
        "limit": rule["above"],
        "start": window[0],
    }
    if window[1] != FOREVER:
        expected["end"] = window[1]
    require("meter of a rule", expected, meter)
    tenant.rules[meter["rule"], meter["subject"]] = expected


def lower_rule(tenant: Tenant, event: Event, meter: Meter, last: Meter | None) -> None:
    """What comes back lowers what was added up last for the subject, to 0 at least, whatever the document says by now."""
    if last is None or last["unit"] != meter["unit"]:
        raise Disagreement("meter of a rule", "one that counted in this unit before", meter)
    expected = last | {"used": max(0, last["used"] - (amount_in(event["parts"], meter["unit"]) or 0))}
    require("meter of a rule", expected, meter)
    tenant.rules[meter["rule"], meter["subject"]] = expected


def expected_rules(tenant: Tenant, account: Account, event: Event) -> list[tuple[str, str]]:
    """Which rules count a use: those of its units, for each of their subjects."""
    found = []
    for name, rule in tenant.spend_rules:
        amount = amount_in(event["parts"], rule["unit"])
        if amount or (amount == 0 and event["type"] == "debited"):
            found += [(name, subject) for subject in subjects_of(tenant, account, event, rule.get("subject", "account"))]
    return found


def subjects_of(tenant: Tenant, account: Account, event: Event, kind: str) -> list[str]:
    """Whom a use counts for under a rule."""
    if kind == "account":
        return [account.name]
    key = tenant.keys.get(event.get("key", ""))
    if kind == "key":
        return [event["key"]] if key else []
    if kind == "tag":
        return key.terms.get("tags", []) if key else []
    platform = event.get("labels", {}).get("platform") or (key.terms.get("platform") if key else None)
    return [platform] if platform else []
