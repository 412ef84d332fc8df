"""Logs and checkpoints whose bytes were tampered with, as far as possible with every checksum made right again."""

import base64
import hashlib
import json
import unittest

import google_crc32c
from auditing_room import audit_forgery, counts, events
from forger import Forgery, Signer, forge, line_of, tree_root, with_checksum
from test_agreement import restored_ledger

FIRST = "00000000000000000001.lz4"
OTHER_LEDGER = "0a1b2c3d-9d0e-4b7a-8c55-0123456789ab"


class Forged(unittest.TestCase):
    """Ledgers in three segments, of which one thing is not right."""

    def setUp(self) -> None:
        self.forgery = forge(events("story"))
        self.forgery.segment_starts = {10, 20}
        self.forgery.lay()
        self.names = sorted(self.forgery.files)
        counts["forged"] += 1

    def assert_disagrees(self, place: str, says: str, found: tuple[int, str]) -> None:
        code, output = found
        self.assertEqual(code, 1, output)
        self.assertIn(place, output)
        self.assertIn(says, output)
        counts["disagreed"] += 1

    def changed(self, name: str, offset: int, data: bytes) -> tuple[int, str]:
        """Bytes of a segment are others than they were."""

        def change(files: dict[str, bytearray]) -> None:
            files[name][offset : offset + len(data)] = data

        return audit_forgery(self.forgery, change=change)


class ForgedSegments(Forged):
    def test_a_flipped_bit_in_a_frame(self) -> None:
        bit = bytes([self.forgery.files[FIRST][300] ^ 4])
        self.assert_disagrees(f"segment {FIRST}, offset 88, event 1:", "checksum of the frame", self.changed(FIRST, 300, bit))

    def test_a_flipped_bit_in_a_batch_header(self) -> None:
        self.assert_disagrees("offset 88, event 1:", "checksum of the batch header", self.changed(FIRST, 128, b"\1"))

    def test_a_flipped_bit_in_a_segment_header(self) -> None:
        self.assert_disagrees("offset 0, event 1:", "checksum of the segment header", self.changed(FIRST, 44, b"\1"))

    def test_a_frame_that_expands_to_other_bytes(self) -> None:
        """The checksums are right, but the chain was left as it was."""
        lines = self.forgery.batches[1]
        lines[0] = lines[0].replace(b'"launch"', b'"lunch!"')
        right = self.forgery.chains[1]
        self.forgery.batch = lambda *place: keep_chain(self.forgery, right, *place)  # type: ignore[method-assign]
        self.assert_disagrees("event 2:", "chain of the batch", audit_forgery(self.forgery))

    def test_a_seal_that_counts_wrong(self) -> None:
        data = self.forgery.files[FIRST]
        seal = bytearray(data[-76:-4])
        seal[12] += 1
        found = self.changed(FIRST, len(data) - 76, with_checksum(bytes(seal)))
        self.assert_disagrees(f"segment {FIRST}, offset {len(data) - 76}", "event count of the seal", found)

    def test_a_seal_of_another_chain(self) -> None:
        data = self.forgery.files[FIRST]
        seal = bytearray(data[-76:-4])
        seal[50] ^= 1
        found = self.changed(FIRST, len(data) - 76, with_checksum(bytes(seal)))
        self.assert_disagrees(f"segment {FIRST}", "chain in the seal", found)

    def test_a_segment_without_its_seal(self) -> None:
        found = audit_forgery(self.forgery, change=lambda files: files[FIRST].__delitem__(slice(-76, None)))
        self.assert_disagrees(f"segment {FIRST}", "the end of a segment that is not the last", found)

    def test_a_missing_segment(self) -> None:
        found = audit_forgery(self.forgery, change=lambda files: files.pop(self.names[1]))
        self.assert_disagrees(f"segment {self.names[2]}", "first sequence of the segment", found)

    def test_a_foreign_segment(self) -> None:
        foreign = forge(events("story"), seed=9)
        foreign.segment_starts = {10, 20}
        foreign.lay()
        found = audit_forgery(self.forgery, change=lambda files: files.update({self.names[1]: foreign.files[self.names[1]]}))
        self.assert_disagrees(f"segment {self.names[1]}, offset 0", "chain of the segment before", found)

    def test_a_segment_of_another_ledger(self) -> None:
        self.forgery.ledgers = {10: OTHER_LEDGER}
        self.assert_disagrees(self.names[1], "ledger in the header of segment", audit_forgery(self.forgery))

    def test_a_segment_under_another_name(self) -> None:
        found = audit_forgery(self.forgery, change=lambda files: files.update({"0" * 18 + "99.lz4": files.pop(self.names[2])}))
        self.assert_disagrees("0" * 18 + "99.lz4", "first sequence in the file's name", found)

    def test_bytes_behind_the_last_batch(self) -> None:
        name = self.names[2]
        offset = len(self.forgery.files[name]) - 100
        self.assert_disagrees(name, "what follows the last batch that is good", self.changed(name, offset, b"\1"))

    def test_two_batches_swapped(self) -> None:
        self.assert_disagrees("offset 88, event 1:", "in the batch header", audit_forgery(self.forgery, change=swap_batches))

    def test_a_newer_version(self) -> None:
        header = bytearray(self.forgery.files[FIRST][:84])
        header[16] = 2
        self.assert_disagrees("offset 0", "version of the segment", self.changed(FIRST, 0, with_checksum(bytes(header))))

    def test_a_batch_that_does_not_expand(self) -> None:
        """All checksums and the chain are those of the spoilt block."""
        self.forgery.batch = lambda *place: spoilt(self.forgery, *place)  # type: ignore[method-assign]
        self.assert_disagrees("event 2:", "LZ4 block", audit_forgery(self.forgery))

    def test_a_group_in_two_batches(self) -> None:
        whole = self.forgery.batches[1]
        self.forgery.batches[1:2] = [whole[:2], whole[2:]]
        self.assert_disagrees("event 4:", "events of the group that the log batch lacks", audit_forgery(self.forgery))


