"""Ledgers whose events were tampered with, while every checksum, the chain, the tree and the signature are right."""

import unittest
from collections.abc import Callable

from auditing_room import audit_events, counts, events
from forger import Event

Change = Callable[[list[Event]], None]
forgeries: list[tuple[str, str, int, str, Change]] = []


def forged(log: str, at: int, says: str) -> Callable[[Change], Change]:
    """A change to a log that must be found at an event, in words that say what."""

    def keep(change: Change) -> Change:
        forgeries.append((change.__name__, log, at, says, change))
        return change

    return keep


def event(found: list[Event], number: int) -> Event:
    return found[number - 1]


def part(found: list[Event], number: int) -> Event:
    return event(found, number)["parts"][0]


# What a use takes and leaves.


@forged("story", 59, "draws of credits")
def a_changed_amount(found: list[Event]) -> None:
    part(found, 59)["amount"] = 1


@forged("story", 59, "draws of credits")
def a_lot_that_keeps_more(found: list[Event]) -> None:
    part(found, 59)["lots"][0]["remaining"] = 69


@forged("story", 59, "balance of credits")
def a_raised_balance(found: list[Event]) -> None:
    part(found, 59)["balance"]["available"] = 1_000_107


@forged("story", 58, "balance of credits")
def a_smaller_debit_all_through_its_event(found: list[Event]) -> None:
    part(found, 55).update(amount=0, lots=[], balance={"available": 110, "held": 15})


@forged("story", 14, "draws of credits")
def a_lot_drawn_before_its_turn(found: list[Event]) -> None:
    part(found, 14)["lots"] = [{"lot": 10, "amount": 75, "remaining": 25}]


@forged("story", 60, "draws of credits")
def a_draw_from_an_expired_lot(found: list[Event]) -> None:
    debit, at = found.pop(), {"at": "2026-12-21T09:00:00.000000Z", "day": "2026-12-21"}
    lapse = {"unit": "credits", "amount": 69, "lots": [{"lot": 10, "amount": 69, "remaining": 0}]}
    lapse["balance"] = {"available": 40, "held": 0}
    head = {name: debit[name] for name in ("seq", "at", "day", "type", "tenant", "id", "events", "body", "peer", "account")}
    head |= at | {"type": "lotExpired", "events": 2, "lot": 10, "expiresAt": "2026-12-20T00:00:00.000000Z", "parts": [lapse]}
    del debit["events"], debit["body"]
    debit["parts"][0]["balance"]["available"] = 40
    found += [head, debit | at | {"seq": 60}]


@forged("story", 14, "parts by the price")
def a_price_that_was_not_paid(found: list[Event]) -> None:
    event(found, 14)["quantities"]["requests"] = 76


@forged("story", 14, "version in force of price/siterank")
def another_version_of_the_price(found: list[Event]) -> None:
    event(found, 14)["price"] = 2


@forged("story", 21, "the key")
def a_use_of_a_key_that_there_is_not(found: list[Event]) -> None:
    event(found, 21)["key"] = "bob-1"


@forged("story", 21, "meter of the key")
def a_key_that_counts_less(found: list[Event]) -> None:
    event(found, 21)["meters"][0]["used"] = 29_999


@forged("story", 21, "at most its limit")
def a_use_beyond_the_limit_of_its_key(found: list[Event]) -> None:
    event(found, 13)["limit"]["amount"] = 20_000
    for number in (21, 23):
        event(found, number)["meters"][0]["limit"] = 20_000


@forged("story", 20, "balance before")
def a_correction_of_another_balance(found: list[Event]) -> None:
    event(found, 20)["before"]["available"] = 91


@forged("story", 55, "state of account ada")
def a_use_of_a_frozen_account(found: list[Event]) -> None:
    event(found, 48)["account"] = "ada"
    event(found, 49).update(type="accountFrozen", account="bob")


@forged("story", 50, "closed account bob")
def an_account_closed_twice(found: list[Event]) -> None:
    event(found, 49).update(type="accountClosed")


