"""The key figures of the last thirty days with their trend, the streets and organs to look at, the newest urgent appeals."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import VIEW, Direction, Figure, Indicator, Part, Unit, definitions, figures
from zhitong.kernel.organisation.public import organ_names
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import Door, Section, Tile, set_counts

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


def of_the_district(by: Actor, at: datetime) -> Section | None:
    """For whoever sees the figures of the whole district and the matters behind them; the comparison for those who look
    on, and pass nothing on themselves."""
    if not by.may_everywhere(VIEW) or not by.may("matters.view"):
        return None
    section = _section(by, at, KEY)
    if section is None or by.may("appeals.pass"):
        return section
    start, end = _days(at)
    context = {"tables": _tables(definitions(end), start, end, by), **_urgent(by, at)}
    return replace(section, template="appeals/home/leader.html", context=context)


def of_an_organ(by: Actor, at: datetime) -> Section | None:
    """For the head of an organ: what it took on in place of what came in."""
    if by.may_everywhere(VIEW) or not by.may("matters.view"):
        return None
    return _section(by, at, (TAKEN, *KEY[1:]))


def _days(at: datetime) -> tuple[date, date]:
    end = timezone.localdate(at)
    return end - timedelta(days=DAYS - 1), end


def _section(by: Actor, at: datetime, key: Key) -> Section | None:
    start, end = _days(at)
    every = definitions(end)
    if not {slug for slug, _icon, _part in key} <= set(every):
        return None
    doors = [Door(_("全部指标"), href, "chart-bar")] if (href := _if("portal:figures")) else []
    doors.append(Door(_("地图"), reverse("portal:map"), "map-2"))
    return Section(_("近30天"), "chart-bar", _tiles(every, key, start, end, by), doors)


def _if(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _tiles(every: dict[str, Indicator], key: Key, start: date, end: date, by: Actor) -> list[Tile]:
    chosen = {slug: every[slug] for slug, _icon, _part in key}
    now = {f.indicator.slug: f for f in figures(chosen, start, end, scope=by)}
    before = {
        f.indicator.slug: f for f in figures(chosen, start - timedelta(days=DAYS), start - timedelta(days=1), scope=by)
    }
    return [_tile(now[slug], before[slug], icon, part, start, end) for slug, icon, part in key]


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


def _tables(every: dict[str, Indicator], start: date, end: date, by: Actor) -> list[tuple[str, list[str], list[Worst]]]:
    """The five organs and the five streets with the most overdue stages."""
    chosen = {slug: every[slug] for slug in WITH}
    tables = []
    for title, dimension in ((_("超期最多的单位"), "organ"), (_("超期最多的街道"), "area")):
        cells: dict[UUID, dict[str, Figure]] = {}
        for figure in figures(chosen, start, end, by=[dimension], scope=by):
            if figure.keys[0]:
                cells.setdefault(figure.keys[0], {})[figure.indicator.slug] = figure
        worst = sorted(cells, key=lambda pk: -(cells[pk][WORST_BY].value or 0))[:WORST]
        names = _names(dimension, [pk for pk in worst if cells[pk][WORST_BY].value])
        heads = [cells[worst[0]][slug].name for slug in WITH] if worst else []
        rows = [
            Worst(name, tuple(cells[pk][slug].text for slug in WITH), _behind(WORST_BY, Part.ALL, start, end, **{dimension: pk}))
            for pk, name in names
        ]  # fmt: skip
        tables.append((title, heads, rows))
    return tables


def _names(dimension: str, ids: list[UUID]) -> list[tuple[UUID, str]]:
    if dimension == "area":
        labels = territory.labels(ids)
        return [(pk, labels.get(pk, "")) for pk in ids]
    names = organ_names(ids)
    return [(pk, names[pk]) for pk in ids if pk in names]


def _urgent(by: Actor, at: datetime) -> dict[str, Any]:
    n = set_counts(by, at, [sets.NEWEST_URGENT])[sets.NEWEST_URGENT]
    rows = first(by, at, sets.NEWEST_URGENT, "-pk", most=WORST)
    return rows_of(rows, sets.NEWEST_URGENT, n, _("目前没有在办的紧急诉求"), _("最新的紧急诉求"), sort="new")
