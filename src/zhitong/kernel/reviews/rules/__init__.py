"""What follows from a grade, and when a review is taken: pure functions on plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from ..choices import BAD_REASONS, GOOD_REASONS, SATISFIED

OPEN_FOR = timedelta(days=30)
TABLET_WAITS, TABLET_TAKES = timedelta(minutes=2), timedelta(minutes=15)
MOST_REASONS, MOST_WORDS, MOST_EXPLAINED = 12, 500, 500
CODE_LENGTH = 10
# Tries at a code, and reviews by poster, by one address; a device reviews a window by its poster once a day.
TRIES_BY_ADDRESS, TRIES_SECONDS = 60, 15 * 60
POSTER_BY_ADDRESS, DAY_SECONDS = 40, 24 * 60 * 60


def is_satisfied(mark: int) -> bool:
    """The first three of the five grades."""
    return mark in SATISFIED


def reasons_list(mark: int) -> str:
    """The list of reasons offered with a grade."""
    return GOOD_REASONS if is_satisfied(mark) else BAD_REASONS


def is_open(served_at: datetime, open_until: datetime, at: datetime) -> bool:
    """Whether a service can be reviewed at that moment: from when it was given until the last moment, included."""
    return served_at <= at <= open_until


def is_hidden(*, shown_from: datetime, at: datetime, staff_id: UUID | None, viewer_staff_id: UUID | None) -> bool:
    """Whether somebody must not see a review at all: the person who was judged, before the period ends."""
    return staff_id is not None and staff_id == viewer_staff_id and at < shown_from


def may_name(
    *, shown_from: datetime, at: datetime, organ_id: UUID, viewer_organs: Iterable[UUID], holds_names: bool
) -> bool:  # fmt: skip
    """Whether somebody may see who reviewed: with the permission, and while the period runs not in the organ that was judged."""
    return holds_names and (at >= shown_from or organ_id not in set(viewer_organs))


@dataclass(frozen=True, slots=True)
class Tally:
    """Services and reviews of something, added up."""

    services: int = 0
    marks: Mapping[int, int] | None = None

    @property
    def reviews(self) -> int:
        """All grades."""
        return sum((self.marks or {}).values())

    @property
    def satisfied(self) -> int:
        """The first three."""
        return sum(n for mark, n in (self.marks or {}).items() if is_satisfied(mark))

    @property
    def participation(self) -> Decimal | None:
        """Reviews ÷ services, in percent with two places; None over nothing."""
        return percent(self.reviews, self.services)

    @property
    def satisfaction(self) -> Decimal | None:
        """The first three grades ÷ reviews, in percent with two places; None over nothing."""
        return percent(self.satisfied, self.reviews)


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, rounded half up to two places."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole > 0 else None
