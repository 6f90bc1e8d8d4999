"""A figure of the past is counted by the divisions as they then were."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.territory import public as t

from .conftest import SYSTEM, Log

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
SINCE = date(2025, 1, 1)
MARCH = date(2026, 3, 1), date(2026, 3, 31)
JUNE = date(2026, 6, 1), date(2026, 6, 30)


@pytest.fixture
def made(db: None) -> dict[str, UUID]:
    """A street, two communities, a grid in the first."""
    lines = [("990101", "甲区"), ("990101001", "东风街道"), ("990101001001", "东社区"), ("990101001002", "西社区")]
    t.import_list([t.Listed(*line) for line in (*lines, ("990101001001001", "第1网格"))], by=SYSTEM, at=AT, on=SINCE)
    return {code: node.id for code, node in t.tree().by_code.items()}


def counted(span: tuple[date, date], *by: str, **filters: Any) -> dict[Any, str]:
    asked = indicators.Filters(**filters)
    found = indicators.figures("test.value", *span, by=by, filters=asked, scope=SYSTEM)
    return {figure.keys[0] if figure.keys else None: figure.text for figure in found}


def test_a_moved_grid_counts_where_it_then_was(log: Log, made: dict[str, UUID]) -> None:
    east, west, grid = (made[code] for code in ("990101001001", "990101001002", "990101001001001"))
    for day in (date(2026, 3, 5), date(2026, 6, 5)):
        log.write(day, dims={"division": grid, "street": made["990101001"]})
    t.move(grid, west, by=SYSTEM, at=AT, on=date(2026, 5, 1))
    assert counted(MARCH, "community") == {east: "1"}
    assert counted(JUNE, "community") == {west: "1"}
    assert counted(MARCH, division=east) == {None: "1"}
    assert counted(MARCH, division=west) == {None: "0"}
    assert counted(JUNE, division=west) == {None: "1"}


def test_a_split_grid_keeps_its_past(log: Log, made: dict[str, UUID]) -> None:
    grid, east = made["990101001001001"], made["990101001001"]
    log.write(date(2026, 3, 5), dims={"division": grid})
    parts = [("990101001001011", "第11网格", None), ("990101001001012", "第12网格", None)]
    first, _second = t.split(grid, parts, by=SYSTEM, at=AT, on=date(2026, 5, 1))
    log.write(date(2026, 6, 5), dims={"division": first})
    assert counted(MARCH, "grid") == {grid: "1"}
    assert counted(JUNE, "grid") == {first: "1"}
    assert counted((MARCH[0], JUNE[1]), "community") == {east: "2"}


def test_names_and_codes_of_then(made: dict[str, UUID]) -> None:
    east = made["990101001001"]
    t.rename(east, "东风新社区", by=SYSTEM, at=AT, on=date(2026, 4, 1))
    t.renumber(east, "990101001009", by=SYSTEM, at=AT, on=date(2026, 5, 1))
    said = [
        (t.as_stood(day).nodes[east].code[-3:], t.as_stood(day).nodes[east].name)
        for day in (MARCH[1], date(2026, 4, 9), JUNE[0])
    ]
    assert said == [("001", "东社区"), ("001", "东风新社区"), ("009", "东风新社区")]
    assert t.as_stood(date(2020, 1, 1)).nodes[east].name == "东社区"
    assert t.as_stood(JUNE[1]) is t.tree()
