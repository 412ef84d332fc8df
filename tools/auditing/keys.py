"""API keys (events.md, "Keys")."""

from typing import Any

from .accounts import account_of
from .book import Book, Key, Tenant
from .disagreement import Disagreement, refuse

Event = dict[str, Any]
TERMS = ("platform", "owner", "name", "tags", "expiresAt", "limit", "features", "maxOpenHolds")


def issued(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    if event["key"] in tenant.keys:
        refuse("the name of the key", "one that is new", event["key"])
    if event["hash"] in book.hashes:
        refuse("the hash of the key", "one that is new", event["hash"])
    book.hashes.add(event["hash"])
    key = tenant.keys[event["key"]] = Key(event, account.name)
    key.terms = terms_of(event)


def terms_of(event: Event) -> dict[str, Any]:
    return {name: event[name] for name in TERMS if name in event}


def key_of(book: Book, tenant: Tenant, event: Event) -> Key:
    """The key that is changed: not revoked, and of this account."""
    account_of(book, tenant, event)
    key = tenant.keys.get(event["key"])
    if key is None or key.account != event["account"]:
        raise Disagreement("the key", f"one of account {event['account']}", event["key"])
    if key.status == "revoked":
        refuse(f"key {event['key']}", "not revoked", key.status)
    return key


def updated(book: Book, tenant: Tenant, event: Event) -> None:
    key = key_of(book, tenant, event)
    terms = terms_of(event)
    if counted(key.terms) != counted(terms):
        key.meter, key.epoch = None, event["seq"]
    key.status, key.terms, key.cause = event["status"], terms, event["seq"]


def counted(terms: dict[str, Any]) -> tuple[str, str] | None:
    """The unit and period of a limit: when they change, the count begins at 0."""
    limit = terms.get("limit")
    return (limit["unit"], limit["period"]) if limit else None


def revoked(book: Book, tenant: Tenant, event: Event) -> None:
    key_of(book, tenant, event).status = "revoked"


def reported(book: Book, tenant: Tenant, event: Event) -> None:
    if event["to"] <= event["from"]:
        refuse("`to` of the report", f"after {event['from']}", event["to"])


def synced(book: Book, tenant: Tenant, event: Event) -> None:
    if event["to"] < event["from"]:
        refuse("`to` of the report", f"not before {event['from']}", event["to"])
