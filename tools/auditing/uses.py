"""Grants, corrections, lapses and debits (events.md, "Accounts and lots", "Uses")."""

from typing import Any

from . import meters, windows
from .accounts import account_of, check_batch
from .book import Account, Book, Draw, Hold, Lot, Taking, Tenant
from .disagreement import Disagreement, refuse, require
from .meters import amount_in
from .parts import DRAWS_MAX, balance, check_parts, check_touched, lot_of, take
from .prices import asks, charges, parts_asked

Event = dict[str, Any]
GRANTED = {"priority": 20}


def open_lot(account: Account, event: Event, terms: dict[str, Any]) -> None:
    """The one part of the event opens a lot that bears the event's number."""
    part = event["parts"][0]
    unit, amount = account.unit(part["unit"]), part["amount"]
    check_touched(unit, event["at"])
    require("the draw of the new lot", [{"lot": event["seq"], "amount": amount, "remaining": amount}], part["lots"])
    if amount < 1:
        refuse("amount of the part", "from 1", amount)
    unit.add(Lot(event["seq"], unit, amount, terms))


def granted(book: Book, tenant: Tenant, event: Event) -> None:
    account, at = account_of(book, tenant, event), event["at"]
    expires = event.get("expiresAt", "~")
    if event["source"] == "plan":
        refuse("source of a grant", "another than `plan`", "plan")
    if not (at < expires and event.get("effectiveAt", "") < expires):
        refuse("expiresAt of a grant", "after `at` and `effectiveAt`", expires)
    windows.check_open(tenant, account, event["parts"], at)
    open_lot(account, event, event)
    check_parts(account, event["parts"], at)


def adjusted(book: Book, tenant: Tenant, event: Event) -> None:
    account, at = account_of(book, tenant, event), event["at"]
    require("balance before", balance(account.unit(event["parts"][0]["unit"]), at), event["before"])
    windows.check_open(tenant, account, event["parts"], at)
    draws: list[Draw] = []
    if event["direction"] == "up":
        open_lot(account, event, GRANTED)
    else:
        if event["parts"][0]["amount"] < 1:
            refuse("amount of the part", "from 1", event["parts"][0]["amount"])
        draws = take(account, event["parts"], at)[0][2]
        count_used(draws)
    check_parts(account, event["parts"], at)
    allowances, key, rules = meters.split(event)
    require("meters of a key or of rules", (None, []), (key, rules))
    meters.check_allowances(allowances, meters.windows_of(draws), at)


def count_used(draws: list[Draw]) -> None:
    """The windows of the lots, or of those in their places, count the draws as used."""
    for lot, amount, _ in draws:
        window = lot.resolved().window
        if window is not None:
            window.used += amount


def lot_expired(book: Book, tenant: Tenant, event: Event) -> None:
    account, at = account_of(book, tenant, event), event["at"]
    part = event["parts"][0]
    lot = lot_of(account.unit(part["unit"]), event["lot"])
    require("what remained of the lot", lot.remaining or 0, part["amount"])
    draws = [{"lot": lot.number, "amount": part["amount"], "remaining": 0}] if part["amount"] else []
    require("the draw of what remained", draws, part["lots"])
    if event["expiresAt"] > min(at, lot.expires):
        refuse(f"when lot {lot.number} lapsed", f"not after {min(at, lot.expires)}", event["expiresAt"])
    if event["expiresAt"] < lot.expires:
        book.lapsed_early.append((lot, event["expiresAt"]))
    if lot.remaining is not None:
        lot.remaining = 0
    if lot.window is not None:
        lot.window.remained = part["amount"]
    lot.expires = event["expiresAt"]
    check_parts(account, event["parts"], at)


def check_use(book: Book, tenant: Tenant, account: Account, event: Event) -> None:
    """What a `held` and a `debited` without `late` must keep: the account's state, the key, the batch, the price."""
    require(f"state of account {account.name}", "open", account.state)
    check_batch(account, event)
    check_cost_fields(event)
    if event.get("occurredAt", "") > event["at"]:
        refuse("occurredAt", f"not after {event['at']}", event["occurredAt"])
    if "key" in event:
        check_key(tenant, account, event)
    if "feature" in event:
        check_price(tenant, account, event)


def check_cost_fields(event: Event) -> None:
    """`feature`, `quantities` and `price`: all three or none."""
    there = [field for field in ("feature", "quantities", "price") if field in event]
    if len(there) not in (0, 3):
        refuse("the fields of a price", "all three or none", there)


def check_key(tenant: Tenant, account: Account, event: Event) -> None:
    """A key of the account, neither revoked, disabled nor expired, and for this feature."""
    key = tenant.keys.get(event["key"])
    if key is None or key.account != account.name:
        raise Disagreement("the key", f"one of account {account.name}", event["key"])
    if key.status in ("revoked", "disabled"):
        refuse(f"state of key {event['key']}", "neither revoked nor disabled", key.status)
    if key.terms.get("expiresAt", "~") <= event["at"]:
        refuse(f"expiry of key {event['key']}", f"after {event['at']}", key.terms["expiresAt"])
    features = key.terms.get("features")
    if features and event.get("feature") not in features:
        refuse(f"feature of a use of key {event['key']}", features, event.get("feature"))


