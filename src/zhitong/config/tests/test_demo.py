"""The demo district loads, has something at every desk, and its log is sound."""

import io
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from PIL import Image

from zhitong.config import demo
from zhitong.config.demo import cases, district, history, loading
from zhitong.config.demo.pictures import picture
from zhitong.config.demo.scenarios import SCENARIOS
from zhitong.kernel.accounts.public import Account, Actor, actor_for
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Category, holes
from zhitong.kernel.territory.public import Division
from zhitong.lines.hall.actions import bundles
from zhitong.lines.hall.choices import PartState
from zhitong.lines.hall.models import BundleCase, BundlePart
from zhitong.lines.hall.public import Application, Given, Item, Ticket
from zhitong.lines.hall.queries.bundles import offered, progress_of, whole
from zhitong.lines.hall.queries.packs import pack_of, papers_in_pack
from zhitong.lines.hall.rules.questions import Question

pytestmark = pytest.mark.django_db


def test_the_demo_district(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loaded once, small, in this process; everything is asked of the one district."""
    monkeypatch.setattr(loading, "GRIDS", 400)
    monkeypatch.setattr(loading, "SHARES", 1)
    monkeypatch.setattr(loading, "_at_once", lambda jobs: [job() for job in jobs])
    demo.load(appeals=40)
    _everything_is_there()
    _the_dispatcher_is_helped()
    _somebody_answers()
    _every_bundle_runs_to_its_pack_at_the_desks_of_those_who_sign_in_by_a_click()
    _every_scenario_has_its_category()
    _the_same_seed_is_the_same_year()
    count = m.Matter.objects.count()
    demo.load(appeals=40)
    assert m.Matter.objects.count() == count
    _somebody_waits_every_day()


def _somebody_waits_every_day() -> None:
    today = timezone.localdate()
    taken = Ticket.objects.filter(day=today).count()
    demo.go_on()
    assert Ticket.objects.filter(day=today).count() == taken > 0
    Ticket.objects.update(day=today - timedelta(days=1))
    demo.go_on()
    assert Ticket.objects.filter(day=today, state="waiting").exists()
    assert set(Ticket.objects.filter(day=today).values_list("state", flat=True)) > {"serving"}


def _everything_is_there() -> None:
    assert demo.is_loaded()
    assert demo.is_whole()
    assert Division.objects.filter(level="street").count() == 17
    assert Division.objects.filter(level="grid").count() == 400
    assert {name for name, *_rest in district.PERSONAS} == set(
        Account.objects.filter(is_demo_persona=True).values_list("username", flat=True)
    )
    stages = set(m.Matter.objects.values_list("stage", flat=True))
    assert {s.slug for s in m.KINDS["appeal"].stages} - stages <= {
        "transferred",
        "withdrawn",
    }  # by chance in a small one
    assert m.Matter.objects.exclude(closed_at=None).exists()
    assert m.Attachment.objects.exists()
    waiting = m.Matter.objects.filter(
        kind="application", lead__code="MARKET", stage__in=("submitted", "examining", "deciding")
    )
    assert waiting.count() >= len(cases.WAITING)  # for the examiner and the decider who sign in by a click
    assert Item.objects.filter(versions__state="published").count() >= 60
    assert list(events.verify()) == []


def _the_dispatcher_is_helped() -> None:
    """Learning waits for the worker; the drafted rule would have sent something elsewhere."""
    assert dispatch.use_of("appeal").asked_at is not None
    rule = dispatch.RoutingRule.objects.get()
    assert rule.state == "draft"
    assert dispatch.dry_run(rule, timezone.now(), Actor.system("test")).elsewhere


def _somebody_answers() -> None:
    """But for the neighbours' noise of one street, outside of office hours."""
    known = {c.pk for c in Category.objects.filter(level=3)}
    (gap,) = [gap for gap in holes(timezone.localdate()) if gap.category_id in known]
    assert gap.category_id == Category.objects.get(code=district.NOISE).pk
    assert gap.hours


ANSWERS = {
    "name": "示范申请人", "number": "8", "money": "100000.00", "yes_no": "是", "citizen_id": "11010519491231002X",
    "phone": "13800001234", "address": "示范路1号", "credit_code": "91350100M000100Y43",
}  # fmt: skip


def _answer(one: Question) -> object:
    if one.kind == "division":
        return Division.objects.filter(level="street").order_by("code").values_list("code", flat=True)[0]
    if one.choices:
        return [one.choices[0]] if one.kind == "choices" else one.choices[0]
    if one.least.isdigit():
        return one.least
    return str(timezone.localdate()) if one.kind == "date" else ANSWERS.get(one.kind, "示范")


def _every_bundle_runs_to_its_pack_at_the_desks_of_those_who_sign_in_by_a_click() -> None:
    """Nobody else's hand is needed: the clerk takes in and hands out, each organ's own person decides."""
    people = {one.username: actor_for(one) for one in Account.objects.filter(is_demo_persona=True)}
    for version in offered():
        at = timezone.now()
        one = whole(version.defined, timezone.localdate(at))
        done = bundles.submit_bundle(
            bundles.BundleSubmission(
                bundle_id=version.bundle_id, key=f"walk-{version.bundle.code}", name="示范申请人", phone="13800001234",
                citizen_id=ANSWERS["citizen_id"], channel=m.Channel.WINDOW, is_another=True,
                facts={q.slug: _answer(q) for q in one.form.questions}, materials={m.name: Given() for m in one.materials},
            ), by=people["clerk"], at=at,
        )  # fmt: skip
        for _level in one.levels:
            for slug, waiting in BundlePart.objects.filter(case=done.matter_id, state=PartState.OPEN).values_list(
                "slug", "matter"
            ):
                gives = next(p.gives for p in version.defined.parts if p.slug == slug)
                _through(waiting, people, ANSWERS["credit_code"] if gives else "")
            bundles.advance_stirred(at=timezone.now())
        seen = progress_of(BundleCase.objects.select_related("matter").get(pk=done.matter_id))
        assert {part.state for part in seen.parts} == {PartState.DONE}, (version.bundle.code, seen.parts)
        papers = papers_in_pack(seen, Actor.resident([part.matter_id for part in seen.parts]))
        assert {paper.matter_id for paper in papers} == {part.matter_id for part in seen.parts}
        assert pack_of(seen, papers, at=timezone.now()).startswith(b"%PDF")


def _through(matter_id: UUID, people: dict[str, Actor], number: str) -> None:
    """One part, from the counter to the result in the applicant's hands."""
    version = Application.objects.select_related("version__item").get(pk=matter_id).version
    of_organ = {granted.organ_id: one for one in people.values() for granted in one.grants if granted.role == "decider"}
    clerk, decider = people["clerk"], of_organ[version.item.organ_id]
    ways: list[tuple[str, Actor, dict[str, object]]] = [
        ("accept", clerk, {}), ("examine", decider, {"passes": True, "opinion": "符合"}),
        ("decide", decider, {"outcome": "approved", "words": "符合条件"}), ("issue", clerk, {"number": number}),
        ("deliver", clerk, {"way": "pick_up", "taken_by": "本人"}),
    ]  # fmt: skip
    if version.is_instant:
        ways = [("at_once", clerk, {"words": "当场审查，符合条件。", "taken": True})]
    for action, by, said in ways:
        m.act(matter_id, action, said, by=by, at=timezone.now())


def _every_scenario_has_its_category() -> None:
    codes = set(Category.objects.values_list("code", flat=True))
    assert [s.code for s in SCENARIOS if s.code not in codes] == []
    assert all(len(s.texts) == 3 for s in SCENARIOS)


def _the_same_seed_is_the_same_year() -> None:
    world = history.world(timezone.now())
    years = []
    for _ in range(2):
        world.random.seed(1)
        years.append([history.opening_of(world, s, world.now, "k").text for s in SCENARIOS])
    assert years[0] == years[1]


@pytest.mark.parametrize("code", ["010101", "010102", "010401"])
def test_pictures_are_pictures(code: str) -> None:
    assert Image.open(io.BytesIO(picture(code, 1))).size == (960, 720)
