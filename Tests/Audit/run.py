"""Runs all tests of the auditor, and prints how many logs it agreed with and how many forgeries it found."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from auditing_room import counts  # noqa: E402

MODULES = (
    "test_agreement",
    "test_forged_events",
    "test_forged_bytes",
    "test_changed_numbers",
    "test_views",
    "test_receipts",
    "test_drift",
    "generated",
)

result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.defaultTestLoader.loadTestsFromNames(MODULES))
print(f"audit: agreed on {counts['agreed']} logs, disagreed with {counts['disagreed']} of {counts['forged']} forgeries")
sys.exit(0 if result.wasSuccessful() and counts["disagreed"] == counts["forged"] else 1)
