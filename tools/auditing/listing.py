"""The state as text (events.md, "The state as text"): what `daybookd book` prints."""

from collections.abc import Iterator
from typing import Any

from .book import FOREVER, Account, Book, Lot, Tenant, Unit
from .lines import encode
from .parts import balance


def listing(book: Book) -> Iterator[str]:
    """The lines, without newlines."""
    tenants = [book.tenants[name] for name in sorted(book.tenants)]
    for kind in (account_lines, lot_lines, window_lines, hold_lines, batch_lines, key_lines):
        for tenant in tenants:
            yield from map(encode, kind(tenant, book.at))
    yield encode({"kind": "end", "seq": book.sequence, "at": book.at})


def accounts(tenant: Tenant) -> Iterator[Account]:
    return (tenant.accounts[name] for name in sorted(tenant.accounts))


def account_lines(tenant: Tenant, at: str) -> Iterator[dict[str, Any]]:
    for account in accounts(tenant):
        yield {"kind": "account", "tenant": tenant.name, "account": account.name, "state": account.state}


def lot_lines(tenant: Tenant, at: str) -> Iterator[dict[str, Any]]:
    for account in accounts(tenant):
        for name in sorted(account.units):
            unit = account.units[name]
            lots = [lot for lot in unit.lots.values() if is_listed(lot, at)]
            if lots:
                yield {"kind": "lots", "tenant": tenant.name, "account": account.name, "unit": name} | unit_line(unit, lots, at)


def is_listed(lot: Lot, at: str) -> bool:
    return bool(lot.remaining or lot.held or (lot.remaining is None and lot.heir is None and lot.expires > at))


def unit_line(unit: Unit, lots: list[Lot], at: str) -> dict[str, Any]:
    there = balance(unit, at)
    return {
        "available": there["available"],
        "held": there["held"],
        "unlimited": "unlimited" in there,
        "lots": [
            {"lot": lot.number, "remaining": lot.remaining, "held": lot.held}
            for lot in sorted(lots, key=lambda lot: lot.number)
        ],
    }


def window_lines(tenant: Tenant, at: str) -> Iterator[dict[str, Any]]:
    for account in accounts(tenant):
        windows = [
            lot.window
            for unit in account.units.values()
            for lot in unit.lots.values()
            if lot.window and lot.heir is None and lot.window.start <= at < lot.window.end and at < lot.expires
        ]
        windows.sort(key=lambda each: (each.unit, each.plan, each.period, each.start, each.lot.number))
        for window in windows:
            yield {
                "kind": "window",
                "tenant": tenant.name,
                "account": account.name,
                "unit": window.unit,
                "plan": window.plan,
                "period": window.period,
                "start": window.start,
                "end": None if window.end == FOREVER else window.end,
                "limit": window.limit(),
                "used": window.used,
                "lot": window.lot.number,
            }


def hold_lines(tenant: Tenant, at: str) -> Iterator[dict[str, Any]]:
    for name in sorted(tenant.holds):
        hold = tenant.holds[name]
        if hold.ended is None:
            yield {
                "kind": "hold",
                "tenant": tenant.name,
                "id": name,
                "account": hold.account.name,
                "seq": hold.number,
                "expiresAt": hold.expires,
                "parts": [{"unit": unit, "amount": amount} for unit, amount, _ in hold.parts],
            }


def batch_lines(tenant: Tenant, at: str) -> Iterator[dict[str, Any]]:
    for account in accounts(tenant):
        for name in sorted(account.batches):
            yield {
                "kind": "batch",
                "tenant": tenant.name,
                "account": account.name,
                "batch": name,
                "open": account.batches[name],
            }


def key_lines(tenant: Tenant, at: str) -> Iterator[dict[str, Any]]:
    for name in sorted(tenant.keys):
        key = tenant.keys[name]
        yield {"kind": "key", "tenant": tenant.name, "key": name, "account": key.account, "status": key.status}
