"""Inventories of the demo: designated points with stalls, outdoor advertising, pocket parks; some looked at, some with faults."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.territory.public import Level, Node, areas, descendants, of_level
from zhitong.lines.campaigns.public import (
    Defined,
    NewEntry,
    define,
    enter,
    entries_of,
    inspect,
    let,
    publish_inventory,
    settle,
)

FAMILY, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊洋艳勇军杰娟"
PRODUCTS = (
    "煎饼果子",
    "时令蔬菜",
    "本地西瓜",
    "甜沫油条",
    "烤红薯",
    "鲜切花",
    "配钥匙修锁",
    "手机贴膜",
    "凉皮凉面",
    "水果",
)
ROADS = ("青年路", "泉城北街", "文化东路", "玉函支路", "舜耕小街", "马鞍山支路", "经八街", "建宁巷")
SORTS = ("墙体广告", "屋顶招牌", "立柱广告", "门头招牌", "电子屏")
FAULTS = ("龙骨锈蚀，螺栓松动", "画面破损下垂", "占用盲道", "灯管外露，有触电风险", "摊位超出划线")
PARKS, BOARDS, POINTS = 43, 60, 8


@transaction.atomic
def build(by: Actor, at: datetime, seed: int) -> None:
    """Three inventories of the first organ that looks after the streets."""
    dice, organ = Random(seed), Organ.objects.filter(short_name__contains="城管").order_by("code").first()
    organ = organ or Organ.objects.order_by("code")[0]
    who: dict[str, Any] = {"by": by, "at": at - timedelta(days=120)}
    _points(dice, organ, who, at)
    _boards(dice, organ, who, at)
    _parks(dice, organ, who, at)


def _spots(dice: Random, count: int) -> list[tuple[Node, tuple[float, float]]]:
    """So many grids of different communities, each with a point inside."""
    streets = of_level(Level.STREET)
    found = []
    for number in range(count):
        grids = descendants(streets[number % len(streets)].id, level=Level.GRID)
        found.append(dice.choice(grids))
    shapes = areas([grid.id for grid in found])
    inner = ((grid, shapes[grid.id].representative_point()) for grid in found if grid.id in shapes)
    return [(grid, (round(point.x, 6), round(point.y, 6))) for grid, point in inner]


def _person(dice: Random) -> str:
    return dice.choice(FAMILY) + dice.choice(GIVEN) + dice.choice(GIVEN)


def _points(dice: Random, organ: Organ, who: dict[str, Any], at: datetime) -> None:
    one = define(Defined(
        name="便民疏导点", organ=organ.pk, purpose="流动摊贩引导到划定的点位经营，经营者和经营产品公开。", fields=("营业时间", "划定摊位数"),
        shown=("营业时间",), has_holder=False, has_stalls=True, check_days=30,
    ), **who)  # fmt: skip
    new = [
        NewEntry(
            name=f"{ROADS[place % len(ROADS)]}{'夏季西瓜' if place % 4 == 3 else ''}疏导点", division=grid.id, lon=lon, lat=lat,
            address=f"{ROADS[place % len(ROADS)]}{dice.randint(2, 90)}号旁", values={"营业时间": "6:00—10:00，17:00—21:00", "划定摊位数": "12"},
        )
        for place, (grid, (lon, lat)) in enumerate(_spots(dice, POINTS))
    ]  # fmt: skip
    since = timezone.localdate(who["at"])
    for row in enter(one.pk, new, **who):
        for label in range(1, dice.randint(4, 9)):
            let(row.pk, str(label), _person(dice), dice.choice(PRODUCTS), since=since, **who)
    publish_inventory(one.pk, is_shown=True, **who)
    _looks(dice, one.pk, who, at, share=0.8)


def _boards(dice: Random, organ: Organ, who: dict[str, Any], at: datetime) -> None:
    one = define(Defined(
        name="户外广告设施", organ=organ.pk, purpose="设置须经许可，事中事后定期检查。", fields=("设施类型", "面积（平方米）"),
        shown=("设施类型",), has_licence=True, check_days=90,
    ), **who)  # fmt: skip
    today: date = timezone.localdate(at)
    new = [
        NewEntry(
            name=f"{ROADS[place % len(ROADS)]}{place + 1}号位{(sort := SORTS[place % len(SORTS)])}", division=grid.id, lon=lon, lat=lat,
            address=f"{ROADS[place % len(ROADS)]}{dice.randint(2, 190)}号", holder=f"泉韵示例{place % 17 + 1}广告有限公司",
            licence=f"户广许字〔2025〕第{place + 101}号", valid_until=today + timedelta(days=dice.choice((-20, 12, 90, 200, 300, 330))),
            values={"设施类型": sort, "面积（平方米）": str(dice.randint(4, 60))},
        )
        for place, (grid, (lon, lat)) in enumerate(_spots(dice, BOARDS))
    ]  # fmt: skip
    enter(one.pk, new, **who)
    publish_inventory(one.pk, is_shown=True, **who)
    _looks(dice, one.pk, who, at, share=0.7)


def _parks(dice: Random, organ: Organ, who: dict[str, Any], at: datetime) -> None:
    one = define(Defined(
        name="口袋公园", organ=organ.pk, purpose="见缝插绿，家门口的小公园。", fields=("面积（平方米）", "设施"),
        shown=("面积（平方米）", "设施"), has_holder=False, check_days=180,
    ), **who)  # fmt: skip
    new = [
        NewEntry(
            name=f"{grid.name}口袋公园{place + 1}", division=grid.id, lon=lon, lat=lat,
            values={"面积（平方米）": str(dice.randrange(300, 4000, 50)), "设施": dice.choice(("健身器材、座椅", "儿童滑梯、座椅", "廊架、步道"))},
        )
        for place, (grid, (lon, lat)) in enumerate(_spots(dice, PARKS))
    ]  # fmt: skip
    enter(one.pk, new, **who)
    publish_inventory(one.pk, is_shown=True, **who)
    _looks(dice, one.pk, who, at, share=0.5)


def _looks(dice: Random, inventory_id: Any, who: dict[str, Any], at: datetime, *, share: float) -> None:
    """Some were inspected on a day since; of the faults most are put right, a few are late."""
    for entry_id in entries_of(inventory_id):
        if dice.random() > share:
            continue
        then = at - timedelta(days=dice.randint(3, 80))
        if dice.random() < 0.75:
            inspect(entry_id, "good", by=who["by"], at=then)
            continue
        due = timezone.localdate(then) + timedelta(days=dice.choice((2, 7, 30)))
        look = inspect(entry_id, "fault", dice.choice(FAULTS), due_on=due, by=who["by"], at=then)
        if dice.random() < 0.7:
            settle(look.pk, "已整改，复查合格。", by=who["by"], at=then + timedelta(days=2))
