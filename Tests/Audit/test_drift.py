"""The ledger's own alert of a balance that does not add up: the auditor knows its form, its id, and what it may be about."""

import hashlib
import unittest

from auditing_room import audit_events, counts, events
from forger import Event


def drift(before: list[Event], **changes: object) -> Event:
    """An alert behind a ledger's events, about the credits of one of their accounts."""
    last = before[-1]
    event: Event = {
        "seq": last["seq"] + 1,
        "at": last["at"],
        "day": last["at"][:10],
        "type": "alertRaised",
        "tenant": "$system",
        "id": "",
        "events": 1,
        "body": "0" * 16,
        "rule": "$drift",
        "severity": "error",
        "kind": "drift",
        "ofTenant": "acme",
        "ofAccount": "ada",
        "unit": "credits",
        "sequence": last["seq"],
        "expected": 67,
        "found": -5,
    }
    event.update(changes)
    if not event["id"]:
        names = "".join(f"{event[name]}\n" for name in ("ofTenant", "ofAccount", "unit"))
        event["id"] = f"$drift/{event['sequence']}/{hashlib.sha256(names.encode()).hexdigest()[:32]}"
    return event


class Drift(unittest.TestCase):
    def test_an_alert_of_each_event_and_account(self) -> None:
        found = events("story")
        for changes in ({}, {"unit": "usd"}, {"ofAccount": "bob"}, {"sequence": 12}):
            found.append(drift(found, **changes))
        counts["agreed"] += 1
        self.assertEqual(audit_events(found)[0], 0, audit_events(found)[1])

    def test_each_forgery_is_found(self) -> None:
        for says, changes in (
            ("the account of the drift", {"ofAccount": "eve"}),
            ("the account of the drift", {"ofTenant": "other"}),
            ("`sequence` of the drift", {"sequence": 60}),
            ("`found` of the drift", {"found": 67}),
            ("the id of the group", {"id": "$drift/59/" + "0" * 32}),
            ("severity of the alert", {"severity": "warning"}),
            ("the kind of the rule", {"rule": "$segmentRotten"}),
            ("the tenant", {"tenant": "acme"}),
            ("`expected` of the alert", {"expected": 1 << 53}),
        ):
            with self.subTest(changes=changes):
                found = events("story")
                found.append(drift(found, **changes))
                counts["forged"] += 1
                code, output = audit_events(found)
                self.assertEqual(code, 1, output)
                self.assertIn("event 60:", output)
                self.assertIn(says, output)
                counts["disagreed"] += 1

    def test_the_same_is_told_once(self) -> None:
        found = events("story")
        found.append(drift(found))
        found.append(drift(found, sequence=found[-1]["sequence"]))
        code, output = audit_events(found)
        self.assertEqual(code, 1, output)
        self.assertIn("one that was not used before", output)
