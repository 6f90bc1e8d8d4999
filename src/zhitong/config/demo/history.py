"""A year of appeals, each taken through its moves by the engine itself, at invented moments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from zhitong.base.errors import Refused
from zhitong.base.worktime import WorkCalendar
from zhitong.kernel.accounts.public import Account, Actor, actors_of
from zhitong.kernel.events.public import SHANGHAI
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Answer, Category, Organ, responsible_many
from zhitong.kernel.territory.public import Division, DivisionShape, Level

from .district import DEMO_STREET
from .organs import ESTATES, GIVEN, ROADS, SPOTS, SURNAMES
from .pictures import picture
from .scenarios import SAID, SCENARIOS, WORDS_AGAIN, Scenario

YEAR = timedelta(days=365)
PHOTOS_A_SHARE = 6
SHOWN_SHARE = 0.12  # of the street whose people are on the sign-in page, beside its own
FRESH_SHARE, FRESH = 0.035, timedelta(hours=40)  # what a dispatcher finds in the morning
CHANNELS = ("portal",) * 45 + ("hotline",) * 35 + ("grid",) * 12 + ("visit",) * 6 + ("letter",) * 2


@dataclass
class World:
    """Who acts and where things are: read once."""

    random: Random
    now: datetime
    calendar: WorkCalendar
    categories: dict[str, Category]
    grids: list[tuple[UUID, UUID, float, float]]
    shown: list[tuple[UUID, UUID, float, float]]
    organs: dict[UUID, str]
    street: str  # code of one
    workers: dict[UUID, Actor] = field(default_factory=dict)
    heads: dict[UUID, Actor] = field(default_factory=dict)
    centre: dict[str, list[Actor]] = field(default_factory=dict)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    grid_workers: dict[UUID, Actor] = field(default_factory=dict)


def world(now: datetime) -> World:
    """Read the district."""
    calendar = m.catalogue()
    assert calendar.default_calendar is not None
    grids = _grids()
    shown = Division.objects.filter(level=Level.STREET, name=DEMO_STREET).values_list("pk", flat=True).first()
    found = World(
        Random(0), now, calendar.calendars[calendar.default_calendar], {c.code: c for c in Category.objects.all()}, grids,
        [grid for grid in grids if grid[1] == shown] or grids, dict(Organ.objects.values_list("pk", "short_name")),
        Division.objects.filter(level=Level.STREET).order_by("code").values_list("code", flat=True)[0],
        reasons={(r.list, r.slug): str(r.pk) for r in m.Reason.objects.all()},
    )  # fmt: skip
    streets = dict(Organ.objects.exclude(division=None).values_list("pk", "division_id"))
    accounts = Account.objects.select_related("staff").order_by("username")
    for actor in actors_of(accounts):
        for granted in actor.grants:
            if granted.role == "case_worker" and granted.organ_id:
                found.workers[granted.organ_id] = actor
            elif granted.role == "organ_head" and granted.organ_id:
                found.heads[granted.organ_id] = actor
            elif granted.role == "grid_worker" and granted.organ_id:
                found.grid_workers[streets[granted.organ_id]] = actor
            else:
                found.centre.setdefault(granted.role, []).append(actor)
    return found


def _grids() -> list[tuple[UUID, UUID, float, float]]:
    shapes = DivisionShape.objects.filter(division__level=Level.GRID).values_list("division_id", "lon", "lat")
    points = {pk: (lon, lat) for pk, lon, lat in shapes}
    rows = Division.objects.filter(level=Level.GRID).order_by("code").values_list("pk", "path")
    streets = set(Division.objects.filter(level=Level.STREET).values_list("pk", flat=True))
    return [(pk, next(i for i in path if i in streets), *points[pk]) for pk, path in rows if pk in points]


def work_moment(w: World, after: datetime, hours: float) -> datetime:
    """A moment in business hours, ``hours`` of business after ``after``, and never before it."""
    local = (after + timedelta(hours=hours)).astimezone(SHANGHAI)
    while not w.calendar.is_working(local.date()) or not 9 <= local.hour < 17:
        local = (local + timedelta(hours=3)) if w.calendar.is_working(local.date()) else local + timedelta(days=1)
    local = local.replace(minute=w.random.randrange(60), second=w.random.randrange(60))
    return local if local > after else after + timedelta(minutes=w.random.randint(3, 40))


@dataclass
class Raised:
    """An appeal that was opened, and who answers for it."""

    scenario: Scenario
    opened: m.Opened
    at: datetime
    answers: Sequence[Answer]
    is_anonymous: bool


def raise_many(w: World, count: int, keys: str) -> list[Raised]:
    """Open ``count`` appeals spread over the year, in the order of time, each written down by whoever takes such a one."""
    fresh = round(count * FRESH_SHARE)
    spread = [w.now - YEAR * (w.random.random() ** 1.12) for _ in range(count - fresh)]
    moments = sorted(spread + [w.now - FRESH * w.random.random() for _ in range(fresh)])
    weights = [_weight(s) for s in SCENARIOS]
    chosen = [_season(w, at, w.random.choices(SCENARIOS, weights)[0]) for at in moments]
    openings = [opening_of(w, s, at, f"{keys}-{i}") for i, (s, at) in enumerate(zip(chosen, moments, strict=True))]
    takers = [_taker(w, opening) for opening in openings]
    opened: dict[int, m.Opened] = {}
    for by in dict.fromkeys(takers):
        mine = [i for i, taker in enumerate(takers) if taker is by]
        opened |= zip(mine, m.open_many([openings[i] for i in mine], by=by, at=w.now), strict=True)
    answers = responsible_many(
        [(o.category_id, o.division_id, at.date()) for o, at in zip(openings, moments, strict=True)]
    )
    raised = [Raised(chosen[i], opened[i], moments[i], answers[i], openings[i].reporter is None) for i in range(count)]
    _photograph(raised)
    return raised


RESIDENT = Actor.resident()


def _taker(w: World, opening: m.Opening) -> Actor:
    """Who writes it down: the resident, the grid worker of the street, or the window of the centre."""
    if opening.channel == "portal":
        return RESIDENT
    if opening.channel == "grid":
        street = next(street for grid, street, _lon, _lat in w.grids if grid == opening.division_id)
        return w.grid_workers.get(street, w.centre["clerk"][0])
    return w.centre["clerk"][0]


def _photograph(raised: Sequence[Raised]) -> None:
    """The newest few that one can see come with a photo."""
    seen = [(i, one) for i, one in enumerate(raised) if one.scenario.code.startswith("0101")][-PHOTOS_A_SHARE:]
    matters = m.Matter.objects.in_bulk([one.opened.matter_id for _i, one in seen])
    for i, one in seen:
        upload = m.check_upload("现场照片.jpg", picture(one.scenario.code, i))
        matter = matters[one.opened.matter_id]
        m.attach(matter, [upload], by=Actor.resident(), at=one.at, is_public=matter.is_public)


def _weight(scenario: Scenario) -> int:
    return scenario.weight


def _season(w: World, at: datetime, scenario: Scenario) -> Scenario:
    """Heating only in winter, flooding only in summer: otherwise something else."""
    month = at.astimezone(SHANGHAI).month
    wrong = (scenario.code == "010203" and 4 <= month <= 10) or (scenario.code == "010104" and not 5 <= month <= 10)
    return w.random.choice(SCENARIOS[:3]) if wrong else scenario


BESIDES = 0.2  # people who speak of two other troubles besides


def opening_of(w: World, s: Scenario, at: datetime, key: str) -> m.Opening:
    """What somebody says of a scenario, somewhere."""
    grid, _street, lon, lat = w.random.choice(w.shown if w.random.random() < SHOWN_SHARE else w.grids)
    road, spot, estate = w.random.choice(ROADS), w.random.choice(SPOTS), w.random.choice(ESTATES)
    crossing = "与".join(w.random.sample(ROADS, 2)) + "交叉口"
    where, building = w.random.choice((f"{road}{spot}", f"{estate}{spot}", crossing)), f"{w.random.randint(1, 30)}号楼"
    wording = w.random.choice(s.texts)
    said = {
        "where": where, "estate": estate, "building": building, "days": w.random.randint(2, 20), "sum": w.random.randint(8, 90) * 100,
        "time": w.random.choice(("早上七点", "中午", "下午放学时", "晚上九点", "夜里十一点", "凌晨")),
    }  # fmt: skip
    text = wording.format(**said)
    if w.random.random() < BESIDES:
        text += "另外，" + "另外，".join(
            w.random.choice(one.texts).format(**said) for one in w.random.sample(SCENARIOS, 2)
        )
    if "{where}" not in wording:
        where = f"{estate}{building}" if "{building}" in wording else estate
    channel = "portal" if s.subkind == "suggestion" else w.random.choice(CHANNELS)
    is_known = channel in ("hotline", "visit", "letter") or w.random.random() < 0.8
    name = w.random.choice(SURNAMES) + "".join(w.random.sample(GIVEN, 2))
    reporter = m.Reporter(name=name, phone=f"1990{w.random.randrange(10**7):07d}") if is_known else None
    return m.Opening(
        kind="appeal", subkind=s.subkind, text=text, channel=channel, address=where, urgency=s.urgency, key=key, at=at,
        lon=round(lon + w.random.gauss(0, 0.0003), 6), lat=round(lat + w.random.gauss(0, 0.0003), 6), division_id=grid,
        category_id=w.categories[s.code].pk, is_public=w.random.random() < 0.75, reporter=reporter,
    )  # fmt: skip


QUICK = frozenset({"pass", "decide_extension", "approve", "report_co"})
SLOW = frozenset({"hard", "dispute", "petition", "complaint"})


@dataclass
class Story:
    """One appeal on its way; stops when the next moment lies in the future.  A steady one never lies about, day or night."""

    w: World
    scenario: Scenario
    opened: m.Opened
    at: datetime
    lead: UUID | None = None
    co: list[UUID] = field(default_factory=list)
    answers: Sequence[Answer] = ()
    is_anonymous: bool = False
    slow: float = 1.0
    is_steady: bool = False
    stage: str = ""

    def act(self, action: str, by: Actor, hours: float, **data: Any) -> bool:
        """Take one action ``hours`` later; False when that is not yet, or when it is left lying."""
        at = self.at + timedelta(hours=hours) if self.is_steady else work_moment(self.w, self.at, hours * self.slow)
        if self.scenario.urgency != "normal" and hours < 8:
            at = self.at + timedelta(hours=hours * self.slow)
        if at >= self.w.now or (not self.is_steady and self.is_stuck(action)):
            return False
        self.stage = m.act(self.opened.matter_id, action, data, by=by, at=at).stage
        self.at = at
        return True

    def is_stuck(self, action: str) -> bool:
        """Now and then something is left lying: at the centre for a day, at an organ for weeks, a quarrel for months."""
        age = self.w.now - self.at
        if action in QUICK or self.scenario.urgency != "normal":
            return age < timedelta(days=1.5) and self.w.random.random() < 0.05
        if age < timedelta(days=21):
            return self.w.random.random() < 0.05
        return age < timedelta(days=100) and self.scenario.subkind in SLOW and self.w.random.random() < 0.03

    def pick(self, role: str) -> Actor:
        return self.w.random.choice(self.w.centre[role])


def tell(w: World, raised: Raised) -> None:
    """Take one appeal as far as its time allows; what the engine refuses ends the story where it stands."""
    slow = w.random.choice((0.5, 0.7, 0.9, 0.9, 1.0, 1.0, 1.2, 1.5, 2.6))
    story = Story(
        w,
        raised.scenario,
        raised.opened,
        raised.at,
        answers=raised.answers,
        is_anonymous=raised.is_anonymous,
        slow=slow,
    )
    try:
        _until_end(story)
    except Refused:
        return


def _until_end(s: Story) -> None:
    roll = s.w.random.random()
    if roll < 0.02:
        s.act("withdraw", Actor.resident([s.opened.matter_id]), 5, reason="问题已自行解决")
        return
    if roll < 0.03:
        s.act("transfer", s.pick("dispatcher"), 4, to="mediation", reason="属民间纠纷，转人民调解更合适")
        return
    if not _pass(s) or not _maybe_return(s) or not _meet(s):
        return
    if s.w.random.random() < 0.12 and not _ask_time(s):
        return
    if _work(s, s.scenario.done, s.scenario.reply):
        _visit(s)


def _pass(s: Story) -> bool:
    s.lead = next((a.organ_id for a in s.answers if a.role == "lead"), None)
    s.co = [a.organ_id for a in s.answers if a.role == "co" and a.organ_id in s.w.workers][:1]
    if s.lead is None or s.lead not in s.w.workers:
        return False
    co = s.co if s.w.random.random() < 0.35 else []
    s.co = co
    hours = s.w.random.uniform(0.3, 6) if s.scenario.urgency == "normal" else s.w.random.uniform(0.2, 1.5)
    return s.act(
        "pass", s.pick("dispatcher"), hours, category=str(s.w.categories[s.scenario.code].pk), lead=str(s.lead),
        co=[str(c) for c in co], urgency=s.scenario.urgency, reason="依据职责清单和属地管理原则转办",
    )  # fmt: skip


def _maybe_return(s: Story) -> bool:
    """Some organs say that it is not theirs; most are right."""
    if s.w.random.random() > 0.05:
        return True
    reason = s.w.reasons["return", s.w.random.choice(("not_duty", "not_area"))]
    if not s.act(
        "return", _worker(s), 6, reason=reason, ground="经核实，依据本单位职责清单，该事项不属于我单位职责范围。"
    ):
        return False
    others = [o for o in s.w.workers if o != s.lead]
    s.lead, s.co = s.w.random.choice(others), []
    return s.act(
        "pass", s.pick("dispatcher"), 4, category=str(s.w.categories[s.scenario.code].pk), lead=str(s.lead), co=[],
        urgency=s.scenario.urgency, reason="退单理由成立，改派承办单位",
    )  # fmt: skip


def _worker(s: Story) -> Actor:
    assert s.lead is not None
    return s.w.workers[s.lead]


def _meet(s: Story) -> bool:
    hours = s.w.random.uniform(1, 12) if s.scenario.urgency == "normal" else s.w.random.uniform(0.3, 3)
    if s.is_anonymous or s.scenario.subkind == "inquiry":
        reason = s.w.reasons["waive_meet", "anonymous" if s.is_anonymous else "inquiry"]
        return s.act("waive_meet", _worker(s), hours, reason=reason, note="现场核实情况，直接办理。")
    how = s.w.random.choice(("phone", "phone", "in_person"))
    assert s.lead is not None
    return s.act(
        "meet", _worker(s), hours, who=f"{s.w.organs[s.lead]}工作人员与反映人", how=how, when=s.at.isoformat(),
        place="反映人所述现场" if how == "in_person" else "", said=s.w.random.choice(SAID),
    )  # fmt: skip


def _ask_time(s: Story) -> bool:
    if not s.act("ask_extension", _worker(s), 3, clock="conclude", amount=3, reason="需采购配件并协调施工单位进场"):
        return False
    return s.act("decide_extension", s.pick("dispatcher"), 3, grant=s.w.random.random() < 0.8, note="请抓紧办理")


def _work(s: Story, done: str, reply: str) -> bool:
    hours = s.w.random.uniform(4, 60) if s.scenario.urgency == "normal" else s.w.random.uniform(1, 14)
    for organ in s.co:
        if not s.act("report_co", s.w.workers[organ], hours / 2, result="已到现场配合处置，情况属实。"):
            return False
    s.co = []
    if not s.act("handle", _worker(s), hours, done=done):
        return False
    outcome = (
        "explained" if s.scenario.subkind == "inquiry" else s.w.random.choice(("solved",) * 8 + ("partly", "explained"))
    )
    if not s.act("conclude", _worker(s), 2, outcome=outcome, reply=reply):
        return False
    if s.stage != "concluding":
        return True
    assert s.lead is not None
    return s.act("approve", s.w.heads[s.lead], 4, opinion="情况属实，同意办结。")


def _visit(s: Story) -> None:
    visitor, hours = s.pick("visitor"), s.w.random.uniform(4, 50)
    if s.is_anonymous:
        s.act("waive_visit", visitor, hours, reason=s.w.reasons["waive_visit", "no_contact"], note="反映人未留联系方式")
        return
    if s.w.random.random() < 0.08 and not s.act("visit", visitor, hours, how="phone", reached=False):
        return
    grade = s.w.random.choices("54321", (46, 30, 13, 8, 3))[0]
    words = s.w.random.choice(WORDS_AGAIN) if grade in "21" else ""
    if not s.act("visit", visitor, hours, how="phone", reached=True, grade=grade, words=words) or grade not in "21":
        return
    if s.stage == "second" and _work(
        s, "针对回访意见重新处理，" + s.scenario.done, "您好，已再次处理：" + s.scenario.reply
    ):
        _visit(s)
    elif s.stage == "supervision":
        s.act(
            "close_supervised",
            s.pick("supervisor"),
            30,
            finding="settled",
            reasons="现场核查，问题已解决，反映人认可。",
        )
