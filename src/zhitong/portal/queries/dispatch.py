"""What the page about suggestions shows."""

from typing import Any
from uuid import UUID

from zhitong.kernel.dispatch import public as d
from zhitong.kernel.organisation.public import category_labels

MOST_CATEGORIES, MOST_CONFUSED = 60, 15
FROM = 30  # hundredths: below, everything is decided
STEP = 5


def shown(kind: str, threshold: float) -> dict[str, Any]:
    """The versions, and the report of the one in use at a threshold; ``report`` None: nothing learned yet."""
    versions = list(d.versions(kind))
    active = next((one for one in versions if one.is_active), None)
    if active is None:
        return {"versions": versions, "active": None, "report": None}
    report = d.report_of(active, threshold)
    names = _names([row.category for row in report.categories])
    points = [point for n, point in enumerate(report.curve) if (n >= FROM and n % STEP == 0) or n == 99]
    return {
        "versions": versions, "active": active, "report": report, "names": names,
        "categories": report.categories[:MOST_CATEGORIES], "confusions": report.confusions[:MOST_CONFUSED],
        "points": points,
    }  # fmt: skip


def _names(ids: list[str]) -> dict[str, str]:
    labels = category_labels([UUID(one) for one in ids])
    return {one: labels.get(UUID(one), one) for one in ids}
