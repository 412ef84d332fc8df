"""The state that the events lead to (events.md, "What events are made of", and what each event says that it does)."""

import heapq
from typing import Any

FOREVER = "~"
"""Later than every time as text."""


class Lot:
    """Units with one expiry and one place in the order (events.md, "Lots")."""

    __slots__ = ("number", "unit", "remaining", "held", "priority", "effective", "expires", "window", "heir")

    def __init__(self, number: int, unit: "Unit", remaining: int | None, terms: dict[str, Any]) -> None:
        self.number, self.unit, self.remaining, self.held = number, unit, remaining, 0
        self.window: Window | None = None
        self.heir: Lot | None = None
        self.set_terms(terms)

    def set_terms(self, terms: dict[str, Any]) -> None:
        self.priority: int = terms["priority"]
        self.effective: str = terms.get("effectiveAt", "")
        self.expires: str = terms.get("expiresAt", FOREVER)

    def order(self) -> tuple[int, str, int]:
        """Burn-down order."""
        return self.priority, self.expires, self.number

    def resolved(self) -> "Lot":
        """The lot, or, if it has been replaced, the one in its place."""
        lot = self
        while lot.heir is not None:
            lot = lot.heir
        return lot


class Window:
    """An allowance's window, known by its lot (events.md, "Plans")."""

    __slots__ = (
        "subscription",
        "plan",
        "version",
        "unit",
        "period",
        "start",
        "end",
        "amount",
        "carried",
        "used",
        "remained",
        "lot",
    )

    def __init__(self, subscription: "Subscription", event: dict[str, Any], unit: str, lot: Lot) -> None:
        self.subscription, self.unit, self.lot = subscription, unit, lot
        self.plan: str = event["plan"]
        self.version: int = event["version"]
        self.period: str = event["period"]
        self.start: str = event["start"]
        self.end: str = event.get("end", FOREVER)
        self.amount: int = event["amount"]
        self.carried: int = event.get("carried", 0)
        self.used: int = event.get("used", 0)
        self.remained = 0

    def limit(self) -> int | None:
        """`amount` + `carried`, none without limit."""
        return None if self.amount < 0 else min(self.amount + self.carried, (1 << 53) - 1)


class Unit:
    """What an account has of a unit: all lots ever, those that may still matter, and what its open holds hold."""

    __slots__ = ("name", "lots", "live", "held")

    def __init__(self, name: str) -> None:
        self.name, self.held = name, 0
        self.lots: dict[int, Lot] = {}
        self.live: dict[int, Lot] = {}

    def add(self, lot: Lot) -> None:
        self.lots[lot.number] = self.live[lot.number] = lot


class Subscription:
    """That an account has a plan (events.md, "Plans")."""

    __slots__ = ("number", "plan", "start", "until", "anchor", "is_default", "overrides", "windows", "ended")

    def __init__(self, number: int, plan: str, start: str, event: dict[str, Any]) -> None:
        self.number, self.plan, self.start = number, plan, start
        self.until: str = event.get("until", FOREVER)
        self.anchor: int = event["anchor"]
        self.is_default: bool = event.get("isDefault", False)
        self.ended: str | None = None
        self.overrides: dict[tuple[str, str], int] = {}
        self.windows: dict[tuple[str, str], Window] = {}


class Account:
    __slots__ = ("name", "state", "opened", "units", "subscriptions", "own_plans_ended", "batches", "open_holds")

    def __init__(self, name: str, opened: str) -> None:
        self.name, self.state, self.opened, self.open_holds = name, "open", opened, 0
        self.own_plans_ended = ""
        self.units: dict[str, Unit] = {}
        self.subscriptions: list[Subscription] = []
        self.batches: dict[str, bool] = {}

    def unit(self, name: str) -> Unit:
        unit = self.units.get(name)
        if unit is None:
            unit = self.units[name] = Unit(name)
        return unit


Draw = tuple[Lot, int, bool]
"""A lot, how much, and whether it had a limit when it was drawn from."""


USE_FIELDS = ("feature", "quantities", "price", "key", "batch", "labels", "hold", "held")
HOLD_FIELDS = (*USE_FIELDS, "at", "onExpiry", "overage", "meters")


