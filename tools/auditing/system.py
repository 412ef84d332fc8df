"""The ledger's own events (events.md, "The ledger itself")."""

import base64
import os
from typing import Any

from .book import Book, Tenant
from .disagreement import refuse, require
from .notes import VerifierKey

Event = dict[str, Any]

KEY_REPLACED = "$signingKeyReplaced"
"""How the id of a `signingKeyReplaced` begins; its number follows."""


class Ledger:
    """What the log itself is: its bytes know the ledger and the tree, which events of `$system` speak of."""

    def __init__(self, directory: str | None = None) -> None:
        self.directory = directory
        self.begins_segment = False
        self.root = b""

    def opened(self, book: Book, tenant: Tenant, event: Event) -> None:
        require("the number of `ledgerOpened`", 1, event["seq"])
        require("`id`", "$ledger", event["id"])
        self.name(book, event)

    def restored(self, book: Book, tenant: Tenant, event: Event) -> None:
        require("`restored` begins a segment", True, self.begins_segment)
        require("`id`", f"$restored/{event['ledger']}", event["id"])
        require("`parent`", book.ledger, event["parent"])
        require("`sequence`", event["seq"] - 1, event["sequence"])
        require("`root` of the copied events", base64.b64encode(self.root).decode(), event["root"])
        self.name(book, event)

    def name(self, book: Book, event: Event) -> None:
        """The UUID, origin and key of the ledger from here on."""
        book.ledger, book.origin, book.key = event["ledger"], event["origin"], event["key"]
        require("the name in the verifier key", event["origin"], VerifierKey.parse(event["key"]).name)

    def key_replaced(self, book: Book, tenant: Tenant, event: Event) -> None:
        require("the name in the verifier key", book.origin, VerifierKey.parse(event["key"]).name)
        require("`id`", f"{KEY_REPLACED}/{event['seq']}", event["id"])
        book.key = event["key"]

    def recovered(self, book: Book, tenant: Tenant, event: Event) -> None:
        """The bytes that were cut off are as many as it says, if they are still there."""
        require("`id`", f"$recovered/{event['torn']}", event["id"])
        if "/" in event["torn"]:
            refuse("`torn`", "the name of a file", event["torn"])
        path = os.path.join(self.directory, "torn", event["torn"]) if self.directory else ""
        if os.path.exists(path):
            require(f"bytes of torn/{event['torn']}", event["byteCount"], os.path.getsize(path))
