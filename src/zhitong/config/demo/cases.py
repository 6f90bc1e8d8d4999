"""Some weeks of applications in the demo district, each taken through its moves by the engine itself, at invented moments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhitong.base.citizen import citizen_check
from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Organ
from zhitong.lines.hall import public as hall

from .history import World, work_moment
from .organs import ESTATES, GIVEN, ROADS, SURNAMES

SPAN = timedelta(days=75)
NOWHERE = "379999"  # a region code that was never given out
NEW_VERSIONS = 3
# How an application goes, and how often.
WAYS = {
    "straight": 34, "mailed": 8, "refused": 5, "deferred": 9, "lapsed": 3, "promised": 8, "revoked": 2, "simulated": 7,
    "real": 3, "corrected": 9, "forgotten": 3, "not_accepted": 3, "withdrawn": 3, "special": 6, "parallel": 4,
}  # fmt: skip
PERSONAS_OF = "market"  # whose examiner and decider sign in by a click
WAITING = (0, 1, 1, 1, 2, 2)  # how many steps each has gone
WORDS = {
    "text": "见所附材料", "long_text": "情况见所附材料，本人保证内容真实。", "name": "示范申请人", "address": "示范路1号",
}  # fmt: skip


@dataclass
class Case:
    """One application on its way; stops when the next moment lies in the future."""

    w: World
    version: hall.Version
    at: datetime
    way: str
    number: str = ""
    matter_id: Any = None
    clerk: Actor = field(default_factory=Actor.resident)
    examiner: Actor = field(default_factory=Actor.resident)
    decider: Actor = field(default_factory=Actor.resident)

    def act(self, action: str, by: Actor, after: float, **data: Any) -> bool:
        """Take one action so many working days later; False when that is not yet."""
        at = work_moment(self.w, self.at, after * 24 * self.w.random.uniform(0.6, 1.2))
        if at >= self.w.now:
            return False
        m.act(self.matter_id, action, data, by=by, at=at)
        self.at = at
        return True

    def handed(self, *states: str) -> list[str]:
        """The ids of the materials that stand in one of these states."""
        rows = hall.Application.objects.get(pk=self.matter_id).handed
        return [str(pk) for pk in rows.filter(state__in=states).values_list("pk", flat=True)]

    @property
    def resident(self) -> Actor:
        """Whoever applied."""
        return Actor.resident([self.matter_id])


def prepare(at: datetime, by: Actor) -> None:
    """A few items get a new version some days ago, so that cases lag behind it."""
    then = at - timedelta(days=9)
    rows = hall.Version.objects.filter(state="published", is_instant=False, promised_days__gt=2, item__for_persons=True)
    for old in rows.order_by("item__code")[:NEW_VERSIONS]:
        draft = hall.start_draft(old.item_id, by=by, at=then)
        draft.promised_days = (draft.promised_days or 2) - 1
        draft.save(update_fields=["promised_days"])
        hall.publish(draft.pk, effective_on=timezone.localdate(then), by=by, at=then)


Fitting = dict[str, list[hall.Item]]


def fitting(w: World) -> Fitting:
    """Which items can go which way, as they are today; where none has what a way needs, any."""
    organs = {g.organ_id for actor in w.centre.get("examiner", []) for g in actor.grants}
    rows = hall.Item.objects.filter(for_persons=True, organ__in=organs).order_by("code")
    found = [(item, hall.version_on(item.pk, timezone.localdate(w.now))) for item in rows]
    known = [(item, version) for item, version in found if version is not None]
    items = [item for item, _version in known]
    return {way: [item for item, version in known if _fits(version, way)] or items for way in WAYS}


def tell(w: World, fitting: Fitting, count: int, keys: str, span: timedelta = SPAN) -> None:
    """So many applications in the span before now, from the oldest."""
    moments = sorted(w.now - span * (w.random.random() ** 1.3) for _ in range(count))
    for number, at in enumerate(moments):
        way = w.random.choices(list(WAYS), list(WAYS.values()))[0]
        item = w.random.choice(fitting[way])
        with transaction.atomic():
            _one(w, item, way, work_moment(w, at, 0), f"{keys}-{number}")


def wait(w: World, fitting: Fitting, seed: int) -> None:
    """What waits today for the examiner and the decider who sign in by a click: their organ's, a few days old."""
    w.random.seed(seed * 100 + 91)
    mine = Organ.objects.get(code=PERSONAS_OF.upper()).pk
    items = [item for item in fitting["corrected"] if item.organ_id == mine]
    for number, steps in enumerate(WAITING):
        with transaction.atomic():
            at = work_moment(w, w.now - timedelta(days=4), 0)
            _one(w, items[number % len(items)], "straight", at, f"demo-{seed}-waits-{number}", STEPS[:steps])