def kept(event: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """What later events are held against; the rest of the event need not stay in memory."""
    return {name: event[name] for name in fields if name in event}


class Hold:
    """Units set aside, until one event ends it (events.md, "held")."""

    __slots__ = ("number", "event", "account", "expires", "parts", "ended", "late")

    def __init__(self, event: dict[str, Any], account: Account, parts: list[tuple[str, int, list[Draw]]]) -> None:
        self.number: int = event["seq"]
        self.event, self.account, self.parts = kept(event, HOLD_FIELDS), account, parts
        self.expires: str = event["expiresAt"]
        self.ended: str | None = None
        self.late = False


class Taking:
    """A `debited`, or a `settled` or `holdExpired` with parts: what a refund can give back."""

    __slots__ = ("event", "account", "parts", "refunded", "quantities", "names")

    def __init__(self, event: dict[str, Any], account: Account, parts: list[tuple[str, int, list[Draw]]]) -> None:
        self.event, self.account, self.parts = kept(event, USE_FIELDS), account, parts
        self.names = {event.get("item") or event["id"], event.get("hold"), event.get("late", {}).get("hold")} - {None}
        self.refunded: dict[str, int] = {}
        self.quantities: dict[str, int] = {}


class Key:
    """An API key, and the counter of its limit."""

    __slots__ = ("account", "status", "terms", "issued", "cause", "meter", "epoch")

    def __init__(self, event: dict[str, Any], account: str) -> None:
        self.account, self.status, self.terms = account, "active", event
        self.issued: str = event["at"]
        self.cause: int = event["seq"]
        self.meter: dict[str, Any] | None = None
        self.epoch: int = event["seq"]


class Document:
    """A document's versions, each with the time from which it is in force, and what is scheduled for it."""

    __slots__ = ("versions", "pending", "parsed")

    def __init__(self) -> None:
        self.versions: list[tuple[str, dict[str, Any] | None]] = []
        self.pending: tuple[int, str, dict[str, Any] | None, int] | None = None
        self.parsed: dict[int, Any] = {}

    def value(self) -> dict[str, Any] | None:
        return self.versions[-1][1] if self.versions else None

    def version_at(self, time: str) -> int:
        """The version in force at a time; the first before it was made; 0 for none."""
        for version in range(len(self.versions), 1, -1):
            if self.versions[version - 1][0] <= time:
                return version
        return min(1, len(self.versions))


class Tenant:
    """All that belongs to one tenant; tenants share nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.accounts: dict[str, Account] = {}
        self.ids: set[str] = set()
        self.documents: dict[str, Document] = {}
        self.keys: dict[str, Key] = {}
        self.holds: dict[str, Hold] = {}
        self.takings: dict[int, Taking] = {}
        self.captures: dict[int, int] = {}
        self.alerts: dict[int, bool] = {}
        self.rules: dict[tuple[str, str], dict[str, Any]] = {}
        self.scheduling = ("", 0)
        self.spend_rules: list[tuple[str, dict[str, Any]]] = []

    def document(self, key: str) -> Document | None:
        return self.documents.get(key)

    def value(self, key: str) -> dict[str, Any] | None:
        """The document's latest content."""
        document = self.documents.get(key)
        return document.value() if document else None

    def setting(self, field: str, otherwise: Any) -> Any:
        return (self.value("tenant/settings") or {}).get(field, otherwise)

    def zone(self) -> str:
        return str(self.setting("timeZone", "UTC"))

    def zone_at(self, time: str) -> str:
        """The time zone in force at a time."""
        document = self.documents.get("tenant/settings")
        if document is None:
            return "UTC"
        for start, value in reversed(document.versions):
            if start <= time:
                return str((value or {}).get("timeZone", "UTC"))
        return "UTC"


class Book:
    """The ledger's state, and where in the log it stands."""

    def __init__(self) -> None:
        self.tenants: dict[str, Tenant] = {}
        self.hashes: set[str] = set()
        self.due: list[tuple[str, str, str, str]] = []
        self.sequence, self.at = 0, "1970-01-01T00:00:00.000000Z"
        self.ledger, self.origin, self.key = "", "", ""
        self.resets: set[int] = set()
        self.to_be_replaced: list[Window] = []
        self.lapsed_early: list[tuple[Lot, str]] = []

    def owe(self, time: str, kind: str, tenant: str, name: str) -> None:
        """Something is due at a time."""
        heapq.heappush(self.due, (time, kind, tenant, name))

    def tenant(self, name: str) -> Tenant:
        tenant = self.tenants.get(name)
        if tenant is None:
            tenant = self.tenants[name] = Tenant(name)
        return tenant
