"""The command line of tools/audit."""

import argparse
import base64
import os
import sys
from collections.abc import Sequence

from . import calendar
from .bytes_only import check_bytes
from .consistency import check_consistency
from .directory import Audit
from .disagreement import Disagreement
from .listing import listing
from .notes import VerifierKey
from .receipts import check_receipt
from .views import views_of

DESCRIPTION = """Audits a Daybook ledger from its bytes and its events alone, by docs/log-format.md, docs/events.md and
docs/ledger.md. Prints what it found, or the first disagreement with its place. Exit code 0: all agrees; 1: not so; 2: bad
usage."""


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/audit", description=DESCRIPTION)
    parser.add_argument("ledger", nargs="?", metavar="LEDGER_DIR", help="a data directory, or a backup of one")
    parser.add_argument("--book", action="store_true", help="print the state that the events lead to, as `daybookd book` does")
    parser.add_argument("--bytes", action="store_true", help="check the bytes only, not what the events say")
    parser.add_argument("--views", metavar="DIR", help="compare the read models balances and batches in this directory too")
    parser.add_argument(
        "--without-zone", metavar="ZONE", action="append", default=[], help="take days and windows in it as given"
    )
    parser.add_argument("--receipt", metavar="FILE", help="check a receipt (a C2SP tlog-proof) instead of a ledger")
    parser.add_argument("--consistency", metavar="FILE", help="check a consistency proof: that a checkpoint continues another")
    parser.add_argument("--key", metavar="VKEY", action="append", default=[], help="a verifier key that may have signed")
    found = parser.parse_args(argv)
    if found.ledger is not None and not os.path.isdir(found.ledger):
        parser.error(f"{found.ledger} is not a directory")
    subjects = [found.ledger, found.receipt, found.consistency]
    if sum(subject is not None for subject in subjects) != 1:
        parser.error("one of LEDGER_DIR, --receipt and --consistency is needed")
    return found


def main(argv: Sequence[str]) -> int:
    options = arguments(argv)
    try:
        if options.ledger is not None:
            audit_ledger(options)
        else:
            print("\n".join(check_proof(options)))
    except Disagreement as fault:
        print(f"audit: disagreement: {fault}", file=sys.stderr if options.book else sys.stdout)
        return 1
    except OSError as error:
        print(f"tools/audit: {error}", file=sys.stderr)
        return 2
    return 0


def audit_ledger(options: argparse.Namespace) -> None:
    calendar.unjudged.clear()
    calendar.unjudged.update(options.without_zone)
    if options.bytes:
        print(check_bytes(options.ledger))
        return
    views = views_of(options.views) if options.views else []
    audit = Audit(options.ledger, tuple(view.compare for view in views))
    audit.run()
    if options.book:
        for line in listing(audit.replay.book):
            print(line)
    else:
        print("\n".join([*summary(audit), *(view.summary() for view in views)]))


def summary(audit: Audit) -> list[str]:
    """What was read and agrees."""
    book, tree, checkpoint = audit.replay.book, audit.tree, audit.checkpoint
    accounts = [account for tenant in book.tenants.values() for account in tenant.accounts.values()]
    units = {name for account in accounts for name in account.units}
    lines = [
        f"agreed: {tree.size} events in {audit.batch_count} log batches of {audit.segments} segments",
        f"ledger {book.ledger}: {len(book.tenants)} tenants, {len(accounts)} accounts, {len(units)} units",
        f"root {base64.b64encode(tree.root()).decode()} of {tree.size} events",
        f"checkpoint of {checkpoint.size} events, signed by {book.key}" if checkpoint else "no checkpoint",
    ]
    if calendar.unjudged:
        zones = ", ".join(sorted(calendar.unjudged))
        lines.append(f"days and windows taken as given in time zones that are not known here: {zones}")
    return lines


def check_proof(options: argparse.Namespace) -> list[str]:
    keys = [VerifierKey.parse(text) for text in options.key]
    if options.receipt is not None:
        return check_receipt(content(options.receipt), keys)
    return check_consistency(content(options.consistency), keys)


def content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
