"""The end of holds: `settled`, `released`, `holdExpired` (events.md, "Holds", in the order of its four steps)."""

from typing import Any

from . import meters, windows
from .accounts import account_of
from .book import Account, Book, Draw, Hold, Taking, Tenant, Unit
from .disagreement import Disagreement, refuse, require
from .parts import balance, burn, check_parts, check_touched, lower
from .prices import asks, charges
from .returns import check_draws, check_remaining, check_reopened, check_return, give_back
from .uses import check_labels, count_used

Event = dict[str, Any]


def extended(book: Book, tenant: Tenant, event: Event) -> None:
    hold = open_hold(tenant, account_of(book, tenant, event), event)
    if event["expiresAt"] <= event["at"]:
        refuse("expiresAt of the hold", f"after {event['at']}", event["expiresAt"])
    hold.expires = event["expiresAt"]
    book.owe(hold.expires, "hold", tenant.name, event["hold"])


def open_hold(tenant: Tenant, account: Account, event: Event) -> Hold:
    """The hold that an event names: of this account, and still open."""
    hold = tenant.holds.get(event["hold"])
    if hold is None or hold.account is not account:
        raise Disagreement("the hold", f"one of account {account.name}", event["hold"])
    if hold.ended is not None:
        refuse(f"hold {event['hold']}", "open: a hold ends once", hold.ended)
    return hold


