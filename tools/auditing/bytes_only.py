"""Whether a log is sound: its bytes, its chain, and the links of its segments, without a word of the ledger."""

import os

from .segments import batches


def check_bytes(directory: str) -> str:
    """What was read; raises the first disagreement."""
    events = count = 0
    chain = bytes(32)
    segments = set()
    for batch in batches(os.path.join(directory, "log")):
        events, count, chain = events + batch.count, count + 1, batch.chain
        segments.add(batch.segment.first)
    return f"sound: {events} events in {count} log batches of {len(segments)} segments\nchain {chain.hex()}"
