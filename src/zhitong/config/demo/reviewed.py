"""A year of services at the windows and online, their reviews, and what became of the bad ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.reviews import public as r

from .history import YEAR, World, work_moment

SERVICES, PARTICIPATION, BAD_SHARE = 640, 0.46, 0.035
FRESH = tuple(timedelta(hours=n) for n in (3, 22, 30, 50, 75, 100))  # bad ones that somebody has in hand
SPACE = UUID("5a1d7c1e-6f0c-4c55-9a55-0d5c0b8f39a1")
WINDOWS = (
    ("市场监管", "1号窗口"),
    ("市场监管", "2号窗口"),
    ("人力资源", "5号窗口"),
    ("住房", "8号窗口"),
    ("行政审批", "综合窗口"),
)
ITEMS = (
    "个体工商户登记", "食品经营许可", "企业变更登记", "社会保障卡补领", "灵活就业参保登记", "临时占用城市道路许可", "户外广告设置许可",
    "公租房资格确认", "残疾人证办理", "老年人优待证办理",
)  # fmt: skip
GOOD = (
    ("一次就办好了，不用再跑。", ("one_visit",)), ("工作人员很耐心，材料讲得清楚。", ("warm", "told_once")), ("比承诺的时间快。", ("quick",)),
    ("网上就能办，方便。", ("online",)), ("", ("skilled",)), ("", ()), ("", ()), ("", ()),
)  # fmt: skip
BAD = (
    ("来了两趟，第一次没有告诉我还要带租赁合同。", ("not_told_once", "many_visits")), ("排队一个多小时，窗口只开了一个。", ("not_there",)),
    ("问了三个窗口，说法都不一样。", ("unclear", "pushed_away")), ("承诺三天，等了八天。", ("late",)), ("系统上传材料一直失败。", ("online_fails",)),
)  # fmt: skip
MENDED = "已核实：当日窗口人员未按一次性告知要求说明，已约谈并调整窗口排班，向您致歉。感谢监督。"
MARKS = (5,) * 86 + (4,) * 10 + (3,) * 4


@dataclass
class Told:
    """A bad review on its way, with whoever mends it."""

    review: r.Review
    at: datetime
    organ: UUID
    worker: Actor | None


def build(w: World, by: Actor, seed: int) -> None:
    """Everything; some seconds."""
    w.random.seed(seed)
    points = _points(w, by)
    if not points:
        return
    bad = _served(w, points)
    for number, told in enumerate(sorted(bad, key=lambda one: one.at)):
        with transaction.atomic():
            _follow(w, told, number)
    _exclude(w, bad)


def _points(w: World, by: Actor) -> list[r.Point]:
    found: list[r.Point] = []
    for part, name in WINDOWS:
        organ = Organ.objects.filter(name__contains=part, valid_to=None).order_by("code").first()
        organ = organ or Organ.objects.filter(pk__in=w.workers).order_by("code").first()
        if organ is not None and not any(one.organ_id == organ.pk and one.name == name for one in found):
            found.append(r.put_point(organ_id=organ.pk, name=f"政务大厅{name}", by=by, at=w.now - YEAR))
    return found


def _served(w: World, points: Sequence[r.Point]) -> list[Told]:
    now, bad = w.now, list[Told]()
    spread = [now - YEAR * (w.random.random() ** 1.1) for _ in range(SERVICES)]
    fresh = {now - ago for ago in FRESH}
    for moment in sorted([*spread, *fresh]):
        at, point, item = (
            moment if moment in fresh else work_moment(w, moment, 0),
            w.random.choice(points),
            w.random.choice(ITEMS),
        )
        if at >= now:
            continue
        is_counter = w.random.random() < 0.65
        giving = r.Giving(
            "hall", point.organ_id, "counter" if is_counter else "online", point_id=point.pk if is_counter else None,
            item=uuid5(SPACE, item), item_label=item, division_id=w.random.choice(w.grids)[1] if w.grids else None,
        )  # fmt: skip
        by = w.workers.get(point.organ_id) or w.centre["clerk"][0]
        with transaction.atomic():
            served = r.served(giving, by=by, at=at)
        if moment in fresh or w.random.random() < PARTICIPATION:
            later = timedelta(minutes=2 if moment in fresh else w.random.choice((2, 10, 90, 1500)))
            bad += _judged(w, served, at + later, point, is_bad=moment in fresh or w.random.random() < BAD_SHARE)
    for point in points[:3]:
        r.judge_at_point(
            point,
            r.Judgement(4, words="环境整洁，有便民设施。", source="poster"),
            by=Actor.resident(),
            at=now - timedelta(days=9),
        )
    return bad


def _judged(w: World, served: r.Served, at: datetime, point: r.Point, *, is_bad: bool) -> list[Told]:
    if at >= w.now:
        return []
    words, reasons = w.random.choice(BAD if is_bad else GOOD)
    mark = w.random.choice((2, 2, 1)) if is_bad else w.random.choice(MARKS)
    has_caller = is_bad and w.random.random() < 0.7
    judgement = r.Judgement(
        mark, reasons, words, name="周晓雯" if has_caller else "", phone=f"1380000{w.random.randrange(1000, 9999)}" if has_caller else "",
        source=r.Source.TABLET if w.random.random() < 0.5 else r.Source.CODE,
    )  # fmt: skip
    review = r.judge_service(served.service_id, judgement, by=Actor.resident(), at=at)
    return [Told(review, at, point.organ_id, w.workers.get(point.organ_id))] if is_bad else []


def _follow(w: World, told: Told, number: int) -> None:
    """As far as the time allows; the newest stay in the hands of somebody."""
    visitor = w.centre["visitor"][0]
    at = told.at

    def act(action: str, by: Actor, hours: float, **data: object) -> None:
        nonlocal at
        at = work_moment(w, at, hours)
        if at >= w.now or told.review.matter_id is None:
            raise Refused("later", "later")
        m.act(told.review.matter_id, action, data, by=by, at=at)

    try:
        if told.review.person_id:
            act("call", visitor, 6, reached=True, said="电话联系评价人，核实了当日情况，评价人希望改进告知方式。")
        if number % 6 == 5:
            act(
                "dismiss",
                visitor,
                8,
                finding="explained",
                ground="经核实，材料要求有法律依据，已当面解释，评价人表示理解。",
            )
            return
        act(
            "send",
            visitor,
            5,
            organ=str(told.organ),
            demand="请核查当日窗口服务情况，落实一次性告知，五个工作日内报告整改。",
        )
        if told.worker is not None:
            act(
                "mend", told.worker, 30, done="查看监控和取号记录，情况属实；已约谈当事人，重新培训一次性告知单的使用。"
            )
            act("answer", visitor, 10, reply=MENDED)
            r.judge(
                r.code_of(told.review.service),
                r.Judgement(4),
                by=Actor.resident(),
                at=min(at + timedelta(days=1), w.now),
            )
    except Refused:
        return


WHY_NOT = (
    "同一设备几分钟内对多个窗口作出相同差评，当日没有办事记录。",
    "调看叫号记录和监控，当日该时段窗口全部开放，没有评价人所说的排队。",
)


def _exclude(w: World, bad: Sequence[Told]) -> None:
    """One excluded by two, one that waits for the second."""
    people = [w.centre["visitor"][0], w.centre["supervisor"][0]]
    newest = sorted(bad, key=lambda told: told.at)[:-3:-1]
    for told, who in zip(newest, (people, people[:1]), strict=False):
        for n, by in enumerate(who):
            try:
                r.exclude(
                    told.review.pk, reason=WHY_NOT[n], by=by, at=min(w.now, told.at + timedelta(minutes=40 * (n + 1)))
                )
            except Refused:
                continue