class ForgedLines(Forged):
    """Lines that say the same in another form."""

    def assert_refused(self, old: bytes, new: bytes, says: str) -> None:
        number = next(number for number, batch in enumerate(self.forgery.batches) if any(old in line for line in batch))
        batch = self.forgery.batches[number]
        self.forgery.batches[number] = [line.replace(old, new, 1) for line in batch]
        event = sum(map(len, self.forgery.batches[:number])) + next(at for at, line in enumerate(batch, 1) if old in line)
        self.assert_disagrees(f"event {event}:", says, audit_forgery(self.forgery))

    def test_white_space(self) -> None:
        self.assert_refused(b'"version":1', b'"version": 1', "the line")

    def test_a_fraction(self) -> None:
        self.assert_refused(b'"version":1', b'"version":1.0', "integers")

    def test_an_exponent(self) -> None:
        self.assert_refused(b'"below":50', b'"below":5e1', "integers")

    def test_a_needless_escape(self) -> None:
        self.assert_refused(b"order 4711", b"order\\u00204711", "the line")

    def test_a_field_twice(self) -> None:
        self.assert_refused(b'"version":1', b'"version":1,"version":1', "the line")

    def test_an_unknown_field(self) -> None:
        self.assert_refused(b'"memo":', b'"note":', "the fields of the event")

    def test_fields_in_another_order(self) -> None:
        self.assert_refused(b'"available":100,"held":0', b'"held":0,"available":100', "the fields of an object in it")

    def test_an_unknown_type(self) -> None:
        self.assert_refused(b'"type":"syncReported"', b'"type":"synced"', "the type of the event")

    def test_a_negative_amount(self) -> None:
        self.assert_refused(b'"remaining":85', b'"remaining":-85', "as its table says")

    def test_an_amount_that_not_every_reader_keeps(self) -> None:
        self.assert_refused(b'"cost":21000', b'"cost":9007199254740992', "`cost`")

    def test_a_date_that_there_is_not(self) -> None:
        self.assert_refused(b'"to":"2026-11-20T07:01', b'"to":"2026-11-31T07:01', "`to`")

    def test_what_stands_at_its_usual_value(self) -> None:
        self.assert_refused(b'"period":"month"}', b'"period":"month","priority":10}', "priority")

    def test_broken_text(self) -> None:
        self.assert_refused(b"order 4711", b"order \xff711", "UTF-8")


