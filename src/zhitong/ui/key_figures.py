"""Key figures on the home page: those of the last thirty days, with their trend and what is behind each.

A line declares which of its indicators whoever looks at figures should see at once; the figures, their scope and the tiles are the same
for every line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

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

from .home import Door, Section, Tile, declare_home

DAYS = 30


@dataclass(frozen=True, slots=True)
class Key:
    """An indicator among the key figures.  ``part``: which of the matters behind it are worth a look; ``page``: the address, by
    name, of what is behind a figure that is not over matters."""

    slug: str
    icon: str
    part: str = Part.ALL
    page: str = ""


Keys = Sequence[Key]


def declare_key_figures(slug: str, title: Any, keys: Keys, *, page: str = "", order: int = 100) -> None:
    """A section of key figures on the home of whoever sees figures and the matters behind them: of the whole district, or of the own
    part of it.  ``page`` names the page of all figures of the line.  None where nothing of the line's own was counted in sixty days."""

    def build(by: Actor, at: datetime) -> Section | None:
        every = defined(keys, at)
        if not by.may("matters.view") or every is None:
            return None
        now, before = figures_many(two_spans(every, keys, at), scope=by)
        own = {key.slug for key in keys if not key.page}
        has_any = any(figure.value for figure in (*now, *before) if figure.indicator.slug in own)
        return section(title, keys, at, now, before, page=page) if has_any else None

    declare_home(slug, (VIEW,), build, order=order)


def defined(keys: Keys, at: datetime) -> dict[str, Indicator] | None:
    """The definitions of today; None where those that are shown have not been loaded."""
    every = definitions(timezone.localdate(at))
    return every if {key.slug for key in keys} <= set(every) else None


def days(at: datetime) -> tuple[date, date]:
    """The last thirty days, today included."""
    end = timezone.localdate(at)
    return end - timedelta(days=DAYS - 1), end


def two_spans(every: Mapping[str, Indicator], keys: Keys, at: datetime) -> list[Question]:
    """The last thirty days, and the thirty before."""
    start, end = days(at)
    chosen = {key.slug: every[key.slug] for key in keys}
    return [
        Question(chosen, start, end),
        Question(chosen, start - timedelta(days=DAYS), start - timedelta(days=1)),
    ]


def section(
    title: Any,
    keys: Keys,
    at: datetime,
    now: Sequence[Figure],
    before: Sequence[Figure],
    *,
    page: str,
    doors: Sequence[Door] = (),
) -> Section:
    """The tiles of both spans, and the door to all figures."""
    all_of_them = [Door(_("全部指标"), href, "chart-bar")] if (href := address(page)) else []
    present, past = ({f.indicator.slug: f for f in found} for found in (now, before))
    tiles = [_tile(key, present[key.slug], past[key.slug], *days(at)) for key in keys]
    return Section(title, "chart-bar", tiles, [*all_of_them, *doors])


def address(name: str) -> str:
    """The address of a page by name; "" where this installation has none."""
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def _tile(key: Key, now: Figure, before: Figure, start: date, end: date) -> Tile:
    trend = _trend(now, before)
    is_good = {Direction.MORE: True, Direction.LESS: False}.get(Direction(now.indicator.direction))
    number, unit = _apart(now.text)
    href = address(key.page) if key.page else behind(key.slug, key.part, start, end)
    return Tile(
        now.name, number, href, icon=key.icon, trend=trend, more_is_good=is_good, unit=unit,
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


def behind(slug: str, part: str, start: date, end: date, **more: Any) -> str:
    """The address of the matters behind a figure."""
    page = address("portal:figures_behind")
    asked = {"indicator": slug, "since": start, "until": end, "part": part, **more}
    return f"{page}?{urlencode(asked)}" if page else ""
