"""What comes back, and what of it expires (events.md, "Parts": returns, and the checks "Holds" and "Refunds")."""

from typing import Any

from .book import FOREVER, Draw, Lot, Unit
from .disagreement import refuse, require
from .parts import draws_of, left, merged

Return = dict[str, Any]


def room(lot: Lot) -> int:
    """What can come back to an allowance's lot: limit - used - held - remaining, at least 0; none without limit."""
    window = lot.window
    limit = window.limit() if window is not None else None
    if window is None or limit is None:
        return 0
    return max(0, limit - window.used - lot.held - (lot.remaining or 0))


def check_draws(expected: list[Draw], unit: Unit, part: Return) -> list[Draw]:
    """The draws of a return are, by resolved lot, those that are expected, last drawn first."""
    found = draws_of(unit, part["lots"])
    require(f"what comes back of {unit.name} (resolved lot, with a limit, amount)", merged(expected), merged(found))
    return found


def give_back(found: list[Draw], at: str) -> list[tuple[Lot, int]]:
    """Gives the draws back to their lots; returns what expired, by the draws' lots in order."""
    expired: list[tuple[Lot, int]] = []
    sums: dict[Lot, int] = {}
    for lot, amount, is_finite in found:
        if is_finite:
            sums[lot.resolved()] = sums.get(lot.resolved(), 0) + amount
    for lot, amount in sums.items():
        given = 0 if lot.expires <= at else min(amount, room(lot)) if lot.window is not None else amount
        if given:
            lot.remaining = (lot.remaining or 0) + given
            lot.unit.live[lot.number] = lot
        if given < amount:
            expired.append((lot, amount - given))
    return expired


def check_return(unit: Unit, part: Return, expired: list[tuple[Lot, int]]) -> None:
    """`expired` is exact, and each draw says what its lot has left after all."""
    total = sum(amount for _, amount in expired)
    require(f"`expired` of what comes back of {unit.name}", total, part.get("expired", 0))
    check_remaining(unit, part["lots"])


def check_remaining(unit: Unit, lots: list[dict[str, Any]]) -> None:
    """`remaining` of each draw that has it: what the lot has left, 0 when it is gone or replaced."""
    for draw in lots:
        if "remaining" in draw:
            require(f"what lot {draw['lot']} of {unit.name} has left", left(unit.lots[draw["lot"]]), draw["remaining"])


def was_used_up(lot: Lot, at: str) -> bool:
    """Whether giving something back to it opens it again."""
    return lot.window is None and lot.remaining == 0 and lot.held == 0 and lot.expires > at


def terms_of(lot: Lot) -> dict[str, Any]:
    terms: dict[str, Any] = {"priority": lot.priority}
    if lot.expires != FOREVER:
        terms["expiresAt"] = lot.expires
    return terms


def check_reopened(unit: Unit, part: Return, used_up: set[int]) -> None:
    """A lot that had been used up is reopened with its own terms, without `effectiveAt`; no other is."""
    for draw in part["lots"]:
        terms = draw.get("reopened")
        if (terms is not None) != (draw["lot"] in used_up):
            refuse(f"`reopened` of lot {draw['lot']}", "terms" if draw["lot"] in used_up else "none", terms)
        if terms is not None:
            found = {name: value for name, value in terms.items() if name != "source"}
            require(f"terms of the reopened lot {draw['lot']}", terms_of(unit.lots[draw["lot"]]), found)
