"""What residents find and read."""

import csv
import html
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.base.text import tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import Organ
from zhitong.lines.hall import actions
from zhitong.lines.hall.actions.defaults import CATALOGUE, load_defaults
from zhitong.lines.hall.api.schemas import brief
from zhitong.lines.hall.models import Item, Version
from zhitong.lines.hall.queries.guide import PAGE, Wanted, guide, shown

from .factories import COMPLETE, MATERIALS, SINCE, Hall

pytestmark = pytest.mark.django_db
LIST = "/hall/"


def page(answer: Any) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def names(**wanted: Any) -> list[str]:
    return [version.item.name for version in guide(Wanted(**wanted), timezone.localdate()).rows]


def offered(place: Hall, name: str, days: int = 0, materials: Any = None, organ: Any = None, **more: Any) -> Item:
    """An item in force from today, by the machine's own day."""
    how = {key: more.pop(key) for key in ("everyday", "topic", "for_firms", "for_persons") if key in more}
    item, at = place.item(name, organ=organ or place.market, **how), timezone.now()
    if more.get("is_instant"):  # nothing can follow later
        materials = [{**one, "is_deferrable": False} for one in materials or MATERIALS]
    draft = actions.start_draft(item.pk, by=place.admin, at=at)
    actions.write_draft(draft.pk, COMPLETE | more, MATERIALS if materials is None else materials, by=place.admin, at=at)
    actions.publish(draft.pk, effective_on=timezone.localdate() + timedelta(days=days), by=place.admin, at=at)
    return item


@pytest.fixture
def shipped(place: Hall) -> None:
    """The catalogue that ships."""
    with CATALOGUE.open(encoding="utf-8") as file:
        wanted = {row["实施单位"] for row in csv.DictReader(file)} - {"", "市场监督管理局", "城市管理局"}
    for name in wanted:
        Organ.objects.create(code=name, name=name, kind="department", valid_from=SINCE)
    load_defaults(by=Actor.system("测试"))


@pytest.mark.usefixtures("shipped")
def test_everyday_words_find_what_is_meant() -> None:
    for words, wanted in [
        ("办营业执照", "个体工商户设立登记"), ("开饭店", "食品经营许可（新办）"), ("占道", "临时占用城市道路许可"), ("残疾证", "残疾人证办理"),
        ("领证", "内地居民结婚登记"), ("退休", "企业职工正常退休审批"), ("孩子上学", "义务教育阶段新生入学登记"), ("居住证", "居住证申领"),
        ("我想开饭店", "食品经营许可（新办）"), ("怎么办身份证", "居民身份证申领、换领、补领"), ("广告牌", "大型户外广告设置许可"),
    ]:  # fmt: skip
        assert wanted in names(words=words)[:3], words


# As people say it, and what has to be among the first two.
SAID = {
    "想摆摊卖早点": "小餐饮登记", "孩子上户口": "出生登记（报户口）", "老人补贴": "高龄津贴给付", "开小饭馆": "小餐饮登记",
    "门头招牌": "门头招牌设置备案", "装修占道": "临时占用城市道路许可", "路边想摆个水果摊": "临时占用城市道路许可",
    "我家要装修想在门口堆点沙子水泥": "临时性建筑物搭建、堆放物料审批", "老妈八十了有没有钱领": "高龄津贴给付",
    "外地来的孩子能不能在这儿上学": "义务教育阶段新生入学登记", "公司换老板了": "公司变更登记", "公司搬家了要改执照": "公司变更登记",
    "店不开了怎么注销": "企业注销登记", "住院的钱怎么报": "医疗费用手工报销", "门口的树挡光能不能砍": "城市树木砍伐、移植审批",
    "给新生儿上医保": "城乡居民基本医疗保险参保登记", "在外地看病怎么报销": "异地就医备案", "开网约车": "网络预约出租汽车驾驶员从业资格",
    "饭店排油污水": "城镇污水排入排水管网许可", "打工受伤了": "工伤认定", "家里突然着火了日子过不下去": "临时救助金给付",
    "卖菜": "个体工商户设立登记", "办个厂": "建设项目环境影响评价审批", "加股东": "公司变更登记", "驾照快到期了": "机动车驾驶证期满换证",
    "想给公司刻个章": "公章刻制备案", "饭馆门口摆几张桌子": "临时占用城市道路许可", "工地拉土": "城市建筑垃圾处置核准",
    "挖马路埋水管": "城市道路挖掘许可", "租房子有补贴吗": "公共租赁住房租赁补贴", "要饭的没饭吃": "最低生活保障金给付",
    "大学生创业有没有补助": "一次性创业补贴申领", "当兵回来有什么补助": "退役军人一次性经济补助",
}  # fmt: skip


@pytest.mark.usefixtures("shipped")
def test_whatever_way_people_say_it() -> None:
    found = {words: names(words=words)[:2] for words in SAID}
    assert {words: found[words] for words, wanted in SAID.items() if wanted not in found[words]} == {}


@pytest.mark.usefixtures("shipped")
def test_what_says_little_of_what_was_typed_is_left_out() -> None:
    assert len(names(words="店不开了怎么注销")) < 6


@pytest.mark.usefixtures("shipped")
def test_what_is_called_just_so_comes_first() -> None:
    assert names(words="占道")[0] == "临时占用城市道路许可"


@pytest.mark.parametrize("words", ["飞碟修理", "，。", "'", "a:*", "&|!()", "的"])
def test_words_that_find_nothing(place: Hall, client: Client, words: str) -> None:
    offered(place, "食品经营许可")
    assert "没有找到" in page(client.get(LIST, {"q": words}))