@forged("story", 16, "batch night is open")
def a_use_in_a_closed_batch(found: list[Event]) -> None:
    event(found, 15)["batch"] = "day"


# Holds.


@forged("story", 25, "open: a hold ends once")
def a_hold_settled_twice(found: list[Event]) -> None:
    event(found, 25).update(hold="h-1", held=21)


@forged("story", 23, "at most what was held")
def more_comes_back_than_was_held(found: list[Event]) -> None:
    back = event(found, 23)["returns"][0]
    back["amount"] = back["lots"][0]["amount"] = 30_001


@forged("story", 23, "what was held less what comes back")
def less_is_taken_than_stays(found: list[Event]) -> None:
    part(found, 23)["amount"] = part(found, 23)["lots"][0]["amount"] = 20_999


@forged("story", 23, "what the last charge takes")
def a_settlement_below_its_price(found: list[Event]) -> None:
    event(found, 23)["quantities"]["outputTokens"] = 1_000


@forged("story", 25, "ended before the next command")
def a_hold_that_outlives_its_time(found: list[Event]) -> None:
    event(found, 24)["expiresAt"] = "2026-11-20T08:00:00.195400Z"


@forged("story", 58, "`at` of the end of the hold")
def a_hold_that_expires_too_soon(found: list[Event]) -> None:
    event(found, 26)["expiresAt"] = "2026-11-25T09:00:01.000000Z"


@forged("story", 58, "what is taken of the hold")
def a_hold_captured_in_part(found: list[Event]) -> None:
    part(found, 58).update(amount=5, lots=[{"lot": 11, "amount": 5, "remaining": 0}])


# Refunds.


@forged("story", 19, "what the refund gives of credits by the price")
def a_refund_that_is_too_large(found: list[Event]) -> None:
    back = part(found, 19)
    back["amount"], back["lots"][1]["amount"] = 26, 11


@forged("story", 19, "given back in all")
def a_refund_of_more_than_there_was(found: list[Event]) -> None:
    event(found, 19)["quantities"]["requests"] = 76


@forged("3", 304, "`expired` of what comes back")
def a_refund_that_revives_an_expired_lot(found: list[Event]) -> None:
    back = next(each for each in event(found, 304)["parts"] if "expired" in each)
    del back["expired"], back["reissued"]


@forged("story", 19, "`reopened` of lot 11")
def a_used_up_lot_that_is_not_reopened(found: list[Event]) -> None:
    del part(found, 19)["lots"][1]["reopened"]


@forged("2", 194, "priority of what is reissued")
def a_reissue_that_comes_first(found: list[Event]) -> None:
    part(found, 194)["reissued"]["priority"] -= 1


# Windows.


@forged("story", 28, "`amount` of the window")
def a_window_with_a_wrong_limit(found: list[Event]) -> None:
    event(found, 28)["amount"] = 101


@forged("story", 28, "start, end and version of the window")
def a_window_that_ends_later(found: list[Event]) -> None:
    event(found, 28).update(end="2026-12-02T00:00:00.000000Z", expiresAt="2026-12-02T00:00:00.000000Z")


@forged("story", 33, "`used` of the window")
def a_change_of_plan_that_forgets_what_was_used(found: list[Event]) -> None:
    del event(found, 33)["used"]
    part(found, 33).update(amount=1_000, lots=[{"lot": 33, "amount": 1_000, "remaining": 1_000}])


@forged("story", 36, "`amount` of the window")
def an_override_that_gives_more(found: list[Event]) -> None:
    event(found, 34)["amount"] = 1_400


@forged("3", 128, "`carried` of the window")
def a_rollover_that_gives_more(found: list[Event]) -> None:
    event(found, 128)["carried"] += 1


@forged("story", 29, "meters of allowances")
def a_window_that_counts_less(found: list[Event]) -> None:
    event(found, 29)["meters"][0]["used"] = 79


@forged("story", 32, "what remained of the lot")
def a_lapse_of_less(found: list[Event]) -> None:
    part(found, 32).update(amount=19, lots=[{"lot": 28, "amount": 19, "remaining": 0}])


