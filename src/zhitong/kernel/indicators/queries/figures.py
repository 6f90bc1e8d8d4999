"""Figures: what an indicator, as defined for the period, comes to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from zhitong.base.errors import NotFound
from zhitong.base.moments import dated
from zhitong.base.text import in_language
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Kept

from ..choices import Unit
from ..models import Indicator
from ..rules import MEASURES, Result, formula
from . import places
from .places import EVERYTHING, Filters
from .totals import Asked, Totals, totals_many

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
        said = {
            "version": self.indicator.version,
            "sum": self.text,
            "day": dated(self.indicator.valid_from, get_language()),
        }
        if self.result.bottom is not None:
            unit = self.indicator.unit
            top = written(self.result.top, unit if unit in SECONDS else Unit.COUNT)
            said["sum"] = f"{top} ÷ {written(self.result.bottom, Unit.COUNT)} = {self.text}"
        return gettext("%(sum)s，定义第%(version)s版，%(day)s起") % said


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


def _versions() -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for row in Indicator.objects.order_by("slug", "version"):
        found.setdefault(row.slug, []).append(row)
    return found


_kept: Kept[dict[str, list[Indicator]]] = Kept("indicators", _versions, most=2)


def definitions(on: date, *, shown_only: bool = False) -> dict[str, Indicator]:
    """The version of every indicator in force on that day, in their order; the first one before it began."""
    found = {slug: _in_force(versions, on) for slug, versions in _kept.get().items()}
    chosen = sorted(found.values(), key=lambda row: (row.sort, row.slug))
    return {row.slug: row for row in chosen if row.is_shown or not shown_only}


def _in_force(versions: Sequence[Indicator], on: date) -> Indicator:
    return next((row for row in reversed(versions) if row.valid_from <= on), versions[0])


def definition(slug: str, on: date) -> Indicator:
    """One indicator as defined for a day; a bare measure counts as the sum of itself.  NotFound for neither."""
    if versions := _kept.get().get(slug):
        return _in_force(versions, on)
    if slug in MEASURES:
        return Indicator(
            slug=slug, name=str(MEASURES[slug].label), formula={"sum": slug}, unit=Unit.COUNT, valid_from=on
        )
    raise NotFound("no_indicator", gettext("没有这项指标。"))


@dataclass(frozen=True, slots=True)
class Question:
    """What figures are asked for; as the parameters of `figures`."""

    what: str | Sequence[str] | Mapping[str, Indicator]
    start: date
    end: date
    by: Sequence[str] = ()
    filters: Filters = EVERYTHING

    @property
    def chosen(self) -> list[Indicator]:
        """The definitions that count."""
        if isinstance(self.what, Mapping):
            return list(self.what.values())
        slugs = [self.what] if isinstance(self.what, str) else self.what
        return [definition(slug, self.end) for slug in slugs]


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
    community, grid, item, point, day, month.  Without ``by`` there is one figure per indicator, even when nothing happened.
    """
    return figures_many([Question(what, start, end, by, filters)], scope=scope)[0]


def figures_many(questions: Sequence[Question], *, scope: Actor) -> list[list[Figure]]:
    """`figures` for each question, in order: one statement, hence one snapshot, for all of them."""
    asked = []
    chosen = [question.chosen for question in questions]
    for question, rows in zip(questions, chosen, strict=True):
        places.check(question.by)
        measures = {measure for row in rows for _operator, measure in formula.leaves(row.formula)}
        where = places.where(question.filters, scope, question.end, is_fine=bool(FINE & set(question.by)))
        asked.append(Asked(measures, question.start, question.end, question.by, where))
    return [
        _figures(rows, found, has_cells=bool(question.by))
        for question, rows, found in zip(questions, chosen, totals_many(asked), strict=True)
    ]


def _figures(rows: Sequence[Indicator], found: Totals, *, has_cells: bool) -> list[Figure]:
    cells: dict[tuple[Any, ...], dict[str, formula.Total]] = defaultdict(dict)
    for (measure, *keys), total in found.items():
        cells[tuple(keys)][measure] = total
    if not has_cells and not cells:
        cells[()] = {}
    return [Figure(row, keys, _result(row, totals)) for keys, totals in cells.items() for row in rows]


def _result(row: Indicator, found: Mapping[str, formula.Total]) -> Result:
    return formula.evaluate(row.formula, lambda measure: found.get(measure, (Decimal(), 0)))
