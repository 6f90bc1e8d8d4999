"""What the page about suggestions shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.indicators.public import MEASURES, VIEW, figures
from zhitong.kernel.organisation.public import category_labels

CATEGORIES, MOST_CONFUSED, MOST_MONTHS = 25, 15, 24
FROM = 30  # hundredths: below, everything is decided
STEP = 5
COUNTED_DAYS = 30
Value = Callable[[d.OfCategory], float | None]
SORTS: dict[str, Value] = {
    "cases": lambda row: row.cases,
    "precision": lambda row: row.precision,
    "recall": lambda row: row.recall,
    "decided": lambda row: row.decided,
}
SORT = "-cases"


@dataclass(frozen=True, slots=True)
class Categories:
    """A stretch of the categories, the keys from which the pages before and after it go on, and how many there are in all."""

    rows: list[d.OfCategory]
    newer: str
    older: str
    n: int


def shown(kind: str, threshold: float, params: Mapping[str, str]) -> dict[str, Any]:
    """The versions, and the report of the one in use at a threshold; ``report`` None: nothing learned yet."""
    versions = list(d.versions(kind))
    active = next((one for one in versions if one.is_active), None)
    if active is None:
        return {"versions": versions, "active": None, "report": None, "lessons": d.how_many_lessons(kind)}
    report = d.report_of(active, threshold)
    names = _names([row.category for row in report.categories])
    points = [point for n, point in enumerate(report.curve) if (n >= FROM and n % STEP == 0) or n == 99]
    return {
        "versions": versions, "active": active, "report": report, "names": names, "right": _right(versions),
        "categories": categories(report.categories, names, params), "confusions": report.confusions[:MOST_CONFUSED],
        "months": report.months[-MOST_MONTHS:], "points": points,
    }  # fmt: skip


def passed_alone(kind: str, today: date, by: Actor) -> str | None:
    """How many passed by themselves in the last 30 days, as the figures count them; None for a kind of which none may, and for who may
    not see figures."""
    measure = f"{kind}.auto_passed"
    if kind not in d.PASSING or measure not in MEASURES or not by.may_everywhere(VIEW):
        return None
    return figures(measure, today - timedelta(days=COUNTED_DAYS - 1), today, scope=by)[0].text


def categories(rows: list[d.OfCategory], names: Mapping[str, str], params: Mapping[str, str]) -> Categories:
    """Those whose name holds what is looked for, in the order wanted, from a key on; ``rows`` as the report orders them."""
    words = params.get("q", "").split()
    found = [row for row in rows if all(word.casefold() in names[row.category].casefold() for word in words)]
    sort = params.get("sort", "")
    value = SORTS.get(sort.removeprefix("-"))
    if value is not None:
        known = [row for row in found if value(row) is not None]
        known.sort(key=value, reverse=sort.startswith("-"))  # type: ignore[arg-type]
        found = known + [row for row in found if value(row) is None]
    return _stretch(found, params.get("after", ""), params.get("before", ""))


def _stretch(rows: list[d.OfCategory], after: str, before: str) -> Categories:
    at = {row.category: n for n, row in enumerate(rows)}
    start = at[after] + 1 if after in at else max(0, at[before] - CATEGORIES) if before in at else 0
    page = rows[start : start + CATEGORIES]
    newer = page[0].category if page and start else ""
    older = page[-1].category if start + CATEGORIES < len(rows) else ""
    return Categories(page, newer, older, len(rows))


def _right(versions: list[d.Learned]) -> dict[UUID, float | None]:
    """How good each version was on what it was asked about."""
    return {one.pk: d.share_right(one.report) for one in versions}


def _names(ids: list[str]) -> dict[str, str]:
    labels = category_labels([UUID(one) for one in ids])
    return {one: labels.get(UUID(one), one) for one in ids}
