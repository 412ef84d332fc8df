"""The types of values on a line (events.md, "Lines"): each a function that says whether a value is of it."""

import re
from collections.abc import Callable
from datetime import date as Date
from typing import Any

AMOUNT_MAX = (1 << 53) - 1
Check = Callable[[Any], bool]

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z", re.ASCII)
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")
_dates: set[str] = set()


def amount(value: Any) -> bool:
    return type(value) is int and 0 <= value <= AMOUNT_MAX


def positive(value: Any) -> bool:
    return type(value) is int and 0 < value <= AMOUNT_MAX


def allotment(value: Any) -> bool:
    return type(value) is int and -1 <= value <= AMOUNT_MAX


def between(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def text(value: Any) -> bool:
    return type(value) is str


def name(value: Any) -> bool:
    if type(value) is not str or not value or len(value) > 128:
        return False
    if value.isascii():
        return value.isprintable()
    return len(value.encode()) <= 128 and not _CONTROL.search(value)


def date(value: Any) -> bool:
    return value in _dates if type(value) is str and value in _dates else _is_new_date(value)


def _is_new_date(value: Any) -> bool:
    if type(value) is not str or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return False
    try:
        Date.fromisoformat(value)
    except ValueError:
        return False
    _dates.add(value)
    return True


def time(value: Any) -> bool:
    match = _TIME.fullmatch(value) if type(value) is str else None
    return match is not None and date(match[1])


def hexadecimal(count: int) -> Check:
    pattern = re.compile(f"[0-9a-f]{{{count}}}")
    return lambda value: type(value) is str and pattern.fullmatch(value) is not None


def one_of(*words: str) -> Check:
    return lambda value: type(value) is str and value in words


def array(of: Check, low: int = 0, high: int = 1 << 20) -> Check:
    return lambda value: type(value) is list and low <= len(value) <= high and all(map(of, value))


def mapping(of: Check, low: int = 0, high: int = 1 << 20) -> Check:
    """A map: its keys are names in the order of their bytes, which is that of their code points."""

    def check(value: Any) -> bool:
        if type(value) is not dict or not low <= len(value) <= high:
            return False
        keys = list(value)
        return all(map(name, keys)) and all(map(of, value.values())) and keys == sorted(keys)

    return check


def ordered_names(value: Any) -> bool:
    """Names that are sorted, each once, at least one."""
    return array(name, 1)(value) and value == sorted(set(value))


def anything(_: Any) -> bool:
    return True


def true(value: Any) -> bool:
    return value is True


def false(value: Any) -> bool:
    return value is False
