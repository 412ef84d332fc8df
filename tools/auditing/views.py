"""The read models `balances` and `batches`, held against the state at the event that they have seen (read-models.md)."""

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .book import Book, Tenant
from .disagreement import Disagreement, require
from .segments import Batch

Rows = dict[tuple[Any, ...], Any]
EPOCH = datetime(1970, 1, 1)


def held_units(book: Book) -> Rows:
    return {
        (tenant.name, account.name, unit.name): unit.held
        for tenant in book.tenants.values()
        for account in tenant.accounts.values()
        for unit in account.units.values()
        if unit.held
    }


def open_lots(book: Book) -> Rows:
    return {
        (tenant.name, account.name, unit.name, lot.number): lot.remaining
        for tenant in book.tenants.values()
        for account in tenant.accounts.values()
        for unit in account.units.values()
        for lot in unit.lots.values()
        if lot.remaining
    }


def open_holds(book: Book) -> Rows:
    return {(tenant.name, *row): expires for tenant in book.tenants.values() for row, expires in holds_of(tenant)}


def holds_of(tenant: Tenant) -> list[tuple[tuple[str, str, int], int]]:
    return [
        ((hold.account.name, name, hold.number), microseconds(hold.expires))
        for name, hold in tenant.holds.items()
        if hold.ended is None
    ]


def microseconds(time: str) -> int:
    return (datetime.fromisoformat(time[:-1]) - EPOCH) // timedelta(microseconds=1)


def batches(book: Book) -> Rows:
    return {
        (tenant.name, account.name, name): int(is_open)
        for tenant in book.tenants.values()
        for account in tenant.accounts.values()
        for name, is_open in account.batches.items()
    }


QUERIES: dict[str, list[tuple[str, str, Callable[[Book], Rows]]]] = {
    "balances": [
        ("held units", "SELECT tenant, account, unit, held FROM balances WHERE held <> 0", held_units),
        ("lots with units", "SELECT tenant, account, unit, lot, remaining FROM lots WHERE remaining > 0", open_lots),
        ("open holds", "SELECT tenant, account, hold, seq, expiresAt FROM holds", open_holds),
    ],
    "batches": [("batches", "SELECT tenant, account, batch, closedAt IS NULL FROM batches", batches)],
}


class View:
    """One read model: where it stands, and what it says there."""

    def __init__(self, name: str, path: str) -> None:
        self.name, self.is_met = name, False
        try:
            with sqlite3.connect(f"file:{os.path.abspath(path)}?mode=ro", uri=True) as file:
                self.ledger, self.sequence, self.chain = file.execute("SELECT ledger, sequence, chain FROM daybook").fetchone()
                self.tables = [(what, file.execute(query).fetchall(), rows) for what, query, rows in QUERIES[name]]
        except (sqlite3.Error, TypeError) as error:
            raise Disagreement(f"the read model {name}", "a SQLite file of it", error).at(path) from error

    def compare(self, book: Book, batch: Batch) -> None:
        """At the end of the batch that it has seen last, it says what the events come to."""
        if self.is_met or book.sequence < self.sequence:
            return
        require(f"where the read model {self.name} stands, at the end of a batch", book.sequence, self.sequence)
        require(f"the chain that the read model {self.name} has seen", batch.chain.hex(), self.chain)
        for what, found, expected in self.tables:
            require_same(f"{what} of the read model {self.name}", expected(book), {row[:-1]: row[-1] for row in found})
        self.is_met = True

    def summary(self) -> str:
        at = f"at event {self.sequence}"
        return f"read model {self.name} agrees {at}" if self.is_met else f"read model {self.name} not compared: it stands {at}"


def require_same(what: str, expected: Rows, found: Rows) -> None:
    """Names the first row that differs."""
    for row in sorted(expected.keys() | found.keys()):
        require(f"{what}: {' '.join(map(str, row))}", expected.get(row), found.get(row))


def views_of(directory: str) -> list[View]:
    paths = {name: os.path.join(directory, name + ".sqlite") for name in QUERIES}
    return [View(name, path) for name, path in paths.items() if os.path.exists(path)]
