"""Where the duty list names no lead, or several, and at which hours of the week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np

from zhitong.base.hours import ALWAYS, WEEK, told
from zhitong.kernel.territory import public as territory

from .. import rules
from ..choices import DutyRole
from ..models import Duty, valid_on
from ..rules import Claim
from .duties import CLAIM, claim_of
from .kept import headings

BITS = 62  # more stretches of a week than this do not fit into the numbers NumPy counts with fastest


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the duty list names nobody, or several, as lead.

    ``organ_ids`` is empty for a hole.  No division means the whole district, no category every category.  ``hours`` says when
    ("22:00-06:00", several with "; " between them); "" is always.
    """

    category_id: UUID | None
    division_id: UUID | None
    organ_ids: tuple[UUID, ...] = ()
    hours: str = ""


class _Week:
    """The stretches of a week between all moments at which some duty begins or ends: each is one bit."""

    def __init__(self, leads: Sequence[Claim]) -> None:
        self._spans = {hours: hours.spans() for hours in {claim.hours for claim in leads} | {ALWAYS}}
        edges = sorted({edge for spans in self._spans.values() for span in spans for edge in span} | {0, WEEK})
        self._stretches = list(pairwise(edges))
        self.whole = (1 << len(self._stretches)) - 1
        self.masks = {hours: self._mask(spans) for hours, spans in self._spans.items()}

    def _mask(self, spans: Sequence[tuple[int, int]]) -> int:
        held = (any(a <= first and last <= b for a, b in spans) for first, last in self._stretches)
        return sum(1 << bit for bit, is_held in enumerate(held) if is_held)

    def told(self, mask: int) -> str:
        """The stretches of a mask in words; "" for all of them."""
        if mask == self.whole:
            return ""
        return "; ".join(map(str, told(span for bit, span in enumerate(self._stretches) if mask >> bit & 1)))

    @property
    def kind(self) -> Any:
        """What NumPy keeps masks in."""
        return np.int64 if len(self._stretches) <= BITS else object


def gaps(on: date, *, level: str = "street") -> tuple[list[Gap], list[Gap]]:
    """`holes` and `conflicts` of one day.  One query for the duties, however many categories and divisions there are."""
    leads = _all_leads(on)
    week = _Week(leads)
    return list(_holes(leads, week, on, level)), list(_conflicts(leads, week))


def holes(on: date, *, level: str = "street") -> list[Gap]:
    """Categories of the lowest level in use × divisions of that level with no lead at some hour of that day's week.

    What lacks a lead in every division at the same hours is named once, without a division.
    """
    return gaps(on, level=level)[0]


def conflicts(on: date) -> list[Gap]:
    """Category and division of each pair for which two organs or more are named lead at the same hour.  A duty of certain hours
    comes before one that always holds: that is no conflict."""
    return gaps(on)[1]


def _all_leads(on: date) -> list[Claim]:
    rows = Duty.objects.filter(valid_on(on), valid_on(on, "organ__"), role=DutyRole.LEAD)
    return [claim_of(*row) for row in rows.values_list(*CLAIM, "organ__valid_from", "organ__valid_to")]


def _holes(leads: Sequence[Claim], week: _Week, on: date, level: str) -> Iterator[Gap]:
    """A table of categories × divisions in which each cell holds the hours that somebody leads: filled where duties stand, then
    handed down from every heading and every division to what lies below it."""
    categories = {row.id: row.path for row in headings(with_inactive=True)}
    divisions = {node.id: node.path for node in territory.of_level(level, on=on)}
    if not divisions:
        return
    rows = _index(categories.values())
    columns = _index(divisions.values())
    held = np.zeros((len(rows), len(columns)), dtype=week.kind)
    for claim in leads:
        if claim.category_id in rows and claim.division_id in columns:
            held[rows[claim.category_id], columns[claim.division_id]] |= week.masks[claim.hours]
    for above, below in _steps(divisions.values()):
        held[:, columns[below]] |= held[:, columns[above]]
    for above, below in _steps(categories.values()):
        held[rows[below], :] |= held[rows[above], :]
    places = [columns[pk] for pk in divisions]
    for category in _leaves():
        missing = week.whole & ~held[rows[category], places]
        yield from _told(category, list(divisions), [int(mask) for mask in missing], week)


def _told(category: UUID, divisions: Sequence[UUID], missing: Sequence[int], week: _Week) -> Iterator[Gap]:
    if missing[0] and len(set(missing)) == 1:
        yield Gap(category, None, hours=week.told(missing[0]))
        return
    for division, mask in zip(divisions, missing, strict=True):
        if mask:
            yield Gap(category, division, hours=week.told(mask))


def _index(paths: Any) -> dict[UUID | None, int]:
    """A place for each id on a path; the first is for what names none."""
    ids: dict[UUID | None, None] = {None: None}
    for path in paths:
        ids.update(dict.fromkeys(path))
    return {pk: place for place, pk in enumerate(ids)}


def _steps(paths: Any) -> Iterator[tuple[UUID | None, UUID]]:
    """Each id with the one above it, the upper ones first."""
    found: dict[UUID, tuple[int, UUID | None]] = {}
    for path in paths:
        for depth, (above, below) in enumerate(zip((None, *path[:-1]), path, strict=True)):
            found[below] = (depth, above)
    return ((above, below) for below, (_depth, above) in sorted(found.items(), key=lambda one: one[1][0]))


def _leaves() -> list[UUID]:
    """Active categories that have no active category below them, in order."""
    rows = headings()
    above = {row.parent_id for row in rows}
    return [row.id for row in rows if row.id not in above]


def _conflicts(leads: Sequence[Claim], week: _Week) -> Iterator[Gap]:
    for (category, division), claims in rules.by_place(leads).items():
        if len({claim.organ_id for claim in claims}) > 1:
            for organs, mask in _disputed(claims, week).items():
                yield Gap(category, division, organs, week.told(mask))


def _disputed(claims: Sequence[Claim], week: _Week) -> dict[tuple[UUID, ...], int]:
    """The organs that lead at the same hours of one place, and those hours."""
    found: dict[tuple[UUID, ...], int] = {}
    for bit in range(week.whole.bit_length()):
        holding = [claim for claim in claims if week.masks[claim.hours] >> bit & 1]
        exact = [claim for claim in holding if not claim.hours.is_always] or holding
        organs = tuple(dict.fromkeys(claim.organ_id for claim in exact))
        if len(organs) > 1:
            found[organs] = found.get(organs, 0) | 1 << bit
    return found
