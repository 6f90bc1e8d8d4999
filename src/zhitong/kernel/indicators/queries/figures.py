"""Figures: what an indicator, as defined for the period, comes to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from zhitong.base.errors import NotFound
from zhitong.base.text import in_language
from zhitong.kernel.accounts.public import Actor

from ..choices import Unit
from ..models import Indicator
from ..rules import MEASURES, Result, formula
from . import places
from .places import EVERYTHING, Filters
from .totals import totals

SECONDS = {Unit.HOURS: Decimal(3600), Unit.DAYS: Decimal(86400)}
FINE = frozenset({"community", "grid", "division"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one cell of the breakdown.  ``keys`` holds a value for each dimension asked for, None for none."""

    indicator: Indicator
    keys: tuple[Any, ...]
    result: Result

    @property
    def value(self) -> Decimal | None:
        """In the unit of the indicator: a share of one, seconds, or a number; None when there is nothing to divide by."""
        return self.result.value

    @property
    def text(self) -> str:
        """As it is written: 99.53%, 3,838, 12.4小时; a dash for nothing."""
        return written(self.value, self.indicator.unit)

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.indicator.name, self.indicator.name_en, get_language())

    @property
    def basis(self) -> str:
        """What counts and what does not, in the reader's language."""
        return in_language(self.indicator.basis, self.indicator.basis_en, get_language())

    @property
    def explanation(self) -> str:
        """3,838 ÷ 3,856 = 99.53%，定义第2版，2026年3月1日起."""
        said = {"version": self.indicator.version, "sum": self.text, "day": _day(self.indicator.valid_from)}
        if self.result.bottom is not None:
            unit = self.indicator.unit
            top = written(self.result.top, unit if unit in SECONDS else Unit.COUNT)
            said["sum"] = f"{top} ÷ {written(self.result.bottom, Unit.COUNT)} = {self.text}"
        return gettext("%(sum)s，定义第%(version)s版，%(day)s起") % said


def _day(on: date) -> str:
    is_english = (get_language() or "").startswith("en")
    return f"{on.day} {on:%B} {on.year}" if is_english else f"{on.year}年{on.month}月{on.day}日"


def written(value: Decimal | None, unit: str) -> str:
    """A value with its unit, rounded half up."""
    if value is None:
        return "—"
    match unit:
        case Unit.PERCENT:
            return f"{_rounded(value * 100, '0.01'):,}%"
        case Unit.HOURS:
            return gettext("%(n)s小时") % {"n": f"{_rounded(value / SECONDS[Unit.HOURS], '0.1'):,}"}
        case Unit.DAYS:
            return gettext("%(n)s天") % {"n": f"{_rounded(value / SECONDS[Unit.DAYS], '0.1'):,}"}
        case Unit.SCORE:
            return f"{_rounded(value, '0.01'):,}"
    places = "1" if value == value.to_integral_value() else "0.01"
    return f"{_rounded(value, places):,}"


def _rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal(places), ROUND_HALF_UP) + 0


def definitions(on: date, *, shown_only: bool = False) -> dict[str, Indicator]:
    """The version of every indicator in force on that day, in their order; the first one before it began.  One query."""
    found: dict[str, Indicator] = {}
    for row in Indicator.objects.order_by("slug", "version"):
        if row.slug not in found or row.valid_from <= on:
            found[row.slug] = row
    chosen = sorted(found.values(), key=lambda row: (row.sort, row.slug))
    return {row.slug: row for row in chosen if row.is_shown or not shown_only}


def definition(slug: str, on: date) -> Indicator:
    """One indicator as defined for a day; a bare measure counts as the sum of itself.  NotFound for neither."""
    rows = list(Indicator.objects.filter(slug=slug).order_by("version"))
    if rows:
        return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])
    if slug in MEASURES:
        return Indicator(
            slug=slug, name=str(MEASURES[slug].label), formula={"sum": slug}, unit=Unit.COUNT, valid_from=on
        )
    raise NotFound("no_indicator", gettext("没有这项指标。"))


def figures(
    what: str | Sequence[str] | Mapping[str, Indicator],
    start: date,
    end: date,
    *,
    by: Sequence[str] = (),
    filters: Filters = EVERYTHING,
    scope: Actor,
) -> list[Figure]:
    """Figures of the days from ``start`` to ``end``, both included, for every cell of ``by`` that has any fact.

    ``what`` are slugs of indicators or measures (or definitions already read); the version in force on the last day
    counts.  ``by`` are names of ``places.COLUMN``: area, organ, category, category1 … category3, subkind, channel, kind,
    community, grid, day, month.  Without ``by`` there is one figure per indicator, even when nothing happened.
    """
    places.check(by)
    slugs = [what] if isinstance(what, str) else what
    chosen = list(slugs.values()) if isinstance(slugs, Mapping) else [definition(slug, end) for slug in slugs]
    asked = {measure for row in chosen for _operator, measure in formula.leaves(row.formula)}
    where = places.where(filters, scope, is_fine=bool(FINE & set(by)))
    cells: dict[tuple[Any, ...], dict[str, formula.Total]] = defaultdict(dict)
    for (measure, *keys), total in totals(asked, start, end, by=by, where=where).items():
        cells[tuple(keys)][measure] = total
    if not by and not cells:
        cells[()] = {}
    return [Figure(row, keys, _result(row, found)) for keys, found in cells.items() for row in chosen]


def _result(row: Indicator, found: Mapping[str, formula.Total]) -> Result:
    return formula.evaluate(row.formula, lambda measure: found.get(measure, (Decimal(), 0)))
