"""Groups and ids (events.md, "The envelope")."""

import heapq
import re
from typing import Any

from . import calendar
from .book import Book, Tenant
from .disagreement import refuse, require
from .system import KEY_REPLACED

Event = dict[str, Any]
NO_BODY = "0" * 16
OWN_IDS = {
    re.compile(r"\$ledger"): {"ledgerOpened"},
    re.compile(r"\$recovered/.+"): {"recovered"},
    re.compile(r"\$restored/.+"): {"restored"},
    re.compile(re.escape(KEY_REPLACED) + r"/\d+"): {"signingKeyReplaced"},
    re.compile(r"\$segmentRotten/\d+"): {"alertRaised"},
    re.compile(r"\$drift/\d+/[0-9a-f]{32}"): {"alertRaised"},
    re.compile(r"\$holdExpired/\d+"): {"holdExpired"},
    re.compile(r"\$holdAgeing/\d+/\d+"): {"alertRaised"},
    re.compile(r"\$keyExpiring/\d+/\d+"): {"alertRaised"},
    re.compile(r"\$configured/\d+"): {"configured", "configurationCancelled"},
}
REPEATED = re.compile(r"\$(keyExpiring|holdAgeing)/")


class Groups:
    """Which group the next event belongs to."""

    def __init__(self) -> None:
        self.outer_left = self.inner_left = self.commands_left = 0
        self.head: Event = {}
        self.is_several = False
        self.types: set[str] = set()
        self.zone = "UTC"

    def admit(self, book: Book, tenant: Tenant, event: Event) -> None:
        """Checks the event's envelope against its group, or begins one."""
        if "events" in event:
            self.begin(book, tenant, event)
        elif not self.inner_left:
            refuse("the first event of a group", "with `events` and `body`", "without")
        self.check_same(event)
        self.check_day(event)
        self.outer_left -= 1
        if not (self.is_several and event["type"] == "submitted"):
            self.inner_left -= 1
        self.types.add(event["type"])

    def begin(self, book: Book, tenant: Tenant, event: Event) -> None:
        if "body" not in event:
            refuse("the first event of a group", "`events` and `body`", "no `body`")
        if self.inner_left:
            refuse("events of the group that are still to come", 0, self.inner_left)
        if not self.outer_left:
            self.begin_outer(book, event)
        else:
            self.begin_inner(event)
        self.head, self.types = event, set()
        self.zone = "UTC" if tenant.name == "$system" else tenant.zone()
        use_id(tenant, event["id"], event)

    def begin_outer(self, book: Book, event: Event) -> None:
        self.outer_left = event["events"]
        self.is_several = event["type"] == "submitted"
        self.inner_left = 0 if self.is_several else event["events"]
        self.commands_left = event["commands"] if self.is_several else 0
        if not event["id"].startswith("$"):
            check_nothing_due(book, event["at"])

    def begin_inner(self, event: Event) -> None:
        """A group inside `submitted`."""
        if event["type"] == "submitted" or not self.is_several:
            refuse("a group inside a group", "only inside `submitted`, and none of its type", event["type"])
        if event["events"] > self.outer_left or not self.commands_left:
            refuse("the groups inside `submitted`", f"{self.outer_left} events in {self.commands_left} groups", event["events"])
        for field in ("at", "tenant", "peer"):
            require(f"`{field}` of the submitted commands", self.head.get(field), event.get(field))
        self.inner_left = event["events"]
        self.commands_left -= 1

    def check_same(self, event: Event) -> None:
        """One `at`, `tenant`, `id`, `peer` and `actor` in a group."""
        head = self.head
        for field in ("at", "tenant", "id", "peer", "actor"):
            if head.get(field) != event.get(field):
                refuse(f"`{field}` in the group", head.get(field), event.get(field))
        if ("body" in event) != ("events" in event):
            refuse("`body`", "with `events` only", event.get("body"))
        is_own = event["id"].startswith("$")
        require("`peer` is absent (as for ids of the ledger's own, with $)", is_own, "peer" not in event)
        if "body" in event:
            require("`body` is zeros (as for ids of the ledger's own, with $)", is_own, event["body"] == NO_BODY)

    def check_day(self, event: Event) -> None:
        """The date of the use, or of `at`, in the tenant's time zone before the group."""
        if calendar.judges(self.zone):
            require(
                "`day`",
                calendar.local_date(event["occurredAt"] if "occurredAt" in event else event["at"], self.zone),
                event["day"],
            )

    def finish(self, book: Book, event: Event) -> None:
        """After the last event of a group: what it began is done, and an id of the ledger's own fits what happened."""
        if self.inner_left:
            return
        check_windows(book, event["at"])
        if self.is_several and not self.outer_left:
            require("groups inside `submitted` that are still to come", 0, self.commands_left)
        if event["id"].startswith("$"):
            wanted = next((types for form, types in OWN_IDS.items() if form.fullmatch(event["id"])), set())
            if not wanted & self.types:
                refuse(
                    f"the events of the group {event['id']}", " or ".join(wanted) or "none of such an id", sorted(self.types)
                )

    def check_whole(self) -> None:
        """A group is never split over two log batches."""
        require("events of the group that the log batch lacks", 0, self.outer_left)


def check_windows(book: Book, at: str) -> None:
    """The group told what became of the windows that it changed: their lots are replaced, or they have lapsed."""
    for window in book.to_be_replaced:
        if window.lot.heir is None and window.lot.expires > at:
            refuse(f"the window of lot {window.lot.number} after a change of it", "replaced, or ended", "still the same")
    for lot, time in book.lapsed_early:
        ended = lot.window.subscription.ended if lot.window else None
        if time != (at if lot.heir is not None else ended):
            refuse(f"when lot {lot.number} lapsed", "when it was replaced, or its plan ended", time)
    book.resets.clear()
    book.to_be_replaced.clear()
    book.lapsed_early.clear()


def use_id(tenant: Tenant, name: str, event: Event) -> None:
    """No id is used twice, neither by groups nor items."""
    if name in tenant.ids:
        if REPEATED.match(name):
            return
        refuse(f"the id of the event in tenant {tenant.name}", "one that was not used before", name)
    tenant.ids.add(name)


def check_nothing_due(book: Book, at: str) -> None:
    """Before a command is decided, all that is due has been done: no hold is over, nothing that was scheduled waits."""
    while book.due and book.due[0][0] <= at:
        time, kind, tenant, name = heapq.heappop(book.due)
        if kind == "hold":
            hold = book.tenants[tenant].holds[name]
            if hold.ended is None and hold.expires <= at:
                refuse(f"hold {name} of tenant {tenant}, over since {hold.expires}", "ended before the next command", "open")
        else:
            pending = book.tenants[tenant].documents[name].pending
            if pending is not None and pending[1] <= at:
                refuse(f"{name} of tenant {tenant}, scheduled for {pending[1]}", "in force before the next command", "pending")
