"""五个一: one map, one grid system, one team, one form, one rule, as they stand now."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhitong.kernel.accounts.public import requires
from zhitong.kernel.territory import public as territory
from zhitong.lines.fieldwork.public import crew
from zhitong.lines.surveys import public as surveys

from .coverage import LEVELS, MOST_AT_ONCE

MOST_SURVEYS, MOST_RULES = 5, 8


def _map(grids: int) -> dict[str, Any]:
    """What the coverage check says; None of it where there are too many grids for a page."""
    if grids > MOST_AT_ONCE:
        return {"coverage": None, "standing": None}
    return {"coverage": territory.check_coverage(), "standing": territory.check_buildings()}


def _system() -> list[tuple[str, int]]:
    counted = [(level, len(territory.of_level(level))) for level in LEVELS]
    return [(territory.level_label(level), n) for level, n in counted if n]


def _total(listed: Sequence[object], most: int, count: Callable[[], int]) -> int:
    """How many there are, asked for only where the list is full."""
    return count() if len(listed) == most else len(listed)


@requires("figures.view")
@require_safe
def five_ones(request: HttpRequest) -> HttpResponse:
    """The page."""
    today: date = timezone.localdate()
    grids, team = len(territory.of_level(territory.Level.GRID)), crew(today)
    running, rules = surveys.running(today, MOST_SURVEYS), surveys.raising(MOST_RULES)
    context = {
        **_map(grids), "system": _system(), "team": team, "alone": grids - team.grids,
        "surveys": running, "surveys_count": _total(running, MOST_SURVEYS, lambda: surveys.how_many_run(today)),
        "rules": rules, "rules_count": _total(rules, MOST_RULES, surveys.how_many_rules),
        "raised": surveys.raised_altogether(), "bounds": territory.bounds(),
        "kinds": territory.StrayKind,
    }  # fmt: skip
    return render(request, "portal/five_ones.html", context)


urlpatterns = [path("desk/five-ones/", five_ones, name="five_ones")]
