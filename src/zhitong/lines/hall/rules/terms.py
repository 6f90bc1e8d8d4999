"""Conditions on answers as editors write them: ``场所来源=租赁|借用；面积>=50``.  All terms must hold; values after ``|`` are alternatives."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_TERM = re.compile(r"\s*([^\s=!<>]+)\s*(!=|>=|<=|=|>|<)\s*(.+?)\s*", re.DOTALL)
_WIDE = str.maketrans({"；": ";", "＝": "=", "≠": "!", "≥": ">", "≤": "<", "＞": ">", "＜": "<", "｜": "|", "\n": ";"})
_SPLIT = re.compile(r"[|、]")
OPERATORS = ("=", "!=", ">=", "<=", ">", "<")


class BadTerm(ValueError):
    """A condition that cannot be read."""


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of the answer to a question."""

    slug: str
    operator: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.slug}{self.operator}{'|'.join(self.values)}"


@lru_cache(4096)
def parse(text: str) -> tuple[Term, ...]:
    """The terms of a condition; none for an empty one.  Raises ``BadTerm``."""
    for wide, plain in (("≠", "!="), ("≥", ">="), ("≤", "<=")):
        text = text.replace(wide, plain)
    return tuple(_term(part) for part in text.translate(_WIDE).split(";") if part.strip())


def _term(part: str) -> Term:
    match = _TERM.fullmatch(part)
    values = tuple(value.strip() for value in _SPLIT.split(match[3]) if value.strip()) if match else ()
    if not match or not values or (match[2] not in ("=", "!=") and len(values) > 1):
        raise BadTerm(part.strip())
    return Term(match[1], match[2], values)


def canonical(text: str) -> str:
    """The condition in the one way in which it is stored.  Raises ``BadTerm``."""
    return "；".join(map(str, parse(text)))


def holds(text: str, answers: Mapping[str, Any]) -> bool:
    """Whether the answers fulfil the condition; a question that is not answered fulfils nothing."""
    return all(_holds(term, answers.get(term.slug)) for term in parse(text))


def _holds(term: Term, answer: Any) -> bool:
    if answer is None or answer in ("", []):
        return False
    given = [_text(one) for one in answer] if isinstance(answer, list | tuple) else [_text(answer)]
    if term.operator in ("=", "!="):
        return any(_same(one, value) for one in given for value in term.values) is (term.operator == "=")
    return _compared(term.operator, given[0], term.values[0])


def _text(answer: Any) -> str:
    if isinstance(answer, bool):
        return "是" if answer else "否"
    return str(answer)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _same(one: str, other: str) -> bool:
    return one == other or ((number := _number(one)) is not None and number == _number(other))


def _compared(operator: str, one: str, other: str) -> bool:
    """Numbers by size, days (ISO) as text."""
    pair: Sequence[Any] = (_number(one), _number(other))
    left, right = (one, other) if None in pair else pair
    match operator:
        case ">=":
            return bool(left >= right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
    return bool(left < right)


def is_needed(condition: str, needed_when: str, answers: Mapping[str, Any]) -> bool | None:
    """Whether a material is needed: by its condition on the answers; None where only a sentence says when."""
    if needed_when:
        return holds(needed_when, answers)
    return None if condition else True
