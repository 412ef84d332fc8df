"""Alerts: each condition is true of what the group left (events.md, "Alerts")."""

import hashlib
from typing import Any

from . import calendar
from .accounts import account_of
from .book import FOREVER, Book, Tenant
from .disagreement import Disagreement, refuse, require
from .parts import balance

Event = dict[str, Any]
STANDING = {
    "$allowanceUsed": {"kind": "allowanceUsed"},
    "$keyExpiring": {"kind": "keyExpiring"},
    "$keyFaulty": {"kind": "keyFaulty"},
    "$segmentRotten": {"kind": "segmentRotten"},
    "$drift": {"kind": "drift"},
}
# About the ledger itself, under `$system`.
OF_LEDGER = ("segmentRotten", "drift")
THRESHOLDS, DAYS = [80, 95, 100], [7, 3, 1]


def raised(book: Book, tenant: Tenant, event: Event) -> None:
    if "account" in event:
        account_of(book, tenant, event)
    rule = rule_of(tenant, event)
    if event["kind"] == "drift":
        drift(book, event)
    else:
        CONDITIONS[event["kind"]](tenant, event, rule)
    require("severity of the alert", rule.get("severity", usual_severity(event)), event["severity"])
    tenant.alerts[event["seq"]] = False


def rule_of(tenant: Tenant, event: Event) -> dict[str, Any]:
    """The document of the rule, or what stands without one."""
    name = event["rule"]
    rule = STANDING.get(name) or tenant.value("alert/" + name)
    if rule is None:
        raise Disagreement("the rule of the alert", "one that there is", name)
    require("the kind of the rule", rule["kind"], event["kind"])
    if rule.get("enabled", True) is False:
        refuse(f"rule {name}", "enabled", "not")
    if name.startswith("$") and has_document_of(tenant, rule["kind"]):
        refuse("the rule of the alert", f"a document, for there is one of kind {rule['kind']}", name)
    return rule


def has_document_of(tenant: Tenant, kind: str) -> bool:
    values = (document.value() for key, document in tenant.documents.items() if key.startswith("alert/"))
    return any(value and value["kind"] == kind for value in values)


def usual_severity(event: Event) -> str:
    """Without a severity of the rule's own."""
    if event["kind"] == "allowanceUsed":
        return "error" if event["threshold"] >= 100 else "warning" if event["threshold"] >= 95 else "info"
    if event["kind"] == "keyExpiring":
        return "error" if event["days"] <= 1 else "warning" if event["days"] <= 3 else "info"
    return "error" if event["kind"] in OF_LEDGER else "warning"


def low_balance(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    require("unit and bound of the rule", (rule["unit"], rule["below"]), (event["unit"], event["below"]))
    there = balance(tenant.accounts[event["account"]].unit(event["unit"]), event["at"])
    require("what is available, when no lot without limit is in force", there["available"], event["available"])
    if event["available"] >= event["below"] or "unlimited" in there:
        refuse("what is available", f"less than {event['below']}", there)


def allowance_used(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    if event["threshold"] not in rule.get("thresholds", THRESHOLDS) or event["unit"] != rule.get("unit", event["unit"]):
        refuse("unit and threshold", "those of the rule", (event["unit"], event["threshold"]))
    windows = [
        (window.limit(), window.used)
        for subscription in tenant.accounts[event["account"]].subscriptions
        for window in subscription.windows.values()
        if (window.plan, window.unit, window.period, window.start)
        == (event["plan"], event["unit"], event["period"], event["windowStart"])
    ]
    if (event["limit"], event["used"]) not in windows:
        refuse("limit and used of the window", windows, (event["limit"], event["used"]))
    if event["used"] * 100 < event["limit"] * event["threshold"] or not event["limit"]:
        refuse("what is used", f"{event['threshold']} % of {event['limit']} at least", event["used"])


def spend(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    last = tenant.rules.get((event["rule"], event["name"]))
    require("subject and unit of the rule", (rule.get("subject", "account"), rule["unit"]), (event["subject"], event["unit"]))
    if last is None:
        raise Disagreement("the rule's meter", "one of this subject", "none")
    expected = (last["used"], rule["above"], last["start"], last.get("end", FOREVER))
    require("spent, above, and window", expected, (event["spent"], event["above"], event["start"], event.get("end", FOREVER)))
    if event["spent"] <= event["above"]:
        refuse("what is spent", f"more than {event['above']}", event["spent"])


def key_expiring(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    key = tenant.keys.get(event["key"])
    if key is None or key.account != event["account"] or key.status == "revoked":
        raise Disagreement("the key", "one of the account that is not revoked", event["key"])
    require("expiry of the key", key.terms.get("expiresAt"), event["expiresAt"])
    if event["days"] not in rule.get("days", DAYS):
        refuse("days", rule.get("days", DAYS), event["days"])
    require("the id of the group", f"$keyExpiring/{key.cause}/{event['days']}", event["id"])
    due = calendar.later(event["expiresAt"], -86_400 * event["days"])
    if event["at"] < due:
        refuse("`at` of the alert", f"not before {due}", event["at"])


def key_faulty(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    key = tenant.keys.get(event["key"])
    require(f"status of key {event['key']}", "faulty", key.status if key else None)


def hold_ageing(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    hold = tenant.holds.get(event["hold"])
    if hold is None or hold.ended is not None or hold.account.name != event["account"]:
        raise Disagreement("the hold", "an open one of the account", event["hold"])
    require("seconds", rule["seconds"], event["seconds"])
    require("the id of the group", f"$holdAgeing/{hold.number}/{event['seconds']}", event["id"])
    due = calendar.later(hold.event["at"], event["seconds"])
    if event["at"] < due:
        refuse("`at` of the alert", f"not before {due}", event["at"])


def segment_rotten(tenant: Tenant, event: Event, rule: dict[str, Any]) -> None:
    require("the tenant", "$system", tenant.name)


def drift(book: Book, event: Event) -> None:
    """How the read model counted is not known here: only that the alert is about something, and says that it is wrong."""
    tenant = book.tenants.get(event["ofTenant"])
    if tenant is None or event["ofAccount"] not in tenant.accounts:
        raise Disagreement("the account of the drift", "one that there is", f"{event['ofAccount']} of {event['ofTenant']}")
    if event["sequence"] >= event["seq"]:
        refuse("`sequence` of the drift", f"an event before {event['seq']}", event["sequence"])
    if event["expected"] == event["found"]:
        refuse("`found` of the drift", f"not {event['expected']}", event["found"])
    names = "".join(event[name] + "\n" for name in ("ofTenant", "ofAccount", "unit"))
    digest = hashlib.sha256(names.encode()).hexdigest()[:32]
    require("the id of the group", f"$drift/{event['sequence']}/{digest}", event["id"])


CONDITIONS = {
    "lowBalance": low_balance,
    "allowanceUsed": allowance_used,
    "spend": spend,
    "keyExpiring": key_expiring,
    "keyFaulty": key_faulty,
    "holdAgeing": hold_ageing,
    "segmentRotten": segment_rotten,
}


def delivered(book: Book, tenant: Tenant, event: Event) -> None:
    check_named(tenant, event)


def read(book: Book, tenant: Tenant, event: Event) -> None:
    """Each is read once."""
    check_named(tenant, event)
    for number in event["alerts"]:
        tenant.alerts[number] = True


def check_named(tenant: Tenant, event: Event) -> None:
    for number in event["alerts"]:
        if tenant.alerts.get(number) is not False:
            refuse("an alert", "one of this tenant that has not been read", number)
