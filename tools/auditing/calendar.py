"""Instants and the boundaries of periods in a time zone (ledger.md, "Windows")."""

import calendar
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MICROSECOND = timedelta(microseconds=1)


unjudged: set[str] = set()
"""Zones that this machine's zone database does not have, or that it was told not to judge by: what the log says is taken."""


class Unjudged(Exception):
    """A boundary was asked for in a zone that is not known here."""


@cache
def zone(name: str) -> ZoneInfo:
    if not judges(name):
        raise Unjudged(name)
    return ZoneInfo(name)


def judges(name: str) -> bool:
    """Whether days and windows in a zone can be recomputed."""
    if name in unjudged:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        unjudged.add(name)
        return False
    return True


@lru_cache(1 << 12)
def instant(time: str) -> datetime:
    return datetime.fromisoformat(time[:-1]).replace(tzinfo=UTC)


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def later(time: str, seconds: int) -> str:
    """So many seconds after a time; before the first year or after the last, the nearest that can be written."""
    try:
        return text(instant(time) + timedelta(seconds=seconds))
    except OverflowError:
        return "0001-01-01T00:00:00.000000Z" if seconds < 0 else "9999-12-31T23:59:59.999999Z"


def local_date(time: str, zone_name: str) -> str:
    """The date of a time in a zone."""
    if zone_name == "UTC":
        return time[:10]
    return _local_date(time[:19], zone_name)


@lru_cache(1 << 14)
def _local_date(time: str, zone_name: str) -> str:
    return datetime.fromisoformat(time).replace(tzinfo=UTC).astimezone(zone(zone_name)).date().isoformat()


@lru_cache(1 << 14)
def first_instant(year: int, month: int, day: int, zone_name: str) -> str | None:
    """The first instant of a local date; none where the date was left out."""
    place = zone(zone_name)
    start = datetime(year, month, day, tzinfo=place).astimezone(UTC)
    date = datetime(year, month, day).date()
    if (start - MICROSECOND).astimezone(place).date() >= date:
        start = _first_within(start - timedelta(days=1), start, place, date)
    return text(start) if start.astimezone(place).date() == date else None


def _first_within(low: datetime, high: datetime, place: ZoneInfo, date: object) -> datetime:
    """The first instant after `low` of a date that `high` is of, where clocks were put forward over midnight."""
    while high - low > MICROSECOND:
        middle = low + (high - low) / 2
        if middle.astimezone(place).date() >= date:  # type: ignore[operator]
            high = middle
        else:
            low = middle
    return high


def boundary(year: int, month: int, day: int, zone_name: str) -> str | None:
    """The boundary of a month on an anchor day, or on its last day if it has no such day."""
    return first_instant(year, month, min(day, calendar.monthrange(year, month)[1]), zone_name)


@lru_cache(1 << 14)
def next_boundary(time: str, period: str, anchor: int, zone_name: str) -> str:
    """The first boundary of `day` or `month` after a time."""
    local = instant(time).astimezone(zone(zone_name)).date()
    if period == "day":
        candidates = ((d.year, d.month, d.day) for d in (local + timedelta(days=n) for n in range(4)))
    else:
        candidates = ((*add_months(local.year, local.month, n), anchor) for n in range(4))
    return next(found for each in candidates if (found := edge(period, each, zone_name)) and found > time)


@lru_cache(1 << 14)
def last_boundary(time: str, period: str, anchor: int, zone_name: str) -> str:
    """The last boundary of `day` or `month` at or before a time."""
    local = instant(time).astimezone(zone(zone_name)).date()
    if period == "day":
        candidates = ((d.year, d.month, d.day) for d in (local + timedelta(days=n) for n in (1, 0, -1, -2)))
    else:
        candidates = ((*add_months(local.year, local.month, n), anchor) for n in (1, 0, -1, -2))
    return next(found for each in candidates if (found := edge(period, each, zone_name)) and found <= time)


def edge(period: str, date: tuple[int, int, int], zone_name: str) -> str | None:
    return first_instant(*date, zone_name) if period == "day" else boundary(*date, zone_name)


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    years, index = divmod(month - 1 + count, 12)
    return year + years, index + 1
