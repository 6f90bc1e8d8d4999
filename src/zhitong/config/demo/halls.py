"""The demo district's hall: eight windows, and a day under way at them; agents who act for applicants."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Account, Actor, actor_for
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.organisation.public import Organ, Staff
from zhitong.kernel.territory.public import Division, Level
from zhitong.lines.hall import public as hall

from .district import DEMO_STREET
from .organs import GIVEN, SURNAMES

# name of the window, queues it serves, organ that staffs it, whether somebody sits there
WINDOWS = (
    ("综合受理一", "A", "approval", True), ("综合受理二", "A", "approval", True), ("综合受理三", "AC", "approval", True),
    ("企业开办", "B", "market", True), ("企业开办与变更", "B", "market", True), ("社保医保", "C", "labour", True),
    ("不动产与建设", "A", "housing", False), ("综合出件", "D", "approval", False),
)  # fmt: skip
QUEUES: tuple[tuple[str, str, list[str], int], ...] = (
    ("A", "综合受理", [], 3), ("B", "企业开办", ["business", "food"], 2), ("C", "社会保障", ["insurance", "work"], 2),
    ("D", "领取结果", [], 0),
)  # fmt: skip
PRIORITIES = ("", "", "", "", "", "", "", "", "elderly", "disabled")
# who asked, for what, whether in a park, how many days ago, how many steps it has gone since
ERRANDS = (
    ("周大爷", "办老年证，腿脚不便，请上门。", False, 0, 0),
    ("示范云杉科技有限公司", "变更经营范围，资料多，请到园区帮办。", True, 0, 0),
    ("吴女士", "想开小饭馆，不知道要办哪些证。", False, 0, 0),
    ("钱先生", "临时占道经营，想在门口摆摊。", False, 1, 1), ("示范青禾食品有限公司", "办食品经营许可。", True, 1, 3),
    ("孙奶奶", "申请高龄津贴，请上门收材料。", False, 4, 5), ("示范云帆软件有限公司", "变更法定代表人。", True, 7, 5),
    ("示范蓝桥物流有限公司", "变更住所，请到园区取材料。", True, 12, 5), ("郑师傅", "办残疾人证。", False, 18, 5),
)  # fmt: skip
CAME, STEP = 64, timedelta(minutes=3)


def build(by: Actor, at: datetime, seed: int) -> None:
    """The hall, its people, the day until that moment, and agents."""
    random, organs = Random(seed + 9), {o.code.lower(): o for o in Organ.objects.all()}
    place = Division.objects.get(level=Level.DISTRICT)
    _hall(by, at, organs, place.pk)
    for number, (_name, _queues, organ, is_open) in enumerate(WINDOWS, start=1):
        if is_open:
            _clerk(number, organs[organ].pk, random, by, at)
    open_day(by, at, seed)
    _agents(by, at, place.pk)


def open_day(by: Actor, at: datetime, seed: int) -> None:
    """Today until that moment, once: also a demo that was loaded days ago has somebody waiting."""
    place, day = hall.Hall.objects.order_by("pk").first(), timezone.localdate(at)
    if place is None or hall.Ticket.objects.filter(hall=place, day=day).exists():
        return
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    since, seats = max(at - CAME * STEP, midnight), []
    people = {one.staff_no: one for one in Staff.objects.filter(staff_no__startswith="W")}
    for window in place.windows.filter(is_active=True):
        if one := people.get(f"W{window.number:03d}"):
            with suppress(Refused):  # somebody else sits there already
                clerk = replace(by, label=one.name, staff_id=one.pk)
                hall.sit(window.pk, by=clerk, at=since)
                seats.append(clerk)
    _day(
        {one.prefix: one.pk for one in place.queues.filter(is_active=True)},
        seats,
        Random(seed + day.toordinal()),
        by,
        since,
        at,
    )


def _hall(by: Actor, at: datetime, organs: dict[str, Organ], place: UUID) -> None:
    fields = {
        "name": "市中区政务服务中心", "organ_id": organs["centre"].pk, "division_id": place, "address": "示范路1号一至二层",
        "phone": "0531-00000000", "opens": time(8, 30), "closes": time(17, 30), "rest_from": time(12), "rest_until": time(13),
    }  # fmt: skip
    made = hall.write_hall(fields, by=by, at=at)
    queues = {
        prefix: hall.write_queue(
            made.pk, {"prefix": prefix, "name": name, "topics": topics, "slot_places": places}, by=by, at=at
        ).pk
        for prefix, name, topics, places in QUEUES
    }
    for number, (name, prefixes, organ, _is_open) in enumerate(WINDOWS, start=1):
        hall.write_window(
            made.pk, {"number": number, "name": name, "organ_id": organs[organ].pk},
            queues=[queues[prefix] for prefix in prefixes], by=by, at=at,
        )  # fmt: skip


def _clerk(number: int, organ: UUID, random: Random, by: Actor, at: datetime) -> None:
    name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, 2))
    staff = organisation.create_staff(staff_no=f"W{number:03d}", name=name, by=by, at=at)
    post = organisation.create_post(
        organ_id=organ,
        title=f"政务大厅{number}号窗口",
        valid_from=timezone.localdate(at) - timedelta(days=400),
        by=by,
        at=at,
    )
    organisation.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=post.valid_from, by=by, at=at)


def _day(queues: dict[str, UUID], seats: list[Actor], random: Random, by: Actor, since: datetime, at: datetime) -> None:
    """Somebody comes every three minutes; whoever has been served for some minutes makes room for the next."""
    busy: dict[int, datetime] = {}
    for n in range(CAME):
        now = since + n * (at - since) / CAME
        prefix = random.choices("ABC", (6, 3, 2))[0]
        if prefix not in queues:
            continue
        hall.issue_at_desk(queues[prefix], priority=random.choice(PRIORITIES), by=by, at=now)
        for index, clerk in enumerate(seats):
            if busy.get(index, now) <= now:
                busy[index] = now + timedelta(minutes=random.randint(5, 24))
                _next(clerk, now, random)


def _next(clerk: Actor, now: datetime, random: Random) -> None:
    try:
        hall.call_next(by=clerk, at=now)
    except Refused:
        return
    if random.random() < 0.06:
        hall.pass_over(by=clerk, at=now + timedelta(seconds=90))
    else:
        hall.begin(by=clerk, at=now + timedelta(seconds=random.randint(10, 50)))


def _agents(by: Actor, at: datetime, place: UUID) -> None:
    """Those who sign in by a click act in their street, one of them in a park; a month of what was asked for there."""
    accounts = {one.username: one for one in Account.objects.filter(username__in=("grid", "agent"))}
    street = Division.objects.filter(level=Level.STREET, name=DEMO_STREET).first()
    if len(accounts) < 2 or street is None:
        return
    then = at - timedelta(days=40)
    park = hall.write_park("示范科创园", street.pk, by=by, at=then)
    agent, grid = actor_for(accounts["agent"]), actor_for(accounts["grid"])
    for one, sort, where in ((grid, "grid_agent", None), (agent, "specialist", None), (agent, "park_agent", park.pk)):
        assert one.staff_id is not None
        hall.appoint(one.staff_id, sort=sort, division_id=street.pk, park_id=where, by=by, at=then)
    for number, (name, words, is_park, days, steps) in enumerate(ERRANDS):
        wish = hall.Wish(
            name=name, phone=f"1990000{number:04d}", division_id=street.pk, park_id=park.pk if is_park else None,
            words=words, key=f"demo-agency-{number}", address="" if is_park else f"七里山路{number + 2}号",
        )  # fmt: skip
        asked = at - timedelta(days=days, hours=2 + number % 4)
        _errand(hall.ask_for_agent(wish, by=Actor.resident(), at=asked), steps, agent, asked)


def _errand(done: m.Opened, steps: int, agent: Actor, asked: datetime) -> None:
    """Carry it so many steps on: taken, mandate signed, things collected, given back, finished."""
    confirmed = {"way": "by_code", "code": done.tracking_code}

    def act(step: int, action: str, **data: Any) -> None:
        if step <= steps:
            m.act(done.matter_id, action, data, by=agent, at=asked + timedelta(hours=3 * step))

    if steps:
        hall.take_errand(done.matter_id, by=agent, at=asked + timedelta(hours=1))
    act(2, "mandate", citizen_id="11010519491231002X", months="1", everything=True, **confirmed)
    act(3, "collect", things="身份证复印件\n申请表", **confirmed)
    if steps >= 4:
        act(
            4,
            "hand_back",
            things=[key for key, _name in hall.in_hand(m.Matter.objects.get(pk=done.matter_id))],
            **confirmed,
        )
    act(5, "finish", note="已办好，结果已送上门。")
