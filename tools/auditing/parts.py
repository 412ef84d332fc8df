"""Parts, draws and balances (events.md, "Parts", and "Every part, in every event" and "What is taken" of the checks)."""

from typing import Any

from .book import Account, Draw, Lot, Unit
from .disagreement import Disagreement, refuse, require
from .types import AMOUNT_MAX

DRAWS_MAX = 256
Part = dict[str, Any]


def balance(unit: Unit, at: str) -> dict[str, Any]:
    """What an account has of a unit at a time, judged by its lots. Lots that are gone are forgotten on the way."""
    available, total, unlimited, gone = 0, 0, False, None
    for number, lot in unit.live.items():
        remaining = lot.remaining
        if remaining:
            total += remaining
            if lot.effective <= at < lot.expires:
                available += remaining
        elif remaining is None and lot.heir is None and lot.effective <= at < lot.expires:
            unlimited = True
        elif not lot.held and (lot.window is None or lot.heir is not None or lot.expires <= at):
            gone = [*(gone or ()), number]
    for number in gone or ():
        del unit.live[number]
    if total + unit.held > AMOUNT_MAX:
        refuse(f"all that the account has of {unit.name}", f"at most {AMOUNT_MAX}", total + unit.held)
    found = {"available": available, "held": unit.held}
    if unlimited:
        found["unlimited"] = True
    return found


def check_parts(account: Account, parts: list[Part], at: str) -> None:
    """The sum and the balance of each part, after all of the event has been applied; and that no unit is there twice."""
    names = set()
    for part in parts:
        name = part["unit"]
        if name in names:
            refuse("the units of the parts", "each once", name)
        names.add(name)
        require(f"amount of the part in {name}", sum(draw["amount"] for draw in part["lots"]), part["amount"])
        require(f"balance of {name}", balance(account.unit(name), at), part["balance"])


def lot_of(unit: Unit, number: int) -> Lot:
    """The lot that a draw names: one of this account and unit."""
    lot = unit.lots.get(number)
    if lot is None:
        raise Disagreement("the lot of a draw", f"a lot of this account and of {unit.name}", number)
    return lot


def in_force(unit: Unit, at: str) -> list[Lot]:
    """The lots that can be drawn from, in burn-down order."""
    lots = [
        lot
        for lot in unit.live.values()
        if lot.effective <= at < lot.expires and lot.heir is None and (lot.remaining is None or lot.remaining)
    ]
    if len(lots) > 1:
        lots.sort(key=Lot.order)
    return lots


def burn(unit: Unit, amount: int, at: str) -> list[Draw]:
    """The draws that burn-down order gives for an amount; they are short when there is less."""
    draws: list[Draw] = []
    if not amount:
        return draws
    for lot in in_force(unit, at):
        taken = amount if lot.remaining is None else min(amount, lot.remaining)
        draws.append((lot, taken, lot.remaining is not None))
        amount -= taken
        if not amount:
            break
    return draws


def lower(draws: list[Draw]) -> None:
    """Takes the draws out of what remains in their lots."""
    for lot, amount, is_finite in draws:
        if is_finite:
            lot.remaining -= amount  # type: ignore[operator]


def written(draws: list[Draw]) -> list[dict[str, int]]:
    """The draws as they stand on a line, `remaining` as their lots are now."""
    return [
        {"lot": lot.number, "amount": amount, "remaining": left(lot)} if is_finite else {"lot": lot.number, "amount": amount}
        for lot, amount, is_finite in draws
    ]


def left(lot: Lot) -> int:
    """What a lot has left: 0 when it has been replaced."""
    return 0 if lot.heir is not None else lot.remaining or 0


def check_touched(unit: Unit, at: str) -> None:
    """No lapsed lot has anything remaining: it would have been written off first (ledger.md, "Touching an account")."""
    for lot in unit.live.values():
        if lot.remaining and lot.expires <= at:
            refuse(
                f"lot {lot.number} of {unit.name}, lapsed at {lot.expires}",
                "written off before the unit is moved",
                lot.remaining,
            )


def take(account: Account, parts: list[Part], at: str) -> list[tuple[str, int, list[Draw]]]:
    """Checks and applies what is taken out of lots: the draws must be those of burn-down order."""
    taken = []
    for part in parts:
        unit = account.unit(part["unit"])
        check_touched(unit, at)
        draws = burn(unit, part["amount"], at)
        lower(draws)
        require(f"draws of {unit.name}, in burn-down order", written(draws), part["lots"])
        taken.append((unit.name, part["amount"], draws))
    if sum(len(part["lots"]) for part in parts) > DRAWS_MAX:
        refuse("draws of the event", f"at most {DRAWS_MAX}", sum(len(part["lots"]) for part in parts))
    return taken


def merged(draws: list[Draw]) -> list[tuple[int, bool, int]]:
    """The draws by resolved lot, in order of first appearance, to compare what they come to."""
    sums: dict[tuple[int, bool], int] = {}
    for lot, amount, is_finite in draws:
        key = (lot.resolved().number, is_finite)
        sums[key] = sums.get(key, 0) + amount
    return [(number, is_finite, amount) for (number, is_finite), amount in sums.items()]


def draws_of(unit: Unit, lots: list[dict[str, Any]]) -> list[Draw]:
    """What a line's draws name."""
    return [(lot_of(unit, draw["lot"]), draw["amount"], "remaining" in draw) for draw in lots]
