"""How long kinds of records are kept: each component declares its kinds with a term, a basis and what destroying means.

A kind either goes by itself when its term is over (``destroy``) or comes on a list that somebody makes and somebody else
approves (``due`` and ``destroy_listed``).  A kind with neither stays for good and says why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS, YEARS = "day", "year"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing whose term is over.  ``title`` names it without saying anything of a person."""

    key: UUID
    title: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of records.  ``amount`` None: for good.  ``count(before)`` says how many have their term over that began before then.

    ``due(before, most, without=…, only=…)`` gives the oldest of them, leaving some keys out or taking these alone.
    ``destroy(before)`` and ``destroy_listed(keys, by, at)`` give how many they destroyed.
    """

    slug: str
    label: Any
    basis: Any
    amount: int | None
    unit: str = DAYS
    counts_from: Any = ""
    count: Callable[[datetime], int] = lambda before: 0
    destroy: Callable[[datetime], int] | None = None
    due: Callable[..., list[Due]] | None = None
    destroy_listed: Callable[[Sequence[UUID], Any, datetime], int] | None = None

    @property
    def is_listed(self) -> bool:
        """Whether somebody must approve a list before anything goes."""
        return self.destroy_listed is not None


def cutoff(amount: int, unit: str, at: datetime) -> datetime:
    """What began before this has its term over at ``at``.  Years count as archives count them: from 1 January after."""
    if unit == DAYS:
        return at - timedelta(days=amount)
    return datetime(at.astimezone(SHANGHAI).year - amount, 1, 1, tzinfo=SHANGHAI)


def term_end(amount: int, unit: str, since: datetime) -> datetime:
    """When the term of what began at ``since`` is over."""
    if unit == DAYS:
        return since + timedelta(days=amount)
    return datetime(since.astimezone(SHANGHAI).year + 1 + amount, 1, 1, tzinfo=SHANGHAI)


_declared: dict[str, RecordKind] = {}


def declare_record_kind(kind: RecordKind) -> None:
    """Tell of it; the same slug twice is a mistake in code."""
    if _declared.setdefault(kind.slug, kind) != kind:
        raise ValueError(f"record kind {kind.slug} is declared twice")


def record_kinds() -> dict[str, RecordKind]:
    """All of them by slug; those that are listed first."""
    return {one.slug: one for one in sorted(_declared.values(), key=lambda one: (not one.is_listed, one.slug))}
