"""What the standard says in plain values: spans of days, statuses, attributes, names."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from zhitong.base.identifiers import millis_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_DAYS = timedelta(days=90)
OPEN, CLOSED = "open", "closed"
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\])?")
_HAN = re.compile("[\u3400-\u9fff]")


def moment(text: str) -> datetime | None:
    """A moment in W3C's format; the district's time where none is named; None when it is not one.

    A plus sign that was not escaped arrives as a space.
    """
    plain = re.sub(r" (\d\d:?\d\d)$", r"+\1", text.strip())
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when: ninety days before now, from the start, or before the end; None when it is longer than that."""
    try:
        first = start or (end or now) - MOST_DAYS
        last = end or min(first + MOST_DAYS, max(now, first))
    except OverflowError:
        return None
    return (first, last) if last - first <= MOST_DAYS else None


def first_id(at: datetime) -> UUID:
    """The lowest id a matter opened at that moment can have: ids stand in the order of time, to the millisecond."""
    millis = min(max(millis_of(at), 0), (1 << 48) - 1)
    return UUID(int=millis << 80)


def listed(text: str) -> list[str]:
    """What stands between commas, each once."""
    return list(dict.fromkeys(part for part in (part.strip() for part in text.split(",")) if part))


def attributes(fields: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """``attribute[code]=value`` and ``attribute[code][]=value`` as values by code; empty values say nothing."""
    found: dict[str, list[str]] = {}
    for name, values in fields:
        if match := _ATTRIBUTE.fullmatch(name):
            found.setdefault(match[1], []).extend(value for value in values if value.strip())
    return {code: values for code, values in found.items() if values}


def full_name(first: str, last: str) -> str:
    """王小明 for a Chinese name, Ada Lovelace for another."""
    first, last = first.strip(), last.strip()
    return f"{last}{first}" if _HAN.search(first + last) else f"{first} {last}".strip()
