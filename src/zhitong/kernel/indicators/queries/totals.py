"""Sums and counts of measures: from rollups where they are complete, from facts everywhere else.

One statement, hence one snapshot: a day is taken either from its rollup or from its facts, whatever is folded or
written meanwhile.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections

from zhitong.kernel.events.public import alias

from ..choices import DAY_GRAINS, FOLDED_BY, GRAINS, MONTH_GRAINS, Grain
from .places import COLUMN, EVERYWHERE, Where, mapping

Key = tuple[Any, ...]
Totals = dict[Key, tuple[Decimal, int]]

# Whole months that are rolled in all of their grains, without a stale day in them; every other day of the span, and whether it is rolled.  What is
# rolled and not over was rolled by a clock that was ahead.
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
SPAN = f"""
WITH months AS MATERIALIZED (
  SELECT m.month FROM indicators_rolledmonth m
  WHERE %(by_months)s AND m.month >= %(start)s AND (m.month + interval '1 month')::date <= least(%(end)s::date + 1, {TODAY})
    AND NOT EXISTS (SELECT FROM indicators_staleday s
                    WHERE s.day >= m.month AND s.day < (m.month + interval '1 month')::date)
    AND NOT EXISTS (SELECT FROM indicators_rolledday o WHERE o.day >= m.month AND o.day < (m.month + interval '1 month')::date
                    AND o.folded_by < {FOLDED_BY})
), days AS MATERIALIZED (
  SELECT d.day, %(by_days)s AND r.day IS NOT NULL AND d.day < {TODAY}
         AND NOT EXISTS (SELECT FROM indicators_staleday s WHERE s.day = d.day) AS is_rolled
  FROM (SELECT generate_series(%(start)s::timestamp, %(end)s::timestamp, '1 day')::date AS day) d
  LEFT JOIN indicators_rolledday r ON r.day = d.day AND r.folded_by >= {FOLDED_BY}
  WHERE date_trunc('month', d.day)::date NOT IN (SELECT month FROM months)
)"""  # noqa: S608 - own text
# Each day or month is looked up and added up on its own: small sorts in memory instead of one large one on disk.
FROM_MONTHS = """
  SELECT p.* FROM months span CROSS JOIN LATERAL (
    SELECT f.measure{columns}, sum(f.sum) AS sum, sum(f.count) AS count FROM indicators_rollupmonth f{joins}
    WHERE f.grain = %(month_grain)s AND f.month = span.month AND f.measure = ANY(%(measures)s){where}
    GROUP BY {groups}) p"""
FROM_DAYS = """
  SELECT p.* FROM days span CROSS JOIN LATERAL (
    SELECT f.measure{columns}, sum(f.sum) AS sum, sum(f.count) AS count FROM indicators_rollupday f{joins}
    WHERE f.grain = %(day_grain)s AND f.day = span.day AND f.measure = ANY(%(measures)s){where}
    GROUP BY {groups}) p WHERE span.is_rolled"""
FROM_FACTS = """
  SELECT p.* FROM days span CROSS JOIN LATERAL (
    SELECT f.measure{columns}, sum(f.value) AS sum, count(*) AS count FROM indicators_fact f{joins}
    WHERE f.day = span.day AND f.measure = ANY(%(measures)s){where}
    GROUP BY {groups}) p WHERE NOT span.is_rolled"""
# Below the street there are no rollups; the index of facts by division leads.
FROM_DIVISIONS = """
  SELECT f.measure{columns}, sum(f.value) AS sum, count(*) AS count FROM indicators_fact f{joins}
  WHERE f.day BETWEEN %(start)s AND %(end)s AND f.measure = ANY(%(measures)s){where}
  GROUP BY {groups}"""

ONE_OF_MANY = "SELECT {number}, measure{columns}, total, n FROM ({sql}) AS x(measure{names}, total, n)"


@dataclass
class _Statement:
    """One question on its way into SQL.  Names in it come from ``COLUMN``, values are parameters."""

    by: Sequence[str]
    where: Where
    params: dict[str, Any]

    @property
    def needs(self) -> frozenset[str]:
        """Columns a rollup must have to answer."""
        columns = {COLUMN[name] for name in self.by} | self.where.columns
        return frozenset(columns - {"day", "month"})

    def sql(self) -> str:
        """The whole statement."""
        joins, conditions = self._joins(), self._conditions()
        if "division" in self.where.columns:
            return self._part(FROM_DIVISIONS, "f.day", joins, conditions)
        parts = [self._part(FROM_FACTS, "span.day", joins, conditions)]
        if self.params["by_months"]:
            parts.append(self._part(FROM_MONTHS, "span.month", joins, conditions))
        if self.params["by_days"]:
            parts.append(self._part(FROM_DAYS, "span.day", joins, conditions))
        shown = "".join(f", x.d{n}" for n in range(len(self.by)))
        inner = " UNION ALL ".join(parts)
        outer = "SELECT x.measure{shown}, sum(x.sum), sum(x.count)::bigint FROM ({inner}) x GROUP BY {groups}"
        return SPAN + outer.format(shown=shown, inner=inner, groups=self._groups())

    def _part(self, template: str, day: str, joins: str, conditions: str) -> str:
        values = [self._value(n, name, day) for n, name in enumerate(self.by)]
        columns = "".join(f", {value} AS d{n}" for n, value in enumerate(values))
        return template.format(columns=columns, joins=joins, where=conditions, groups=self._groups())

    def _value(self, n: int, name: str, day: str) -> str:
        if name == "month":
            return f"date_trunc('month', {day})::date"
        if name == "day":
            return day
        return f"m{n}.up" if f"from{n}" in self.params else f"f.{COLUMN[name]}"

    def _groups(self) -> str:
        return ", ".join(str(n + 1) for n in range(len(self.by) + 1))

    def _conditions(self) -> str:
        found = []
        for n, clause in enumerate(self.where.clauses):
            ors = []
            for m, (column, values) in enumerate(clause):
                self.params[f"w{n}_{m}"] = list(values)
                ors.append(f"f.{column} = ANY(%(w{n}_{m})s)")
            found.append(f" AND ({' OR '.join(ors) or 'false'})")
        return "".join(found)

    def _joins(self) -> str:
        """What a value counts for, where it does not count for itself."""
        found = []
        for n, name in enumerate(self.by):
            known = mapping(name, self.params["end"])
            if known is not None:
                self.params |= {f"from{n}": list(known), f"to{n}": list(known.values())}
                pairs = f"unnest(%(from{n})s::uuid[], %(to{n})s::uuid[]) AS m{n}(one, up)"
                found.append(f" LEFT JOIN {pairs} ON m{n}.one = f.{COLUMN[name]}")
        return "".join(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: which measures on the days from ``start`` to ``end``, both included, by what, of which places."""

    measures: Collection[str]
    start: date
    end: date
    by: Sequence[str] = ()
    where: Where = EVERYWHERE


