"""The bytes of the log: segment headers, log batches, LZ4 frames, seals, the chain (log-format.md, "The format of the log")."""

import hashlib
import os
import re
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import google_crc32c
import lz4.block  # type: ignore[import-untyped]

from .disagreement import Disagreement, refuse, require

SEGMENT_HEADER = struct.Struct("<II8sI16sQq32sI")
BATCH_HEADER = struct.Struct("<IIHHIQQQqIII32sI")
SEAL = struct.Struct("<IIHHIQQQ32sI")
SEGMENT_MAGIC, BATCH_MAGIC, SEAL_MAGIC = 0x184D2A50, 0x184D2A51, 0x184D2A52
FRAME_START = bytes.fromhex("04224d18607073")
RAW_BYTES_MAX = 4 << 20
NAME = re.compile(r"(\d{20})\.lz4")


@dataclass(slots=True)
class Batch:
    """A log batch that checks out, with the place where it stands."""

    segment: "Segment"
    offset: int
    first: int
    count: int
    chain: bytes
    lines: list[bytes]


@dataclass(slots=True)
class Segment:
    """A segment's header."""

    name: str
    ledger: str
    first: int
    chain: bytes


def segment_names(log: str) -> list[str]:
    """The log's segments in order (log-format.md, first paragraph)."""
    try:
        names = os.listdir(log)
    except OSError as error:
        raise Disagreement("the log", "a directory of segments", error).at(log) from error
    return sorted(name for name in names if NAME.fullmatch(name))


def batches(log: str) -> Iterator[Batch]:
    """Every log batch of a log, each checked against those before it ("What is valid", 1 and 2)."""
    names = segment_names(log)
    chain, next_sequence = bytes(32), 1
    for name in names:
        with open(os.path.join(log, name), "rb") as file:
            data = file.read()
        reader = SegmentReader(name, data, is_last=name == names[-1])
        reader.open(chain, next_sequence)
        yield from reader.batches()
        chain, next_sequence = reader.chain, reader.next


