"""Figures by street, category and month, over two years, a year, a month and today, from rollups and from facts."""

from collections.abc import Mapping
from datetime import timedelta

from .compare import Question, compare
from .report import Report

ROUNDS, EACH = 10, 10
GRIDS = "grid, a month"  # thirteen times as many grids have one among 1,000,000 as among 10,000


def main() -> None:
    """Measure and print."""
    compare(Report("figures"), questions, rounds=ROUNDS, each=EACH, longer=[GRIDS])


def questions() -> Mapping[str, Question]:
    """As the leader, who sees the whole district."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Account, actor_for
    from zhitong.kernel.indicators.public import figures

    today = timezone.localdate()
    leader = actor_for(Account.objects.get(username="leader"))
    spans = {"two years": 730, "a year": 365, "a month": 30, "today": 0}
    what = ["appeal_volume", "appeal_satisfaction"]

    def ask(days: int, *by: str) -> None:
        figures(what, today - timedelta(days=days), today, by=by, scope=leader)

    found: dict[str, Question] = {}
    for name, days in spans.items():
        found[f"street × category × month, {name}"] = lambda days=days: ask(days, "area", "category", "month")  # type: ignore[misc]
    found["street × month, two years"] = lambda: ask(730, "area", "month")
    found["organ, a year"] = lambda: ask(365, "organ")
    found["day, a month"] = lambda: ask(30, "day")
    found[GRIDS] = lambda: ask(30, "grid")
    return found
