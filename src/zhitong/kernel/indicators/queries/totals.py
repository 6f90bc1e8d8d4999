"""Sums and counts of measures: from rollups where they are complete, from facts everywhere else.

One statement, hence one snapshot: a day is taken either from its rollup or from its facts, whatever is folded or
written meanwhile.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from ..choices import DAY_GRAINS, GRAINS, MONTH_GRAINS, Grain
from .places import COLUMN, Where, mapping

Key = tuple[Any, ...]
Totals = dict[Key, tuple[Decimal, int]]

# Whole months that are rolled, without a stale day in them; every other day of the span, and whether it is rolled.
SPAN = """
WITH months AS MATERIALIZED (
  SELECT m.month FROM indicators_rolledmonth m
  WHERE %(by_months)s AND m.month >= %(start)s AND (m.month + interval '1 month')::date <= %(end)s::date + 1
    AND NOT EXISTS (SELECT FROM indicators_staleday s
                    WHERE s.day >= m.month AND s.day < (m.month + interval '1 month')::date)
), days AS MATERIALIZED (
  SELECT d.day, %(by_days)s AND r.day IS NOT NULL
         AND NOT EXISTS (SELECT FROM indicators_staleday s WHERE s.day = d.day) AS is_rolled
  FROM (SELECT generate_series(%(start)s::timestamp, %(end)s::timestamp, '1 day')::date AS day) d
  LEFT JOIN indicators_rolledday r ON r.day = d.day
  WHERE date_trunc('month', d.day)::date NOT IN (SELECT month FROM months)
)"""
# Each day or month is looked up by index on its own: OFFSET 0 keeps the planner from reading everything instead.
FROM_MONTHS = """
  SELECT f.measure{columns}, f.sum, f.count FROM months span CROSS JOIN LATERAL (
    SELECT * FROM indicators_rollupmonth f
    WHERE f.grain = %(month_grain)s AND f.month = span.month AND f.measure = ANY(%(measures)s){where} OFFSET 0) f"""
FROM_DAYS = """
  SELECT f.measure{columns}, f.sum, f.count FROM days span CROSS JOIN LATERAL (
    SELECT * FROM indicators_rollupday f
    WHERE f.grain = %(day_grain)s AND f.day = span.day AND f.measure = ANY(%(measures)s){where} OFFSET 0) f
  WHERE span.is_rolled"""
FROM_FACTS = """
  SELECT f.measure{columns}, f.value AS sum, 1 AS count FROM days span CROSS JOIN LATERAL (
    SELECT * FROM indicators_fact f WHERE f.day = span.day AND f.measure = ANY(%(measures)s){where} OFFSET 0) f
  WHERE NOT span.is_rolled"""
# Below the street there are no rollups; the index of facts by division leads.
FROM_DIVISIONS = """
  SELECT f.measure{columns}, f.value AS sum, 1 AS count FROM indicators_fact f
  WHERE f.day BETWEEN %(start)s AND %(end)s AND f.measure = ANY(%(measures)s){where}"""


@dataclass
class _Statement:
    """One question on its way into SQL.  Names in it come from ``COLUMN``, values are parameters."""

    by: Sequence[str]
    where: Where
    params: dict[str, Any]
    joins: list[str] = field(default_factory=list)

    @property
    def needs(self) -> frozenset[str]:
        """Columns a rollup must have to answer."""
        columns = {COLUMN[name] for name in self.by} | self.where.columns
        return frozenset(columns - {"day", "month"})

    def sql(self) -> str:
        """The whole statement."""
        if "division" in self.where.columns:
            inner = self._part(FROM_DIVISIONS, "f")
            return f"{self._outer()} ({inner}) x{self._joins()} GROUP BY 1{self._ordinals()}"
        parts = [self._part(FROM_FACTS, "span")]
        if self.params["by_months"]:
            parts.append(self._part(FROM_MONTHS, "span", "month"))
        if self.params["by_days"]:
            parts.append(self._part(FROM_DAYS, "span"))
        inner = " UNION ALL ".join(parts)
        return f"{SPAN} {self._outer()} ({inner}) x{self._joins()} GROUP BY 1{self._ordinals()}"

    def _part(self, template: str, span: str, day: str = "day") -> str:
        values = [self._column(name, span, day) for name in self.by]
        columns = "".join(f", {value} AS d{n}" for n, value in enumerate(values))
        return template.format(columns=columns, where=self._where())

    @staticmethod
    def _column(name: str, span: str, day: str) -> str:
        if name == "month":
            return f"date_trunc('month', {span}.{day})::date"
        if name == "day":
            return f"{span}.{day}"
        return f"f.{COLUMN[name]}"

    def _where(self) -> str:
        found = []
        for n, clause in enumerate(self.where.clauses):
            ors = []
            for m, (column, values) in enumerate(clause):
                self.params[f"w{n}_{m}"] = list(values)
                ors.append(f"f.{column} = ANY(%(w{n}_{m})s)")
            found.append(f" AND ({' OR '.join(ors) or 'false'})")
        return "".join(found)

    def _outer(self) -> str:
        shown = []
        for n, name in enumerate(self.by):
            known = mapping(name)
            if known is None:
                shown.append(f", x.d{n}")
                continue
            self.params |= {f"from{n}": list(known), f"to{n}": list(known.values())}
            self.joins.append(
                f" LEFT JOIN unnest(%(from{n})s::uuid[], %(to{n})s::uuid[]) AS m{n}(one, up) ON m{n}.one = x.d{n}"
            )
            shown.append(f", m{n}.up")
        return f"SELECT x.measure{''.join(shown)}, sum(x.sum), sum(x.count)::bigint FROM"

    def _joins(self) -> str:
        return "".join(self.joins)

    def _ordinals(self) -> str:
        return "".join(f", {n + 2}" for n in range(len(self.by)))


def totals(
    measures: Collection[str], start: date, end: date, *, by: Sequence[str] = (), where: Where | None = None
) -> Totals:
    """(sum, count) of each measure on the days from ``start`` to ``end``, both included, by (measure, *values of by).

    A value is None where the facts have none.
    """
    statement = _Statement(by, where or Where(), {"measures": sorted(set(measures)), "start": start, "end": end})
    day_grain = _grain(DAY_GRAINS, statement.needs)
    month_grain = None if "day" in by else _grain(MONTH_GRAINS, statement.needs)
    statement.params |= {
        "by_days": day_grain is not None, "day_grain": day_grain and int(day_grain), "by_months": month_grain is not None,
        "month_grain": month_grain and int(month_grain),
    }  # fmt: skip
    sql = statement.sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, statement.params)
        return {tuple(_read(row[:-2])): (row[-2], row[-1]) for row in cursor.fetchall()}


def _grain(grains: Sequence[Grain], needs: frozenset[str]) -> Grain | None:
    """The coarsest rollup that has these columns."""
    return next((grain for grain in grains if needs <= GRAINS[grain]), None)


def _read(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        yield None if value == "" else value
