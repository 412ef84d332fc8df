"""Signed notes and checkpoints (log-format.md, "The tree, checkpoints and receipts"; c2sp.org/signed-note and
c2sp.org/tlog-checkpoint)."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .disagreement import Disagreement, refuse, require

EXTENSION = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([0-9a-f]{64})")


def from_base64(what: str, text: str) -> bytes:
    """Strictly the standard alphabet with padding, in its one form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Disagreement(what, "base64", text[:80]) from error
    require(what, base64.b64encode(data).decode(), text)
    return data


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The name and public key of a signer (c2sp.org/signed-note, "Verifier keys")."""

    name: str
    hash: bytes
    public: bytes

    @staticmethod
    def parse(text: str) -> "VerifierKey":
        name, _, rest = text.partition("+")
        digits, _, encoded = rest.partition("+")
        if not name or not re.fullmatch("[0-9a-f]{8}", digits) or re.search(r"\s", name):
            refuse("a verifier key", "<name>+<8 hexadecimal digits>+<base64>", text)
        key = from_base64("the public key of a verifier key", encoded)
        if len(key) != 33 or key[0] != 1:
            refuse("the public key of a verifier key", "0x01 and 32 bytes", key.hex())
        digest = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        require("the hash in a verifier key", digest.hex(), digits)
        return VerifierKey(name, digest, key[1:])

    def has_signed(self, text: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(slots=True)
class Note:
    """A text and who is said to have signed it."""

    text: bytes
    signatures: list[tuple[str, bytes, bytes]]

    @staticmethod
    def parse(data: bytes) -> "Note":
        text, separator, tail = data.rpartition(b"\n\n")
        if not separator or not tail.endswith(b"\n") or not text:
            refuse("a signed note", "text, an empty line, signature lines", repr(data[-80:]))
        lines = decode("the signatures of a note", tail).split("\n")[:-1]
        return Note(text + b"\n", [signature_line(line) for line in lines])

    def is_signed_by(self, key: VerifierKey) -> bool:
        """Whether a signature by this key is there; one that does not verify makes the note bad."""
        found = [data for name, digest, data in self.signatures if (name, digest) == (key.name, key.hash)]
        if not all(key.has_signed(self.text, data) for data in found):
            refuse("the signature of the checkpoint", f"one that verifies with the key of {key.name}", "one that does not")
        return bool(found)


def decode(what: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Disagreement(what, "UTF-8", error) from error


def signature_line(line: str) -> tuple[str, bytes, bytes]:
    match = re.fullmatch(r"— (\S+) (\S+)", line)
    if not match:
        raise Disagreement("a signature line", "— <name> <base64>", line)
    data = from_base64("a signature", match[2])
    if len(data) < 5:
        refuse("a signature", "4 bytes of hash, then the signature", data.hex())
    return match[1], data[:4], data[4:]


@dataclass(slots=True)
class Checkpoint:
    """What a ledger signs: how many events, the root of their tree, and the chain of their last batch."""

    note: Note
    origin: str
    size: int
    root: bytes
    ledger: str
    chain: str

    @staticmethod
    def parse(data: bytes) -> "Checkpoint":
        note = Note.parse(data)
        lines = decode("the text of a checkpoint", note.text).split("\n")[:-1]
        require("lines of the checkpoint", 4, len(lines))
        origin, size, root, extension = lines
        if not re.fullmatch("0|[1-9][0-9]{0,15}", size):
            refuse("the size of the checkpoint", "decimal digits", size)
        match = EXTENSION.fullmatch(extension)
        if not match:
            raise Disagreement("the fourth line of the checkpoint", "<ledger UUID> <64 hexadecimal digits>", extension)
        return Checkpoint(note, origin, int(size), root_bytes(root), match[1], match[2])


def root_bytes(text: str) -> bytes:
    root = from_base64("the root of the checkpoint", text)
    require("the bytes of a root", 32, len(root))
    return root