def settled(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    hold = open_hold(tenant, account, event)
    require("price of the settlement", hold.event.get("price"), event.get("price"))
    end(book, tenant, account, hold, event)
    check_amount(tenant, account, hold, event)
    hold.ended = "settled"


def released(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    hold = open_hold(tenant, account, event)
    require("parts of a release", [], event["parts"])
    end(book, tenant, account, hold, event)
    hold.ended = "released"


def expired(book: Book, tenant: Tenant, event: Event) -> None:
    account = account_of(book, tenant, event)
    hold = open_hold(tenant, account, event)
    require("the id of the group", f"$holdExpired/{hold.number}", event["id"])
    if event["at"] < hold.expires:
        refuse("`at` of the end of the hold", f"not before {hold.expires}", event["at"])
    is_captured = hold.event["onExpiry"] == "capture"
    taken = sum(amount for _, amount, _ in hold.parts) if is_captured else 0
    require("what is taken of the hold", taken, sum(part["amount"] for part in event["parts"]))
    if is_captured:
        require("what returns of a hold that is captured", None, event.get("returns"))
    else:
        require("parts of a hold that is released", [], event["parts"])
    if is_captured:
        for field in ("feature", "quantities", "price"):
            require(f"`{field}` of the hold", hold.event.get(field), event.get(field))
    end(book, tenant, account, hold, event)
    hold.ended = "captured by itself" if is_captured else "released by itself"


def end(book: Book, tenant: Tenant, account: Account, hold: Hold, event: Event) -> None:
    """The four steps, for each unit of the hold."""
    at, parts, returns = event["at"], event["parts"], event.get("returns", [])
    require("the number of the hold", hold.number, event["held"])
    check_same_use(hold.event, event)
    windows.check_open(tenant, account, [*parts, *returns], at)
    for part in [*parts, *returns]:
        check_touched(account.unit(part["unit"]), at)
    check_units(hold, parts, returns)
    taken = take_and_return(account, hold, event)
    check_parts(account, parts, at)
    check_parts(account, returns, at)
    for part in [*parts, *returns]:
        check_remaining(account.unit(part["unit"]), part["lots"])
    account.open_holds -= 1
    allowances, key, rules = meters.split(event)
    meters.check_allowances(allowances, meters.windows_of(draw for _, _, draws in taken for draw in draws), at)
    meters.end_hold_key(tenant, event, hold, key)
    meters.count_rules(tenant, account, event, rules, 1)
    if taken:
        tenant.takings[event["seq"]] = Taking(event, account, taken)


def check_same_use(held: Event, event: Event) -> None:
    """The key and the batch are the hold's; a settlement may add labels, and give others new values."""
    for field in ("key", "batch"):
        require(f"`{field}` of the hold", held.get(field), event.get(field))
    if "parts" in event and event["parts"]:
        require("`feature` of the hold", held.get("feature"), event.get("feature"))
    check_labels(held, event)
    if event["type"] != "settled":
        require("labels of the hold", held.get("labels"), event.get("labels"))


def check_units(hold: Hold, parts: list[Event], returns: list[Event]) -> None:
    """Parts are one per unit of the hold, and one of the overage's unit behind them; returns are of its units, in order."""
    held = [unit for unit, _, _ in hold.parts]
    if parts:
        found = [part["unit"] for part in parts]
        if found[: len(held)] != held or len(found) > len(held) + 1:
            refuse("units of the parts", [*held, "and one more at most"], found)
    back = [part["unit"] for part in returns]
    require("units of the returns", [unit for unit in held if unit in back], back)


def take_and_return(account: Account, hold: Hold, event: Event) -> list[tuple[str, int, list[Draw]]]:
    """Ends each unit's hold; what was taken, with its draws."""
    amounts = {part["unit"]: part["amount"] for part in event.get("returns", ())}
    backs = {part["unit"]: part for part in event.get("returns", ())}
    captured: dict[str, list[Draw]] = {}
    for name, amount, draws in hold.parts:
        captured[name] = end_unit(account.unit(name), amount, draws, amounts.get(name, 0), backs.get(name), event["at"])
    if not event["parts"]:
        require("what is taken when there are no parts", 0, sum(len(draws) for draws in captured.values()))
        return []
    taken, over = [], []
    for part in event["parts"]:
        unit, own = account.unit(part["unit"]), captured.get(part["unit"], [])
        excess = part["amount"] - sum(amount for _, amount, _ in own)
        extra = take_over(hold, unit, excess, event["at"])
        over += [unit.name] if excess else []
        check_taken(unit, own + extra, part)
        taken.append((unit.name, part["amount"], own + extra))
    if len(over) > 1:
        refuse("units in which more is taken than was held", "one at most", over)
    return taken


def end_unit(unit: Unit, amount: int, draws: list[Draw], back: int, part: Event | None, at: str) -> list[Draw]:
    """Steps 1 to 3: what is held is held no more, the first draws stay taken, the rest comes back. The draws that stay."""
    if back > amount:
        refuse(f"what comes back of {unit.name}", f"at most what was held, {amount}", back)
    for lot, drawn, is_finite in draws:
        lot.resolved().held -= drawn
        if is_finite:
            unit.held -= drawn
    stay, rest = split(draws, amount - back)
    count_used(stay)
    if part is not None:
        found = check_draws(rest[::-1], unit, part)
        check_return(unit, part | {"lots": []}, give_back(found, at))
        check_reopened(unit, part, set())
    return stay


def split(draws: list[Draw], amount: int) -> tuple[list[Draw], list[Draw]]:
    """The first draws that make up an amount, and the rest."""
    first: list[Draw] = []
    rest: list[Draw] = []
    for lot, drawn, is_finite in draws:
        taken = min(drawn, amount)
        amount -= taken
        if taken:
            first.append((lot, taken, is_finite))
        if taken < drawn:
            rest.append((lot, drawn - taken, is_finite))
    return first, rest


def take_over(hold: Hold, unit: Unit, excess: int, at: str) -> list[Draw]:
    """Step 4: what is taken beyond the hold, in burn-down order; only as far as its overage allows."""
    if excess < 0:
        refuse(f"what is taken of {unit.name}", "what was held less what comes back, at least", f"{-excess} less")
    if excess == 0:
        return []
    overage = hold.event["overage"]
    allowed = overage["allow"] if type(overage) is dict else 0
    if excess > allowed:
        refuse(f"what is taken of {unit.name} beyond the hold", f"at most {allowed}", excess)
    draws = burn(unit, excess, at)
    require(f"what is available of {unit.name} beyond the hold", excess, sum(amount for _, amount, _ in draws))
    lower(draws)
    count_used(draws)
    return draws


def check_taken(unit: Unit, draws: list[Draw], part: Event) -> None:
    """The draws that stay, under the names of their lots, then those of the overage."""
    expected = [(lot.number, amount, is_finite) for lot, amount, is_finite in draws]
    found = [(draw["lot"], draw["amount"], "remaining" in draw) for draw in part["lots"]]
    require(f"what is taken of {unit.name} (lot, amount, with a limit)", expected, found)


def check_amount(tenant: Tenant, account: Account, hold: Hold, event: Event) -> None:
    """What a priced settlement takes (ledger.md, "Holds"): each unit pays at most what was held of it, the last all it asks."""
    held: dict[str, int | None] = {unit: amount for unit, amount, _ in hold.parts}
    taken = {part["unit"]: part["amount"] for part in event["parts"]}
    unit = event["parts"][-1]["unit"]
    if event.get("quantities") and "feature" in event:
        found = asks(charges(tenant, event["feature"], event["price"]), event["quantities"], held)
        for name, _, paid in found[:-1]:
            require(f"what the charge in {name} takes", paid, taken.get(name, 0))
        unit = found[-1][0]
        check_last(event, found[-1], taken.get(unit, 0))
    if "shortfall" in event:
        check_cut(account, hold, unit, taken.get(unit, 0), event)


def check_last(event: Event, last: tuple[str, int, int], taken: int) -> None:
    """The last charge: what it asks above its hold is taken by the overage, or is missing."""
    unit, ask, paid = last
    require("`shortfall`", max(0, ask - taken), event.get("shortfall", 0))
    if not paid <= taken <= max(ask, paid):
        refuse(f"what the last charge takes of {unit}", f"{paid} to {ask}", taken)


def check_cut(account: Account, hold: Hold, unit: str, taken: int, event: Event) -> None:
    """When something is missing, the overage was taken as far as it goes: nothing with `cap`, all there is with `allow`."""
    overage = hold.event["overage"]
    held = sum(amount for name, amount, _ in hold.parts if name == unit)
    if overage == "reject":
        refuse("`shortfall`", "none, for more than was held is refused", event["shortfall"])
    elif overage == "cap":
        require(f"what is taken of {unit} when some lacks", held, taken)
    elif taken < held + overage["allow"]:
        require(f"what is available of {unit} when some lacks", 0, balance(account.unit(unit), event["at"])["available"])