@forged("story", 28, "the subscription of account ada")
def a_window_without_a_plan(found: list[Event]) -> None:
    event(found, 27)["account"] = "bob"


# Groups, ids, numbers, time.


@forged("story", 19, "`seq`")
def a_removed_event(found: list[Event]) -> None:
    del found[18]


@forged("story", 20, "balance before")
def an_event_put_in_the_place_of_a_refund(found: list[Event]) -> None:
    found[18] = {name: found[17][name] for name in ("seq", "at", "day", "type", "tenant")} | {"type": "accountOpened"}
    found[18] |= {"seq": 19, "id": "r-1", "events": 1, "body": event(found, 18)["body"], "peer": 0, "account": "carl"}


@forged("story", 10, "`seq`")
def two_events_swapped(found: list[Event]) -> None:
    found[9], found[10] = found[10], found[9]


@forged("story", 19, "balance before")
def two_events_swapped_and_numbered_anew(found: list[Event]) -> None:
    first, second = event(found, 19), event(found, 20)
    place = {name: first[name] for name in ("seq", "at", "day")}
    found[18], found[19] = second | place, first | {name: second[name] for name in place}


@forged("story", 20, "one that was not used before")
def an_id_used_twice(found: list[Event]) -> None:
    event(found, 20)["id"] = "d-1"


@forged("story", 20, "one that was not used before")
def the_id_of_an_item_used_again(found: list[Event]) -> None:
    event(found, 20)["id"] = "i-1"


@forged("story", 30, "events of the group that are still to come")
def a_group_cut_short(found: list[Event]) -> None:
    del found[29]
    for number, each in enumerate(found, 1):
        each["seq"] = number


@forged("story", 56, "events of the group that the log batch lacks")
def a_group_that_announces_more_than_there_is(found: list[Event]) -> None:
    del found[55:]
    found[52]["events"], found[52]["commands"] = 4, 3


@forged("story", 20, "`at`")
def a_time_that_goes_back(found: list[Event]) -> None:
    event(found, 20)["at"] = "2026-11-20T08:00:00.000000Z"


@forged("story", 42, "`day`")
def another_day(found: list[Event]) -> None:
    event(found, 42)["day"] = "2026-11-20"


@forged("story", 56, "`body` is zeros")
def a_command_of_the_ledgers_own(found: list[Event]) -> None:
    event(found, 56)["body"] = "0" * 16


@forged("story", 56, "the tenant")
def an_account_of_the_ledgers_own_tenant(found: list[Event]) -> None:
    event(found, 56)["tenant"] = "$system"


# Configuration, keys, alerts.


@forged("story", 3, "version of price/chat")
def a_version_left_out(found: list[Event]) -> None:
    event(found, 3)["version"] = 2


@forged("story", 14, "parts by the price")
def a_price_changed_afterwards(found: list[Event]) -> None:
    event(found, 4)["value"]["charges"][0]["rates"]["requests"] = "2"


@forged("story", 52, "what is scheduled for price/siterank")
def a_cancellation_of_nothing(found: list[Event]) -> None:
    event(found, 52)["scheduled"] = 50


@forged("story", 45, "the key")
def a_key_of_another_account(found: list[Event]) -> None:
    event(found, 45)["account"] = "bob"


@forged("story", 30, "at least")
def an_alert_too_early(found: list[Event]) -> None:
    event(found, 30)["threshold"] = 95
    event(found, 30)["severity"] = "warning"


@forged("story", 47, "one of this tenant that has not been read")
def an_alert_that_was_not_raised(found: list[Event]) -> None:
    event(found, 47)["alerts"] = [31]


class ForgedEvents(unittest.TestCase):
    def test_each_forgery_is_found_in_its_place(self) -> None:
        for name, log, at, says, change in forgeries:
            with self.subTest(name):
                found = events(log)
                change(found)
                counts["forged"] += 1
                code, output = audit_events(found)
                self.assertEqual(code, 1, output)
                self.assertIn(f"event {at}:", output)
                self.assertIn(says, output)
                counts["disagreed"] += 1


if __name__ == "__main__":
    unittest.main()
