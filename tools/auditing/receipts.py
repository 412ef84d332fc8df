"""Receipts: a C2SP tlog-proof of one event (log-format.md, "The tree, checkpoints and receipts"; c2sp.org/tlog-proof)."""

import re

from .disagreement import Disagreement, refuse, require
from .lines import sequence_of
from .notes import Checkpoint, VerifierKey, decode, from_base64
from .tree import leaf_hash, root_from_inclusion


def check_receipt(data: bytes, keys: list[VerifierKey]) -> list[str]:
    """What a receipt proves, as lines of text; raises when it proves nothing."""
    line, index, path, checkpoint = parse(data)
    require("the number of the event at this index", index + 1, sequence_of(line))
    root = root_from_inclusion(leaf_hash(line), index, checkpoint.size, path)
    if root is None:
        refuse("the length of the inclusion path", f"that of leaf {index} in a tree of {checkpoint.size}", len(path))
    require("the root that the path leads to", checkpoint.root.hex(), root.hex() if root else None)
    return [
        f"event {index + 1}: {line.decode()}",
        f"is event {index + 1} of the {checkpoint.size} of ledger {checkpoint.ledger}",
        signed_by(checkpoint, keys),
    ]


def signed_by(checkpoint: Checkpoint, keys: list[VerifierKey]) -> str:
    """Who vouches for the checkpoint: one of the keys that are trusted."""
    if not keys:
        names = ", ".join(f"{name}+{digest.hex()}" for name, digest, _ in checkpoint.note.signatures)
        return f"only the arithmetic was checked: no key was given; the note says that it is signed by {names}"
    for key in keys:
        if key.name == checkpoint.origin and checkpoint.note.is_signed_by(key):
            return f"signed by {key.name}+{key.hash.hex()}"
    trusted = " or ".join(f"{key.name}+{key.hash.hex()}" for key in keys)
    found = [f"{name}+{digest.hex()}" for name, digest, _ in checkpoint.note.signatures]
    raise Disagreement(f"the checkpoint of {checkpoint.origin}", f"a signature by {trusted}", found)


def parse(data: bytes) -> tuple[bytes, int, list[bytes], Checkpoint]:
    """The event's line, the leaf's index, the path, and the checkpoint."""
    head, separator, note = data.partition(b"\n\n")
    if not separator:
        refuse("a receipt", "a proof, an empty line, a checkpoint", repr(data[:80]))
    lines = decode("the proof", head).split("\n")
    require("the first line of a receipt", "c2sp.org/tlog-proof@v1", lines[0])
    extra = match(r"extra (\S+)", lines, 1)
    index = match(r"index (0|[1-9][0-9]{0,15})", lines, 2)
    path = [from_base64("a hash of the path", text) for text in lines[3:]]
    if any(len(node) != 32 for node in path):
        refuse("the hashes of the path", "32 bytes each", [len(node) for node in path])
    return from_base64("the event's line", extra), int(index), path, Checkpoint.parse(note)


def match(pattern: str, lines: list[str], number: int) -> str:
    found = re.fullmatch(pattern, lines[number]) if number < len(lines) else None
    if not found:
        raise Disagreement(f"line {number + 1} of the receipt", pattern, lines[number : number + 1])
    return found[1]
