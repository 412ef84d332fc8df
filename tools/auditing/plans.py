"""Subscriptions (events.md, "Plans")."""

from typing import Any

from . import calendar, windows
from .accounts import account_of
from .book import FOREVER, Account, Book, Subscription, Tenant
from .disagreement import Disagreement, refuse, require

Event = dict[str, Any]


def subscribed(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    if event.get("until", FOREVER) <= max(event["from"], event["at"]):
        refuse("until of the subscription", "after `from` and `at`", event["until"])
    if event.get("isDefault"):
        check_default(tenant, account, event)
    else:
        check_plan(tenant, event["plan"])
    account.subscriptions.append(Subscription(event["seq"], event["plan"], event["from"], event))


def check_plan(tenant: Tenant, plan: str) -> None:
    if tenant.value("plan/" + plan) is None:
        refuse("the plan", "one that there is", plan)


def check_default(tenant: Tenant, account: Account, event: Event) -> None:
    """The default plan begins at the latest of the account's opening, the setting's coming into force, and the end of the
    account's last own subscription; its anchor is the local day of that."""
    require("the default plan", tenant.setting("defaultPlan", None), event["plan"])
    start = max(account.opened, default_since(tenant, event["plan"]), account.own_plans_ended)
    require("`from` of the default plan", start, event["from"])
    zone = tenant.zone_at(start)
    if calendar.judges(zone):
        require("`anchor` of the default plan", int(calendar.local_date(start, zone)[8:]), event["anchor"])


def default_since(tenant: Tenant, plan: str) -> str:
    """Since when a plan has been the default without a break."""
    since = ""
    document = tenant.document("tenant/settings")
    for start, value in reversed(document.versions if document else []):
        if (value or {}).get("defaultPlan") != plan:
            break
        since = start
    return since


def changed(book: Book, tenant: Tenant, event: Event) -> None:
    account, effective = account_of(book, tenant, event), event["effectiveAt"]
    old = windows.subscription_of(account, event["from"])
    check_plan(tenant, event["to"])
    if effective < event["at"]:
        refuse("effectiveAt of the change", f"not before {event['at']}", effective)
    require("`anchor` of the new subscription", old.anchor, event["anchor"])
    require("`until` of the new subscription", old.until, event.get("until", FOREVER))
    if effective == event["at"]:
        finish(account, old, effective)
        book.to_be_replaced += [each for each in old.windows.values() if windows.contains(each, effective)]
    elif not old.is_default:
        old.until = effective
        lapse(old, effective)
    account.subscriptions.append(Subscription(event["seq"], event["to"], effective, event))


def finish(account: Account, subscription: Subscription, time: str) -> None:
    """The subscription is gone. One that has not begun yet leaves no trace."""
    account.subscriptions.remove(subscription)
    subscription.ended = time
    if not subscription.is_default and subscription.start <= time:
        account.own_plans_ended = max(account.own_plans_ended, time)


def lapse(subscription: Subscription, time: str) -> None:
    """The lots of the subscription's windows lapse then at the latest."""
    for window in subscription.windows.values():
        window.lot.expires = min(window.lot.expires, time)


def unsubscribed(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    subscription = windows.subscription_of(account, event["plan"])
    if event["endedAt"] > event["at"]:
        refuse("endedAt", f"not after {event['at']}", event["endedAt"])
    if not subscription.is_default:
        require("endedAt", event["at"], event["endedAt"])
    finish(account, subscription, event["endedAt"])
    lapse(subscription, event["endedAt"])


def opened(book: Book, tenant: Tenant, event: Event) -> None:
    windows.allowance_opened(book, tenant, account_of(book, tenant, event), event)


def overridden(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    subscription = windows.subscription_of(account, event["plan"])
    place = event["unit"], event["period"]
    window = subscription.windows.get(place)
    if window is not None and windows.contains(window, event["at"]):
        book.to_be_replaced.append(window)
    if "amount" in event:
        subscription.overrides[place] = event["amount"]
    else:
        subscription.overrides.pop(place, None)


def reset(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    window = windows.subscription_of(account, event["plan"]).windows.get((event["unit"], event["period"]))
    if window is None or not windows.contains(window, event["at"]):
        raise Disagreement("the window that is reset", "an open one", f"{event['unit']} by {event['period']} has none")
    book.resets.add(window.lot.number)
    book.to_be_replaced.append(window)
