"""The key figures of the last thirty days with their trend, the streets and organs to look at, the newest urgent appeals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import (
    VIEW,
    Figure,
    Indicator,
    Part,
    Question,
    figures_many,
)
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.key_figures import Key, Keys, behind, days, defined, section, two_spans
from zhitong.ui.public import Counting, Door, Section, sets_q

from . import sets
from .home import first, rows_of

WORST = 5
KEY = (
    Key("appeal_volume", "inbox"), Key("appeal_in_time_conclude", "clock-check", Part.REST),
    Key("appeal_resolution_rate", "checks", Part.REST), Key("appeal_satisfaction", "mood-smile", Part.REST),
    Key("appeal_first_contact", "users"), Key("appeal_second_rate", "repeat", Part.TOP),
    Key("appeal_overdue", "clock-exclamation"),
)  # fmt: skip
TAKEN = Key("appeal_taken", "inbox")
WORST_BY, WITH = "appeal_overdue", ("appeal_overdue", "appeal_in_time_conclude", "appeal_satisfaction")


def of_the_district(by: Actor, at: datetime) -> Counting:
    """For whoever sees the figures of the whole district and the matters behind them; the comparison for those who look
    on, and pass nothing on themselves."""
    every = defined(KEY, at)
    if not by.may_everywhere(VIEW) or not by.may("matters.view") or every is None:
        return None
    if by.may("appeals.pass"):
        return _section(KEY, at, *figures_many(two_spans(every, KEY, at), scope=by))
    n = yield sets_q(by, at, [sets.NEWEST_URGENT])
    asked = [*two_spans(every, KEY, at), *_compared(every, at)]
    now, before, by_organ, by_area = figures_many(asked, scope=by)
    tables = [
        _table(_("超期最多的单位"), "organ", by_organ, at),
        _table(_("超期最多的街道"), "area", by_area, at),
    ]
    context = {"tables": tables, **_urgent(by, at, n[sets.NEWEST_URGENT])}
    return replace(_section(KEY, at, now, before), template="appeals/home/leader.html", context=context)


def of_an_organ(by: Actor, at: datetime) -> Section | None:
    """For the head of an organ: what it took on in place of what came in.  None where nothing came to it in sixty days: that
    person works on something else."""
    key = (TAKEN, *KEY[1:])
    every = defined(key, at)
    if by.may_everywhere(VIEW) or not by.may("matters.view") or every is None:
        return None
    now, before = figures_many(two_spans(every, key, at), scope=by)
    return _section(key, at, now, before) if any(figure.value for figure in (*now, *before)) else None


def _section(keys: Keys, at: datetime, now: Sequence[Figure], before: Sequence[Figure]) -> Section:
    doors = [Door(_("地图"), reverse("portal:map"), "map-2")]
    return section(_("诉求近30天"), keys, at, now, before, page="portal:figures", doors=doors)


@dataclass(frozen=True, slots=True)
class Worst:
    """A street or an organ, its figures, and the matters that were late there."""

    name: str
    figures: tuple[str, ...]
    href: str


def _compared(every: dict[str, Indicator], at: datetime) -> list[Question]:
    chosen = {slug: every[slug] for slug in WITH}
    return [Question(chosen, *days(at), by=[dimension]) for dimension in ("organ", "area")]


def _table(title: str, dimension: str, found: Sequence[Figure], at: datetime) -> tuple[str, list[str], list[Worst]]:
    """The five organs or streets with the most overdue stages."""
    start, end = days(at)
    cells: dict[UUID, dict[str, Figure]] = {}
    for figure in found:
        if figure.keys[0]:
            cells.setdefault(figure.keys[0], {})[figure.indicator.slug] = figure
    worst = sorted(cells, key=lambda pk: -(cells[pk][WORST_BY].value or 0))[:WORST]
    names = _names(dimension, [pk for pk in worst if cells[pk][WORST_BY].value])
    heads = [cells[worst[0]][slug].name for slug in WITH] if worst else []
    rows = [
        Worst(name, tuple(cells[pk][slug].text for slug in WITH), behind(WORST_BY, Part.ALL, start, end, **{dimension: pk}))
        for pk, name in names
    ]  # fmt: skip
    return title, heads, rows


def _names(dimension: str, ids: list[UUID]) -> list[tuple[UUID, str]]:
    if dimension == "area":
        labels = territory.labels(ids)
        return [(pk, labels.get(pk, "")) for pk in ids]
    names = organ_names(ids)
    return [(pk, names[pk]) for pk in ids if pk in names]


def _urgent(by: Actor, at: datetime, n: int) -> dict[str, Any]:
    rows = first(by, at, sets.NEWEST_URGENT, "-pk", most=WORST)
    return rows_of(rows, sets.NEWEST_URGENT, n, _("目前没有在办的紧急诉求"), _("最新的紧急诉求"), sort="new")
