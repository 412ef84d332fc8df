"""The read models are compared with the audited state, row by row."""

import json
import os
import shutil
import sqlite3
import tempfile
import unittest
from datetime import datetime

from auditing_room import audit, counts, events
from forger import forge

TABLES = {
    "balances": [
        "CREATE TABLE balances (tenant, account, unit, held)",
        "CREATE TABLE lots (tenant, account, unit, lot, remaining)",
        "CREATE TABLE holds (tenant, account, hold, seq, expiresAt)",
    ],
    "batches": ["CREATE TABLE batches (tenant, account, batch, closedAt)"],
}


class Views(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.views = os.path.join(self.directory, "views")
        os.makedirs(self.views)
        self.forgery = forge(events("1"))
        self.forgery.write(self.directory)
        self.state = [json.loads(line) for line in audit("--book", self.directory)[1].splitlines()]
        for name in TABLES:
            self.write(name)

    def write(self, name: str) -> None:
        """A read model as it stands after the last event."""
        seen = (self.forgery.ledger, len(self.forgery.lines), self.forgery.chains[-1].hex())
        with sqlite3.connect(os.path.join(self.views, name + ".sqlite")) as file:
            file.execute("CREATE TABLE daybook (ledger, sequence, chain)")
            file.execute("INSERT INTO daybook VALUES (?, ?, ?)", seen)
            for table in TABLES[name]:
                file.execute(table)
            for row in self.state:
                self.insert(file, name, row)

    def insert(self, file: sqlite3.Connection, name: str, row: dict) -> None:  # type: ignore[type-arg]
        owner = (row.get("tenant"), row.get("account"))
        if (name, row["kind"]) == ("balances", "lots"):
            file.execute("INSERT INTO balances VALUES (?, ?, ?, ?)", (*owner, row["unit"], row["held"]))
            lots = [(*owner, row["unit"], lot["lot"], lot["remaining"]) for lot in row["lots"]]
            file.executemany("INSERT INTO lots VALUES (?, ?, ?, ?, ?)", lots)
        elif (name, row["kind"]) == ("balances", "hold"):
            expires = (
                datetime.fromisoformat(row["expiresAt"]) - datetime.fromisoformat("1970-01-01T00:00:00Z")
            ).total_seconds()
            file.execute(
                "INSERT INTO holds VALUES (?, ?, ?, ?, ?)", (*owner, row["id"], row["seq"], round(expires * 1_000_000))
            )
        elif (name, row["kind"]) == ("batches", "batch"):
            file.execute("INSERT INTO batches VALUES (?, ?, ?, ?)", (*owner, row["batch"], None if row["open"] else 1))

    def change(self, name: str, statement: str) -> None:
        with sqlite3.connect(os.path.join(self.views, name + ".sqlite")) as file:
            self.assertGreater(file.execute(statement).rowcount, 0)

    def test_views_that_agree(self) -> None:
        code, output = audit("--views", self.views, self.directory)
        self.assertEqual(code, 0, output)
        self.assertIn(f"read model balances agrees at event {len(self.forgery.lines)}", output)
        self.assertIn("read model batches agrees", output)
        counts["agreed"] += 1

    def test_views_that_do_not(self) -> None:
        for name, statement, says in [
            (
                "balances",
                "UPDATE lots SET remaining = remaining + 1 WHERE lot = (SELECT max(lot) FROM lots)",
                "lots with units",
            ),
            ("balances", "DELETE FROM lots", "lots with units"),
            ("balances", "UPDATE balances SET held = held + 1", "held units"),
            ("batches", "UPDATE batches SET closedAt = 1 WHERE closedAt IS NULL", "batches of the read model"),
            ("batches", "UPDATE daybook SET chain = '00'", "the chain that the read model batches has seen"),
        ]:
            with self.subTest(statement):
                kept = os.path.join(self.views, name + ".sqlite")
                shutil.copy(kept, kept + ".kept")
                self.change(name, statement)
                counts["forged"] += 1
                code, output = audit("--views", self.views, self.directory)
                self.assertEqual((code, says in output), (1, True), output)
                counts["disagreed"] += 1
                os.replace(kept + ".kept", kept)


if __name__ == "__main__":
    unittest.main()
