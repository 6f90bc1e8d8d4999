"""What the page of figures shows: tiles, tables by street and by organ, a line over twelve months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import (
    Direction,
    Figure,
    Filters,
    Indicator,
    Question,
    Unit,
    definitions,
    figures_many,
)
from zhitong.kernel.organisation.public import organs
from zhitong.kernel.territory import public as territory

from .periods import Period, shifted

SECONDS = {Unit.HOURS: 3600, Unit.DAYS: 86400}
# Best and worst are said of at least three rows, of shares over at least five cases, and of no more than two at once.
FEWEST_ROWS, FEWEST_CASES, MOST_ENDS = 3, 5, 2
MOST_CHANGE = 10


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, and what it was before."""

    figure: Figure
    before: Figure
    year_before: Figure

    @property
    def trend(self) -> float | None:
        """Change against the period before: in points for shares, relative for anything else."""
        now, then = self.figure.value, self.before.value
        if now is None or then is None:
            return None
        if self.is_share:
            return round(float(now - then), 4)
        change = float((now - then) / then) if then else MOST_CHANGE
        return round(change, 4) if abs(change) < MOST_CHANGE else None

    @property
    def is_share(self) -> bool:
        """Whether the change is in percentage points."""
        return self.figure.indicator.unit == Unit.PERCENT

    @property
    def more_is_good(self) -> bool | None:
        """None: neither way is better."""
        return {Direction.MORE: True, Direction.LESS: False}.get(Direction(self.figure.indicator.direction))


@dataclass(slots=True)
class Row:
    """A street or an organ with its figures in the order of the columns; ``marks`` are best, worst or nothing."""

    id: UUID | None
    name: str
    figures: Sequence[Figure]
    marks: list[str] = field(default_factory=list)


