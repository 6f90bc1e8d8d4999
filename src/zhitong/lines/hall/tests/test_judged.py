"""One visit at a window is one review; what was applied for online is one for each application."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.district import District, build, photo
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Notice
from zhitong.kernel.matters import public as m
from zhitong.kernel.reviews import public as reviews
from zhitong.lines.hall.actions import tickets
from zhitong.lines.hall.actions.bundles import advance, advance_stirred
from zhitong.lines.hall.actions.cases import Given, Submitted
from zhitong.lines.hall.models import Handed
from zhitong.lines.hall.web.links import link_token

from .cases import Desk
from .factories import MONDAY
from .five import CODE, Five
from .window_scene import MORNING, a_hall, seated, take


@pytest.fixture
def district(db: None) -> District:
    return build()


def test_a_visit_is_asked_about_on_the_tablet_of_its_window(district: District) -> None:
    scene = a_hall(district)
    take(scene.general, MORNING)
    by = seated(district, scene.windows[1], MORNING)
    tickets.call_next(by=by, at=MORNING)
    tickets.begin(by=by, at=MORNING)
    assert not reviews.Service.objects.exists()
    done = MORNING + timedelta(minutes=5)
    tickets.end(by=by, at=done)
    service = reviews.Service.objects.get()
    assert (service.point_id, service.staff_id, service.matter_id) == (scene.windows[1].pk, by.staff_id, None)
    assert service.point is not None
    waiting = reviews.waiting_at(service.point, done + timedelta(seconds=10))
    assert waiting is not None
    assert waiting.pk == service.pk


def test_what_was_applied_for_at_a_window_is_not_asked_about_again(counter: Desk) -> None:
    counter.closed()
    assert not reviews.Service.objects.exists()


def test_what_was_applied_for_online_is_asked_about_once_it_is_there(counter: Desk) -> None:
    file = m.check_upload("a.jpg", photo())
    handed = {one.pk: Given(files=[file]) for one in counter.version.materials.all()}
    done = counter.issued(channel=m.Channel.PORTAL, materials=handed)
    assert not reviews.Service.objects.exists()
    counter.act(done.matter_id, "deliver", counter.clerk, way="pick_up", taken_by="王小明")
    service = reviews.Service.objects.get()
    case = counter.case(done)
    assert (service.matter_id, service.item, service.item_label) == (done.matter_id, case.item_id, case.item.name)
    assert reviews.code_of(service)
    assert Notice.objects.filter(template="review.invited", subject=service.pk).count() == 1


def test_whoever_had_the_ticket_may_judge_it_on_the_ticket(district: District) -> None:
    scene = a_hall(district)
    ticket = take(scene.general, MORNING)
    by = seated(district, scene.windows[1], MORNING)
    tickets.call_next(by=by, at=MORNING)
    tickets.begin(by=by, at=MORNING)
    page = f"/hall/tickets/{link_token('ticket', ticket.pk)}/"
    assert "评价本次服务" not in Client().get(page).content.decode()
    tickets.end(by=by, at=MORNING + timedelta(minutes=5))
    code = reviews.code_of(reviews.Service.objects.get())
    assert f"/review/{code}" in Client().get(page).content.decode()


def test_a_window_has_its_tablet_before_anybody_was_served(district: District) -> None:
    scene = a_hall(district)
    client, page = district.client("admin"), f"/setup/halls/{scene.hall.pk}/"
    links = set(re.findall(r"/review/tablet/\w+", client.get(page).content.decode()))
    assert len(links) == len(scene.windows)
    assert {Client().get(link).status_code for link in links} == {200}
    client.post(f"{page}links")
    assert {Client().get(link).status_code for link in links} == {404}
    assert set(re.findall(r"/review/tablet/\w+", client.get(page).content.decode())).isdisjoint(links)


class TestAWhole:
    def online(self, five: Five) -> Submitted:
        given = Given(files=[m.check_upload("a.jpg", photo())])
        return five.submitted(
            channel=m.Channel.PORTAL, materials=dict.fromkeys(("身份证明", "公司章程", "开户申请"), given)
        )

    def delivered(self, five: Five, done: Submitted, slug: str) -> None:
        by = five.workers[slug]
        five.decide(done, slug, number=CODE if slug == "登记" else "")
        for handed in Handed.objects.filter(application=five.of(done, slug), state="deferred"):
            m.act(five.of(done, slug), "hand_in", {"material": str(handed.pk)}, by=by, at=MONDAY)
        m.act(five.of(done, slug), "deliver", {"way": "pick_up", "taken_by": "王小明"}, by=by, at=MONDAY)
        advance_stirred(at=MONDAY)

    def test_it_is_asked_about_once_when_the_last_result_has_come(self, five: Five, phone: Client) -> None:
        done = self.online(five)
        for slug in ("登记", "税务", "社保", "刻章"):
            self.delivered(five, done, slug)
        assert not reviews.Service.objects.exists()
        self.delivered(five, done, "开户")
        service = reviews.Service.objects.get()
        assert (service.matter_id, service.organ_id, service.item_label) == (
            done.matter_id,
            five.hall.city.pk,
            "企业开办",
        )
        assert Notice.objects.filter(template="review.invited").count() == 1
        advance(done.matter_id, at=MONDAY)
        assert reviews.Service.objects.count() == 1
        phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
        page = phone.get(reverse("hall:bundle_followed", args=[done.number])).content.decode()
        assert f"/review/{reviews.code_of(service)}" in page

    def test_what_was_refused_was_a_service_too(self, five: Five) -> None:
        done = self.online(five)
        five.decide(done, "登记", outcome="refused")
        assert not reviews.Service.objects.exists()
        m.act(
            five.of(done, "登记"),
            "deliver",
            {"way": "pick_up", "taken_by": "王小明"},
            by=five.workers["登记"],
            at=MONDAY,
        )
        advance_stirred(at=MONDAY)
        assert reviews.Service.objects.get().matter_id == done.matter_id

    def test_taken_back_before_anything_was_given_nobody_is_asked(self, five: Five) -> None:
        done = self.online(five)
        m.act(done.matter_id, "withdraw", {"reason": "不办了"}, by=Actor.resident([done.matter_id]), at=MONDAY)
        advance_stirred(at=MONDAY)
        assert not reviews.Service.objects.exists()

    def test_what_was_taken_in_at_the_window_was_asked_about_there(self, five: Five) -> None:
        done = five.submitted()
        for slug in five.versions:
            self.delivered(five, done, slug)
        assert not reviews.Service.objects.exists()
