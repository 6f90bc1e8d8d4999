"""Learning from a district's own closed matters: measured on later ones, then from all of them, then in use."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotFound, Refused
from zhitong.base.learning.features import counts
from zhitong.base.learning.model import LEAST_OWNERS, Model, learned_from, settled
from zhitong.base.learning.nodes import Parts, Vector, likely
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.organisation.public import headings

from ..models import Learned
from ..permissions import demand_manage
from ..queries.learning import LEAST_MATTERS, lessons
from ..queries.suggesting import by_words

MOST_MATTERS = 20_000
EARLY, CALIBRATED = (
    0.8,
    0.7,
)  # the first seven tenths find the scale on the next one; the first eight are asked about the last two
FIRST_SCALE = 2.0
SCALES = tuple(float(x) for x in np.geomspace(0.5, 12, 30))
VERSIONS_KEPT = 5
TOO_FEW = _("已办结并有类别的事项只有%(n)s件，至少需要%(least)s件、两个大类才能学习。")
DECIMALS = 4


class TooFew(Refused):
    """There is not enough to learn from yet; ``found`` is how many matters there are."""

    def __init__(self, found: int) -> None:
        super().__init__("too_few", TOO_FEW % {"n": found, "least": LEAST_MATTERS})
        self.found = found


@dataclass(frozen=True, slots=True)
class Case:
    """A closed matter: what it says, what it is about (ids from the most general down), who raised it, when."""

    title: str
    text: str
    label: tuple[str, ...]
    owner: int
    at: datetime


def _cases(kind: str) -> list[Case]:
    """The last of the matters that teach, the earliest first."""
    paths = {row.id: tuple(map(str, row.path)) for row in headings()}
    rows = lessons(kind).filter(category__in=paths).order_by("-opened_at", "-pk")
    fields = ("title", "text", "category_id", "reporter_id", "pk", "opened_at")
    owners: dict[Any, int] = {}
    found = [
        Case(title, text, paths[category], owners.setdefault(reporter or pk, len(owners)), at)
        for title, text, category, reporter, pk, at in rows.values_list(*fields)[:MOST_MATTERS]
    ]
    return found[::-1]


def learn(kind: str, *, by: Actor, at: datetime) -> Learned:
    """Learn anew from the closed matters of a kind, and put that to use; TooFew says how many are missing."""
    began = time.monotonic()
    cases = _cases(kind)
    if len(cases) < LEAST_MATTERS or len({case.label[0] for case in cases}) < 2:
        raise TooFew(len(cases))
    read: list[Parts] = [(counts(case.title), counts(case.text)) for case in cases]
    scale = _scale(cases, read)
    report = _report(cases, read, scale)
    model = _learned(cases, read, len(cases), scale)
    return _kept(kind, model, report, len(cases), time.monotonic() - began, by=by, at=at)


def _learned(cases: Sequence[Case], read: list[Parts], n: int, scale: float) -> Model:
    """What the first ``n`` teach."""
    labels, owners = [case.label for case in cases[:n]], [case.owner for case in cases[:n]]
    return learned_from(read[:n], labels, owners, least=LEAST_OWNERS, scale=scale)


def _scale(cases: Sequence[Case], read: list[Parts]) -> float:
    """How to turn distances into shares: what makes the later matters' own categories likeliest."""
    first, last = int(len(cases) * CALIBRATED), int(len(cases) * EARLY)
    model = _learned(cases, read, first, FIRST_SCALE)
    choices = [choice for n in range(first, last) for choice in model.choices(read[n], cases[n].label)]
    return min(SCALES, key=lambda scale: _surprise(choices, scale))


def _surprise(choices: Sequence[tuple[Vector, int]], scale: float) -> float:
    """The negative logarithm of the share of what is right, in all."""
    shares = (likely(scores[None, :].astype(np.float64), scale)[0, right] for scores, right in choices)
    return -sum(float(np.log(max(share, 1e-6))) for share in shares)


def _report(cases: Sequence[Case], read: list[Parts], scale: float) -> dict[str, Any]:
    """How the first eight tenths do on the last two: as rows, for any threshold."""
    early = int(len(cases) * EARLY)
    model = _learned(cases, read, early, scale)
    labels: dict[str, int] = {}
    months: dict[str, int] = {}
    asked, by_own_words = [], 0
    known = {row.id: row for row in headings()}
    for n in range(early, len(cases)):
        case, (said, share) = cases[n], model.ranked(read[n])[0]
        month = f"{timezone.localtime(case.at):%Y-%m}"
        asked.append([
            labels.setdefault(case.label[-1], len(labels)), labels.setdefault(said[-1], len(labels)),
            round(share, DECIMALS), months.setdefault(month, len(months)),
        ])  # fmt: skip
        first = by_words(f"{case.title} {case.text}", known, 1)
        by_own_words += bool(first) and str(first[0].category_id) == case.label[-1]
    often = max(np.unique([case.label[-1] for case in cases[:early]], return_counts=True)[1]) / early
    return {
        "labels": list(labels), "months": list(months), "asked": asked, "scale": scale,
        "paths": {case.label[-1]: case.label[:-1] for case in cases}, "chance": round(float(often), DECIMALS),
        "by_words": round(by_own_words / max(len(asked), 1), DECIMALS), "learned_from": early,
        "since": cases[early].at.isoformat() if early < len(cases) else "",
        "rare": len({case.label for case in cases}) - len(set(settled([case.label for case in cases]))),
    }  # fmt: skip


@transaction.atomic
def _kept(
    kind: str, model: Model, report: dict[str, Any], cases: int, seconds: float, *, by: Actor, at: datetime
) -> Learned:
    new = Learned.objects.create(
        kind=kind,
        at=at,
        cases=cases,
        categories=model.size,
        seconds=round(seconds, 1),
        data=model.packed(),
        report=report,
    )
    _use(new)
    old = Learned.objects.filter(kind=kind, is_active=False).order_by("-at", "-pk").values_list("pk", flat=True)
    Learned.objects.filter(pk__in=list(old[VERSIONS_KEPT:])).delete()
    record("dispatch.learned", new.pk, stream_kind="dispatch", at=at, by=by,
           data={"kind": kind, "cases": cases, "categories": model.size})  # fmt: skip
    return new


def _use(chosen: Learned) -> None:
    """Whoever suggests sees the old version or the new one, never none."""
    Learned.objects.filter(kind=chosen.kind, is_active=True).exclude(pk=chosen.pk).update(is_active=False)
    Learned.objects.filter(pk=chosen.pk).update(is_active=True)


@transaction.atomic
def activate(learned_id: UUID, *, by: Actor, at: datetime) -> Learned:
    """Go back to an earlier version that is still kept."""
    demand_manage(by)
    chosen = Learned.objects.select_for_update().filter(pk=learned_id).first()
    if chosen is None:
        raise NotFound("no_version", _("没有这个版本，可能已经清理。"))
    _use(chosen)
    record("dispatch.activated", chosen.pk, stream_kind="dispatch", at=at, by=by, data={"kind": chosen.kind})
    return chosen
