"""Writes ledgers byte by byte, by docs/log-format.md: right ones, and ones that were tampered with and made right again."""

import base64
import hashlib
import json
import os
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import google_crc32c
import lz4.block
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Event = dict[str, Any]
COMPRESSED_FROM = 1024


def line_of(event: Event) -> bytes:
    """An event as it stands on its line."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def events_of(lines: Iterable[bytes]) -> list[Event]:
    return [json.loads(line) for line in lines]


def with_checksum(data: bytes) -> bytes:
    return data + google_crc32c.value(data).to_bytes(4, "little")


def microseconds(time: str) -> int:
    moment = datetime.fromisoformat(time[:-1]).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (moment.days * 86_400 + moment.seconds) * 1_000_000 + moment.microseconds


class Signer:
    """An Ed25519 key that signs notes, made from a seed."""

    def __init__(self, name: str, seed: int = 1) -> None:
        self.name, self.key = name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public = b"\1" + self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.hash = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        self.verifier = f"{name}+{self.hash.hex()}+{base64.b64encode(public).decode()}"

    def note(self, text: str) -> bytes:
        signature = base64.b64encode(self.hash + self.key.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n".encode()


def tree_root(lines: list[bytes]) -> bytes:
    """The root of RFC 6962, section 2.1, as it is defined there."""
    if not lines:
        return hashlib.sha256().digest()
    if len(lines) == 1:
        return hashlib.sha256(b"\0" + lines[0]).digest()
    half = split(len(lines))
    return hashlib.sha256(b"\1" + tree_root(lines[:half]) + tree_root(lines[half:])).digest()


def split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_path(index: int, lines: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, section 2.1.1, as it is defined there."""
    if len(lines) == 1:
        return []
    half = split(len(lines))
    if index < half:
        return [*inclusion_path(index, lines[:half]), tree_root(lines[half:])]
    return [*inclusion_path(index - half, lines[half:]), tree_root(lines[:half])]


def consistency_path(size: int, lines: list[bytes], is_whole: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2, as it is defined there."""
    if size == len(lines):
        return [] if is_whole else [tree_root(lines)]
    half = split(len(lines))
    if size <= half:
        return [*consistency_path(size, lines[:half], is_whole), tree_root(lines[half:])]
    return [*consistency_path(size - half, lines[half:], False), tree_root(lines[:half])]


@dataclass
class Forgery:
    """A ledger to write: log batches of lines, how they lie in segments, and the checkpoint."""

    batches: list[list[bytes]]
    signer: Signer
    ledger: str
    segment_starts: set[int] = field(default_factory=set)
    ledgers: dict[int, str] = field(default_factory=dict)
    zeros: int = 512
    named: str = ""
    files: dict[str, bytearray] = field(default_factory=dict)
    chains: list[bytes] = field(default_factory=list)

    @property
    def lines(self) -> list[bytes]:
        return [line for batch in self.batches for line in batch]

    def write(self, directory: str) -> None:
        """The log's files, and its checkpoint at the last batch."""
        self.lay()
        self.save(directory)
        self.write_checkpoint(directory, self.checkpoint())

    def lay(self) -> None:
        """Lays out the segments' bytes in `files`; a new segment begins at each batch of `segment_starts`."""
        self.files, self.chains, self.named = {}, [], self.ledger
        sequence, chain, name, first = 1, bytes(32), "", 0
        for number, batch in enumerate(self.batches):
            if number == 0 or number in self.segment_starts:
                if name:
                    self.files[name] += self.seal(sequence - first, sequence - 1, first, len(self.files[name]), chain)
                self.named = self.ledgers.get(number, self.named)
                first, name = sequence, f"{sequence:020}.lz4"
                header = self.header(first, chain)
                self.files[name], chain = bytearray(header), hashlib.sha256(header).digest()
            data, chain = self.batch(batch, sequence, first, len(self.files[name]), chain)
            self.files[name] += data
            self.chains.append(chain)
            sequence += len(batch)
        self.files[name] += bytes(self.zeros)

    def header(self, first: int, chain: bytes) -> bytes:
        ledger = uuid.UUID(self.named).bytes
        return with_checksum(struct.pack("<II8sI16sQq32s", 0x184D2A50, 80, b"daybook\0", 1, ledger, first, 0, chain))

    def batch(self, lines: list[bytes], sequence: int, segment: int, offset: int, link: bytes) -> tuple[bytes, bytes]:
        raw = b"".join(line + b"\n" for line in lines)
        frame = frame_of(raw)
        head = struct.pack(
            "<IIHHIQQQqIII",
            *(0x184D2A51, 88, 1, 0, len(lines), sequence, segment, offset, 0, len(raw), len(frame)),
            google_crc32c.value(frame),
        )
        chain = hashlib.sha256(link + head + frame).digest()
        return with_checksum(head + chain) + frame, chain

    @staticmethod
    def seal(count: int, last: int, segment: int, offset: int, chain: bytes) -> bytes:
        return with_checksum(struct.pack("<IIHHIQQQ32s", 0x184D2A52, 68, 1, 0, count, last, segment, offset, chain))

    def save(self, directory: str) -> None:
        os.makedirs(os.path.join(directory, "log"), exist_ok=True)
        for name, data in self.files.items():
            with open(os.path.join(directory, "log", name), "wb") as file:
                file.write(data)

    def checkpoint(self, batch: int | None = None, **other: Any) -> bytes:
        """A checkpoint at the end of a batch; what is named in `other` is said instead of the truth."""
        batch = len(self.batches) - 1 if batch is None else batch
        lines = [line for each in self.batches[: batch + 1] for line in each]
        size, chain = other.get("size", len(lines)), other.get("chain", self.chains[batch])
        root = base64.b64encode(other.get("root", tree_root(lines))).decode()
        signer = other.get("signer", self.signer)
        return signer.note(f"{signer.name}\n{size}\n{root}\n{other.get('ledger', self.named)} {chain.hex()}\n")

    @staticmethod
    def write_checkpoint(directory: str, note: bytes) -> None:
        with open(os.path.join(directory, "checkpoint"), "wb") as file:
            file.write(note)


def frame_of(raw: bytes, block: bytes | None = None) -> bytes:
    """An LZ4 frame of one block."""
    packed = lz4.block.compress(raw, store_size=False) if len(raw) >= COMPRESSED_FROM else raw
    size = len(packed) if len(packed) < len(raw) else len(raw) | 1 << 31
    stored = block if block is not None else packed if len(packed) < len(raw) else raw
    return bytes.fromhex("04224d18607073") + size.to_bytes(4, "little") + stored + bytes(4)


def groups_of(events: list[Event]) -> list[list[bytes]]:
    """One log batch for each group, as a ledger that is not busy writes them."""
    batches: list[list[bytes]] = []
    left = 0
    for event in events:
        if left <= 0:
            batches.append([])
            left = event.get("events", 1)
        batches[-1].append(line_of(event))
        left -= 1
    return batches


def forge(events: list[Event], seed: int = 1) -> Forgery:
    """A ledger of these events, whose first names the key that signs."""
    ledger = events[0].get("ledger", "")
    signer = Signer(events[0].get("origin", "none"), seed)
    if "key" in events[0]:
        events[0]["key"] = signer.verifier
    return Forgery(groups_of(events), signer, ledger)
