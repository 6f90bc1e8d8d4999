"""Every action of an application, and of the check of a promise, by somebody to whom it is open: as meant, and with hostile answers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, PASSWORD, SINCE, District, Raised
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation import public as organisation
from zhitong.lines.hall import public as hall
from zhitong.ui.action_forms import MatterChoices, action_form

from .hostility import broken, send
from .scene import Scene
from .test_actions import CALLS, RESIDENTS, SAYS, Open, _body, hostile, lost, on_a_call

pytestmark = pytest.mark.django_db

KINDS = ("application", "commitment_check")
STAFF = [
    (kind, action.slug)
    for kind in KINDS
    for action in m.KINDS[kind].moves.values()  # common ones too
    if set(action.who) - RESIDENTS - {m.Who.SYSTEM} and action.slug not in CALLS
]
MATERIALS: list[Any] = [
    {"name": "申请表"},
    {"name": "平面图", "is_deferrable": True},
    {"name": "健康证明", "by_commitment": True},
]
FIELDS = {
    "basis": "《行政许可法》", "conditions": "无", "statutory_days": 20, "promised_days": 5, "fee": "不收费", "delivery": ["pick_up", "mail"],
    "place": "一楼", "consult_phone": "12345", "complaint_phone": "12345", "result": "许可证",
}  # fmt: skip
IDS = ("11010519491231002X", "440524188001010014")


def _examiner(district: District, organ: str, number: int) -> None:
    """Somebody of that organ who examines and decides."""
    at = timezone.now()
    post = organisation.create_post(
        organ_id=district.organs[organ].pk, title="审批服务岗", valid_from=SINCE, by=BY, at=at
    )
    staff = organisation.create_staff(staff_no=f"D90{number}", name="测试审查人", by=BY, at=at)
    organisation.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=SINCE, by=BY, at=at)
    name = f"examiner-{organ}"
    district.people[name] = accounts.create_account(
        username=name, staff_id=staff.pk, password=PASSWORD, must_change_password=False, by=BY, at=at
    )
    grants = [
        accounts.NewGrant(post_id=post.pk, role=role, scope="organ", valid_from=SINCE)
        for role in ("examiner", "decider")
    ]
    accounts.grant_many(grants, by=BY, at=at)


def _offered(district: District, at: Any) -> UUID:
    """An item of the street office with a material of every sort."""
    base = hall.create_base(code="hostile", name="户外广告设置许可", kind="permit", by=BY, at=at)
    organ_id = district.organs["street"].pk
    item = hall.create_item(base_id=base.pk, code="hostile", organ_id=organ_id, topic="city", by=BY, at=at)
    draft = hall.start_draft(item.pk, by=BY, at=at)
    hall.write_draft(draft.pk, FIELDS, MATERIALS, by=BY, at=at)
    hall.publish(draft.pk, effective_on=timezone.localdate(at), by=BY, at=at)
    return item.pk


class Counter:
    """An item of the street office, and applications for it in every stage."""

    def __init__(self, district: District) -> None:
        self.district, self.at = district, timezone.now()
        then = self.at - timedelta(days=2)
        self.item_id, self.serial = _offered(district, then), 0
        self.behind = self.raised(at=then)
        draft = hall.start_draft(self.item_id, by=BY, at=self.at)
        hall.publish(draft.pk, effective_on=timezone.localdate(self.at), by=BY, at=self.at)

    def raised(self, *states: str, at: datetime | None = None, **more: Any) -> Raised:
        at = at or self.at
        version = hall.version_on(self.item_id, timezone.localdate(at))
        assert version is not None
        self.serial += 1
        states = states or ("handed",) * 3
        given = {one.pk: hall.Given(state) for one, state in zip(version.materials.all(), states, strict=False)}
        done = hall.submit(
            hall.Submission(
                item_id=self.item_id, key=f"hostile-{self.serial}", name="赵小红", phone="13800007777", citizen_id=IDS[0],
                channel="window", materials=given, signed=True, is_another=True, **more,
            ),
            by=self.district.actor("clerk"), at=at,
        )  # fmt: skip
        return Raised(done.matter_id, done.number, done.tracking_code)

    def act(self, raised: Raised, action: str, **data: Any) -> Raised:
        m.act(raised.id, action, data, by=BY, at=timezone.now())
        return raised

    def handed(self, raised: Raised, number: int = 0) -> str:
        rows = hall.Application.objects.get(pk=raised.id).handed.order_by("material__position")
        return str(rows.values_list("pk", flat=True)[number])

    def accepted(self, **more: Any) -> Raised:
        return self.act(self.raised(**more), "accept")

    def deciding(self, **more: Any) -> Raised:
        return self.act(self.accepted(**more), "examine", passes=True, opinion="符合")

    def decided(self) -> Raised:
        return self.act(self.deciding(), "decide", outcome="approved")

    def issued(self) -> Raised:
        return self.act(self.decided(), "issue")

    def stages(self) -> Iterator[Raised]:
        yield self.behind
        yield self.raised("missing", is_incomplete=True)
        yield self.raised()
        awaiting = self.raised()
        yield self.act(awaiting, "correct", materials=[self.handed(awaiting)], words="未签字")
        yield self.accepted()
        shared = self.accepted()
        yield self.act(shared, "consult", organs=[str(self.district.organs["elsewhere"].pk)], brief="请核实")
        paused = self.accepted()
        step = m.Reason.objects.filter(list="special_step").values_list("pk", flat=True)[0]
        yield self.act(paused, "special", step=str(step), days=5, note="专家评审")
        yield self.act(self.accepted(), "ask_extension", clock="promised", amount=1, reason="情况复杂")
        yield self.deciding()
        yield self.decided()
        yield self.issued()
        yield self.act(self.issued(), "deliver", way="mail", tracking="EA1", deliver_to="东风路1号")
        tried = self.deciding(is_simulated=True)
        yield self.act(tried, "decide", outcome="approved")
        yield self.act(self.issued(), "deliver", way="pick_up", taken_by="王小明")


def opened(district: District, counter: Counter) -> Iterator[tuple[tuple[str, str], Open]]:
    """Each action of the tables once."""
    done: set[tuple[str, str]] = set()
    matters = [raised.matter for raised in counter.stages()]
    promised = counter.act(counter.raised("handed", "handed", "missing", is_incomplete=True), "note", note="补充")
    counter.act(promised, "at_once", promised=[counter.handed(promised, 2)], signed=True, words="已承诺")
    matters += list(m.Matter.objects.filter(kind="commitment_check"))
    for kind in KINDS:
        on_a_call(district, next(matter for matter in matters if matter.kind == kind))
    for matter in matters:
        tasks, clocks = list(matter.tasks.all()), list(matter.clocks.all())
        for persona in district.people:
            by = district.actor(persona)
            for offer in m.offers(matter, tasks, clocks, by, timezone.now()):
                key = (matter.kind, offer.slug)
                if key in done:
                    continue
                done.add(key)
                choices = MatterChoices(matter, tasks, clocks, by, timezone.now())
                form = action_form(offer.action.payload, choices_for=choices)
                path = reverse("portal:act", args=[matter.pk, offer.slug])
                yield (
                    key,
                    Open(
                        matter.stage,
                        offer.slug,
                        persona,
                        path,
                        form,
                        _body(form, matter, Raised(matter.pk, matter.number, "")),
                    ),
                )


@pytest.fixture(scope="module")
def actions(scene: Scene) -> dict[tuple[str, str], Open]:
    district = scene.district
    for number, organ in enumerate(("street", "elsewhere")):
        _examiner(district, organ, number)
    found = dict(opened(district, Counter(district)))
    for name in set(district.people) - set(scene.cookies):
        scene.cookies[name] = {key: morsel.value for key, morsel in district.client(name).cookies.items()}
    return found


def test_every_action_is_open_to_somebody(actions: dict[tuple[str, str], Open]) -> None:
    assert not set(STAFF) - set(actions)


@pytest.mark.parametrize(("kind", "slug"), STAFF)
def test_an_action_takes_no_harm(scene: Scene, actions: dict[tuple[str, str], Open], kind: str, slug: str) -> None:
    one = actions[kind, slug]
    meant = send(scene, one.persona, "POST", one.path, one.body)
    found = (
        [] if meant.status_code in (302, 422) else [f"as meant: {broken(meant)} {SAYS.findall(meant.content.decode())}"]
    )
    for number, (name, field) in enumerate(one.form().fields.items(), start=STAFF.index((kind, slug))):
        for label, value in hostile(field, number):
            answer = send(scene, one.persona, "POST", one.path, one.body | {name: value})
            if answer.status_code not in (302, 422):
                found.append(f"{name} {label}: {broken(answer)}")
            elif answer.status_code == 422 and (gone := lost(one, name, answer)):
                found.append(f"{name} {label}: {gone} is not kept")
    assert not found, f"{one.persona} {one.path}\n" + "\n".join(found)
