"""Runs the auditor on ledgers that tests write, and counts what it said."""

import contextlib
import io
import os
import sys
import tempfile
from collections import Counter
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from auditing.command import main  # noqa: E402
from forger import Event, Forgery, events_of, forge  # noqa: E402

LOGS = os.path.join(HERE, "logs")
counts: Counter[str] = Counter()


def audit(*arguments: str) -> tuple[int, str]:
    """The exit code and all that was printed."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = main(arguments)
    return code, output.getvalue()


def log_names() -> list[str]:
    return sorted(name[: -len(".jsonl")] for name in os.listdir(LOGS) if name.endswith(".jsonl"))


def events(name: str) -> list[Event]:
    """The events of one of the logs in `logs/`, which a ledger wrote."""
    with open(os.path.join(LOGS, name + ".jsonl"), "rb") as file:
        return events_of(file.read().splitlines())


def audit_forgery(forgery: Forgery, note: bytes | None = None, change: Any = None) -> tuple[int, str]:
    """Writes the ledger, with a checkpoint of its own if one is given, and audits it; `change` may spoil the files before."""
    with tempfile.TemporaryDirectory() as directory:
        forgery.lay()
        if change is not None:
            change(forgery.files)
        forgery.save(directory)
        forgery.write_checkpoint(directory, forgery.checkpoint() if note is None else note)
        return audit(directory)


def audit_events(found: list[Event]) -> tuple[int, str]:
    return audit_forgery(forge(found))