def totals(
    measures: Collection[str], start: date, end: date, *, by: Sequence[str] = (), where: Where | None = None
) -> Totals:
    """(sum, count) of each measure on the days from ``start`` to ``end``, both included, by (measure, *values of by).

    A value is None where the facts have none.
    """
    return totals_many([Asked(measures, start, end, by, where or EVERYWHERE)])[0]


def totals_many(questions: Sequence[Asked]) -> list[Totals]:
    """`totals` for each question, in order: one statement, hence one snapshot, for all of them."""
    widest = max((len(one.by) for one in questions), default=0)
    parts: list[str] = []
    params: dict[str, Any] = {}
    for number, one in enumerate(questions):
        sql, own = _compiled(one)
        # Parameters of each question have names of their own.
        parts.append(_shown(number, sql.replace("%(", f"%(q{number}_"), len(one.by), widest))
        params |= {f"q{number}_{name}": value for name, value in own.items()}
    found: list[Totals] = [{} for _one in questions]
    if parts:
        with connections[alias()].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for number, measure, *values, total, n in cursor.fetchall():
                keys = (_read(name, value) for name, value in zip(questions[number].by, values, strict=False))
                found[number][measure, *keys] = (total, n)
    return found


def _compiled(one: Asked) -> tuple[str, dict[str, Any]]:
    statement = _Statement(
        one.by, one.where, {"measures": sorted(set(one.measures)), "start": one.start, "end": one.end}
    )
    day_grain = _grain(DAY_GRAINS, statement.needs)
    month_grain = None if "day" in one.by else _grain(MONTH_GRAINS, statement.needs)
    statement.params |= {
        "by_days": day_grain is not None, "day_grain": day_grain and int(day_grain), "by_months": month_grain is not None,
        "month_grain": month_grain and int(month_grain),
    }  # fmt: skip
    return statement.sql(), statement.params


def _shown(number: int, sql: str, width: int, widest: int) -> str:
    """The rows of one question, as wide as those of the widest, with every value as text."""
    names = [f"k{n}" for n in range(width)]
    values = [f"{name}::text" for name in names] + ["NULL"] * (widest - width)
    columns = "".join(f", {value}" for value in values)
    return ONE_OF_MANY.format(number=number, columns=columns, sql=sql, names="".join(f", {name}" for name in names))


def _grain(grains: Sequence[Grain], needs: frozenset[str]) -> Grain | None:
    """The coarsest rollup that has these columns."""
    return next((grain for grain in grains if needs <= GRAINS[grain]), None)


def _read(name: str, value: str | None) -> Any:
    """A value of a dimension out of its text."""
    if value in (None, ""):
        return None
    if COLUMN[name] in ("day", "month"):
        return date.fromisoformat(str(value))
    return value if COLUMN[name] in ("channel", "kind") else UUID(str(value))
