"""That a newer checkpoint continues an older one (log-format.md, "The tree, checkpoints and receipts"; RFC 9162,
section 2.1.4.2)."""

from .disagreement import refuse, require
from .notes import Checkpoint, VerifierKey, decode, from_base64
from .receipts import signed_by
from .tree import is_consistent

HEADING = "daybook/consistency-proof@v1"


def check_consistency(data: bytes, keys: list[VerifierKey]) -> list[str]:
    """What the proof shows, as lines of text; raises when it shows nothing."""
    path, older, newer = parse(data)
    require("the ledger of the newer checkpoint", older.ledger, newer.ledger)
    if not is_consistent(older.size, older.root, newer.size, newer.root, path):
        refuse(
            "the consistency proof",
            f"that {newer.size} events continue {older.size}",
            f"{len(path)} hashes that do not show it",
        )
    return [
        f"the {newer.size} events of ledger {newer.ledger} begin with the {older.size} of the older checkpoint",
        "older: " + signed_by(older, keys),
        "newer: " + signed_by(newer, keys),
    ]


def parse(data: bytes) -> tuple[list[bytes], Checkpoint, Checkpoint]:
    """The path, the older checkpoint, the newer one."""
    blocks = data.split(b"\n\n")
    require("empty lines in a consistency proof", 4, len(blocks) - 1)
    heading, *hashes = decode("the proof", blocks[0]).split("\n")
    require("the first line of a consistency proof", HEADING, heading)
    path = [from_base64("a hash of the path", text) for text in hashes]
    if any(len(node) != 32 for node in path):
        refuse("the hashes of the path", "32 bytes each", [len(node) for node in path])
    older, newer = (Checkpoint.parse(text + b"\n\n" + signatures) for text, signatures in (whole(blocks[1:3]), blocks[3:5]))
    return path, older, newer


def whole(blocks: list[bytes]) -> list[bytes]:
    """The newline that ended the older checkpoint went with the empty line behind it."""
    return [blocks[0], blocks[1] + b"\n"]
