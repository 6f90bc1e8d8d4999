"""The result pack of one thing: a list of what came of every part, and the papers behind it, as one document."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions.cases import Submitted
from zhitong.lines.hall.models import BundleCase
from zhitong.lines.hall.queries.bundles import progress_of
from zhitong.lines.hall.queries.packs import pack_of, papers_in_pack
from zhitong.lines.hall.tests.factories import MONDAY

from .five import CODE, Five

pytestmark = pytest.mark.django_db


def pages(content: bytes) -> list[str]:
    return ["".join((page.extract_text() or "").split()) for page in PdfReader(io.BytesIO(content)).pages]


def of_parts() -> Actor:
    return Actor.resident([part.matter_id for part in progress_of(BundleCase.objects.get()).parts if part.matter_id])


@pytest.fixture
def done(five: Five) -> Submitted:
    """One part with a licence, one refused, one on the way."""
    sent = five.submitted()
    five.decide(sent, "登记", number=CODE)
    five.decide(sent, "刻章", outcome="refused")
    return sent


def test_a_list_in_front_and_every_paper_behind_it(five: Five, done: Submitted) -> None:
    seen = progress_of(BundleCase.objects.get())
    papers = papers_in_pack(seen, of_parts())
    assert [paper.slug for paper in papers] == ["hall-granted", "hall-licence", "hall-refused"]
    content = pack_of(seen, papers, at=MONDAY)
    assert content == pack_of(seen, papers, at=MONDAY)
    found = pages(content)
    assert len(found) == 4
    for said in ("结果清单", done.number, "登记事项", CODE, "已办好", "未办成", "办理中", "不再办理"):
        assert said in found[0], said
    assert "准予" in found[1]
    assert CODE in found[2]
    assert "不予" in found[3]
    outline = [entry.title for entry in PdfReader(io.BytesIO(content)).outline]
    names = ("准予决定书", "许可证", "不予决定书")
    assert outline == ["企业开办结果清单", *(f"{name} {p.number}" for name, p in zip(names, papers, strict=True))]


def test_what_was_revoked_is_not_in_it(five: Five, done: Submitted) -> None:
    m.act(five.of(done, "登记"), "revoke", {"ground": "提供虚假材料"}, by=five.workers["登记"], at=MONDAY)
    assert [paper.slug for paper in papers_in_pack(progress_of(BundleCase.objects.get()), of_parts())] == [
        "hall-refused"
    ]


def test_an_organ_gets_its_own_parts_papers_only(five: Five, done: Submitted) -> None:
    seen = progress_of(BundleCase.objects.get())
    assert {paper.matter_id for paper in papers_in_pack(seen, five.workers["刻章"])} == {five.of(done, "刻章")}
    assert papers_in_pack(seen, five.lead) == []


def test_whoever_follows_the_whole_gets_it_and_nobody_else(five: Five, done: Submitted, phone: Client) -> None:
    where = reverse("hall:bundle_pack", args=[done.number])
    assert phone.get(where).status_code == 404
    phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    shown = phone.get(reverse("hall:bundle_followed", args=[done.number])).content.decode()
    assert where in shown
    answer = phone.get(where)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert len(pages(answer.content)) == 4


def test_what_is_made_and_not_handed_over_yet_is_said(five: Five, done: Submitted, phone: Client) -> None:
    """The part counts as done for what follows; the applicant still has to fetch the paper."""
    phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    where = reverse("hall:bundle_followed", args=[done.number])
    before = phone.get(where).content.decode()
    m.act(five.of(done, "登记"), "deliver", {"way": "pick_up", "taken_by": "本人"}, by=five.workers["登记"], at=MONDAY)
    after = phone.get(where).content.decode()
    assert ("待送达" in before, "待送达" in after) == (True, False)
    assert after.count("看详情、补材料") == before.count("看详情、补材料") - 1


def test_taking_it_back_says_first_what_goes_and_what_stands(five: Five, done: Submitted, phone: Client) -> None:
    phone.post(reverse("appeals:track"), {"number": done.number, "code": done.tracking_code})
    where = reverse("hall:bundle_act", args=[done.number, "withdraw"])
    shown = phone.get(where).content.decode()
    assert "登记事项、刻章事项：已作出决定" in shown or "登记事项：已作出决定" in shown
    assert "税务事项、社保事项：将一并撤回" in shown
    assert phone.get(reverse("hall:bundle_act", args=[done.number, "finish"])).status_code == 404
    after = phone.post(where, {"reason": "不办了"}, follow=True).content.decode()
    assert "已作出决定的环节继续有效" in after
    assert m.Matter.objects.get(pk=done.matter_id).stage == "withdrawn"