def _fits(version: hall.Version, way: str) -> bool:
    """Whether the item has what the way needs."""
    materials = version.materials.all()
    if way in ("deferred", "lapsed"):
        return not version.is_instant and any(one.is_deferrable for one in materials)
    if way in ("promised", "revoked"):
        return any(one.by_commitment for one in materials)
    return way in ("straight", "mailed") or not version.is_instant


def _one(
    w: World, item: hall.Item, way: str, at: datetime, key: str, steps: Sequence[Callable[["Case"], bool]] | None = None
) -> None:  # fmt: skip
    """``steps``: no further than these."""
    version = hall.version_on(item.pk, timezone.localdate(at))
    if version is None or at >= w.now:
        return
    examiner, decider = (
        next(a for a in w.centre[role] if any(g.organ_id == item.organ_id for g in a.grants))
        for role in ("examiner", "decider")
    )
    case = Case(w, version, at, way, clerk=w.centre["clerk"][0], examiner=examiner, decider=decider)
    try:
        done = hall.submit(said(case, item, key), by=case.clerk, at=at)
        case.matter_id, case.number = done.matter_id, done.number
        if steps is None:
            GO.get(way, _straight)(case)
        for step in steps or ():
            step(case)
    except Refused:
        return


def said(c: Case, item: hall.Item, key: str) -> hall.Submission:
    """What somebody invented applies with."""
    w = c.w
    name = w.random.choice(SURNAMES) + "".join(w.random.sample(GIVEN, 2))
    born = date(1962, 1, 1) + timedelta(days=w.random.randrange(15_000))
    first = f"{NOWHERE}{born:%Y%m%d}{w.random.randrange(1000):03d}"
    relaxed = {
        "deferred": "is_deferrable",
        "lapsed": "is_deferrable",
        "promised": "by_commitment",
        "revoked": "by_commitment",
    }
    given, is_relaxed = {}, False
    for one in c.version.materials.all():
        if c.way in relaxed and getattr(one, relaxed[c.way]) and not is_relaxed and not one.held_by:
            state = "deferred" if relaxed[c.way] == "is_deferrable" else "promised"
            given[one.pk], is_relaxed = hall.Given(state), True
        elif not one.held_by and not (c.way in ("simulated", "real") and one.position == 0):
            given[one.pk] = hall.Given("not_needed" if one.condition and w.random.random() < 0.6 else "handed")
    grid = w.random.choice(w.shown if w.random.random() < 0.2 else w.grids)[0]
    ways = [one for one in c.version.delivery if one != "mail"] if c.way != "mailed" else ["mail"]
    return hall.Submission(
        item_id=item.pk, key=key, name=name, phone=f"1990{w.random.randrange(10**7):07d}",
        citizen_id=first + citizen_check(first), channel="window" if c.way != "straight" else w.random.choice(("window", "agent")),
        answers={one.slug: _answer(c, one, born) for one in c.version.form}, materials=given, signed=is_relaxed, division_id=grid,
        delivery=ways[0] if ways and ways[0] in c.version.delivery else "", is_another=True,
        deliver_to=f"{w.random.choice(ROADS)}{w.random.choice(ESTATES)}" if c.way == "mailed" else "",
        is_simulated=c.way in ("simulated", "real"), is_incomplete=c.way in ("corrected", "forgotten"),
    )  # fmt: skip


def _answer(c: Case, question: Any, born: date) -> Any:
    if question.choices:
        return [question.choices[0]] if question.kind == "choices" else c.w.random.choice(question.choices)
    first = f"{NOWHERE}{born:%Y%m%d}{c.w.random.randrange(1000):03d}"
    found: dict[str, Any] = {
        "number": str(c.w.random.randint(1, 60)), "money": f"{c.w.random.randint(1, 50)}0000", "date": str(c.at.date()),
        "yes_no": c.w.random.choice(("yes", "no")), "citizen_id": first + citizen_check(first), "phone": "19900000000",
        "division": c.w.street, **WORDS,
    }  # fmt: skip
    return found.get(question.kind, "")


# the ways


def _accepted(c: Case) -> bool:
    return c.act("accept", c.clerk, c.w.random.uniform(0.05, 2))


def _examined(c: Case) -> bool:
    return c.act("examine", c.examiner, _pace(c) * 0.6, passes=c.way != "refused", opinion="材料齐全，符合规定的条件。")


def _pace(c: Case) -> float:
    """Working days it takes: mostly within the promise, now and then beyond."""
    promised = max(c.version.promised_days or 0, 1)
    return promised * c.w.random.choice((0.3, 0.4, 0.5, 0.5, 0.6, 0.7, 0.8, 1.6))


STEPS = (_accepted, _examined)


def _decided(c: Case) -> bool:
    outcome = "refused" if c.way == "refused" else "approved"
    words = "经审查不符合规定的条件，可在六十日内申请行政复议。" if outcome == "refused" else "经审查，符合规定的条件。"
    return c.act("decide", c.decider, _pace(c) * 0.3, outcome=outcome, words=words)


