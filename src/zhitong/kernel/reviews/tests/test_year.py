"""Figures equal a recount over the raw rows, whatever is folded; the year is small unless ZHITONG_REVIEW_SERVICES says more."""

import os
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.utils import timezone

from zhitong.kernel.indicators.public import Filters, check, figures, fold_finished, rebuild
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.reviews import public as r

from .conftest import SYSTEM, Hall
from .year import FULL, Year, recount

SERVICES = int(os.environ.get("ZHITONG_REVIEW_SERVICES", "1500"))
SLUGS = ("review_services", "review_reviews", "review_participation", "review_satisfaction")


@pytest.fixture
def year(hall: Hall) -> Year:
    points = [hall.window]
    for n in range(6):
        organ = Organ.objects.create(code=f"o{n}", name=f"{n}局", kind="department", valid_from="2020-01-01")
        points += [r.put_point(organ_id=organ.pk, name=f"{n}-{w}", by=SYSTEM, at=timezone.now()) for w in range(2)]
    return Year(
        points, [(uuid4(), f"事项{n}") for n in range(12)], _places(), timezone.localdate() - timedelta(days=370)
    )


def _places() -> list[UUID]:
    """Two streets of one community each, and a third street: where services are given, some by street and some below it."""
    found: list[UUID] = []
    for n in range(3):
        street = _division(f"37019900{n}", f"{n}街道", "street", [])
        found += [street, *([_division(f"37019900{n}001", f"{n}社区", "community", [street])] if n < 2 else [])]
    return found


def _division(code: str, name: str, level: str, above: list[UUID]) -> UUID:
    pk = uuid4()
    rows = apps.get_model("territory", "Division").objects
    rows.create(id=pk, code=code, name=name, level=level, path=[*above, pk], valid_from="2020-01-01")
    return pk


def _told(by: str, year: Year, hall: Hall, street: UUID | None = None) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, dict[str, Any]] = {}
    filters = Filters(division=street)
    for figure in figures(SLUGS, *_span(year), by=[by] if by else [], filters=filters, scope=hall.leader):
        found.setdefault(figure.keys[0] if figure.keys else None, {})[figure.indicator.slug] = figure.value
    return {key: tuple(cell[slug] for slug in SLUGS) for key, cell in found.items()}


def _span(year: Year) -> tuple[Any, Any]:
    return year.first, year.first + timedelta(days=369)


def _counted(by: str, year: Year, street: UUID | None = None) -> dict[Any, tuple[Any, ...]]:
    return {
        key: (services, reviews, Decimal(reviews) / services if services else None, Decimal(good) / reviews if reviews else None)
        for key, (services, reviews, good) in recount(by, *_span(year), area=street).items()
    }  # fmt: skip


def _same(year: Year, hall: Hall) -> None:
    for by in ("", "organ", "point", "item", "area", "month"):
        assert _told(by, year, hall) == _counted(by, year), by
    areas = [key for key in _counted("area", year) if key]
    assert len(areas) == 3
    for street, by in ((street, by) for street in areas for by in ("", "organ", "item", "month")):
        assert _told(by, year, hall, street) == _counted(by, year, street), (street, by)


def test_figures_equal_a_recount(hall: Hall, year: Year) -> None:
    year.live(SERVICES)
    _same(year, hall)
    while fold_finished():
        pass
    _same(year, hall)
    for review in r.Review.objects.order_by("at")[: min(6, SERVICES // 100)]:
        for by in (hall.caller, hall.supervisor):
            r.exclude(review.pk, reason="误评", by=by, at=timezone.now())
    r.judge_at_point(year.points[0], r.Judgement(1, source="poster"), by=SYSTEM, at=timezone.now())
    _same(year, hall)
    while fold_finished():
        pass
    _same(year, hall)
    if SERVICES < FULL:
        rebuild()
        _same(year, hall)
        assert not list(check())


def test_the_share_of_an_ordinary_year(hall: Hall, year: Year) -> None:
    """The generator makes what it says it makes."""
    year.live(SERVICES)
    ((services, reviews, good),) = recount("", *_span(year)).values()
    assert services == SERVICES
    assert abs(reviews / services - 0.4276) < 0.05
    assert good / reviews > 0.98
