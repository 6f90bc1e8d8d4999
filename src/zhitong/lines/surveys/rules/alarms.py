"""Whether an answer crosses a line that somebody has drawn: fever from 37.3 ℃, a lift whose inspection has run out."""

from collections.abc import Iterator
from typing import Any

from ..choices import Crossing


def at_path(values: Any, path: list[str]) -> Iterator[str]:
    """Every answer at that place, those of all rounds of a repeat; ``path`` is without the name of the form."""
    if isinstance(values, list):
        for one in values:
            yield from at_path(one, path)
    elif not path:
        if isinstance(values, str) and values:
            yield values
    elif isinstance(values, dict):
        yield from at_path(values.get(path[0]), path[1:])


def crosses(said: str, crossing: str, bound: str) -> bool:
    """Whether one answer crosses the line.  Numbers are compared as numbers, days as days, both as they are written (ISO 8601)."""
    if crossing == Crossing.ANSWERED:
        return True
    if crossing == Crossing.HAS:
        return bound in said.split()
    if crossing in (Crossing.AT_LEAST, Crossing.AT_MOST):
        return _compared(said, bound, is_upward=crossing == Crossing.AT_LEAST)
    return (said == bound) is (crossing == Crossing.IS)


def _compared(said: str, bound: str, *, is_upward: bool) -> bool:
    try:
        given, limit = float(said), float(bound)
    except ValueError:
        return said >= bound if is_upward else said <= bound
    return given >= limit if is_upward else given <= limit
