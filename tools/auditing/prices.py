"""What a use costs, exactly (ledger.md, "Prices")."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .book import Document, Tenant
from .disagreement import Disagreement, refuse
from .types import AMOUNT_MAX

Charge = tuple[str, dict[str, Fraction]]
UNBOUNDED = None
"""What is available of a unit with a lot without limit."""


def charges(tenant: Tenant, feature: str, version: int) -> tuple[list[Charge], int]:
    """A price's charges, with rates in minor units, and its minimum."""
    document = tenant.document("price/" + feature)
    if document is None or not 1 <= version <= len(document.versions) or document.versions[version - 1][1] is None:
        raise Disagreement("the version of the price", f"one that price/{feature} has", version)
    if version not in document.parsed:
        document.parsed[version] = parsed(tenant, document, version)
    found: tuple[list[Charge], int] = document.parsed[version]
    return found


def parsed(tenant: Tenant, document: Document, version: int) -> tuple[list[Charge], int]:
    value: dict[str, Any] = document.versions[version - 1][1] or {}
    found = []
    for charge in value["charges"]:
        scale = 10 ** (tenant.value("unit/" + charge["unit"]) or {}).get("scale", 0)
        found.append((charge["unit"], {name: rate(text) * scale for name, text in charge["rates"].items()}))
    return found, value.get("minimum", 0)


def rate(text: str) -> Fraction:
    """`2.50/1000000` and the like."""
    above, _, below = text.partition("/")
    if below and not int(below):
        refuse("a rate", "something that is not divided by zero", text)
    return Fraction(above) / int(below or 1)


def asks(
    price: tuple[list[Charge], int], quantities: dict[str, int], available: Mapping[str, int | None]
) -> list[tuple[str, int, int]]:
    """Of each charge its unit, what it asks, and what of that it pays from what is available. The last asks for all that is
    missing and pays it if it can."""
    found, share = [], Fraction(1)
    check_dimensions(price[0], quantities)
    for index, (unit, rates) in enumerate(price[0]):
        cost = sum((amount * rates[name] for name, amount in quantities.items() if name in rates), Fraction(0))
        if index == 0:
            cost = max(cost, Fraction(price[1]))
        ask = ceiling(share * cost)
        there = available.get(unit, 0)
        paid = ask if there is UNBOUNDED else min(ask, there)
        found.append((unit, ask, paid))
        share = share * Fraction(ask - paid, ask) if ask else Fraction(0)
    return found


def check_dimensions(price: list[Charge], quantities: dict[str, int]) -> None:
    for name in quantities:
        if not any(name in rates for _, rates in price):
            refuse("the quantities", "dimensions that a charge has a rate for", name)


def ceiling(value: Fraction) -> int:
    found = -(-value.numerator // value.denominator)
    if found > AMOUNT_MAX:
        refuse("what a charge asks", f"at most {AMOUNT_MAX}", found)
    return found


def parts_asked(found: list[tuple[str, int, int]]) -> list[tuple[str, int]]:
    """A part for each charge up to the last that asked more than 0, and at least one."""
    last = max((index for index, (_, ask, _) in enumerate(found) if ask), default=0)
    return [(unit, paid) for unit, _, paid in found[: last + 1]]
