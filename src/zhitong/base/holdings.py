"""What a component holds about a person: each declares it with its models, and one place asks all of them.

    declare_holding(Holding("matters.words", _("事项"), ("matters.Matter",), look=…, erase=…, order=10))

``look`` says what is held, and of each part whether it would stay and why; ``erase`` takes out what would not.  Both are asked
in the order of ``order``: whoever still needs to know the person says so in ``Case.needed``, and the register, asked last, keeps
the person then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

Fact = tuple[Any, str]  # a label, translated when shown, and what is held


@dataclass
class Case:
    """One person's request while it is looked at.

    ``term_end(kind, since)`` is when the term of a kind of record (``base.retention``) ends; None where it never does.
    ``is_unlawful``: should never have been held, so that no term keeps it.  ``needed`` is filled on the way.
    """

    person_id: UUID
    at: datetime
    term_end: Callable[[str, datetime], datetime | None]
    is_unlawful: bool = False
    needed: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held.  ``kept`` is why it would stay, "" where it would be erased; until when, where that is known.  ``files`` are names
    and where the content lies."""

    key: UUID
    title: str
    at: datetime | None = None
    facts: Sequence[Fact] = ()
    kept: Any = ""
    until: datetime | None = None
    files: Sequence[tuple[str, Path]] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """What one component holds of people, and in which models.  ``erase(case, by)`` gives how many things it took out."""

    slug: str
    label: Any
    models: tuple[str, ...]
    look: Callable[[Case], Sequence[Held]]
    erase: Callable[[Case, Any], int]
    order: int = 50


_declared: dict[str, Holding] = {}


def declare_holding(holding: Holding) -> None:
    """Tell of it; the same slug twice is a mistake in code."""
    if _declared.setdefault(holding.slug, holding) != holding:
        raise ValueError(f"holding {holding.slug} is declared twice")


def holdings() -> list[Holding]:
    """All of them, in the order in which they are asked."""
    return sorted(_declared.values(), key=lambda one: (one.order, one.slug))
