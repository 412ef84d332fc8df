"""Refunds (events.md, "refunded", and the check "Refunds")."""

from typing import Any

from . import meters, windows
from .accounts import account_of
from .book import Account, Book, Draw, Lot, Taking, Tenant, Unit
from .disagreement import Disagreement, refuse, require
from .parts import check_parts, check_touched
from .prices import asks, charges
from .returns import check_draws, check_reopened, check_return, give_back, was_used_up
from .uses import ended_hold

Event = dict[str, Any]


def refunded(book: Book, tenant: Tenant, event: Event) -> None:
    account, at = account_of(book, tenant, event), event["at"]
    taking = taking_of(tenant, account, event)
    if "late" in event:
        hold = ended_hold(tenant, account, event["late"], "captured by itself")
        require("the debit of a late settlement", taking.event.get("hold"), event["late"]["hold"])
        require("the hold of a late settlement", hold.number, taking.event.get("held"))
        taking.names.add(event["id"])
    check_same_use(taking, event)
    windows.check_open(tenant, account, event["parts"], at)
    give_quantities(tenant, taking, event)
    touched = []
    for part in event["parts"]:
        touched += give_part(account, taking, part, event)
    check_parts(account, event["parts"], at)
    allowances, key, rules = meters.split(event)
    meters.check_allowances(allowances, meters.windows_of(touched), at, lapsed_may_lack=True)
    meters.refund_key(tenant, event, key)
    meters.count_rules(tenant, account, event, rules, -1)


def taking_of(tenant: Tenant, account: Account, event: Event) -> Taking:
    """The debit: what `of` names, and of this account."""
    taking = tenant.takings.get(event["debit"])
    if taking is None or taking.account is not account:
        raise Disagreement("`debit` of the refund", "a debit or settlement of this account", event["debit"])
    if event["of"] not in taking.names:
        refuse("`of` of the refund", sorted(taking.names), event["of"])
    return taking


def check_same_use(taking: Taking, event: Event) -> None:
    for field in ("feature", "key", "batch", "labels"):
        if "late" not in event or field != "labels":
            require(f"`{field}` of the debit", taking.event.get(field), event.get(field))


def give_quantities(tenant: Tenant, taking: Taking, event: Event) -> None:
    """What was given back of the quantities is in all at most the debit's; its price follows from what is left."""
    debited = taking.event.get("quantities", {})
    for name, amount in event.get("quantities", {}).items():
        total = taking.quantities.get(name, 0) + amount
        if total > debited.get(name, 0):
            refuse(f"`{name}` given back in all", f"at most {debited.get(name, 0)}", total)
        taking.quantities[name] = total
    if "quantities" in event and "late" not in event:
        check_price(tenant, taking, event)


def check_price(tenant: Tenant, taking: Taking, event: Event) -> None:
    """The remaining quantities are priced anew; what was paid above that, less what was refunded before, goes back."""
    debit = taking.event
    rest = {name: left for name, amount in debit["quantities"].items() if (left := amount - taking.quantities.get(name, 0))}
    paid: dict[str, int | None] = {unit: amount for unit, amount, _ in taking.parts}
    kept = asks(charges(tenant, debit["feature"], debit["price"]), rest, paid) if rest else []
    cost = {unit: amount for unit, _, amount in kept}
    found = {part["unit"]: part["amount"] for part in event["parts"]}
    for unit, amount, _ in taking.parts:
        expected = max(0, amount - cost.get(unit, 0) - taking.refunded.get(unit, 0))
        require(f"what the refund gives of {unit} by the price", expected, found.get(unit, 0))


def give_part(account: Account, taking: Taking, part: Event, event: Event) -> list[Draw]:
    """One unit comes back, behind what earlier refunds gave back; the draws that it came back by."""
    unit, at = account.unit(part["unit"]), event["at"]
    check_touched(unit, at)
    amount, draws = debited(taking, unit.name)
    before = taking.refunded.get(unit.name, 0)
    if before + part["amount"] > amount:
        refuse(f"what is refunded of {unit.name} in all", f"at most {amount}", before + part["amount"])
    taking.refunded[unit.name] = before + part["amount"]
    found = check_draws(backwards(draws, before, part["amount"]), unit, part)
    used_up = {lot.number for lot, _, is_finite in found if is_finite and was_used_up(lot.resolved(), at)}
    count_unused(found)
    expired = give_back(found, at)
    check_reopened(unit, part, used_up)
    forget_start(unit, used_up)
    check_return(unit, part, expired)
    if "reissued" in part:
        reissue(unit, part, expired, event)
    return found


def debited(taking: Taking, name: str) -> tuple[int, list[Draw]]:
    for unit, amount, draws in taking.parts:
        if unit == name:
            return amount, draws
    raise Disagreement("the unit of a refund", [unit for unit, _, _ in taking.parts], name)


def backwards(draws: list[Draw], skip: int, amount: int) -> list[Draw]:
    """From the last draw on: so much is passed over, so much comes back."""
    found: list[Draw] = []
    for lot, drawn, is_finite in reversed(draws):
        passed = min(skip, drawn)
        skip -= passed
        taken = min(drawn - passed, amount)
        amount -= taken
        if taken:
            found.append((lot, taken, is_finite))
    return found


def count_unused(found: list[Draw]) -> None:
    """The windows count what returns to their lots as not used, but not below 0."""
    for lot, amount, _ in found:
        window = lot.resolved().window
        if window is not None:
            window.used = max(0, window.used - amount)


def forget_start(unit: Unit, reopened: set[int]) -> None:
    for number in reopened:
        unit.lots[number].effective = ""


def reissue(unit: Unit, part: Event, expired: list[tuple[Lot, int]], event: Event) -> None:
    """What expired is given anew in a lot that bears the event's number."""
    terms = part["reissued"]
    if not expired:
        refuse("`reissued`", "with `expired` only", terms)
    require("source of what is reissued", "refund", terms["source"])
    require("priority of what is reissued", expired[0][0].priority, terms["priority"])
    if terms.get("expiresAt", "~") <= event["at"]:
        refuse("expiresAt of what is reissued", f"after {event['at']}", terms["expiresAt"])
    unit.add(Lot(event["seq"], unit, sum(amount for _, amount in expired), terms))
