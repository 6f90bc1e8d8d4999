"""Drives of the demo: ten disorders found and cleared, certificates by community, lifts, and villages against the calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

import shapely
from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Upload, check_upload
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.territory.public import Level, Node, areas, descendants, of_level
from zhitong.lines.campaigns import public as campaigns
from zhitong.lines.campaigns.public import Drive, DriveSaid, Find, NewTarget, Point, Said, Source, Target

from .pictures import picture

DISORDERS = (
    "乱搭乱建", "乱停乱放", "乱摆摊点", "乱贴乱画", "乱扔乱倒", "乱拉乱挂", "乱设广告", "乱挖乱掘", "乱排乱放", "乱堆乱放",
)  # fmt: skip
THINGS = ("彩钢棚", "占道停车", "流动摊点", "小广告", "垃圾堆", "飞线", "破损门头牌", "开挖路面", "油烟直排", "杂物堆")
FINDS, CERTIFICATES, LIFTS_DONE, LIFTS_UNDER_WAY, VILLAGES = 60, 365, 65, 105, 25


def build(by: Actor, at: datetime, seed: int) -> None:
    """All four, each with its past."""
    dice = Random(seed)
    with transaction.atomic():
        _disorders(by, at, dice)
    with transaction.atomic():
        _certificates(by, at, dice)
    with transaction.atomic():
        _lifts(by, at, dice)
    with transaction.atomic():
        _villages(by, at)


def _organ(*codes: str) -> UUID:
    """The first of these organs that there is."""
    found = {one.code: one.pk for one in Organ.objects.filter(code__in=codes)}
    return next(found[code] for code in codes if code in found)


def _stages(drive: Drive) -> list[UUID]:
    return [one.pk for one in drive.stages.order_by("position")]


def _disorders(by: Actor, at: datetime, dice: Random) -> None:
    """Found on the spot, the older the likelier cleared; some of them on the day they were found."""
    today = timezone.localdate(at)
    drive = campaigns.begin(DriveSaid(
        name="十乱整治专项行动", kind="order", organ=_organ("CITY", "GOVERNMENT"), starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=15), sorts=DISORDERS, needs_before=True, needs_after=True, takes_finds=True,
        purpose="发现一处、处置一处：违法搭建即发现即拆除，其余当周清理。", stages=(("已发现", False), ("已告知", False), ("已整改", True)),
    ), by=by, at=at - timedelta(days=31))  # fmt: skip
    stages, photos = _stages(drive), [_photo(seed) for seed in range(8)]
    for number, (grid, lon, lat) in enumerate(_points(dice, FINDS)):
        sort = number % len(DISORDERS) if number % 3 else 0
        then = at - timedelta(days=29 * (1 - number / FINDS), hours=dice.randint(1, 8))
        found = Find(
            key=uuid5(drive.pk, str(number)), name=f"{grid.name}{THINGS[sort]}", sort=DISORDERS[sort], lon=lon, lat=lat,
            address=f"{grid.name}临街", before=[photos[number % 4]],
        )  # fmt: skip
        target, _new = campaigns.find(drive.pk, found, by=by, at=then)
        if dice.random() < 0.9 - number / FINDS * 0.6:
            days = 0 if sort == 0 else dice.uniform(0.5, 6)
            done = min(then + timedelta(days=days, hours=1), at)
            campaigns.move(
                target.pk, stages[2], Said(text="已清理，恢复原状。", after=[photos[4 + number % 4]]), by=by, at=done
            )
        elif number % 4 == 0:
            campaigns.move(
                target.pk, stages[1], Said(text="已送达限期整改通知书。"), by=by, at=min(then + timedelta(days=1), at)
            )
        elif number % 11 == 0:
            campaigns.set_aside(
                target.pk, "经查有规划许可，不属于违法建设。", by=by, at=min(then + timedelta(days=1), at)
            )
    campaigns.publish(drive.pk, is_public=True, by=by, at=at)


def _photo(seed: int) -> Upload:
    return check_upload("现场.jpg", picture("010204" if seed < 4 else "010102", seed))


def _points(dice: Random, count: int) -> Iterator[tuple[Node, float, float]]:
    """A point in a grid of each of the first streets in turn."""
    streets = of_level(Level.STREET)[:6]
    grids = [descendants(street.id, level=Level.GRID)[:12] for street in streets]
    shapes = areas([grid.id for some in grids for grid in some])
    for number in range(count):
        some = grids[number % len(grids)]
        grid = some[dice.randrange(len(some))]
        inside: shapely.Point = shapes[grid.id].representative_point()
        yield grid, round(inside.x, 6), round(inside.y, 6)


def _certificates(by: Actor, at: datetime, dice: Random) -> None:
    """Read from a table, a plan for every street; some streets are behind."""
    today, streets = timezone.localdate(at), of_level(Level.STREET)
    begun = at - timedelta(days=61)
    drive = campaigns.begin(DriveSaid(
        name="历史遗留不动产登记办证攻坚", kind="certificate", organ=_organ("PLANNING", "GOVERNMENT"),
        starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=60),
        purpose="解决“入住难办证”，一户一档，逐户办结。示范数据按二百分之一的规模生成。",
        stages=(("已摸底", False), ("资料已收", False), ("已受理", False), ("已发证", True)),
    ), by=by, at=begun)  # fmt: skip
    communities = of_level(Level.COMMUNITY)
    lines = ["编号,对象名称,统一编码"]
    for number in range(CERTIFICATES):
        community = communities[(number * 7) % len(communities)]
        lines.append(
            f"BZ-{number + 1:05d},{community.name}{number % 9 + 1}号楼{number % 4 + 1}单元{number % 6 + 1}01,{community.code}"
        )
    campaigns.import_targets(drive.pk, "\n".join(lines).encode(), by=by, at=begun)
    stages, counts = _stages(drive), dict.fromkeys((street.id for street in streets), 0)
    for target in Target.objects.filter(drive=drive).order_by("number").only("pk", "path"):
        street = next(one for one in target.path if one in counts)
        counts[street] += 1
        pace = 0.6 if streets.index(next(one for one in streets if one.id == street)) % 4 else 0.35
        if dice.random() < pace:
            campaigns.move(target.pk, stages[3], by=by, at=at - timedelta(days=dice.uniform(0, 58)))
        elif dice.random() < 0.3:
            campaigns.move(target.pk, stages[1], by=by, at=at - timedelta(days=dice.uniform(0, 20)))
    points = [
        Point(today + timedelta(days=days), round(count * share), division=street)
        for street, count in counts.items()
        for days, share in ((-30, 0.25), (0, 0.5), (30, 0.8), (60, 1.0))
    ]
    campaigns.plan(drive.pk, points, by=by, at=begun)
    campaigns.publish(drive.pk, is_public=True, by=by, at=at)


def _lifts(by: Actor, at: datetime, dice: Random) -> None:
    """Sixty-five done, a hundred and five under way."""
    today, begun = timezone.localdate(at), at - timedelta(days=201)
    organ = _organ("HOUSING", "GOVERNMENT")
    drive = campaigns.begin(DriveSaid(
        name="老旧小区加装电梯", kind="works", organ=organ, starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=120),
        stages=(("已确定", False), ("在建", False), ("完成", True)), purpose="年度民生实事：加装电梯，完成一部、移交一部。",
    ), by=by, at=begun)  # fmt: skip
    communities, count = of_level(Level.COMMUNITY), LIFTS_DONE + LIFTS_UNDER_WAY
    new = [
        NewTarget(
            name=f"{communities[n % len(communities)].name}{n // len(communities) + 1}号楼{n % 3 + 1}单元电梯",
            division=communities[n % len(communities)].id, key=f"lift:{n}", organ=organ,
            due_on=today - timedelta(days=12) if n > LIFTS_DONE and n % 16 == 0 else None,
        )
        for n in range(count)
    ]  # fmt: skip
    campaigns.add(drive.pk, new, source=Source.IMPORTED, by=by, at=begun)
    stages = _stages(drive)
    for target in Target.objects.filter(drive=drive).order_by("number").only("pk", "number"):
        campaigns.move(target.pk, stages[1], by=by, at=at - timedelta(days=dice.uniform(90, 180)))
        if target.number <= LIFTS_DONE:
            campaigns.move(
                target.pk, stages[2], Said(text="已验收移交。"), by=by, at=at - timedelta(days=dice.uniform(1, 85))
            )


def _villages(by: Actor, at: datetime) -> None:
    """Twenty-five villages in forty days, on the twenty-eighth of them."""
    today, begun = timezone.localdate(at), at - timedelta(days=28)
    drive = campaigns.begin(DriveSaid(
        name="二十五村征收安置", kind="relocation", organ=_organ("GOVERNMENT"), starts_on=today - timedelta(days=27),
        ends_on=today + timedelta(days=12), purpose="四十天完成二十五个村的签约腾房，按日历推进。",
        stages=(("入户测量", False), ("签约", False), ("腾房", False), ("整村完成", True)),
    ), by=by, at=begun)  # fmt: skip
    villages = campaigns.registered("community")[:: max(1, len(of_level(Level.COMMUNITY)) // VILLAGES)][:VILLAGES]
    campaigns.add(drive.pk, villages, source=Source.REGISTER, by=by, at=begun)
    start = today - timedelta(days=27)
    calendar = [Point(start + timedelta(days=day - 1), done) for day, done in ((10, 3), (20, 10), (30, 18), (40, 25))]
    campaigns.plan(drive.pk, calendar, by=by, at=begun)
    stages = _stages(drive)
    for place, target in enumerate(Target.objects.filter(drive=drive).order_by("number").only("pk")):
        for step, days in ((1, 8 + place * 0.6), (2, 10 + place * 0.9), (3, 12 + place * 1.1)):
            if days < 27:
                campaigns.move(target.pk, stages[step], by=by, at=begun + timedelta(days=days))
