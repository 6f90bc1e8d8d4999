"""The five ones, each figure held against what is there."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District
from zhitong.kernel.matters.public import finding_subkinds
from zhitong.kernel.register.public import NewBuilding, add_buildings
from zhitong.kernel.territory import public as t
from zhitong.lines.fieldwork import public as fieldwork
from zhitong.lines.surveys import public as surveys
from zhitong.lines.surveys.tests.conftest import ANSWER

pytestmark = pytest.mark.django_db
FACT = re.compile(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>")


def page(client: Any) -> str:
    return " ".join(client.get(reverse("portal:five_ones")).content.decode().split())


def facts(client: Any) -> dict[str, str]:
    """What the page says, by label."""
    return dict(FACT.findall(page(client)))


def rows(text: str, caption: str) -> list[list[str]]:
    """The cells of a table of the page."""
    table = next(part for part in text.split("<table")[1:] if caption in part.split("</caption>")[0])
    lines = table.split("</table>")[0].split("<tbody")[1].split("<tr")[1:]
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)] for line in lines
    ]


def form_with_rules(wanted: int) -> UUID:
    """The example of an epidemic in use, with so many rules; the first is crossed by the answer of the tests of surveys."""
    now, content = timezone.now(), surveys.workbook_of(surveys.EXAMPLES["epidemic"][1])
    version = surveys.publish(surveys.take(content, "epidemic.xlsx", by=BY, at=now).pk, by=BY, at=now)
    for n in range(wanted):
        surveys.add_rule(
            version.form_id, path="/data/member/temperature", crossing="at_least", bound=str(37 + n), title=f"体温规则{n}",
            subkind=finding_subkinds()[0].pk, urgency="normal", by=BY, at=now,
        )  # fmt: skip
    return version.pk


def test_an_empty_district_says_so(admin: Any) -> None:
    text, said = page(admin), facts(admin)
    assert "现在没有正在进行的摸排" in text
    assert "还没有预警规则" in text
    assert (said["楼栋"], said["网格员"], said["替班人"], said["机动队员"]) == ("0", "0", "0", "0")


def test_the_map_counts_land_and_buildings(admin: Any) -> None:
    grid = t.of_level("grid")[0]
    place = t.shape(grid.id)
    assert place
    add_buildings(
        [
            NewBuilding(grid.id, "1号楼", "示范路1号", lon=place.lon, lat=place.lat),
            NewBuilding(grid.id, "2号楼", "示范路2号", lon=place.lon + 5, lat=place.lat),
            NewBuilding(grid.id, "3号楼", "示范路3号", lon=place.lon + 6, lat=place.lat),
            NewBuilding(grid.id, "4号楼", "示范路4号"),
        ],
        by=BY, at=timezone.now(),
    )  # fmt: skip
    said, land = facts(admin), t.check_coverage()
    assert (said["楼栋"], said["不在任何区划内的楼栋"], said["没有坐标的楼栋"]) == ("4", "2", "1")
    assert said["在两个区划内的楼栋"] == "0"
    assert said["土地问题（重叠、空隙、超出）"] == str(len(land.faults))


def test_no_figure_sticks_to_the_edge_of_its_card(admin: Any) -> None:
    text = page(admin)
    assert (
        text.count('<dl class="zt-facts') == len(re.findall(r'class="zt-card-body"> ?<dl class="zt-facts', text)) == 3
    )


def test_nothing_said_of_coverage_sticks_to_the_edge(admin: Any) -> None:
    text = " ".join(admin.get(reverse("portal:territory_check")).content.decode().split())
    said, body = text.index("共检查"), text.index('<div class="zt-card-body">')
    assert body < said < text.index('id="coverage-map"')
    assert text[body:said].count("<div") - text[body:said].count("</div>") >= 2


def test_divisions_are_counted_by_level(admin: Any) -> None:
    said = facts(admin)
    for level in ("street", "community", "grid"):
        assert said[str(t.level_label(level))] == str(t.Division.objects.filter(level=level).count())


def test_the_team_is_those_who_walk_today(admin: Any, district: District) -> None:
    first, second = t.of_level("grid")[:2]
    who: dict[str, Any] = {"by": BY, "at": timezone.now()}
    today = timezone.localdate()
    staff: dict[str, Any] = {name: district.people[name].staff_id for name in ("grid", "worker", "co")}
    before = int(facts(admin)["没有网格员的网格"])
    assert before == t.Division.objects.filter(level="grid").count()
    fieldwork.hand_over(first.id, staff["grid"], on=today, **who)
    fieldwork.hand_over(second.id, staff["grid"], on=today, **who)
    fieldwork.stand_in(first.id, staff["worker"], first=today, last=today, **who)
    street = t.ancestor(first.id, "street")
    assert street
    fieldwork.join_reserve(staff["co"], street, **who)
    fieldwork.join_reserve(staff["grid"], street, **who)
    with CaptureQueriesContext(connection) as asked:
        said = facts(admin)
    assert (said["网格员"], said["替班人"], said["机动队员"]) == ("1", "1", "2")
    assert not any(
        str(first.id) in one["sql"] for one in asked
    )  # counted where the posts are: a city has 100,000 grids
    assert int(said["没有网格员的网格"]) == before - 2


def test_a_survey_and_what_it_raised_are_counted(admin: Any, district: District) -> None:
    now, today, version = timezone.now(), timezone.localdate(), form_with_rules(1)
    street = district.streets["street"]
    targets = [surveys.NewTarget(f"{n}号楼", street) for n in range(3)]
    survey = surveys.begin(version, name="入户登记", starts_on=today, ends_on=today, targets=targets, by=BY, at=now)
    surveys.submit(survey.targets.order_by("sort")[0].pk, ANSWER.encode(), by=district.actor("grid"), at=now)
    text = page(admin)
    (line,) = rows(text, "正在进行的摸排")
    assert (line[0], line[3:]) == ("入户登记", ["3", "1", "0"])
    (rule,) = rows(text, "一套规则")
    assert (rule[0], rule[2]) == ("体温规则0", "1")


def test_what_is_not_listed_is_counted_all_the_same(admin: Any, district: District) -> None:
    now, today, version = timezone.now(), timezone.localdate(), form_with_rules(9)
    target = [surveys.NewTarget("1号楼", district.streets["street"])]
    made = [
        surveys.begin(version, name=f"登记{n}", starts_on=today, ends_on=today, targets=target, by=BY, at=now)
        for n in range(6)
    ]
    surveys.submit(made[0].targets.get().pk, ANSWER.encode(), by=district.actor("grid"), at=now)
    text = page(admin)
    assert len(rows(text, "正在进行的摸排")) < 6
    assert "正在进行的摸排，共6项" in text
    assert len(rows(text, "一套规则")) < 9
    assert "共9条，答案触发规则即生成事项，已生成1件" in text
    surveys.published().get().form.rules.filter(title="体温规则0").delete()
    assert "共8条，答案触发规则即生成事项，已生成1件" in page(admin)
