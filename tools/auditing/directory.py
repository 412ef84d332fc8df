"""A ledger's directory, from its first byte to its checkpoint (log-format.md, "What is valid")."""

import os
import sys
from collections.abc import Callable

from .book import Book
from .disagreement import Disagreement, require
from .events import Replay
from .notes import Checkpoint, VerifierKey
from .segments import Batch, batches
from .system import Ledger
from .tree import Tree

PROGRESS_EVENTS = 100_000
Watcher = Callable[[Book, Batch], None]


class Audit:
    """Reads a ledger's directory once, and holds everything in it against the documents."""

    def __init__(self, directory: str, watchers: tuple[Watcher, ...] = ()) -> None:
        self.directory, self.watchers = directory, watchers
        self.ledger, self.tree = Ledger(directory), Tree()
        self.replay = Replay(self.ledger)
        self.checkpoint: Checkpoint | None = None
        self.is_checkpoint_met = False
        self.batch_count, self.segments = 0, 0
        self.is_audible = True

    def run(self) -> None:
        """Raises the first disagreement, with its place."""
        self.read_checkpoint()
        segment = None
        for batch in batches(os.path.join(self.directory, "log")):
            try:
                self.read(batch, begins_segment=batch.segment is not segment)
            except Disagreement as fault:
                raise fault.at(place(batch, self.replay.book.sequence + 1)) from None
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                unfit = Disagreement("what the event says", "what the rules can be applied to", repr(error))
                raise unfit.at(place(batch, self.replay.book.sequence + 1)) from error
            segment = batch.segment
        self.require_checkpoint_met()

    def read(self, batch: Batch, begins_segment: bool) -> None:
        """One log batch: its events, its groups, its ledger, and the checkpoint if it ends here."""
        self.batch_count += 1
        self.segments += begins_segment
        for index, line in enumerate(batch.lines):
            self.ledger.begins_segment = begins_segment and index == 0
            self.read_line(line)
            if self.ledger.begins_segment:
                self.check_ledger(batch)
        self.replay.groups.check_whole()
        self.meet_checkpoint(batch)
        for watcher in self.watchers:
            watcher(self.replay.book, batch)

    def read_line(self, line: bytes) -> None:
        if b'"type":"restored"' in line:
            self.ledger.root = self.tree.root()
        self.replay.line(line)
        self.tree.append(line)
        if self.is_audible and self.tree.size % PROGRESS_EVENTS == 0:
            print(f"audit: {self.tree.size} events", file=sys.stderr)

    def check_ledger(self, batch: Batch) -> None:
        """The ledger in a segment's header is that of the last `ledgerOpened` or `restored` at or before its first event."""
        book, segment = self.replay.book, batch.segment
        try:
            require("the ledger that event 1 opens", True, bool(book.ledger))
            require(f"ledger in the header of segment {segment.name}", book.ledger, segment.ledger)
        except Disagreement as fault:
            raise fault.at(place(batch, book.sequence)) from None

    def read_checkpoint(self) -> None:
        path = os.path.join(self.directory, "checkpoint")
        if not os.path.exists(path):
            return
        try:
            with open(path, "rb") as file:
                self.checkpoint = Checkpoint.parse(file.read())
        except Disagreement as fault:
            raise fault.at("checkpoint") from None

    def meet_checkpoint(self, batch: Batch) -> None:
        """At the batch that the checkpoint is of, everything that it says must be so."""
        checkpoint, book = self.checkpoint, self.replay.book
        if checkpoint is None or self.is_checkpoint_met or checkpoint.size > book.sequence:
            return
        try:
            require("the size of the checkpoint, at the end of a log batch", book.sequence, checkpoint.size)
            require("the root of the checkpoint", self.tree.root().hex(), checkpoint.root.hex())
            require("the ledger of the checkpoint", book.ledger, checkpoint.ledger)
            require("the chain of the checkpoint", batch.chain.hex(), checkpoint.chain)
            require("the origin of the checkpoint", book.origin, checkpoint.origin)
            key = VerifierKey.parse(book.key)
            require(f"a signature by the ledger's key, {book.key}", True, checkpoint.note.is_signed_by(key))
        except Disagreement as fault:
            raise fault.at(f"checkpoint of {checkpoint.size} events, {place(batch, book.sequence)}") from None
        self.is_checkpoint_met = True

    def require_checkpoint_met(self) -> None:
        if self.checkpoint is not None and not self.is_checkpoint_met:
            fault = Disagreement(
                "the events of the log", f"at least the {self.checkpoint.size} of the checkpoint", self.tree.size
            )
            raise fault.at(f"checkpoint of {self.checkpoint.size} events, end of the log, event {self.tree.size}")


def place(batch: Batch, sequence: int) -> str:
    return f"segment {batch.segment.name}, batch at offset {batch.offset}, event {sequence}"