def test_only_what_is_in_force_is_found(place: Hall, client: Client) -> None:
    place.draft(place.item("还在起草"))
    offered(place, "明天开始", days=1)
    gone = offered(place, "已经停用")
    actions.withdraw(gone.versions.get().pk, on=timezone.localdate(), reason="停办", by=place.admin, at=timezone.now())
    now = offered(place, "正在办理")
    assert names() == ["正在办理"]
    for item in Item.objects.all():
        assert client.get(f"/hall/items/{item.pk}/").status_code == (200 if item.pk == now.pk else 404)


def test_filters(place: Hall, client: Client) -> None:
    offered(
        place, "甲", topic="city", for_firms=False, organ=place.city, visits="none", is_instant=True, promised_days=0
    )
    offered(place, "乙", topic="food", for_firms=True, for_persons=False, visits="one")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"audience": "persons"}, "甲"), ({"audience": "firms"}, "乙"), ({"topic": "city"}, "甲"), ({"organ": place.market.pk}, "乙"),
        ({"visits": "none"}, "甲"), ({"is_instant": True}, "甲"),
    ]  # fmt: skip
    for wanted, found in cases:
        assert names(**wanted) == [found]
    assert "hall/items" in page(client.get(LIST, {"for": "x", "topic": "x", "organ": "x", "visits": "x", "page": "x"}))


def test_pages(place: Hall, client: Client) -> None:
    for number in range(PAGE + 1):
        offered(place, f"事项{number:02d}", materials=[])
    first = guide(Wanted(), timezone.localdate())
    assert (len(first.rows), first.total, first.pages) == (PAGE, PAGE + 1, 2)
    assert [v.item.name for v in guide(Wanted(), timezone.localdate(), 2).rows] == [f"事项{PAGE:02d}"]
    assert f"事项{PAGE:02d}" in page(client.get(LIST, {"page": "99"}))


def test_an_item_in_plain_words(place: Hall, client: Client) -> None:
    item = offered(place, "食品经营许可（新办）")
    text = page(client.get(f"/hall/items/{item.pk}/"))
    for said in ("5", "法定20个工作日", "只到窗口一次", "市场监管部门登记信息已有", "可以后补", "承诺书代替",
                 "从业人员接触直接入口食品的", "第三十五条", "区政务服务中心一楼12号窗口", "0531-12345678", "窗口领取、邮寄送达"):  # fmt: skip
        assert said in text, said
    assert text.index("多久办好") < text.index("要带什么") < text.index("依据")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"is_instant": True, "promised_days": 0}, "当场"),
        ({"visits": "none"}, "全程网上办"),
        ({"visits": "agent"}, "帮您跑"),
    ],
)
def test_time_and_visits_on_top(place: Hall, client: Client, more: dict[str, Any], said: str) -> None:
    item = offered(place, "某事", **more)
    text = page(client.get(f"/hall/items/{item.pk}/"))
    assert text.index(said) < text.index("要带什么")


def test_what_comes_later_is_announced(place: Hall, client: Client) -> None:
    item = offered(place, "某事")
    at, day = timezone.now(), timezone.localdate() + timedelta(days=10)
    draft = actions.start_draft(item.pk, by=place.admin, at=at)
    actions.publish(draft.pk, effective_on=day, by=place.admin, at=at)
    assert "有新的规定" in page(client.get(f"/hall/items/{item.pk}/"))
    now, then = shown(item.pk, timezone.localdate()), shown(item.pk, day)
    assert now
    assert then
    assert (now.version.number, now.next is None) == (1, False)
    assert (then.version.number, then.next) == (2, None)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "办事指南"), ("en", "Guide to services")])
def test_the_frame_speaks_both_languages(place: Hall, client: Client, language: str, word: str) -> None:
    item = offered(place, "某事")
    client.cookies["django_language"] = language
    for address in (LIST, f"/hall/items/{item.pk}/"):
        assert word in page(client.get(address))
    assert "sessionid" not in client.cookies


def test_five_thousand_items_are_searched_by_the_index(place: Hall, client: Client) -> None:
    base = place.base()
    items = [
        Item(
            base=base,
            code=f"N{n}",
            name=f"事项{n}号许可",
            organ=place.market,
            topic="other",
            words=tsvector(f"事项{n}号许可"),
        )
        for n in range(5000)
    ]
    Item.objects.bulk_create(items)
    Version.objects.bulk_create(
        Version(item=item, number=1, state="published", effective_on=timezone.localdate(), **COMPLETE) for item in items
    )
    offered(place, "占道许可", everyday="占路")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hall_item, hall_version")
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        assert "占道许可" in page(client.get(LIST, {"q": "占路"}))
    assert len(asked) <= 8
    query = next(q["sql"] for q in asked.captured_queries if "ts_rank" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "hall_item_words" in plan, plan


def test_a_line_is_told_from_what_was_read_at_once(place: Hall) -> None:
    offered(place, "占道许可", everyday="占路")
    for words in ("", "占路", "我想占路"):
        found = guide(Wanted(words=words), timezone.localdate())
        assert found.rows, words
        with CaptureQueriesContext(connection) as asked:
            assert [brief(row).name for row in found.rows] == [row.item.name for row in found.rows]
            assert all(row.item.everyday is not None and row.get_visits_display() for row in found.rows)
        assert not asked.captured_queries, words
