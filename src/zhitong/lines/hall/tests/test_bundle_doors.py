"""A bundle from the window and from a firm: the same one form, the same parts, one review of one visit."""

import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District
from zhitong.base.errors import NotAllowed, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.register import public as register
from zhitong.kernel.reviews import public as reviews
from zhitong.lines.hall import permissions as may
from zhitong.lines.hall.actions.counter import take_in_bundle
from zhitong.lines.hall.models import Application, Bundle, BundleCase
from zhitong.lines.hall.queries.smart import applications_of
from zhitong.lines.hall.tests.factories import MONDAY

from .cases import SYSTEM, worker
from .five import CODE, Five
from .test_bundle_pages import bundle, filled, page, town
from .test_smart_rules import FIRM

__all__ = ["bundle", "town"]
pytestmark = pytest.mark.django_db


def clerk(five: Five) -> Actor:
    return worker("窗口员", five.hall.city, may.ACCEPT, scope="all")


def test_the_counter_takes_in_a_bundle_and_one_visit_is_one_review(five: Five) -> None:
    by = clerk(five)
    with pytest.raises(NotAllowed):
        take_in_bundle(five.said(), by=five.hall.editor, at=MONDAY)
    done = take_in_bundle(five.said(channel="portal"), by=by, at=MONDAY)
    again = take_in_bundle(five.said(channel="portal"), by=by, at=MONDAY)
    assert (again.matter_id, again.was_known) == (done.matter_id, True)
    assert m.Matter.objects.get(pk=done.matter_id).channel == "window"
    service = reviews.Service.objects.get()
    assert (service.matter_id, service.staff_id, service.channel, service.item_label) == (
        done.matter_id,
        by.staff_id,
        "counter",
        "企业开办",
    )
    five.decide(done, "登记", number=CODE)
    m.act(
        five.of(done, "登记"),
        "deliver",
        {"way": "pick_up", "taken_by": "申请人本人"},
        by=five.workers["登记"],
        at=MONDAY,
    )
    assert reviews.Service.objects.count() == 1


def test_the_desk_door(town: District, bundle: Bundle) -> None:
    desk = town.client("clerk")
    where = reverse("hall:bundle_take_in", args=["shop"])
    assert where in page(desk.get(reverse("hall:bundle_cases")))
    assert "已收到或已核对原件" in page(desk.get(where))
    wrong = page(desk.post(where, filled(answer_面积="0", material_0="", material_1="")), 422)
    assert "不能小于1" in wrong
    assert "请上传" not in wrong
    assert "明湖小馆" in wrong
    sent = desk.post(where, filled(material_0=""))
    case = BundleCase.objects.select_related("matter").get()
    slip = reverse("hall:bundle_slip", args=[case.matter.number])
    assert sent.headers["Location"] == slip
    shown = page(desk.get(slip))
    for said in (case.matter.number, "开店登记", "食品许可", "查询码", "评价的二维码"):
        assert said in shown, said
    assert case.matter.channel == "window"
    page(town.client("elsewhere").get(slip), 403)
    assert where not in page(town.client("elsewhere").get(reverse("hall:bundle_cases")))
    assert case.matter.number not in page(desk.get(reverse("appeals:track")))


def test_the_counter_finds_bundles_by_everyday_words(town: District, bundle: Bundle) -> None:
    found = page(town.client("clerk").get(reverse("hall:counter_items"), {"q": "开饭店"}))
    assert reverse("hall:bundle_take_in", args=["shop"]) in found


@pytest.fixture
def firm() -> register.Firm:
    return register.register_firms([FIRM], by=BY, at=timezone.now())[0]


def test_a_firm_applies_and_every_part_is_the_firms(five: Five, firm: register.Firm) -> None:
    with pytest.raises(Refused) as refused:
        five.submitted(credit_code=CODE)
    assert refused.value.field == "credit_code"
    done = five.submitted(credit_code=firm.code)
    five.decide(done, "登记", number=CODE)
    assert set(Application.objects.values_list("firm", flat=True)) == {firm.pk}
    assert [one.number for one in applications_of(firm)] == [done.number]
    five.submitted(key="k9")  # the same person for themselves is another applicant
    with pytest.raises(Refused) as refused:
        five.submitted(key="k10", credit_code=firm.code, name="李四", citizen_id="440524188001010014")
    assert refused.value.code == "already_open"


def test_one_part_for_persons_only_is_for_persons_only(five: Five, firm: register.Firm) -> None:
    item = five.versions["社保"].item
    item.for_firms = False
    item.save(update_fields=["for_firms"])
    with pytest.raises(Refused) as refused:
        five.submitted(credit_code=firm.code)
    assert "只由个人申请" in str(refused.value)
    assert five.submitted().number


def signed_in(phone: Client, firm: register.Firm) -> None:
    session, now = phone.session, int(time.time())
    session["firm"] = {"id": str(firm.pk), "at": now, "seen": now}
    session.save()


def test_signed_in_as_a_firm_the_code_stands_there(five: Five, firm: register.Firm, phone: Client) -> None:
    where = reverse("hall:bundle_apply", args=["company"])
    assert firm.code not in phone.get(where).content.decode()
    signed_in(phone, firm)
    assert firm.code in phone.get(where).content.decode()
    done = five.submitted(credit_code=firm.code, key="k11")
    home = phone.get(reverse("hall:firm")).content.decode()
    assert done.number in home
    opened = phone.get(reverse("hall:firm_application", args=[done.matter_id]))
    assert opened.headers["Location"] == reverse("hall:bundle_followed", args=[done.number])


def test_sent_by_the_system_is_not_a_visit(five: Five) -> None:
    five.submitted()
    assert not reviews.Service.objects.exists()
    assert SYSTEM.staff_id is None
