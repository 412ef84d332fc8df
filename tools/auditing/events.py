"""One event after another: which rules speak of which type (events.md)."""

from collections.abc import Callable
from typing import Any

from . import accounts, alerts, configuration, holds, keys, plans, refunds, uses
from .book import Book, Tenant
from .disagreement import refuse, require
from .groups import Groups, use_id
from .lines import event_of
from .system import Ledger

Event = dict[str, Any]
Rule = Callable[[Book, Tenant, Event], None]
OF_SYSTEM = {"ledgerOpened", "recovered", "restored", "signingKeyReplaced"}


def nothing(book: Book, tenant: Tenant, event: Event) -> None:
    """It moves nothing, and its group was checked already."""


class Replay:
    """The book, and the rules that each event is held against before it changes the book."""

    def __init__(self, ledger: Ledger) -> None:
        self.book, self.groups, self.ledger = Book(), Groups(), ledger
        self.rules: dict[str, Rule] = {
            "ledgerOpened": ledger.opened,
            "recovered": ledger.recovered,
            "restored": ledger.restored,
            "signingKeyReplaced": ledger.key_replaced,
            "submitted": nothing,
            "accountOpened": accounts.opened,
            "accountFrozen": accounts.frozen,
            "accountUnfrozen": accounts.unfrozen,
            "accountClosed": accounts.closed,
            "granted": uses.granted,
            "adjusted": uses.adjusted,
            "lotExpired": uses.lot_expired,
            "debited": uses.debited,
            "itemsRejected": accounts.items_rejected,
            "refunded": refunds.refunded,
            "usageRecorded": accounts.usage_recorded,
            "held": uses.held,
            "holdExtended": holds.extended,
            "settled": holds.settled,
            "released": holds.released,
            "holdExpired": holds.expired,
            "batchOpened": accounts.batch_opened,
            "batchClosed": accounts.batch_closed,
            "subscribed": plans.subscribed,
            "planChanged": plans.changed,
            "unsubscribed": plans.unsubscribed,
            "allowanceOpened": plans.opened,
            "allowanceOverridden": plans.overridden,
            "allowanceReset": plans.reset,
            "configured": configuration.configured,
            "configurationScheduled": configuration.scheduled,
            "configurationCancelled": configuration.cancelled,
            "keyIssued": keys.issued,
            "keyUpdated": keys.updated,
            "keyRevoked": keys.revoked,
            "alertRaised": alerts.raised,
            "alertDelivered": alerts.delivered,
            "alertRead": alerts.read,
            "usageReported": keys.reported,
            "syncReported": keys.synced,
        }

    def line(self, line: bytes) -> None:
        """Checks one line and applies its event."""
        event, book = event_of(line), self.book
        if event["seq"] != book.sequence + 1:
            refuse("`seq`", book.sequence + 1, event["seq"])
        if event["at"] < book.at:
            refuse("`at`", f"not before {book.at}", event["at"])
        self.check_tenant(event)
        tenant = book.tenant(event["tenant"])
        self.groups.admit(book, tenant, event)
        if "item" in event:
            use_id(tenant, event["item"], event)
        self.rules[event["type"]](book, tenant, event)
        self.groups.finish(book, event)
        book.sequence, book.at = event["seq"], event["at"]

    def check_tenant(self, event: Event) -> None:
        """`$system` is the tenant of the ledger's own events, and of no others."""
        is_own = event["type"] in OF_SYSTEM or event.get("kind") in alerts.OF_LEDGER
        if is_own != (event["tenant"] == "$system"):
            refuse("the tenant", "$system" if is_own else "one of the users'", event["tenant"])
        require("a tenant of the ledger's own", event["tenant"] == "$system", event["tenant"].startswith("$"))
