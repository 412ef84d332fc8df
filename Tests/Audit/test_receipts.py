"""Receipts and consistency proofs, made by the definitions of RFC 6962, checked by the algorithms of RFC 9162."""

import base64
import os
import shutil
import tempfile
import unittest

from auditing_room import audit, counts, events
from forger import Signer, consistency_path, forge, inclusion_path, tree_root


def receipt(lines: list[bytes], index: int, note: bytes, path: list[bytes] | None = None, line: bytes | None = None) -> bytes:
    """A receipt for a leaf; what is given is said instead of the truth."""
    found = inclusion_path(index, lines) if path is None else path
    extra = base64.b64encode(lines[index] if line is None else line).decode()
    hashes = "".join(base64.b64encode(node).decode() + "\n" for node in found)
    return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {index}\n{hashes}\n".encode() + note


class Proofs(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.forgery = forge(events("story"))
        self.forgery.lay()
        self.lines, self.note = self.forgery.lines, self.forgery.checkpoint()
        self.key = self.forgery.signer.verifier

    def file(self, name: str, data: bytes) -> str:
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def audit_receipt(self, data: bytes, *more: str) -> tuple[int, str]:
        return audit("--receipt", self.file("receipt", data), *more)

    def assert_refused(self, found: tuple[int, str], says: str) -> None:
        counts["forged"] += 1
        code, output = found
        self.assertEqual(code, 1, output)
        self.assertIn(says, output)
        counts["disagreed"] += 1


class Receipts(Proofs):
    def test_every_event(self) -> None:
        for index in range(len(self.lines)):
            code, output = self.audit_receipt(receipt(self.lines, index, self.note), "--key", self.key)
            self.assertEqual(code, 0, output)
            self.assertIn(f"is event {index + 1} of the 59", output)
            self.assertIn("signed by", output)

    def test_every_size_of_a_tree(self) -> None:
        for batch in range(len(self.forgery.batches)):
            note = self.forgery.checkpoint(batch)
            lines = [line for each in self.forgery.batches[: batch + 1] for line in each]
            code, output = self.audit_receipt(receipt(lines, len(lines) - 1, note), "--key", self.key)
            self.assertEqual(code, 0, output)

    def test_without_a_key_only_the_arithmetic(self) -> None:
        code, output = self.audit_receipt(receipt(self.lines, 5, self.note))
        self.assertEqual(code, 0, output)
        self.assertIn("only the arithmetic was checked", output)
        self.assertIn(self.forgery.signer.name, output)

    def test_for_another_event(self) -> None:
        self.assert_refused(
            self.audit_receipt(receipt(self.lines, 5, self.note, line=self.lines[6])), "the number of the event"
        )

    def test_with_a_changed_line(self) -> None:
        line = self.lines[9].replace(b'"amount":100', b'"amount":900')
        self.assert_refused(self.audit_receipt(receipt(self.lines, 9, self.note, line=line)), "the root that the path leads to")

    def test_with_another_path(self) -> None:
        path = inclusion_path(4, self.lines)
        for says, found in {"the length": path[:-1], "the root": path[::-1], "of the inclusion path": [*path, path[0]]}.items():
            self.assert_refused(self.audit_receipt(receipt(self.lines, 5, self.note, path=found)), says)

    def test_with_another_key(self) -> None:
        other = Signer(self.forgery.signer.name, 5).verifier
        self.assert_refused(self.audit_receipt(receipt(self.lines, 5, self.note), "--key", other), "a signature by")

    def test_with_a_checkpoint_of_another_log(self) -> None:
        other = forge(events("1"))
        other.lay()
        found = self.audit_receipt(receipt(self.lines, 5, other.checkpoint()))
        self.assert_refused(found, "path")

    def test_that_is_none(self) -> None:
        for says, data in {
            "an empty line": b"c2sp.org/tlog-proof@v1\n",
            "the first line": b"tlog-proof\n\n" + self.note,
        }.items():
            self.assert_refused(self.audit_receipt(data), says)

    def test_a_key_that_is_none(self) -> None:
        self.assert_refused(
            self.audit_receipt(receipt(self.lines, 5, self.note), "--key", self.key[:-4] + "AAA="), "verifier key"
        )


class Consistency(Proofs):
    def audit_proof(
        self, old: int, new: int, path: list[bytes] | None = None, key: str = "", **older: bytes
    ) -> tuple[int, str]:
        """The older and the newer checkpoint are those of batches; what is given is said instead of the truth."""
        lines = [line for batch in self.forgery.batches[: new + 1] for line in batch]
        size = sum(map(len, self.forgery.batches[: old + 1]))
        found = consistency_path(size, lines) if path is None else path
        hashes = "".join(base64.b64encode(node).decode() + "\n" for node in found)
        head = f"daybook/consistency-proof@v1\n{hashes}\n".encode()
        data = head + self.forgery.checkpoint(old, **older) + b"\n" + self.forgery.checkpoint(new)
        return audit("--consistency", self.file("proof", data), "--key", key or self.key)

    def test_all_pairs_of_checkpoints(self) -> None:
        for new in range(0, len(self.forgery.batches), 3):
            for old in range(new + 1):
                code, output = self.audit_proof(old, new)
                self.assertEqual(code, 0, output)

    def test_a_path_that_shows_nothing(self) -> None:
        path = consistency_path(10, self.lines)
        for found in (path[:-1], path[::-1], [], [*path, tree_root([])]):
            self.assert_refused(self.audit_proof(3, len(self.forgery.batches) - 1, found), "the consistency proof")

    def test_another_history(self) -> None:
        found = self.audit_proof(3, len(self.forgery.batches) - 1, root=tree_root(self.lines[1:11]))
        self.assert_refused(found, "the consistency proof")

    def test_another_key(self) -> None:
        other = Signer(self.forgery.signer.name, 5).verifier
        self.assert_refused(self.audit_proof(3, 10, key=other), "a signature by")


if __name__ == "__main__":
    unittest.main()