def chosen(on: date) -> tuple[dict[str, Indicator], dict[str, Indicator]]:
    """All indicators as defined on a day, and the ones that matter most."""
    every = definitions(on)
    return every, {slug: row for slug, row in every.items() if row.is_shown}


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything the page shows.  ``below`` is what ``areas`` are: streets (``area``), communities or grids."""

    tiles: list[Tile]
    areas: list[Row]
    organs: list[Row]
    line: dict[str, Any] | None
    below: str = "area"


def answers(
    every: Mapping[str, Indicator], period: Period, filters: Filters, by: Actor, drawn: Indicator | None = None,
    *, key: Mapping[str, Indicator] | None = None,
) -> Answers:  # fmt: skip
    """Every indicator now, before, and a year before; ``key`` (the ones that matter most) by organ, and by street, in a street by
    community and in a community by grid, as they stood at the end; ``drawn`` over twelve months.  One query."""
    key = {slug: row for slug, row in every.items() if row.is_shown} if key is None else key
    spans = (period, period.before, period.year_before)
    asked = [Question(every, span.start, span.end, filters=filters) for span in spans]
    below = _below(filters.division, period.end)
    if key:
        asked += [Question(key, period.start, period.end, [name], filters) for name in (below, "organ")]
    year = period.twelve_months
    if drawn:
        asked.append(Question({drawn.slug: drawn}, year.start, year.end, ["month"], filters))
    found = iter(figures_many(asked, scope=by))
    tiles = [Tile(*three) for three in zip(next(found), next(found), next(found), strict=True)]
    areas, organs = (_by_area(next(found), period.end, below), _by_organ(next(found))) if key else ([], [])
    return Answers(tiles, areas, organs, _line(drawn, year, next(found)) if drawn else None, below)


def _below(division: UUID | None, on: date) -> str:
    """What a division is compared by, as it stood on a day: all of the district and whatever is above a street by street."""
    node = territory.as_stood(on).nodes.get(division) if division else None
    rank = territory.RANK[node.level] if node else 0
    if rank < territory.RANK[territory.Level.STREET]:
        return "area"
    return "community" if rank < territory.RANK[territory.Level.COMMUNITY] else "grid"


def _by_area(found: Sequence[Figure], on: date, below: str) -> list[Row]:
    """A row for each division that has any figure, by the code and name it had on a day; what has no place comes last."""
    rows, nodes = _rows(found), territory.as_stood(on).nodes
    order = sorted(rows, key=lambda i: (i not in nodes, nodes[i].code if i in nodes else ""))
    placeless = _("未定位") if below == "area" else _("未细分到下一级")
    return marked([Row(i, str(nodes[i]) if i in nodes else placeless, rows[i]) for i in order])


def _by_organ(found: Sequence[Figure]) -> list[Row]:
    """A row for each organ that has any figure, by pinyin; what lay with none is left out."""
    rows = _rows(found)
    return marked([Row(one.id, one.full_name, rows[one.id]) for one in organs() if one.id in rows])


def _rows(found: Sequence[Figure]) -> dict[Any, list[Figure]]:
    rows: dict[Any, list[Figure]] = {}
    for figure in found:
        rows.setdefault(figure.keys[0], []).append(figure)
    return rows


def marked(rows: list[Row]) -> list[Row]:
    """Mark the best and the worst of each column where one way is better and enough can be compared."""
    for row in rows:
        row.marks = [""] * len(row.figures)
    for n in range(len(rows[0].figures) if rows else 0):
        ranked = {row.id: value for row in rows if (value := _ranked(row, n)) is not None}
        direction = rows[0].figures[n].indicator.direction
        if direction == Direction.NEUTRAL or len(ranked) < FEWEST_ROWS or len(set(ranked.values())) == 1:
            continue
        low, high = ("worst", "best") if direction == Direction.MORE else ("best", "worst")
        for end, mark in ((min(ranked.values()), low), (max(ranked.values()), high)):
            at_end = [row for row in rows if row.id and ranked.get(row.id) == end]
            for row in at_end if len(at_end) <= MOST_ENDS else []:
                row.marks[n] = mark
    return rows


def _ranked(row: Row, n: int) -> Decimal | None:
    """The value that counts in a comparison; None for what has no place or organ, and for shares of very few."""
    result = row.figures[n].result
    is_small = result.bottom is not None and result.bottom < FEWEST_CASES
    return None if row.id is None or is_small else result.value


def without_empty(rows: list[Row]) -> tuple[list[Indicator], list[Row]]:
    """The columns in which any row has something, and the rows cut down to them."""
    if not rows:
        return [], []
    kept = [n for n in range(len(rows[0].figures)) if any(row.figures[n].value for row in rows)]
    cut = [
        replace(row, figures=[row.figures[n] for n in kept], marks=[row.marks[n] for n in kept]) for row in rows
    ]  # fmt: skip
    return [rows[0].figures[n].indicator for n in kept], cut


def _line(indicator: Indicator, span: Period, found: Sequence[Figure]) -> dict[str, Any]:
    """One indicator over twelve months, as a chart takes it."""
    values = {figure.keys[0]: figure.value for figure in found}
    months = [shifted(span.start, n) for n in range(12)]
    return {
        "categories": [f"{month:%Y-%m}" for month in months],
        "values": [_plain(values.get(month), indicator) for month in months],
    }


def _plain(value: Decimal | None, indicator: Indicator) -> float | None:
    if value is None:
        return 0 if "ratio" not in indicator.formula and "mean" not in indicator.formula else None
    return round(float(value) / SECONDS.get(Unit(indicator.unit), 1), 4)


def areas(chosen: UUID | None = None) -> list[tuple[str, str]]:
    """Streets to choose from, and what is chosen already: a community, a grid, or a street that is no more."""
    found = {str(node.id): str(node) for node in territory.of_level(territory.Level.STREET)}
    if (
        chosen
        and (node := territory.node(chosen))
        and territory.RANK[node.level] >= territory.RANK[territory.Level.STREET]
    ):
        found.setdefault(str(node.id), territory.label(node.id))
    return list(found.items())
