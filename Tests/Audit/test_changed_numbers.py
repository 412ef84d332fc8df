"""Every amount, balance, counter, version and reference of a log is changed by one, each alone: none goes unseen."""

import copy
import unittest
from collections.abc import Iterator
from typing import Any

import auditing_room
from auditing.disagreement import Disagreement
from auditing.events import Replay
from auditing.listing import listing
from auditing.system import Ledger
from auditing_room import counts
from forger import Event, line_of

FIELDS = (
    "seq",
    "parts",
    "returns",
    "meters",
    "before",
    "lot",
    "held",
    "debit",
    "version",
    "price",
    "limit",
    "used",
    "replaces",
)
FREE = {("limit", "amount")}
"""How high the limit of a key is: its owner says so, and nothing follows from it until it is reached."""

Place = tuple[str | int, ...]


def numbers(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where the integers of a value stand."""
    if type(value) is int:
        yield place
    for key, each in value.items() if type(value) is dict else enumerate(value) if type(value) is list else ():
        yield from numbers(each, (*place, key))


def changed(event: Event, place: Place, by: int) -> Event:
    found = copy.deepcopy(event)
    inner: Any = found
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] += by
    return found


def state_after(lines: list[bytes]) -> list[str]:
    replay = Replay(Ledger())
    for line in lines:
        replay.line(line)
    replay.groups.check_whole()
    return list(listing(replay.book))


class ChangedNumbers(unittest.TestCase):
    def test_each_number_of_the_story(self) -> None:
        events = auditing_room.events("story")
        lines = [line_of(event) for event in events]
        state_after(lines)
        for number, event in enumerate(events):
            for place in numbers({name: event[name] for name in FIELDS if name in event}):
                if place not in FREE:
                    for by in (1, -1):
                        self.assert_seen(
                            [*lines[:number], line_of(changed(event, place, by)), *lines[number + 1 :]], number + 1, place
                        )

    def assert_seen(self, lines: list[bytes], number: int, place: Place) -> None:
        counts["forged"] += 1
        with self.subTest(event=number, place=place):
            self.assertRaises(Disagreement, state_after, lines)
            counts["disagreed"] += 1


if __name__ == "__main__":
    unittest.main()
