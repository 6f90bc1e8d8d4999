"""Definitions by version, figures by dimension and scope, and how they are written."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.utils import translation

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.events import public as events
from zhitong.kernel.indicators import actions
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.indicators.queries import places
from zhitong.kernel.organisation.public import Category, Organ

from .conftest import SYSTEM, Log, moment, named

AT = moment(date(2026, 1, 1))
MARCH = date(2026, 3, 1), date(2026, 3, 31)
SHARE = {"mean": "test.value"}


def definition(**more: Any) -> indicators.Definition:
    said = {
        "slug": "share",
        "name": "比例",
        "name_en": "Share",
        "formula": SHARE,
        "unit": "percent",
        "direction": "more",
        **more,
    }
    return indicators.Definition(**said)


def define(valid_from: date = date(2026, 1, 1), **more: Any) -> indicators.Indicator:
    return indicators.define(definition(**more), valid_from=valid_from, by=SYSTEM, at=AT)


def one(what: str, **more: Any) -> indicators.Figure:
    (figure,) = indicators.figures(what, *MARCH, **{"scope": SYSTEM, **more})
    return figure


def test_a_figure_explains_itself(log: Log) -> None:
    for value in (1, 1, 0):
        log.write(date(2026, 3, 5), value=value)
    define()
    define(date(2026, 3, 1))
    figure = one("share")
    assert figure.explanation == "2 ÷ 3 = 66.67%，定义第2版，2026年3月1日起"
    with translation.override("en"):
        assert figure.name == "Share"
        assert figure.explanation == "2 ÷ 3 = 66.67%, definition 2, from 1 Mar 2026"


def test_the_version_of_the_last_day_counts(log: Log) -> None:
    log.write(date(2026, 3, 5), value=3)
    define(formula={"sum": "test.value"}, unit="count")
    define(date(2026, 3, 20), formula={"count": "test.value"}, unit="count")
    before = indicators.figures("share", date(2026, 3, 1), date(2026, 3, 19), scope=SYSTEM)
    assert (before[0].text, before[0].explanation) == ("3", "3，定义第1版，2026年1月1日起")
    assert one("share").text == "1"
    assert indicators.definition("share", date(2020, 1, 1)).version == 1
    assert indicators.definitions(date(2026, 3, 19))["share"].version == 1
    assert indicators.definitions(date(2026, 3, 20))["share"].version == 2


def test_a_bare_measure_is_its_sum(log: Log) -> None:
    log.write(date(2026, 3, 5), value=3)
    assert one("test.value").text == "3"
    with pytest.raises(NotFound):
        one("test.none")


def test_without_facts_there_is_a_figure_all_the_same(log: Log) -> None:
    define()
    assert (one("share").value, one("share").text) == (None, "—")
    assert one("test.value").text == "0"
    assert indicators.figures("share", *MARCH, by=["area"], scope=SYSTEM) == []


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal(3838), "count", "3,838"), (Decimal("2.5"), "count", "2.50"), (Decimal("0.99533"), "percent", "99.53%"),
        (Decimal("0.00005"), "percent", "0.01%"), (Decimal(5400), "hours", "1.5小时"), (Decimal(129600), "days", "1.5天"),
        (Decimal("4.666"), "score", "4.67"), (None, "percent", "—"), (Decimal("-0.00001"), "percent", "0.00%"),
    ],
)  # fmt: skip
def test_how_figures_are_written(value: Any, unit: str, text: str) -> None:
    assert indicators.written(value, unit) == text


def test_a_mean_of_seconds_names_its_parts_in_hours(log: Log) -> None:
    for value in (3600, 7200):
        log.write(date(2026, 3, 5), value=value)
    define(unit="hours")
    assert one("share").explanation.startswith("3.0小时 ÷ 2 = 1.5小时，")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "  "}, "name"), ({"unit": "metre"}, "unit"), ({"direction": "up"}, "direction"), ({"formula": {"sum": "x"}}, "formula"),
    ],
)  # fmt: skip
def test_a_definition_that_makes_no_sense_is_refused(log: Log, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        define(**more)
    assert refused.value.field == field


def test_a_new_version_begins_after_the_last_and_is_on_the_record(log: Log) -> None:
    first = define(owner="区政务服务中心")
    with pytest.raises(Refused) as refused:
        define(date(2026, 1, 1))
    assert refused.value.field == "valid_from"
    second = define(date(2026, 1, 2), owner="区督查室")
    assert (first.version, second.version) == (1, 2)
    kinds = [(e.kind, e.data["version"], e.data["owner"]) for e in events.Event.objects.filter(stream_kind="indicator")]
    assert sorted(kinds) == [("indicator.defined", 1, "区政务服务中心"), ("indicator.defined", 2, "区督查室")]


def test_only_those_who_may_define_do(log: Log) -> None:
    clerk = Actor(kind="staff", label="clerk", grants=(Granted(frozenset({"figures.define"}), scope="organ"),))
    with pytest.raises(NotAllowed):
        indicators.define(definition(), valid_from=date(2026, 1, 1), by=clerk, at=AT)


def test_what_ships_is_loaded_once_and_what_the_district_changed_stays(db: None) -> None:
    assert indicators.load_indicators(by=SYSTEM, at=AT) > 20
    row = indicators.definition("appeal_volume", date(2026, 1, 1))
    changed = indicators.Definition("appeal_volume", "我区诉求量", row.formula, row.unit)
    indicators.define(changed, valid_from=date(2026, 6, 1), by=SYSTEM, at=AT)
    assert indicators.load_indicators(by=SYSTEM, at=AT) == 0
    assert indicators.definition("appeal_volume", date(2026, 6, 1)).name == "我区诉求量"


def test_no_indicator_ships_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        indicators.declare_indicator(indicators.Definition("appeal_volume", "x", {"sum": "appeal.opened"}, "count"))


# places


def division(name: str, level: str, above: Any = None) -> Any:
    pk = named(name)
    path = [*(above.path if above else []), pk]
    return apps.get_model("territory", "Division").objects.create(
        id=pk, code=name, name=name, level=level, parent=above, path=path, valid_from=date(2020, 1, 1)
    )


@pytest.fixture
def town(log: Log) -> dict[str, Any]:
    """A district of two streets; the first has two communities with two grids each.  One fact of value 1 in each grid."""
    found = {"district": division("district", "district")}
    for street in ("s1", "s2"):
        found[street] = division(street, "street", found["district"])
        for community in ("a", "b"):
            name = f"{street}{community}"
            found[name] = division(name, "community", found[street])
            for grid in ("1", "2"):
                found[name + grid] = division(name + grid, "grid", found[name])
                log.write(date(2026, 3, 5), division=name + grid, area=street, organ=f"o{grid}", category="leaf")
    log.write(date(2026, 3, 6), value=5)
    while actions.fold_finished():
        pass
    return found


def sums(by: list[str], **filters: Any) -> dict[Any, str]:
    scope = filters.pop("scope", SYSTEM)
    found = indicators.figures("test.value", *MARCH, by=by, filters=indicators.Filters(**filters), scope=scope)
    return {figure.keys if len(by) > 1 else figure.keys[0] if by else None: figure.text for figure in found}


def test_by_street_community_and_grid(town: dict[str, Any]) -> None:
    assert sums([]) == {None: "13"}
    assert sums(["area"]) == {named("s1"): "4", named("s2"): "4", None: "5"}
    assert sums(["community"], division=named("s1")) == {named("s1a"): "2", named("s1b"): "2"}
    assert sums(["grid"], division=named("s1a")) == {named("s1a1"): "1", named("s1a2"): "1"}
    assert sums(["community"])[None] == "5"


@pytest.mark.parametrize(
    ("name", "total"), [("district", "8"), ("s1", "4"), ("s1a", "2"), ("s1a1", "1"), ("unknown", "0")]
)
def test_a_division_counts_with_all_below_it(town: dict[str, Any], name: str, total: str) -> None:
    assert sums([], division=named(name)) == {None: total}


def scoped(*grants: Granted) -> Actor:
    return Actor(kind="staff", label="x", grants=grants)


def granted(scope: str, **more: Any) -> Granted:
    return Granted(frozenset({"figures.view"}), scope=scope, **more)


@pytest.mark.parametrize(
    ("grants", "total"),
    [
        ([granted("all")], "13"),
        ([granted("division", division_id=named("s1"))], "4"),
        ([granted("division", division_id=named("s1a"))], "2"),
        ([granted("organ", organ_ids=frozenset({named("o1")}))], "4"),
        ([granted("organ", organ_ids=frozenset({named("o1")})), granted("division", division_id=named("s2"))], "6"),
        ([granted("own")], "0"),
        ([granted("own"), granted("all")], "13"),
    ],
)
def test_everybody_sees_the_figures_of_their_scope(town: dict[str, Any], grants: list[Granted], total: str) -> None:
    assert sums([], scope=scoped(*grants)) == {None: total}


def test_without_a_grant_there_are_no_figures(town: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        sums([], scope=scoped(Granted(frozenset({"matters.view"}), scope="all")))


def test_an_unknown_dimension_is_refused(town: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        sums(["colour"])


def test_categories_at_any_level(log: Log) -> None:
    path: list[UUID] = []
    above = None
    for level, name in enumerate(("top", "middle", "leaf"), start=1):
        above = Category(id=named(name), code=name, name=name, level=level, parent=above, path=[*path, named(name)])
        above.save()
        path = list(above.path)
    for name in ("top", "middle", "leaf", ""):
        log.write(date(2026, 3, 5), dims={"category": name} if name else None)
    assert sums(["category1"]) == {named("top"): "3", None: "1"}
    assert sums(["category2"]) == {named("top"): "1", named("middle"): "2", None: "1"}
    assert sums(["category"], category=named("middle")) == {named("middle"): "1", named("leaf"): "1"}


def test_an_organ_counts_with_those_below_it(log: Log) -> None:
    top = Organ.objects.create(id=named("top"), code="A", name="局", kind="department", valid_from=date(2020, 1, 1))
    Organ.objects.create(
        id=named("below"), code="A1", name="科", kind="department", parent=top, valid_from=date(2020, 1, 1)
    )
    for name in ("top", "below", "other"):
        log.write(date(2026, 3, 5), organ=name)
    assert sums([], organ=named("top")) == {None: "2"}
    assert sums([], organ=named("below")) == {None: "1"}


def test_nothing_is_looked_up_for_plain_dimensions() -> None:
    assert places.mapping("area", MARCH[1]) is None