def check_price(tenant: Tenant, account: Account, event: Event) -> None:
    """The parts are what the price in force asks of the quantities and of what is available."""
    document = tenant.document("price/" + event["feature"])
    version = len(document.versions) if document else 0
    require(f"version in force of price/{event['feature']}", version, event["price"])
    value = tenant.value("price/" + event["feature"]) or {}
    require(f"price/{event['feature']} is enabled", True, value.get("enabled", True))
    price = charges(tenant, event["feature"], version)
    available = {unit: available_of(account, unit, event["at"]) for unit, _ in price[0]}
    found = asks(price, event["quantities"], available)
    expected = [(unit, paid) for unit, paid in parts_asked(found)]
    require("parts by the price", expected, [(part["unit"], part["amount"]) for part in event["parts"]])
    require("what the last charge pays", found[-1][1], found[-1][2])


def available_of(account: Account, name: str, at: str) -> int | None:
    unit = account.units.get(name)
    if unit is None:
        return 0
    there = balance(unit, at)
    return None if "unlimited" in there else there["available"]


def debited(book: Book, tenant: Tenant, event: Event) -> None:
    account, at = account_of(book, tenant, event), event["at"]
    windows.check_open(tenant, account, event["parts"], at)
    if "late" in event:
        check_late(tenant, account, event)
    else:
        check_use(book, tenant, account, event)
    taken = take(account, event["parts"], at)
    for _, _, draws in taken:
        count_used(draws)
    check_parts(account, event["parts"], at)
    allowances, key, rules = meters.split(event)
    meters.check_allowances(allowances, meters.windows_of(draw for _, _, draws in taken for draw in draws), at)
    meters.count_key(tenant, event, key)
    meters.count_rules(tenant, account, event, rules, 1)
    tenant.takings[event["seq"]] = Taking(event, account, taken)


def ended_hold(tenant: Tenant, account: Account, late: dict[str, Any], how: str) -> Hold:
    """The hold that a late settlement is of: expired so, and not settled late before."""
    hold = tenant.holds.get(late["hold"])
    if hold is None or hold.number != late["held"] or hold.account is not account:
        raise Disagreement("the hold of a late settlement", "one of this account with this id and number", late)
    require(f"how hold {late['hold']} ended", how, hold.ended)
    require(f"late settlements of hold {late['hold']} before", False, hold.late)
    hold.late = True
    return hold


def check_late(tenant: Tenant, account: Account, event: Event) -> None:
    """A late settlement after a release takes as much as is there, and no more than was held of each unit."""
    hold = ended_hold(tenant, account, event["late"], "released by itself")
    held = {unit: amount for unit, amount, _ in hold.parts}
    for part in event["parts"]:
        if part["amount"] > held.get(part["unit"], 0):
            refuse(f"what is taken late of {part['unit']}", f"at most {held.get(part['unit'], 0)}", part["amount"])
    for field in ("feature", "price", "key", "batch"):
        require(f"`{field}` of the hold", hold.event.get(field), event.get(field))
    check_labels(hold.event, event)
    check_late_amounts(tenant, account, held, event)


def check_labels(held: Event, event: Event) -> None:
    """A settlement has the hold's labels; it may add some, and give others new values."""
    missing = held.get("labels", {}).keys() - event.get("labels", {}).keys()
    require("labels of the hold that the end of it lacks", set(), missing)


def check_late_amounts(tenant: Tenant, account: Account, held: dict[str, int], event: Event) -> None:
    """Priced by quantities: what they ask, where each unit pays at most what was held of it and is there; else all that can be
    taken, if some lacks."""
    limits = {unit: at_most(amount, available_of(account, unit, event["at"])) for unit, amount in held.items()}
    shortfall = event["late"].get("shortfall", 0)
    if sum(len(part["lots"]) for part in event["parts"]) >= DRAWS_MAX:
        return
    if event.get("quantities"):
        found = asks(charges(tenant, event["feature"], event["price"]), event["quantities"], limits)
        for unit, _, paid in found:
            require(f"what is taken late of {unit}", paid, amount_in(event["parts"], unit) or 0)
        require("`shortfall`", found[-1][1] - found[-1][2], shortfall)
    elif shortfall:
        part = event["parts"][-1]
        require(f"what is taken late of {part['unit']} when some lacks", limits[part["unit"]], part["amount"])


def at_most(amount: int, available: int | None) -> int:
    return amount if available is None else min(amount, available)


def held(book: Book, tenant: Tenant, event: Event) -> None:
    account, at = account_of(book, tenant, event), event["at"]
    if event["id"] in tenant.holds:
        refuse("the id of the hold", "one that is new", event["id"])
    if event["expiresAt"] <= at:
        refuse("expiresAt of the hold", f"after {at}", event["expiresAt"])
    windows.check_open(tenant, account, event["parts"], at)
    check_use(book, tenant, account, event)
    taken = take(account, event["parts"], at)
    for name, _, draws in taken:
        set_aside(account, name, draws)
    check_parts(account, event["parts"], at)
    allowances, key, rules = meters.split(event)
    require("meters of allowances or rules of a hold", ([], []), (allowances, rules))
    meters.count_key(tenant, event, key)
    tenant.holds[event["id"]] = Hold(event, account, taken)
    account.open_holds += 1
    book.owe(event["expiresAt"], "hold", tenant.name, event["id"])


def set_aside(account: Account, name: str, draws: list[Draw]) -> None:
    """What is taken out of the lots is held of them."""
    for lot, amount, is_finite in draws:
        lot.held += amount
        if is_finite:
            account.units[name].held += amount
