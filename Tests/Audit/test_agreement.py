"""The auditor agrees with what Daybook wrote, and comes to the same state byte by byte."""

import base64
import os
import shutil
import subprocess
import tempfile
import unittest

from auditing_room import LOGS, ROOT, audit, counts, events, log_names
from forger import Event, Forgery, Signer, forge, line_of, tree_root

PARENT = "6f1c2a34-9d0e-4b7a-8c55-0123456789ab"
CHILD = "0a1b2c3d-9d0e-4b7a-8c55-0123456789ab"


class Agreement(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def assert_agrees(self, *arguments: str) -> str:
        code, output = audit(*arguments, self.directory)
        self.assertEqual(code, 0, output)
        counts["agreed"] += 1
        return output

    def test_logs_of_a_ledger(self) -> None:
        for name in log_names():
            with self.subTest(name):
                forge(events(name)).write(self.directory)
                self.assertIn("checkpoint of", self.assert_agrees())
                _, listing = audit("--book", self.directory)
                with open(os.path.join(LOGS, name + ".book"), encoding="utf-8") as file:
                    self.assertEqual(listing, file.read())

    def test_a_log_in_many_segments(self) -> None:
        forgery = forge(events("1"))
        forgery.segment_starts = {5, 6, 40, 100}
        forgery.write(self.directory)
        self.assertIn("of 5 segments", self.assert_agrees())

    def test_a_log_that_ends_with_a_seal(self) -> None:
        forgery = forge(events("story"))
        forgery.zeros = 0
        forgery.lay()
        name, data = next(iter(forgery.files.items()))
        count = len(forgery.lines)
        data += forgery.seal(count, count, 1, len(data), forgery.chains[-1])
        forgery.save(self.directory)
        self.assertIn("no checkpoint", self.assert_agrees())

    def test_an_older_checkpoint(self) -> None:
        forgery = forge(events("story"))
        forgery.write(self.directory)
        forgery.write_checkpoint(self.directory, forgery.checkpoint(3))
        self.assertIn("checkpoint of 10 events", self.assert_agrees())

    def test_several_groups_in_a_batch(self) -> None:
        forgery = forge(events("2"))
        batches = forgery.batches
        forgery.batches = [[line for batch in batches[at : at + 7] for line in batch] for at in range(0, len(batches), 7)]
        forgery.write(self.directory)
        self.assert_agrees()

    def test_the_golden_log_byte_by_byte(self) -> None:
        shutil.copytree(os.path.join(ROOT, "Tests", "Golden", "log-1"), os.path.join(self.directory, "log"))
        self.assertIn("sound: 67 events in 9 log batches of 2 segments", self.assert_agrees("--bytes"))

    def test_a_restored_ledger_and_a_new_key(self) -> None:
        found = events("1")
        forgery, signer = restored_ledger(found)
        forgery.write(self.directory)
        self.assertIn(f"ledger {CHILD}", self.assert_agrees())
        self.assertIn(signer.verifier, audit(self.directory)[1])

    def test_the_program_itself(self) -> None:
        """With whatever Python starts it, and its exit codes."""
        forgery = forge(events("story"))
        forgery.write(self.directory)
        program = os.path.join(ROOT, "tools", "audit")
        found = subprocess.run([program, "--book", self.directory], capture_output=True, timeout=300)
        with open(os.path.join(LOGS, "story.book"), "rb") as file:
            self.assertEqual((found.returncode, found.stdout), (0, file.read()), found.stderr)
        forgery.write_checkpoint(self.directory, forgery.checkpoint(root=bytes(32)))
        found = subprocess.run([program, self.directory], capture_output=True, timeout=300)
        self.assertEqual(found.returncode, 1)
        self.assertIn(b"the root of the checkpoint", found.stdout)
        found = subprocess.run([program], capture_output=True, timeout=300)
        self.assertEqual(found.returncode, 2)

    def test_bad_usage(self) -> None:
        for arguments in ([], ["--receipt", "a", "b"], ["--unknown"]):
            with self.subTest(arguments), self.assertRaises(SystemExit) as exit:
                audit(*arguments)
            self.assertEqual(exit.exception.code, 2)


def restored_ledger(found: list[Event]) -> tuple[Forgery, Signer]:
    """A ledger that goes on from another's events in a segment of its own, and who signs for it at last."""
    own, signer = own_events(found)
    forgery = forge([*found, *own])
    forgery.signer, start = signer, len(forgery.batches) - 2
    forgery.segment_starts, forgery.ledgers = {start}, {start: CHILD}
    return forgery, signer


def own_events(found: list[Event]) -> tuple[list[Event], Signer]:
    """A `restored` behind a ledger's events, and a `signingKeyReplaced` behind that; and who signs then."""
    forge(found)
    lines = [line_of(event) for event in found]
    at, count, origin = found[-1]["at"], len(found), f"daybook/{CHILD}"
    first, second = Signer(origin, 2), Signer(origin, 3)
    root = base64.b64encode(tree_root(lines)).decode()
    restored = own_event(count + 1, at, "restored", f"$restored/{CHILD}")
    restored |= {"ledger": CHILD, "origin": origin, "key": first.verifier, "parent": PARENT, "sequence": count, "root": root}
    replaced = own_event(count + 2, at, "signingKeyReplaced", f"$signingKeyReplaced/{count + 2}")
    replaced |= {"key": second.verifier, "reason": "the old one was lost"}
    return [restored, replaced], second


def own_event(sequence: int, at: str, kind: str, name: str) -> Event:
    """The envelope of an event of the ledger's own, in a group of its own."""
    envelope = {"seq": sequence, "at": at, "day": at[:10], "type": kind, "tenant": "$system", "id": name}
    return envelope | {"events": 1, "body": "0" * 16}


if __name__ == "__main__":
    unittest.main()
