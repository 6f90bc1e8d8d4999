"""Figures of the hall: equal to what is counted anew over rows; the catalogue of an example district; pages, cost, Excel."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from zhitong.kernel.accounts.public import Actor, actor_for
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ
from zhitong.lines.hall.models import Application, BaseItem, Item, Version
from zhitong.lines.hall.public import Sought, seen_in_halls, write_hall, write_queue, write_window
from zhitong.lines.hall.tests.cases import Desk, desk
from zhitong.lines.hall.tests.factories import COMPLETE, MONDAY, SINCE, TODAY, hall, later
from zhitong.portal.queries import hall as reading
from zhitong.portal.queries.periods import Period

from .desk import MOST_QUERIES, SYSTEM, person, signed_in

PAGE, ITEMS = "/desk/figures/hall/", "/desk/figures/hall/items/"
FROM, TO = date(2026, 9, 1), date(2026, 12, 31)
SPAN = {"period": "own", "since": FROM, "until": TO}
EVERYTHING = Actor.system("test")
Figured = dict[str, str]


@pytest.fixture
def counter(db: None, settings: Any, tmp_path: Any) -> Desk:
    """A published item and everybody who handles what is applied for; the definitions that ship are loaded."""
    settings.MEDIA_ROOT = tmp_path
    indicators.load_indicators(by=SYSTEM, at=MONDAY)
    return desk(hall())


@pytest.fixture
def leader(counter: Desk) -> Any:
    """Somebody who sees everything, in a browser."""
    return signed_in(person("区领导", counter.hall.city, "figures.view", scope="all"))


def asked(to: str = PAGE, **more: Any) -> str:
    return f"{to}?{urlencode({**SPAN, **more})}"


def street(code: str, name: str) -> Any:
    Division = apps.get_model("territory", "Division")
    one = Division(code=code, name=name, level="street", valid_from=SINCE)
    one.path = [one.pk]
    one.save()
    return one


def decide(counter: Desk, days: int, outcome: str = "approved", **more: Any) -> Any:
    done = counter.examined(is_another=True, **more)
    counter.act(done.matter_id, "decide", counter.decider, later(days), outcome=outcome, words="依据")
    return done


def a_year(counter: Desk) -> tuple[Any, Version, Version]:
    """Cases of two items in two streets, in time by one limit, by both, by none; instant ones, and some still open."""
    one, two = street("370103001", "舜耕街道"), street("370103002", "七里山街道")
    quick = counter.hall.published(
        counter.hall.item("营业执照遗失补领", organ=counter.hall.city), is_instant=True, promised_days=0, visits="none",
        materials=[{"name": "申请表"}],
    )  # fmt: skip
    for n, days in enumerate((0, 2, 5, 9, 14, 40)):
        decide(counter, days, "refused" if n == 3 else "approved", division_id=(one, two)[n % 2].pk)
    for n in range(3):
        done = counter.submitted(version=quick, is_another=True, division_id=two.pk if n else None)
        counter.act(done.matter_id, "at_once", counter.clerk, later(n), taken=True)
    counter.accepted(is_another=True, division_id=one.pk)
    counter.submitted(is_another=True)
    return two, counter.version, quick


def recount(**only: Any) -> Figured:
    """The same figures from the rows of applications and clocks alone."""
    rows = Application.objects.filter(is_simulated=False, **only)
    decided = [row for row in rows.select_related("version", "matter") if row.decided_at]
    in_time = {slug: sum(_in_time(row, slug) for row in decided) for slug in ("promised", "statutory")}

    def share(top: int) -> str:
        return f"{top / len(decided):.2%}" if decided else "—"

    return {
        "application_volume": str(rows.count()),
        "application_decided": str(len(decided)),
        "application_in_time_promised": share(in_time["promised"]),
        "application_in_time_statutory": share(in_time["statutory"]),
        "application_instant_share": share(sum(row.is_instant for row in decided)),
    }


def _in_time(row: Application, slug: str) -> bool:
    if row.is_instant:
        return True
    clock = m.Clock.objects.get(matter=row.pk, slug=slug)
    return clock.stopped_at is not None and clock.stopped_at <= clock.due_at


def _shown(found: Any) -> Figured:
    return {one.indicator.slug: one.text for one in found}


def test_items_streets_and_organs_are_those_of_a_recount(counter: Desk) -> None:
    two, slow, quick = a_year(counter)
    whole = _shown(indicators.figures(list(recount()), FROM, TO, scope=EVERYTHING))
    assert whole == recount()
    for filters, only in (
        ({"division": two.pk}, {"matter__area": two.pk}),
        ({"organ": counter.hall.market.pk}, {"item__organ": counter.hall.market.pk}),
        ({"organ": counter.hall.city.pk, "division": two.pk}, {"item__organ": counter.hall.city.pk, "matter__area": two.pk}),
    ):  # fmt: skip
        narrowed = indicators.Filters(**filters)
        assert _shown(indicators.figures(list(recount()), FROM, TO, filters=narrowed, scope=EVERYTHING)) == recount(
            **only
        )
        listed = reading.items(Sought(), Period(FROM, TO), narrowed, EVERYTHING)
        for row in listed.rows:
            counted = recount(item=row.item.pk, **only)
            assert {k: v for k, v in _shown(row.figures).items() if k in counted} == (counted if row.figures else {})
    listed = reading.items(Sought(), Period(FROM, TO), indicators.Filters(), EVERYTHING)
    assert [row.item.pk for row in listed.rows] == [slow.item_id, quick.item_id]
    for row in listed.rows:
        counted = recount(item=row.item.pk)
        assert {k: v for k, v in _shown(row.figures).items() if k in counted} == counted


def test_days_saved_are_those_of_a_recount(counter: Desk) -> None:
    a_year(counter)
    found = _shown(indicators.figures(["application_saved_days", "application_cut"], FROM, TO, scope=EVERYTHING))
    rows = Application.objects.filter(decided_at__isnull=False).select_related("version")
    used = _days_used()
    saved = sum((row.version.statutory_days or 0) - used[row.pk] for row in rows)
    limits = sum(row.version.statutory_days or 0 for row in rows)
    assert found == {"application_saved_days": f"{saved:.2f}", "application_cut": f"{saved / limits:.2%}"}


def _days_used() -> dict[Any, int]:
    """Working days between acceptance and decision, by the calendar alone."""
    calendar = m.catalogue()
    assert calendar.default_calendar
    days = calendar.calendars[calendar.default_calendar]
    found = {}
    for row in Application.objects.filter(decided_at__isnull=False):
        first, last = (timezone.localdate(at) for at in (row.accepted_at, row.decided_at))
        found[row.pk] = sum(days.is_working(first + timedelta(days=n + 1)) for n in range((last - first).days))
    return found


EXAMPLE = {"none": 303, "one": 1943, "agent": 62}


def example(counter: Desk) -> None:
    """As many items as an example district has, over two organs, half of the instant ones without an errand."""
    base = BaseItem.objects.create(code="例", name="示例", kind="permit")
    organs = [counter.hall.market, counter.hall.city]
    visits = [name for name, n in EXAMPLE.items() for _ in range(n)]
    items = Item.objects.bulk_create(
        Item(base=base, code=f"EX{n:05d}", name=f"示例事项{n}", organ=organs[n % 2], topic="other", for_persons=True)
        for n in range(len(visits))
    )
    given = {k: v for k, v in COMPLETE.items() if k not in ("visits", "is_instant", "statutory_days", "promised_days")}
    Version.objects.bulk_create(
        Version(
            item=item, number=1, state="published", effective_on=TODAY, visits=visits[n], is_instant=n % 10 == 0,
            statutory_days=20, promised_days=0 if n % 10 == 0 else 5 + n % 6, **given,
        )
        for n, item in enumerate(items)
    )  # fmt: skip


def test_the_catalogue_of_an_example_district(counter: Desk) -> None:
    Version.objects.filter(pk=counter.version.pk).update(ended_on=TODAY)
    example(counter)
    found = reading.catalogue(Period(FROM, TO), None, EVERYTHING)
    assert {one.name: one.text for one in found.visits} == {"零跑腿": "303", "只跑一次": "1,943", "帮办代办": "62"}
    assert [one.explanation for one in found.visits] == [
        "303 ÷ 2,308 = 13.13%", "1,943 ÷ 2,308 = 84.19%", "62 ÷ 2,308 = 2.69%",
    ]  # fmt: skip
    rows = list(Version.objects.exclude(pk=counter.version.pk))
    limits = [(row.promised_days or 0, row.statutory_days or 0) for row in rows]
    cut = sum(1 - promised / statutory for promised, statutory in limits) / len(rows)
    texts = {one.name: one.text for one in found.others}
    assert texts["承诺时限平均压缩"] == f"{cut:.2%}"
    assert texts["承诺时限平均（工作日）"] == f"{sum(promised for promised, _statutory in limits) / len(rows):.2f}"
    assert texts["即办事项"] == "231"
    assert [row.offer.items for row in found.organs] == [1154, 1154]
    market = reading.catalogue(Period(FROM, TO), counter.hall.market.pk, EVERYTHING)
    assert market.whole.none == len(
        [row for row in rows if row.visits == "none" and row.item.organ == counter.hall.market]
    )


def test_the_catalogue_is_that_of_the_last_day(counter: Desk) -> None:
    before = reading.catalogue(Period(FROM, TODAY - timedelta(days=1)), None, EVERYTHING)
    assert (before.whole.items, reading.catalogue(Period(FROM, TODAY), None, EVERYTHING).whole.items) == (0, 1)


def test_the_page(counter: Desk, leader: Any) -> None:
    two, *_versions = a_year(counter)
    html = leader.get(asked()).content.decode()
    for text in (
        "办件量",
        "承诺时限内办结率",
        "各街道对照",
        "七里山街道",
        "零跑腿",
        "1 ÷ 2 = 50.00%",
        "累计节省（工作日）",
        "营业执照遗失补领",
    ):
        assert text in html, text
    narrowed = leader.get(asked(area=two.pk)).content.decode().split("各社区对照")[1]
    assert "舜耕街道" not in narrowed.split("</table>")[0]


def test_in_english(counter: Desk, leader: Any) -> None:
    a_year(counter)
    leader.cookies["django_language"] = "en"
    html = leader.get(asked()).content.decode()
    for text in ("Figures of the hall", "Within the statutory limit", "Working days saved in all", "No visit"):
        assert text in html, text


def test_items_by_words_visits_and_page(counter: Desk, leader: Any) -> None:
    a_year(counter)
    example(counter)
    first = leader.get(asked(ITEMS)).content.decode()
    assert first.index("食品经营许可") < first.index("营业执照遗失补领") < first.index("示例事项")
    assert "示例事项29<" not in first
    assert "示例事项29<" in leader.get(asked(ITEMS, page=2)).content.decode()
    assert "共2310项" in first
    agents = leader.get(asked(ITEMS, visits="agent")).content.decode()
    assert "62" in agents
    assert "营业执照遗失补领" not in agents
    assert "营业执照遗失补领" in leader.get(asked(ITEMS, q="营业执照")).content.decode()
    assert "没有符合条件的服务事项" in leader.get(asked(ITEMS, q="没有这个词")).content.decode()


def test_an_item_that_ended_still_shows_its_cases(counter: Desk, leader: Any) -> None:
    decide(counter, 1)
    Version.objects.filter(pk=counter.version.pk).update(ended_on=TODAY + timedelta(days=3))
    html = leader.get(asked(ITEMS)).content.decode()
    assert "食品经营许可" in html
    assert "未在用" in html


def test_from_a_figure_of_an_item_to_its_cases(counter: Desk, leader: Any) -> None:
    _two, _slow, quick = a_year(counter)
    address = f"/desk/figures/behind?indicator=application_decided&since={FROM}&until={TO}&item={quick.item_id}"
    html = leader.get(address).content.decode()
    assert html.count("营业执照遗失补领") >= 3
    assert "食品经营许可" not in html
    assert PAGE in html


def test_nothing_yet(counter: Desk, leader: Any) -> None:
    Version.objects.filter(pk=counter.version.pk).update(ended_on=TODAY)
    html = leader.get(asked()).content.decode()
    assert "目录中没有有效的事项" in html
    assert "这段时间没有数据" in html


def test_it_is_for_those_who_may_see_figures(counter: Desk) -> None:
    client = signed_in(person("窗口", counter.hall.city))
    assert {client.get(page).status_code for page in (PAGE, ITEMS, f"{PAGE}export")} == {403}


def test_an_organ_sees_its_own(counter: Desk) -> None:
    a_year(counter)
    head = person("市监局长", counter.hall.market, "figures.view")
    found = reading.catalogue(Period(FROM, TO), None, actor_for(head))
    assert [row.id for row in found.organs] == [counter.hall.market.pk]
    html = signed_in(head).get(asked(ITEMS)).content.decode()
    assert "食品经营许可" in html
    assert "营业执照遗失补领" not in html


def test_the_manager_of_a_hall_sees_whoever_has_a_window_there(counter: Desk) -> None:
    """The organ that keeps the hall handles nothing itself; whoever manages no hall of theirs sees nothing of them."""
    two, *_versions = a_year(counter)
    keeper, empty = (
        Organ.objects.create(code=code, name=f"{code}中心", kind="centre", valid_from=SINCE)
        for code in ("KEEPER", "EMPTY")
    )
    fields = {"name": "政务大厅", "organ_id": keeper.pk, "division_id": two.pk, "address": "东风路1号"}
    place = write_hall(fields, by=SYSTEM, at=MONDAY)
    window = {"number": 1, "name": "综合窗口", "organ_id": counter.hall.market.pk}
    queue = write_queue(place.pk, {"prefix": "A", "name": "综合受理"}, by=SYSTEM, at=MONDAY)
    write_window(place.pk, window, queues=[queue.pk], by=SYSTEM, at=MONDAY)
    manager, other = (person("主任", at, "figures.view", "hall.manage") for at in (keeper, empty))
    market = recount(item__organ=counter.hall.market.pk)
    seen = seen_in_halls(actor_for(manager))
    assert _shown(indicators.figures(list(market), FROM, TO, scope=seen)) == market
    html = signed_in(manager).get(asked(ITEMS)).content.decode()
    assert "食品经营许可" in html
    assert "营业执照遗失补领" not in html, "the organ of that item has no window there"
    behind = f"/desk/figures/behind?indicator=application_decided&since={FROM}&until={TO}"
    assert f"<strong>{market['application_decided']}，" in signed_in(manager).get(behind).content.decode()
    assert "食品经营许可" not in signed_in(other).get(asked(ITEMS)).content.decode()


@pytest.mark.parametrize(
    "query", ["period=x&area=x&organ=y", "page=-1&visits=z&instant=2", "page=99999", "indicator=no", "q=%27%22%26"]
)
def test_nothing_in_the_address_breaks_it(leader: Any, query: str) -> None:
    assert {leader.get(f"{page}?{query}").status_code for page in (PAGE, ITEMS, f"{PAGE}export")} == {200}


def test_the_cost_does_not_grow_with_what_is_shown(counter: Desk, leader: Any) -> None:
    decide(counter, 1)
    costs = []
    for _round in range(2):
        for page in (asked(), asked(ITEMS)):
            leader.get(page)
            with CaptureQueriesContext(connection) as found:
                leader.get(page)
            costs.append(len(found))
        if not _round:
            a_year(counter)
            example(counter)
    assert costs[:2] == costs[2:]
    assert max(costs) <= MOST_QUERIES, costs


def test_excel(counter: Desk, leader: Any) -> None:
    a_year(counter)
    book = load_workbook(BytesIO(b"".join(leader.get(asked(f"{PAGE}export")).streaming_content)))
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert set(rows) == {"指标", "各街道对照", "各单位对照", "事项目录", "各单位事项", "各服务事项"}
    told = {row[0]: row for row in rows["指标"]}
    assert told["办件量"][1] == "11"
    assert told["承诺时限内办结率"][5].startswith("期内决定的件数中")
    assert ("零跑腿", "1", "1 ÷ 2 = 50.00%") in [row[:3] for row in rows["事项目录"]]
    assert [row[0] for row in rows["各服务事项"][1:]] == ["食品经营许可（新办）", "营业执照遗失补领"]
    assert {
        cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    } == {"s"}


class TestOnTheHome:
    """What the hall declares stands on the home of a leader, beside the figures of appeals, without the home knowing either."""

    NAMES = ("办件量", "承诺时限内办结率", "法定时限内办结率", "即办率", "办件超期件次", "参评率", "好差评满意率")

    @pytest.fixture
    def looking(self, counter: Desk, monkeypatch: Any) -> Any:
        moment = later(20)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return lambda at, **more: signed_in(person("看数的", at, "figures.view", "matters.view", **more))

    def test_a_leader_sees_the_key_figures_with_what_is_behind_each(self, counter: Desk, looking: Any) -> None:
        decide(counter, 1)
        html = looking(counter.hall.city, scope="all").get("/desk/home/").content.decode()
        shown = html.split("政务服务近30天", 1)[1].split("</section>", 1)[0]
        for name in self.NAMES:
            assert name in shown, name
        assert "indicator=application_in_time_promised" in shown
        assert "/desk/figures/hall/" in shown
        assert "/desk/reviews/figures/" in shown

    def test_an_organ_sees_its_own_and_one_without_applications_nothing(self, counter: Desk, looking: Any) -> None:
        decide(counter, 1)
        own = looking(counter.hall.market).get("/desk/home/").content.decode()
        other = Organ.objects.create(code="OTHER", name="外单位", kind="department", valid_from=SINCE)
        assert ("政务服务近30天" in own, "政务服务近30天" in looking(other).get("/desk/home/").content.decode()) == (
            True,
            False,
        )

    def test_it_costs_one_statement(self, counter: Desk, looking: Any) -> None:
        client, asked = looking(counter.hall.city, scope="all"), []
        client.get("/desk/home/")
        for _n in range(2):
            decide(counter, 1)
            with CaptureQueriesContext(connection) as told:
                client.get("/desk/home/")
            asked.append(len(told))
        assert asked[0] == asked[1] <= MOST_QUERIES