class SegmentReader:
    """Walks through one segment's bytes."""

    def __init__(self, name: str, data: bytes, is_last: bool) -> None:
        self.name, self.data, self.is_last = name, data, is_last
        self.offset = 0
        self.chain = self.link = bytes(32)
        self.first = self.next = 0
        self.segment = Segment(name, "", 0, bytes(32))

    def place(self) -> str:
        return f"segment {self.name}, offset {self.offset}, event {self.next or int(self.name[:20])}"

    def open(self, previous_chain: bytes, next_sequence: int) -> None:
        """Checks the segment's header ("Segment header, 88 bytes")."""
        try:
            self._open(previous_chain, next_sequence)
        except Disagreement as fault:
            raise fault.at(self.place()) from None

    def _open(self, previous_chain: bytes, next_sequence: int) -> None:
        raw = self.data[: SEGMENT_HEADER.size]
        require("the bytes of the segment header", SEGMENT_HEADER.size, len(raw))
        magic, size, signature, version, ledger, first, _, before, checksum = SEGMENT_HEADER.unpack(raw)
        require("magic of the segment header", hex(SEGMENT_MAGIC), hex(magic))
        require("size of the segment header", 80, size)
        require("signature", b"daybook\0", signature)
        require("version of the segment", 1, version)
        require("checksum of the segment header", google_crc32c.value(raw[:84]), checksum)
        require("first sequence in the file's name", int(self.name[:20]), first)
        require("first sequence of the segment", next_sequence, first)
        require("chain of the segment before", previous_chain.hex(), before.hex())
        self.first = self.next = first
        self.link = hashlib.sha256(raw).digest()
        self.chain = before
        self.offset = SEGMENT_HEADER.size
        self.segment = Segment(self.name, str(uuid.UUID(bytes=ledger)), first, before)

    def batches(self) -> Iterator[Batch]:
        """The batches, then what may stand behind them ("What is valid", a segment's 2 and 3)."""
        while True:
            try:
                batch = self._next_batch()
            except Disagreement as fault:
                raise fault.at(self.place()) from None
            if batch is None:
                return
            yield batch

    def _next_batch(self) -> Batch | None:
        magic = self.data[self.offset : self.offset + 4]
        if magic == BATCH_MAGIC.to_bytes(4, "little"):
            return self._batch()
        if magic == SEAL_MAGIC.to_bytes(4, "little"):
            self._seal()
        else:
            self._open_end()
        return None

    def _batch(self) -> Batch:
        raw = self.data[self.offset : self.offset + BATCH_HEADER.size]
        require("the bytes of the batch header", BATCH_HEADER.size, len(raw))
        (_, size, version, flags, count, first, segment, offset, _, raw_count, stored, stored_checksum, chain, checksum) = (
            BATCH_HEADER.unpack(raw)
        )
        require("size of the batch header", 88, size)
        require("version of the batch", 1, version)
        require("flags of the batch", 0, flags)
        require("checksum of the batch header", google_crc32c.value(raw[:92]), checksum)
        require("segment in the batch header", self.first, segment)
        require("offset in the batch header", self.offset, offset)
        require("first sequence of the batch", self.next, first)
        if not (1 <= raw_count <= RAW_BYTES_MAX and 16 <= stored <= raw_count + 15 and 1 <= count <= raw_count):
            refuse("counts of the batch", "within their bounds", f"{count} events, {raw_count} bytes, {stored} stored")
        frame = self.data[offset + BATCH_HEADER.size : offset + BATCH_HEADER.size + stored]
        require("the bytes of the frame", stored, len(frame))
        require("checksum of the frame", google_crc32c.value(frame), stored_checksum)
        require("chain of the batch", hashlib.sha256(self.link + raw[:60] + frame).hexdigest(), chain.hex())
        lines = lines_of(expand(frame, raw_count), count)
        batch = Batch(self.segment, offset, first, count, chain, lines)
        self.link = self.chain = chain
        self.offset += BATCH_HEADER.size + stored
        self.next += count
        return batch

    def _seal(self) -> None:
        """Checks a seal, and that nothing stands behind it ("Seal, 76 bytes")."""
        raw = self.data[self.offset : self.offset + SEAL.size]
        require("the bytes of the seal", SEAL.size, len(raw))
        _, size, version, flags, count, last, segment, offset, chain, checksum = SEAL.unpack(raw)
        require("size of the seal", 68, size)
        require("version of the seal", 1, version)
        require("flags of the seal", 0, flags)
        require("checksum of the seal", google_crc32c.value(raw[:72]), checksum)
        require("event count of the seal", self.next - self.first, count)
        require("last sequence of the seal", self.next - 1, last)
        require("segment in the seal", self.first, segment)
        require("offset in the seal", self.offset, offset)
        require("chain in the seal", self.chain.hex(), chain.hex())
        require("the events of a sealed segment", True, count > 0)
        behind = self.data[self.offset + SEAL.size :]
        if behind.strip(b"\0") or (behind and not self.is_last):
            refuse("what stands behind the seal", "nothing", f"{len(behind)} bytes")

    def _open_end(self) -> None:
        if not self.is_last:
            refuse("the end of a segment that is not the last", "a seal", f"{len(self.data) - self.offset} other bytes")
        rest = self.data[self.offset :].lstrip(b"\0")
        if rest:
            refuse("what follows the last batch that is good", "a batch, a seal, or zeros to the end", rest[:16].hex())


def expand(frame: bytes, raw_count: int) -> bytes:
    """The JSON Lines of a frame ("LZ4 frame")."""
    require("start of the LZ4 frame", FRAME_START.hex(), frame[:7].hex())
    require("end mark of the LZ4 frame", "00000000", frame[-4:].hex())
    block_size = int.from_bytes(frame[7:11], "little")
    block = frame[11:-4]
    require("block size of the LZ4 frame", len(block), block_size & 0x7FFFFFFF)
    raw = block if block_size >> 31 else decompress(block, raw_count)
    require("the bytes of the expanded frame", raw_count, len(raw))
    return raw


def decompress(block: bytes, raw_count: int) -> bytes:
    try:
        return bytes(lz4.block.decompress(block, uncompressed_size=raw_count))
    except lz4.block.LZ4BlockError as error:
        raise Disagreement("the LZ4 block", f"expands to {raw_count} bytes", error) from error


def lines_of(raw: bytes, count: int) -> list[bytes]:
    """The lines of a batch, without their newlines."""
    require("last byte of the JSON Lines", b"\n", raw[-1:])
    require("zero bytes in the JSON Lines", 0, raw.count(b"\0"))
    lines = raw[:-1].split(b"\n")
    require("lines in the batch", count, len(lines))
    return lines
