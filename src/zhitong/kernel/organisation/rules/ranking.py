"""Which duty speaks first: the more exact category, then the more exact place, then lead before co-handler."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhitong.base.hours import ALWAYS, Hours


@dataclass(frozen=True, slots=True)
class Answer:
    """One organ that answers, and why.

    ``role`` is ``lead`` or ``co``.  ``category_name`` and ``division_name`` are those of the duty, not of the question;
    None means every category or the whole district.  ``why`` is a sentence in the reader's language, ``since`` the first day of the
    duty, ``hours`` when it holds ("" for always).
    """

    organ_id: UUID
    role: str
    duty_id: UUID
    organ_name: str
    category_name: str | None
    division_name: str | None
    basis: str
    why: str
    since: date | None = None
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A duty as the ranking sees it.  ``order`` breaks ties between equals (pinyin of the organ)."""

    duty_id: UUID
    organ_id: UUID
    role: str
    category_id: UUID | None
    division_id: UUID | None
    valid_from: date
    valid_to: date | None
    order: str = ""
    hours: Hours = ALWAYS

    def is_valid_on(self, on: date) -> bool:
        """Whether the duty is in force on that day; its last day is the one before ``valid_to``."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Path:
    """Where a division stood in the tree from one day to another: ids from the top down to itself."""

    steps: tuple[UUID, ...]
    valid_from: date
    valid_to: date | None


def path_on(paths: Sequence[Path], on: date) -> tuple[UUID, ...]:
    """Where the division stood on that day; outside its own days where it stood nearest to it; nowhere when unknown."""
    held = next((p for p in paths if p.valid_from <= on and (p.valid_to is None or on < p.valid_to)), None)
    if held is None and paths:
        held = paths[0] if on < paths[0].valid_from else paths[-1]
    return held.steps if held else ()


Places = Mapping[tuple[UUID | None, UUID | None], Sequence[Claim]]


def by_place(claims: Iterable[Claim]) -> dict[tuple[UUID | None, UUID | None], list[Claim]]:
    """Claims by the category and division they name."""
    found: dict[tuple[UUID | None, UUID | None], list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.category_id, claim.division_id), []).append(claim)
    return found


def _holds(claim: Claim, on: date, at: datetime | None) -> bool:
    return claim.is_valid_on(on) and (at is None or claim.hours.is_always or claim.hours.covers(at))


def _among_equals(claim: Claim, at: datetime | None) -> tuple[bool, bool, int, str, UUID]:
    """Lead first; at a moment whoever has it in his hours, at no moment whoever has it always; then the later start."""
    is_second = claim.hours.is_always if at else not claim.hours.is_always
    return (claim.role != "lead", is_second, -claim.valid_from.toordinal(), claim.order, claim.duty_id)


def ranked(
    places: Places, categories: Sequence[UUID], divisions: Sequence[UUID], on: date, at: datetime | None = None
) -> list[Claim]:
    """The claims in force on ``on``, most exact first, each organ once.

    ``categories`` and ``divisions`` are paths from the top down to the thing asked for; a claim on any of them, or on
    everything, counts.  The category weighs more than the place.  An organ that is named twice counts as it is named
    most exactly.  At a moment ``at`` (as clocks on the wall show it) only claims count that hold then.
    """
    found: dict[UUID, Claim] = {}
    for category in (*reversed(categories), None):
        for division in (*reversed(divisions), None):
            claims = (c for c in places.get((category, division), ()) if _holds(c, on, at))
            for claim in sorted(claims, key=lambda claim: _among_equals(claim, at)):
                found.setdefault(claim.organ_id, claim)
    return list(found.values())


def first_lead(claims: Iterable[Claim]) -> Claim | None:
    """The claim that decides who leads."""
    return next((c for c in claims if c.role == "lead"), None)
