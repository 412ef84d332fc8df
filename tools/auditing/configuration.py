"""Documents and their versions (events.md, "Configuration")."""

from typing import Any

from .book import Book, Document, Tenant
from .disagreement import Disagreement, refuse, require
from .forms import check_document

Event = dict[str, Any]


def configured(book: Book, tenant: Tenant, event: Event) -> None:
    key, value, at = event["key"], event["value"], event["at"]
    check_document(key, value)
    document = tenant.documents.setdefault(key, Document())
    require(f"version of {key}", len(document.versions) + 1, event["version"])
    if "rollbackOf" in event:
        check_rollback(document, event)
    if "effectiveAt" in event or event["id"].startswith("$"):
        check_due(document, event)
        document.pending = None
    document.versions.append((event["effectiveAt"] if "effectiveAt" in event else at, value))
    follow(tenant, key, value)


def check_rollback(document: Document, event: Event) -> None:
    """It has the content of the version that it goes back to."""
    if event["rollbackOf"] > len(document.versions):
        refuse("rollbackOf", f"at most {len(document.versions)}", event["rollbackOf"])
    require("the value that is rolled back to", document.versions[event["rollbackOf"] - 1][1], event["value"])


def check_due(document: Document, event: Event) -> None:
    """It is what was scheduled for this time."""
    if document.pending is None:
        raise Disagreement(f"what is scheduled for {event['key']}", "a change", "none")
    number, effective, value, first = document.pending
    require("effectiveAt of what was scheduled", effective, event.get("effectiveAt"))
    if event["id"] not in {f"$configured/{each}" for each in range(first, number + 1)}:
        refuse("the id of the group", f"$configured/ and a schedule of that command from {first} on", event["id"])
    require("the value that was scheduled", value, event["value"])
    if effective > event["at"]:
        refuse("effectiveAt", f"not after {event['at']}", effective)


def follow(tenant: Tenant, key: str, value: dict[str, Any] | None) -> None:
    """What is kept beside the documents: the rules that add up, by name."""
    if key.startswith("alert/"):
        name = key[len("alert/") :]
        tenant.spend_rules = [rule for rule in tenant.spend_rules if rule[0] != name]
        if value and value["kind"] == "spend" and value.get("enabled", True):
            tenant.spend_rules = sorted([*tenant.spend_rules, (name, value)], key=lambda rule: rule[0])


def scheduled(book: Book, tenant: Tenant, event: Event) -> None:
    check_document(event["key"], event["value"])
    if event["effectiveAt"] <= event["at"]:
        refuse("effectiveAt", f"after {event['at']}", event["effectiveAt"])
    document = tenant.documents.setdefault(event["key"], Document())
    if tenant.scheduling[0] != event["id"]:
        tenant.scheduling = (event["id"], event["seq"])
    document.pending = (event["seq"], event["effectiveAt"], event["value"], tenant.scheduling[1])
    book.owe(event["effectiveAt"], "document", tenant.name, event["key"])


def cancelled(book: Book, tenant: Tenant, event: Event) -> None:
    document = tenant.document(event["key"])
    require(f"what is scheduled for {event['key']}", document and document.pending and document.pending[0], event["scheduled"])
    if document:
        document.pending = None