def _out(c: Case) -> None:
    if c.way != "refused" and not c.act("issue", c.clerk, c.w.random.uniform(0.2, 2)):
        return
    if c.way == "mailed":
        if c.act("deliver", c.clerk, 1, way="mail", tracking=f"SF{c.w.random.randrange(10**12):012d}"):
            c.act("confirm", c.resident, 3)
        return
    c.act("deliver", c.clerk, c.w.random.uniform(0.3, 3), way="pick_up", taken_by="申请人本人")


def _rest(c: Case) -> None:
    if _examined(c) and _decided(c):
        _out(c)


def _straight(c: Case) -> None:
    if c.version.is_instant and c.act("at_once", c.clerk, 0.01, words="当场审查，符合条件。", taken=True):
        return
    if not c.version.is_instant and _accepted(c):
        _rest(c)


def _deferred(c: Case) -> None:
    if not _accepted(c):
        return
    waiting = c.handed("deferred")  # none where the answers say that it is not needed
    if not waiting or c.act("hand_in", c.clerk, 1.5, material=waiting[0]):
        _rest(c)


def _lapsed(c: Case) -> None:
    if _accepted(c):
        _run_out(c, "deferred")


def _run_out(c: Case, slug: str) -> None:
    """What the system does when a clock runs out, at the moment at which it did."""
    due = m.Clock.objects.filter(matter=c.matter_id, slug=slug).values_list("due_at", flat=True).first()
    if due and due < c.w.now:
        m.act(c.matter_id, "lapse", by=Actor.system("计时"), at=due + timedelta(seconds=3))


def _promised(c: Case) -> None:
    if not c.act("at_once", c.clerk, 0.02, words="申请人已作出承诺。", taken=True):
        return
    check = (
        m.Link.objects.filter(target=c.matter_id, relation=m.Relation.CHECK_OF).values_list("source", flat=True).first()
    )
    at = work_moment(c.w, c.at, 24 * c.w.random.uniform(4, 15))
    if check and at < c.w.now:
        words = "现场核查，与承诺不符。" if c.way == "revoked" else "现场核查，与承诺一致。"
        m.act(check, "break" if c.way == "revoked" else "keep", {"words": words}, by=c.examiner, at=at)


def _simulated(c: Case) -> None:
    if not (_accepted(c) and _examined(c) and _decided(c)) or c.way != "real":
        return
    for material in c.handed("missing"):
        if not c.act("hand_in", c.clerk, 1, material=material):
            return
    if c.act("make_real", c.clerk, 0.2):
        if m.Matter.objects.get(pk=c.matter_id).stage == "examining" and not _examined(c):
            return
        if _decided(c):
            _out(c)


def _corrected(c: Case) -> None:
    material = (c.handed("handed") or c.handed("held"))[:1]
    if not material or not c.act(
        "correct", c.clerk, 0.5, materials=material, words="请补充签字并加盖公章，一次补齐后再提交。"
    ):
        return
    if c.way == "forgotten":
        _run_out(c, "correct")
    elif c.act("hand_in", c.clerk, 3, material=material[0]) and _accepted(c):
        _rest(c)


def _not_accepted(c: Case) -> None:
    reason = c.w.reasons["not_accepted", "not_competent"]
    c.act("not_accept", c.clerk, 0.5, reason=reason, words="请向有管辖权的机关申请；不服的可在六十日内申请行政复议。")


def _withdrawn(c: Case) -> None:
    if _accepted(c):
        c.act("withdraw", c.resident, 1, reason="材料需重新准备")


def _special(c: Case) -> None:
    step = c.w.reasons["special_step", c.w.random.choice(("hearing", "inspection", "experts"))]
    if not _accepted(c) or not c.act("special", c.examiner, 0.5, step=step, days=8, note="按规定组织，时间另计。"):
        return
    if c.act("resume", c.examiner, 7, note="已完成，恢复计时。"):
        _rest(c)


def _parallel(c: Case) -> None:
    others = [a for a in c.w.centre["examiner"] if a is not c.examiner]
    other = c.w.random.choice(others)
    organ = next(g.organ_id for g in other.grants if g.organ_id)
    if not _accepted(c) or not c.act(
        "consult", c.examiner, 0.2, organs=[str(organ)], brief="请就职责范围内的条件提出意见。"
    ):
        return
    if c.act("report_co", other, 1, result="无意见，符合要求。"):
        _rest(c)


GO: dict[str, Callable[[Case], None]] = {
    "deferred": _deferred, "lapsed": _lapsed, "promised": _promised, "revoked": _promised, "simulated": _simulated,
    "real": _simulated, "corrected": _corrected, "forgotten": _corrected, "not_accepted": _not_accepted,
    "withdrawn": _withdrawn, "special": _special, "parallel": _parallel,
}  # fmt: skip
