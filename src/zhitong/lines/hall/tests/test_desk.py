"""What an examiner reads on the page of an application, and what waits on the home pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions import publish
from zhitong.lines.hall.actions.cases import Given, Submission, straight, submit
from zhitong.lines.hall.actions.defaults import load_case_defaults
from zhitong.lines.hall.models import Application
from zhitong.ui.action_forms import MatterChoices, action_form

from .cases import CITIZEN_ID, Desk
from .factories import MONDAY
from .test_applying import photo
from .test_editing import drafted, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> District:
    made = build()
    load_case_defaults(by=BY)
    return made


@pytest.fixture
def case(town: District) -> Application:
    """Applied for on the portal, with a photo of every material."""
    now = timezone.now()
    version = publish(drafted(town).pk, effective_on=timezone.localdate(), by=BY, at=now)
    picture = m.check_upload("申请书.jpg", photo().read())
    given = {one.pk: Given(files=[picture]) for one in version.materials.all() if not one.held_by}
    said = Submission(
        item_id=version.item_id,
        key="k" * 20,
        name="王小明",
        phone="13800001234",
        citizen_id=CITIZEN_ID,
        materials=given,
    )
    return Application.objects.get(pk=submit(said, by=BY, at=now).matter_id)


def seen(browser: Client, case: Application) -> str:
    return page(browser.get(reverse("portal:matter", args=[case.pk])))


def test_photos_are_seen_and_what_was_chosen_is_named(town: District, case: Application) -> None:
    examiner = town.client("head")
    shown = seen(examiner, case)
    file = case.handed.filter(files__isnull=False).first().files.get().attachment
    assert reverse("portal:file_preview", args=[file.pk]) in shown
    assert "未定位" not in shown  # nobody said where, and nobody was asked
    row = case.handed.filter(state="handed").first()
    m.act(case.pk, "correct", {"materials": [str(row.pk)], "words": "没有签名"}, by=BY, at=timezone.now())
    records = seen(examiner, case).split("办理记录", 1)[1]
    assert row.material.name in records
    assert str(row.pk) not in records


def test_its_page_asks_little(
    town: District, case: Application, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    row = case.handed.filter(state="handed").first()
    m.act(case.pk, "correct", {"materials": [str(row.pk)], "words": "没有签名"}, by=BY, at=timezone.now())
    examiner = town.client("head")
    seen(examiner, case)
    with django_assert_max_num_queries(13):
        seen(examiner, case)


def test_a_box_that_was_not_ticked_says_nothing(town: District, case: Application) -> None:
    m.act(case.pk, "accept", {}, by=BY, at=timezone.now())
    assert "申请人已签署承诺书" not in seen(town.client("head"), case).split("办理记录", 1)[-1]


def test_the_day_of_application_stays_when_something_came_later(town: District, case: Application) -> None:
    applied = case.matter.opened_at
    row = case.handed.filter(state="handed").first()
    later = applied + timedelta(days=40)
    m.act(case.pk, "correct", {"materials": [str(row.pk)], "words": "没有签名"}, by=BY, at=applied)
    m.act(case.pk, "hand_in", {"material": str(row.pk)}, by=BY, at=later)
    steps = seen(town.client("head"), case).split("zt-steps-card", 1)[1].split("</ol>", 1)[0]
    assert f"{applied:%Y-%m-%dT%H:%M}" in steps
    assert f"{later:%Y-%m-%d}" not in steps


def test_home_tells_what_waits(town: District, case: Application) -> None:
    home = page(town.client("clerk").get(reverse("portal:desk")))
    assert "待受理" in home
    assert "set=do.application.accept" in home


def test_what_there_is_nothing_to_pick_from_is_not_asked(counter: Desk) -> None:
    """Everything was handed in: nothing to defer or to promise."""
    done = counter.submitted()
    matter = counter.matter(done)

    def asked() -> set[str]:
        choices = MatterChoices(matter, [], [], counter.clerk, MONDAY)
        return set(action_form(straight.Accept, choices_for=choices)().fields)

    assert asked() == {"signed", "note"}
    counter.case(done).handed.filter(material__name="场所平面图").update(state="missing")
    assert asked() == {"deferred", "signed", "note"}


@pytest.mark.parametrize("way", ["mail", "pick_up", "electronic", ""])
def test_the_way_that_the_applicant_chose_is_chosen_already(counter: Desk, way: str) -> None:
    done = counter.issued()
    Application.objects.update(delivery=way)
    choices = MatterChoices(counter.matter(done), [], [], counter.clerk, MONDAY)
    form = action_form(straight.Deliver, choices_for=choices)()
    chosen = re.findall(r'value="(\w+)"[^>]* checked', str(form["way"]))
    assert chosen == [way] * bool(way)