class ForgedRestores(Forged):
    """A ledger that goes on from another's, and is not what it says."""

    def setUp(self) -> None:
        super().setUp()
        self.events = events("1")
        self.forgery, self.signer = restored_ledger(self.events)
        self.place = f"event {len(self.events) + 1}:"

    def restored(self, **fields: object) -> None:
        number = len(self.forgery.batches) - 2
        self.forgery.batches[number] = [line_of(json.loads(self.forgery.batches[number][0]) | fields)]

    def test_of_other_events(self) -> None:
        self.restored(root=base64.b64encode(bytes(32)).decode())
        self.assert_disagrees(self.place, "`root` of the copied events", audit_forgery(self.forgery))

    def test_of_another_parent(self) -> None:
        self.restored(parent=OTHER_LEDGER)
        self.assert_disagrees(self.place, "`parent`", audit_forgery(self.forgery))

    def test_inside_a_segment(self) -> None:
        self.forgery.segment_starts = set()
        self.assert_disagrees(self.place, "begins a segment", audit_forgery(self.forgery))

    def test_under_the_name_of_the_parent(self) -> None:
        self.forgery.ledgers = {}
        self.assert_disagrees(self.place, "ledger in the header of segment", audit_forgery(self.forgery))

    def test_signed_by_the_key_before(self) -> None:
        self.forgery.lay()
        note = self.forgery.checkpoint(signer=Signer(self.signer.name, 2))
        self.assert_disagrees("checkpoint", "a signature by the ledger's key", audit_forgery(self.forgery, note))


class ForgedCheckpoints(Forged):
    def assert_refused(self, says: str, note: bytes) -> None:
        self.assert_disagrees("checkpoint", says, audit_forgery(self.forgery, note))

    def test_signed_by_another_key(self) -> None:
        self.assert_refused(
            "a signature by the ledger's key", self.forgery.checkpoint(signer=Signer(self.forgery.signer.name, 2))
        )

    def test_a_signature_of_something_else(self) -> None:
        note = self.forgery.checkpoint().replace(b"\n59\n", b"\n58\n")
        self.forgery.batches.pop()
        self.assert_refused("root", note)

    def test_a_forged_signature(self) -> None:
        other = Signer(self.forgery.signer.name, 2)
        other.hash = self.forgery.signer.hash
        self.assert_refused("one that verifies", self.forgery.checkpoint(signer=other))

    def test_the_root_of_a_shorter_tree(self) -> None:
        self.assert_refused("the root of the checkpoint", self.forgery.checkpoint(root=tree_root(self.forgery.lines[:-1])))

    def test_the_chain_of_another_batch(self) -> None:
        self.assert_refused("the chain of the checkpoint", self.forgery.checkpoint(chain=self.forgery.chains[-2]))

    def test_another_ledger(self) -> None:
        self.assert_refused("the ledger of the checkpoint", self.forgery.checkpoint(ledger=OTHER_LEDGER))

    def test_a_size_inside_a_batch(self) -> None:
        self.assert_refused(
            "at the end of a log batch", self.forgery.checkpoint(1, size=3, root=tree_root(self.forgery.lines[:3]))
        )

    def test_a_tail_cut_off_below_the_checkpoint(self) -> None:
        note = self.forgery.checkpoint()
        del self.forgery.batches[-1]
        self.assert_refused("at least the 59 of the checkpoint", note)

    def test_history_rewritten_below_the_checkpoint(self) -> None:
        """All that a forger can do without the key: the log is right in itself, but the checkpoint is of another."""
        note = self.forgery.checkpoint()
        self.forgery.batches[-1][0] = line_of(events("story")[-1] | {"id": "d-4"})
        self.assert_refused("the root of the checkpoint", note)

    def test_no_note_at_all(self) -> None:
        self.assert_refused("a signed note", b"nothing")


def keep_chain(forgery: Forgery, chain: bytes, *place: object) -> tuple[bytes, bytes]:
    """A batch that bears a chain which is not its own, under a checksum that is right."""
    data, right = Forgery.batch(forgery, *place)  # type: ignore[arg-type]
    if place[1] != 2:
        return data, right
    return with_checksum(data[:60] + chain) + data[96:], chain


def spoilt(forgery: Forgery, *place: object) -> tuple[bytes, bytes]:
    """Batch 2 with a block that is no LZ4 block."""
    data, right = Forgery.batch(forgery, *place)  # type: ignore[arg-type]
    if place[1] != 2:
        return data, right
    frame = bytearray(data[96:])
    frame[11:-4] = b"\xf0" * (len(frame) - 15)
    head = data[:56] + google_crc32c.value(bytes(frame)).to_bytes(4, "little")
    chain = hashlib.sha256(place[4] + head + bytes(frame)).digest()  # type: ignore[operator]
    return with_checksum(head + chain) + bytes(frame), chain


def swap_batches(files: dict[str, bytearray]) -> None:
    """The first two batches of the log change places."""
    data = files[FIRST]
    first = 88 + 96 + int.from_bytes(data[88 + 52 : 88 + 56], "little")
    second = first + 96 + int.from_bytes(data[first + 52 : first + 56], "little")
    data[88:second] = data[first:second] + data[88:first]


if __name__ == "__main__":
    unittest.main()
