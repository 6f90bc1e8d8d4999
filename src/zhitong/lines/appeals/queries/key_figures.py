"""The key figures of the last thirty days with their trend, the streets and organs to look at, the newest urgent appeals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import (
    VIEW,
    Direction,
    Figure,
    Indicator,
    Part,
    Question,
    Unit,
    definitions,
    figures_many,
)
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import Counting, Door, Section, Tile, sets_q

from . import sets
from .home import first, rows_of

DAYS, WORST, FEWEST = 30, 5, 3
KEY = (
    ("appeal_volume", "inbox", Part.ALL), ("appeal_in_time_conclude", "clock-check", Part.REST),
    ("appeal_resolution_rate", "checks", Part.REST), ("appeal_satisfaction", "mood-smile", Part.REST),
    ("appeal_first_contact", "users", Part.ALL), ("appeal_second_rate", "repeat", Part.TOP),
    ("appeal_overdue", "clock-exclamation", Part.ALL),
)  # fmt: skip
TAKEN = ("appeal_taken", "inbox", Part.ALL)
Key = tuple[tuple[str, str, Part], ...]
WORST_BY, WITH = "appeal_overdue", ("appeal_overdue", "appeal_in_time_conclude", "appeal_satisfaction")


def of_the_district(by: Actor, at: datetime) -> Counting:
    """For whoever sees the figures of the whole district and the matters behind them; the comparison for those who look
    on, and pass nothing on themselves."""
    every = _defined(KEY, at)
    if not by.may_everywhere(VIEW) or not by.may("matters.view") or every is None:
        return None
    if by.may("appeals.pass"):
        return _section(KEY, at, *figures_many(_two_spans(every, KEY, at), scope=by))
    n = yield sets_q(by, at, [sets.NEWEST_URGENT])
    asked = [*_two_spans(every, KEY, at), *_compared(every, at)]
    now, before, by_organ, by_area = figures_many(asked, scope=by)
    tables = [
        _table(_("超期最多的单位"), "organ", by_organ, at),
        _table(_("超期最多的街道"), "area", by_area, at),
    ]
    context = {"tables": tables, **_urgent(by, at, n[sets.NEWEST_URGENT])}
    return replace(_section(KEY, at, now, before), template="appeals/home/leader.html", context=context)


def of_an_organ(by: Actor, at: datetime) -> Section | None:
    """For the head of an organ: what it took on in place of what came in."""
    key = (TAKEN, *KEY[1:])
    every = _defined(key, at)
    if by.may_everywhere(VIEW) or not by.may("matters.view") or every is None:
        return None
    return _section(key, at, *figures_many(_two_spans(every, key, at), scope=by))


def _defined(key: Key, at: datetime) -> dict[str, Indicator] | None:
    """The definitions of today; None where those that are shown have not been loaded."""
    every = definitions(timezone.localdate(at))
    return every if {slug for slug, _icon, _part in key} <= set(every) else None


def _days(at: datetime) -> tuple[date, date]:
    end = timezone.localdate(at)
    return end - timedelta(days=DAYS - 1), end


def _two_spans(every: dict[str, Indicator], key: Key, at: datetime) -> list[Question]:
    """The last thirty days, and the thirty before."""
    start, end = _days(at)
    chosen = {slug: every[slug] for slug, _icon, _part in key}
    return [
        Question(chosen, start, end),
        Question(chosen, start - timedelta(days=DAYS), start - timedelta(days=1)),
    ]


def _section(key: Key, at: datetime, now: Sequence[Figure], before: Sequence[Figure]) -> Section:
    start, end = _days(at)
    doors = [Door(_("全部指标"), href, "chart-bar")] if (href := _if("portal:figures")) else []
    doors.append(Door(_("地图"), reverse("portal:map"), "map-2"))
    present, past = ({f.indicator.slug: f for f in found} for found in (now, before))
    tiles = [_tile(present[slug], past[slug], icon, part, start, end) for slug, icon, part in key]
    return Section(_("近30天"), "chart-bar", tiles, doors)


def _if(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _tile(now: Figure, before: Figure, icon: str, part: str, start: date, end: date) -> Tile:
    trend = _trend(now, before)
    is_good = {Direction.MORE: True, Direction.LESS: False}.get(Direction(now.indicator.direction))
    number, unit = _apart(now.text)
    return Tile(
        now.name, number, _behind(now.indicator.slug, part, start, end), icon=icon, trend=trend, more_is_good=is_good, unit=unit,
        hint=_("较前30天") if trend is not None else _("前30天没有数据"), in_points=now.indicator.unit == Unit.PERCENT,
    )  # fmt: skip


def _apart(text: str) -> tuple[str, str]:
    """ "33.4小时" as "33.4" and "小时", so that the unit may be smaller."""
    at = next((n for n, c in enumerate(text) if not (c.isdigit() or c in ".,-—%")), len(text))
    return text[:at], text[at:].strip()


def _trend(now: Figure, before: Figure) -> float | None:
    """Points for shares, relative for anything else; None where there was nothing."""
    if now.value is None or before.value is None:
        return None
    if now.indicator.unit == Unit.PERCENT:
        return round(float(now.value - before.value), 4)
    return round(float((now.value - before.value) / before.value), 4) if before.value else None


def _behind(slug: str, part: str, start: date, end: date, **more: Any) -> str:
    page = _if("portal:figures_behind")
    asked = {"indicator": slug, "since": start, "until": end, "part": part, **more}
    return f"{page}?{urlencode(asked)}" if page else ""


@dataclass(frozen=True, slots=True)
class Worst:
    """A street or an organ, its figures, and the matters that were late there."""

    name: str
    figures: tuple[str, ...]
    href: str


def _compared(every: dict[str, Indicator], at: datetime) -> list[Question]:
    chosen = {slug: every[slug] for slug in WITH}
    return [Question(chosen, *_days(at), by=[dimension]) for dimension in ("organ", "area")]


def _table(title: str, dimension: str, found: Sequence[Figure], at: datetime) -> tuple[str, list[str], list[Worst]]:
    """The five organs or streets with the most overdue stages."""
    start, end = _days(at)
    cells: dict[UUID, dict[str, Figure]] = {}
    for figure in found:
        if figure.keys[0]:
            cells.setdefault(figure.keys[0], {})[figure.indicator.slug] = figure
    worst = sorted(cells, key=lambda pk: -(cells[pk][WORST_BY].value or 0))[:WORST]
    names = _names(dimension, [pk for pk in worst if cells[pk][WORST_BY].value])
    heads = [cells[worst[0]][slug].name for slug in WITH] if worst else []
    rows = [
        Worst(name, tuple(cells[pk][slug].text for slug in WITH), _behind(WORST_BY, Part.ALL, start, end, **{dimension: pk}))
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
