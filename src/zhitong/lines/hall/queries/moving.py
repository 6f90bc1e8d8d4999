"""Cases under a version that no longer counts: which, and what moving them would change."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m

from ..choices import MaterialState
from ..models import Application, Version, in_force
from ..permissions import MOVE
from ..rules import Change
from ..rules import cases as rules
from ..rules.terms import is_needed
from .cases import KIND, behind_q
from .limits import terms_under
from .versions import changes_between

MOST = 200
PAGE = 50
MOVABLE = ("submitted", "awaiting", "examining", "deciding")


@dataclass(frozen=True, slots=True)
class Later:
    """A limit that would end at another moment."""

    label: Any
    was: datetime
    now: datetime


@dataclass
class Moved:
    """One case with what moving it would change."""

    case: Application
    later: list[Later] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass
class Pair:
    """The cases that would go from one version to another, and what differs between the two."""

    old: Version
    new: Version
    changes: list[Change]
    cases: list[Moved] = field(default_factory=list)


def behind(by: Actor, on: date, ids: Collection[UUID] | None = None) -> list[Application]:
    """Open cases ``by`` may move that lag behind, oldest first; of those with these ids.  At most ``MOST``."""
    rows = _behind(by, on)
    rows = rows if ids is None else rows.filter(pk__in=list(ids))
    return _read(rows.order_by("matter")[:MOST])


def _behind(by: Actor, on: date) -> QuerySet[Application]:
    may = m.open_matters(by, MOVE).filter(kind=KIND, stage__in=MOVABLE)
    return Application.objects.filter(behind_q(on), matter__in=may)


def _read(some: QuerySet[Application]) -> list[Application]:
    """In full what ``some``, cut off, names: what is cut off is not read in full to be sorted."""
    rows = Application.objects.filter(pk__in=some.values("pk"))
    return list(rows.select_related("matter", "item", "version", "matter__lead").order_by("matter"))


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of what lags behind, and the ids from which the pages before and after it go on."""

    cases: list[Application]
    before: UUID | None
    after: UUID | None


def page_behind(by: Actor, on: date, *, after: UUID | None = None, before: UUID | None = None) -> Page:
    """``PAGE`` of `behind` after an id, or before another; from the oldest on without one.  One query."""
    rows = _behind(by, on)
    if before is not None:
        found = _read(rows.filter(pk__lt=before).order_by("-matter")[: PAGE + 1])
        cases = found[-PAGE:]
        has_earlier, has_later = len(found) > PAGE, True
    else:
        found = _read((rows.filter(pk__gt=after) if after else rows).order_by("matter")[: PAGE + 1])
        cases = found[:PAGE]
        has_earlier, has_later = after is not None, len(found) > PAGE
    if not cases:
        return Page([], None, None)
    return Page(cases, cases[0].pk if has_earlier else None, cases[-1].pk if has_later else None)


def newest(item_ids: Collection[UUID], on: date) -> dict[UUID, Version]:
    """The version that counts of each item."""
    rows = Version.objects.filter(in_force(on), item__in=list(item_ids)).prefetch_related("materials")
    return {row.item_id: row for row in rows}


def preview(by: Actor, at: datetime, ids: Collection[UUID]) -> list[Pair]:
    """What moving these cases to the version that counts would change."""
    on = timezone.localdate(at)
    cases = behind(by, on, ids)
    versions = newest({case.item_id for case in cases}, on)
    olds = Version.objects.prefetch_related("materials").in_bulk({case.version_id for case in cases})
    pairs: dict[UUID, Pair] = {}
    for case in cases:
        old, new = olds[case.version_id], versions[case.item_id]
        pair = pairs.setdefault(old.pk, Pair(old, new, changes_between(old, new)))
        pair.cases.append(_moved(case, new))
    return list(pairs.values())


def _moved(case: Application, new: Version) -> Moved:
    limits, labels = terms_under(new, case), {c.slug: c.label for c in m.KINDS[KIND].clocks}
    live = case.matter.clocks.filter(state__in=(m.ClockState.RUNNING, m.ClockState.PAUSED))
    found = Moved(case)
    for clock in live:
        terms = limits.get(clock.slug)
        if terms is not None and (due := m.due_with(clock, terms)) != clock.due_at:
            found.later.append(Later(labels[clock.slug], clock.due_at, due))
    said = dict(case.handed.values_list("material__name", "state"))
    for one in new.materials.all():
        state = said.get(one.name, "")
        needed = is_needed(one.condition, one.needed_when, case.answers)
        is_lost = (
            rules.state_of(one, state if state != MaterialState.MISSING else "", holds=needed) == MaterialState.MISSING
        )
        if is_lost and state != MaterialState.MISSING:
            found.missing.append(one.name)
    return found
