"""Logs of every type of event, as the simulator writes them: the auditor agrees, and `daybookd book` prints the same state."""

import os
import subprocess
import sys
import tempfile
import unittest

from auditing_room import audit, counts

SEEDS = (1, 2)
EVENTS = 20_000
programs = os.environ.get("DAYBOOK_PROGRAMS", "")


class Generated(unittest.TestCase):
    def test_a_log_of_every_type_of_event(self) -> None:
        for seed in SEEDS:
            with self.subTest(seed), tempfile.TemporaryDirectory() as room:
                directory = os.path.join(room, "ledger")
                self.program("daybook-simulate", "--log", directory, "--events", str(EVENTS), "--seed", str(seed))
                code, output = audit(directory)
                self.assertEqual(code, 0, output)
                code, listing = audit("--book", directory)
                self.assertEqual(code, 0, listing)
                book = without_progress(listing)
                self.assertEqual(book, self.program("daybookd", "book", "--data", directory))
                counts["agreed"] += 1

    def program(self, name: str, *arguments: str) -> str:
        found = subprocess.run([os.path.join(programs, name), *arguments], capture_output=True, timeout=600)
        self.assertEqual(found.returncode, 0, found.stderr.decode())
        return found.stdout.decode()


def without_progress(listing: str) -> str:
    return "".join(line for line in listing.splitlines(keepends=True) if line.startswith("{"))


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite, pattern: str | None) -> unittest.TestSuite:
    if not programs:
        print("audit-tests: without generated logs, for no programs are named", file=sys.stderr)
        return unittest.TestSuite()
    return tests
