"""Accounts and batches (events.md, "Accounts and lots", "Batches")."""

from typing import Any

from .book import Account, Book, Tenant
from .disagreement import Disagreement, refuse, require

Event = dict[str, Any]
ON_CLOSED = {"keyUpdated", "keyRevoked", "keyIssued", "alertRaised"}
"""What may still happen when an account is closed; no event moves anything of it."""


def account_of(book: Book, tenant: Tenant, event: Event) -> Account:
    """The account that an event names, with the subscriptions that have ended by then gone."""
    account = tenant.accounts.get(event["account"])
    if account is None:
        raise Disagreement("the account", "one that was opened before", event["account"])
    if account.state == "closed" and event["type"] not in ON_CLOSED:
        refuse(f"a {event['type']} of the closed account {account.name}", "none", event["type"])
    if account.subscriptions:
        at = event["at"]
        if any(each.until <= at and not each.is_default for each in account.subscriptions):
            ended = [each.until for each in account.subscriptions if each.until <= at and not each.is_default]
            account.own_plans_ended = max(account.own_plans_ended, *ended)
            account.subscriptions = [each for each in account.subscriptions if each.until > at or each.is_default]
    return account


def opened(book: Book, tenant: Tenant, event: Event) -> None:
    if event["account"] in tenant.accounts:
        refuse("the account", "one that is new", event["account"])
    tenant.accounts[event["account"]] = Account(event["account"], event["at"])


def frozen(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    require(f"state of account {account.name}", "open", account.state)
    account.state = "frozen"


def unfrozen(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    require(f"state of account {account.name}", "frozen", account.state)
    account.state = "open"


def closed(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    require(f"open holds of account {account.name}", 0, account.open_holds)
    account.state = "closed"


def batch_opened(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    if event["batch"] in account.batches:
        refuse("the batch", "one that is new", event["batch"])
    account.batches[event["batch"]] = True


def batch_closed(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    check_batch(account, event)
    account.batches[event["batch"]] = False


def check_batch(account: Account, event: Event) -> None:
    """The batch that a use names is open."""
    if "batch" in event:
        require(f"batch {event['batch']} is open", True, account.batches.get(event["batch"]))


def items_rejected(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    check_batch(account, event)
    if not 1 <= len(event["items"]) <= 32:
        refuse("items of the event", "1 to 32", len(event["items"]))


def usage_recorded(book: Book, tenant: Tenant, event: Event) -> None:
    check_batch(account_of(book, tenant, event), event)
    if event.get("occurredAt", "") > event["at"]:
        refuse("occurredAt", f"not after {event['at']}", event["occurredAt"])
    if ("unit" in event) == ("feature" in event):
        refuse("what was used", "`unit` and `amount`, or `feature` and `quantities`", "both or none")
    require("`amount` with `unit`", "unit" in event, "amount" in event)
    require("`quantities` with `feature`", "feature" in event, "quantities" in event)
