"""The demo district loads, has something at every desk, and its log is sound."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from zhitong.config import demo
from zhitong.config.demo import cases, district, history, loading
from zhitong.config.demo.pictures import picture
from zhitong.config.demo.scenarios import SCENARIOS
from zhitong.kernel.accounts.public import Account, Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.events import public as events
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Category, holes
from zhitong.kernel.territory.public import Division
from zhitong.lines.hall.public import Item, Ticket

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
