"""The functions that conditions of a form may call beside those of XPath 1.0.

Source: the ODK XForms Specification, "XPath Functions" (getodk.github.io/xforms-spec).  Each takes its arguments as lists: the
texts of nodes, or one number, text or truth.  Days are numbers since 1970-01-01, as the specification counts them.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

Given = list[Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TRUE = ("1", "true", "yes", "on")
MOST_TEXT = 2_000  # characters a pattern is matched against
LONGEST_PATTERN = 300


class NotHere(Exception):
    """Only the phone can say: the function asks for what the server does not have."""


def text(given: Given) -> str:
    """The first of them as text; nothing is the empty text."""
    if not given:
        return ""
    first = given[0]
    if isinstance(first, bool):
        return "true" if first else "false"
    if isinstance(first, float) and first.is_integer():
        return str(int(first))
    return str(first)


def number(given: Given) -> float:
    """The first of them as a number; what is none is NaN."""
    if given and isinstance(given[0], bool | int | float):
        return float(given[0])
    try:
        return float(text(given))
    except ValueError:
        return math.nan


def truth(given: Given) -> bool:
    """Whether it counts as true in XPath: nodes that are there, a text that is not empty, a number but 0 and NaN."""
    if len(given) != 1:
        return bool(given)
    first = given[0]
    if isinstance(first, bool):
        return first
    if isinstance(first, int | float):
        return bool(first) and not math.isnan(first)
    return bool(first)


def days(moment: str) -> float:
    """Days since 1970-01-01 of a day, ``2026-11-22``, or of a moment, ``2026-11-22T18:00:00+08:00``; NaN for anything else."""
    try:
        if "T" not in moment:
            return float((date.fromisoformat(moment) - EPOCH.date()).days)
        at = datetime.fromisoformat(moment)
    except ValueError:
        return math.nan
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (at - EPOCH).total_seconds() / 86_400


def _moment(given: Given) -> datetime | None:
    since = number(given)
    since = since if not math.isnan(since) else days(text(given))
    return None if math.isnan(since) or abs(since) > 1_000_000 else EPOCH + timedelta(days=since)


def _formatted(given: Given, form: Given) -> str:
    at = _moment(given)
    if at is None:
        return ""
    signs = {"Y": "%Y", "y": "%y", "m": "%m", "n": str(at.month), "b": "%b", "d": "%d", "e": str(at.day), "a": "%a",
             "H": "%H", "h": str(at.hour), "M": "%M", "S": "%S", "3": f"{at.microsecond // 1000:03d}"}  # fmt: skip
    return at.strftime(re.sub(r"%([A-Za-z3])", lambda found: signs.get(found[1], found[0]), text(form)))


def _words(given: Given) -> list[str]:
    return text(given).split()


def _word(given: Given, place: Given) -> str:
    words, at = _words(given), number(place)
    return words[int(at)] if not math.isnan(at) and 0 <= at < len(words) else ""


def _matches(given: Given, pattern: Given) -> bool:
    """Bounded, since pattern and text are both written by others."""
    said, wanted = text(given), text(pattern)
    if len(said) > MOST_TEXT or len(wanted) > LONGEST_PATTERN or re.search(r"[+*}]\)?[+*{]", wanted):
        raise NotHere("regex")
    try:
        return re.search(f"^(?:{wanted})$", said) is not None
    except re.error as wrong:
        raise NotHere("regex") from wrong


def _part(given: Given, begin: Given, end: Given | None = None) -> str:
    said, last = text(given), None if end is None else number(end)
    first = number(begin)
    if math.isnan(first) or (last is not None and math.isnan(last)):
        return ""
    return said[int(first) : None if last is None else int(last)]


def _numbers(given: tuple[Given, ...]) -> list[float]:
    return [number([one]) for some in given for one in some if text([one])]


def _rounded(given: Given, places: Given | None = None) -> float:
    value = number(given)
    scale = 10 ** int(number(places)) if places else 1
    return value if math.isnan(value) else math.floor(value * scale + 0.5) / scale


def _checked(least: Given, most: Given, *marks: Given) -> bool:
    count = sum(truth(mark) for mark in marks)
    low, high = number(least), number(most)
    return (low < 0 or count >= low) and (high < 0 or count <= high)


def _first(*some: Given) -> str:
    return next((said for said in map(text, some) if said), "")


def _whole(given: Given) -> float:
    value = number(given)
    return value if math.isnan(value) else float(int(value))


def _only_there(*_given: Given) -> Any:
    raise NotHere


def _texts(some: tuple[Given, ...]) -> list[str]:
    return [text([one]) for given in some for one in given]


ANY = 60  # arguments at most
# name: least and most arguments, and what it does
FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "if": (3, 3, lambda test, yes, no: next(iter(yes if truth(test) else no), "")),
    "selected": (2, 2, lambda given, value: text(value).strip() in _words(given)),
    "selected-at": (2, 2, _word),
    "count-selected": (1, 1, lambda given: float(len(_words(given)))),
    "count-non-empty": (1, 1, lambda given: float(sum(bool(text([one])) for one in given))),
    "coalesce": (1, ANY, _first),
    "once": (1, 1, text),
    "join": (1, ANY, lambda between, *some: text(between).join(_texts(some))),
    "regex": (2, 2, _matches),
    "substr": (2, 3, _part),
    "ends-with": (2, 2, lambda given, end: text(given).endswith(text(end))),
    "int": (1, 1, _whole),
    "abs": (1, 1, lambda given: abs(number(given))),
    "pow": (2, 2, lambda given, by: number(given) ** number(by) if abs(number(by)) <= 100 else math.nan),
    "max": (1, ANY, lambda *some: max(_numbers(some), default=math.nan)),
    "min": (1, ANY, lambda *some: min(_numbers(some), default=math.nan)),
    "round": (1, 2, _rounded),
    "boolean-from-string": (1, 1, lambda given: text(given).lower() in TRUE),
    "checklist": (2, ANY, _checked),
    "weighted-checklist": (4, ANY, _only_there),
    "date": (1, 1, lambda given: days(text(given)) if isinstance(given[0] if given else "", str) else number(given)),
    "decimal-date-time": (1, 1, lambda given: days(text(given)) if math.isnan(number(given)) else number(given)),
    "format-date": (2, 2, _formatted),
    "format-date-time": (2, 2, _formatted),
}
FUNCTIONS["date-time"] = FUNCTIONS["date"]
# What depends on the moment, on chance, on the place in the form, or on data that only the phone has.
ELSEWHERE: dict[str, tuple[int, int]] = {
    "today": (0, 0), "now": (0, 0), "decimal-time": (1, 1), "random": (0, 0), "randomize": (1, 2), "uuid": (0, 1),
    "position": (0, 1), "indexed-repeat": (3, 7), "pulldata": (4, 4),
    "jr-choice-name": (2, 2), "jr-itext": (1, 1), "property": (1, 1), "version": (0, 0), "digest": (2, 3), "area": (1, 1),
    "distance": (1, ANY), "geofence": (2, 2), "enclosed-area": (1, 1), "base64-decode": (1, 1), "base64-encode": (1, 1),
    "depend": (1, ANY), "extract-signed": (2, 2), "intersects": (1, 1), "pi": (0, 0), "sqrt": (1, 1), "exp": (1, 1), "exp10": (1, 1), "log": (1, 1),
    "log10": (1, 1), "sin": (1, 1), "cos": (1, 1), "tan": (1, 1), "asin": (1, 1), "acos": (1, 1), "atan": (1, 1),
    "atan2": (2, 2), "search": (1, 6), "thousandsep": (1, 2), "thousands-sep": (1, 2), "hypot": (2, 2), "sin-deg": (1, 1),
}  # fmt: skip
