"""A line's bytes: the one form of its event (events.md, "Lines")."""

import json
from typing import Any, NoReturn

from .disagreement import Disagreement, refuse, require
from .forms import FORMS, Form

LINE_BYTES_MAX = 60 * 1024
DETAILS_BYTES_MAX = 4096


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text}")


STRICT = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number)
LOOSE = json.JSONDecoder()
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def event_of(line: bytes) -> dict[str, Any]:
    """The event that a line says, once the line is known to be its one form."""
    if len(line) + 1 > LINE_BYTES_MAX:
        refuse("bytes of the line", f"at most {LINE_BYTES_MAX}", len(line) + 1)
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise Disagreement("the line", "UTF-8", error) from error
    if '"details":' in text:
        text = without_details(text)
    event: dict[str, Any] = parse(text)
    if type(event) is not dict:
        refuse("the line", "a JSON object", text[:80])
    form = form_of(event)
    form.check(event)
    require("the line", encode(event), text)
    return event


def parse(text: str) -> Any:
    try:
        return STRICT.decode(text)
    except (ValueError, RecursionError) as error:
        raise Disagreement("the line", "one JSON object of integers, strings, arrays and objects", error) from error


def form_of(event: dict[str, Any]) -> Form:
    """The table of the event's type."""
    kind = event.get("type")
    form = FORMS.get(kind) if type(kind) is str else None
    if form is None:
        raise Disagreement("the type of the event", "one of events.md", kind)
    return form


def without_details(text: str) -> str:
    """The line with 0 in the place of its `details`, the one part that is not written by the ledger."""
    place = 1
    while place < len(text) and text[place] == '"':
        try:
            key, colon = LOOSE.raw_decode(text, place)
            _, end = LOOSE.raw_decode(text, colon + 1)
        except (ValueError, RecursionError) as error:
            raise Disagreement("the line", "one JSON object", error) from error
        if key == "details":
            if len(text[colon + 1 : end].encode()) > DETAILS_BYTES_MAX:
                refuse("bytes of `details`", f"at most {DETAILS_BYTES_MAX}", len(text[colon + 1 : end].encode()))
            return text[: colon + 1] + "0" + text[end:]
        place = end + 1
    return text


def sequence_of(line: bytes) -> int | None:
    """The number that a line gives itself."""
    event = parse(line.decode(errors="replace"))
    return event.get("seq") if type(event) is dict else None
