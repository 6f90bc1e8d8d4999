"""The papers an application brings, move by move: which there are, and what stands in them."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.papers.models import Paper
from zhitong.kernel.papers.public import PAPERS, Standing, checked, grouped, made, papers_of, sample
from zhitong.kernel.papers.rules.checking import check_template
from zhitong.kernel.register.public import register_firms
from zhitong.lines.hall.declarations.papers import PAPERS as OWN
from zhitong.lines.hall.models import BaseItem, Handed

from .cases import SYSTEM, Desk, desk, resident
from .factories import MONDAY, Hall, later
from .test_smart_rules import FIRM

NOW = datetime(2026, 9, 7, 2, tzinfo=UTC)


def of(done: Any) -> dict[str, Paper]:
    """The newest of each sort."""
    return {paper.slug: paper for paper in Paper.objects.filter(matter=done.matter_id).order_by("serial")}


def text(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(made(paper).pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace("\xa0", " ")


@pytest.mark.parametrize("slug", [kind.slug for kind in OWN])
def test_what_ships_passes_the_check_and_fits_on_a_page(slug: str) -> None:
    kind = PAPERS[slug]
    assert check_template(kind, kind.supplied()).problems == []
    for empty in (False, True):
        files = sample(kind, kind.supplied(), at=NOW, empty=empty)
        assert len(PdfReader(io.BytesIO(files.pdf)).pages) == 1


def test_from_receipt_to_service(place: Hall) -> None:
    counter = desk(place, result_paper="hall-licence")
    done = counter.closed()
    found = of(done)
    assert list(found) == ["hall-receipt", "hall-accepted", "hall-granted", "hall-licence", "hall-service"]
    receipt = text(found["hall-receipt"])
    assert "王小明：" in receipt
    assert "食品经营许可申请书" in receipt
    assert "营业执照" in receipt
    assert "免提交" in receipt
    accepted = text(found["hall-accepted"])
    assert "《中华人民共和国行政许可法》第三十二条第一款第（五）项" in accepted
    assert "本机关承诺于2026年9月14日前办结" in accepted
    assert "准予决定书、许可证" in text(found["hall-service"])
    licence = found["hall-licence"]
    assert (licence.holder, licence.organ) == ("王**", "新城区市场监督管理局")
    assert checked(licence.opened()["_code"]) == licence
    page = Client().get(reverse("portal:checked", args=[grouped(licence.opened()["_code"])])).content.decode()
    for fact in ("item", "result_number"):
        assert licence.opened()[fact]
        assert licence.opened()[fact] in page


def test_only_a_permit_is_called_one(place: Hall) -> None:
    counter = desk(place)
    assert "准予行政许可决定书" in text(of(counter.closed())["hall-granted"])
    BaseItem.objects.update(kind="public_service")
    granted = text(of(counter.closed(is_another=True))["hall-granted"])
    assert "准予办理决定书" in granted
    assert "许可" not in granted.replace("食品经营许可", "")


def test_papers_of_a_firm_name_the_firm(place: Hall) -> None:
    counter = desk(place, result_paper="hall-licence")
    register_firms([FIRM], by=SYSTEM, at=MONDAY)
    found = of(counter.closed(credit_code=FIRM.code))
    assert "示范云杉科技有限公司：" in text(found["hall-receipt"])
    assert "王小明" not in text(found["hall-granted"])
    licence = found["hall-licence"]
    assert licence.holder == "示范******公司"
    assert FIRM.name in text(licence)


def test_no_licence_where_the_version_names_none(counter: Desk) -> None:
    assert "hall-licence" not in of(counter.issued())


def test_what_is_missing_is_said_once_with_the_list(counter: Desk) -> None:
    done = counter.submitted()
    row = Handed.objects.get(application=done.matter_id, material__name="场所平面图")
    counter.act(done.matter_id, "correct", counter.clerk, materials=[str(row.pk)], words="平面图须标明面积。")
    said = text(of(done)["hall-correction"])
    assert "需要补正的内容：平面图须标明面积。" in said
    assert "场所平面图" in said
    assert "食品经营许可申请书" not in said


def test_not_accepted_says_why_and_where_to_turn(counter: Desk) -> None:
    done = counter.submitted()
    reason = m.Reason.objects.filter(list="not_accepted").order_by("pk").first()
    assert reason is not None
    counter.act(done.matter_id, "not_accept", counter.clerk, reason=str(reason.pk), words="请向省级机关提出。")
    said = text(of(done)["hall-not-accepted"])
    assert reason.name in said
    assert "请向省级机关提出。" in said
    assert "行政复议" in said


def test_a_refusal_gives_reasons(counter: Desk) -> None:
    done = counter.submitted()
    counter.act(done.matter_id, "accept", counter.clerk)
    counter.act(done.matter_id, "examine", counter.examiner, passes=False, opinion="不符合")
    counter.act(done.matter_id, "decide", counter.decider, outcome="refused", words="食品处理区未分隔。")
    said = text(of(done)["hall-refused"])
    assert "食品处理区未分隔。" in said
    assert "第三十八条第二款" in said


def test_promises_are_papers_of_their_own(counter: Desk) -> None:
    materials = list(counter.version.materials.all())
    given = {
        one.pk: type(counter.said().materials[materials[0].pk])()
        for one in materials
        if not (one.held_by or one.condition)
    }
    plan = next(one for one in materials if one.is_deferrable)
    given[plan.pk] = type(given[plan.pk])(state="deferred")
    done = counter.submitted(materials=given, signed=True)
    counter.act(done.matter_id, "accept", counter.clerk)
    found = of(done)
    assert "容缺后补" in text(found["hall-accepted"])
    promise = text(found["hall-deferral"])
    assert "场所平面图" in promise
    assert "承诺人（签字或盖章）：王小明" in promise
    assert "食品经营许可申请书" not in promise


def test_a_simulated_run_is_marked_everywhere(counter: Desk) -> None:
    done = counter.submitted(is_simulated=True)
    counter.act(done.matter_id, "accept", counter.clerk)
    assert {paper.watermark for paper in of(done).values()} == {"模拟"}
    assert all(paper.standing(MONDAY.date()) == Standing.SIMULATED for paper in of(done).values())


def test_what_is_revoked_is_revoked_on_paper(place: Hall) -> None:
    counter = desk(place, result_paper="hall-licence")
    done = counter.closed()
    counter.act(done.matter_id, "revoke", counter.decider, ground="承诺不实。")
    found = of(done)
    for slug in ("hall-licence", "hall-granted"):
        assert found[slug].standing(MONDAY.date()) == Standing.REVOKED
    assert "承诺不实。" in text(found["hall-revocation"])
    assert found["hall-accepted"].revoked_at is None


def test_the_applicant_sees_what_is_meant_for_them(counter: Desk) -> None:
    done = counter.closed()
    seen = {paper.slug for paper in papers_of(done.matter_id, resident(done))}
    assert seen == {"hall-receipt", "hall-accepted", "hall-granted"}
    assert papers_of(done.matter_id, Actor.resident()) == []


def test_who_signed_for_what_was_mailed_stands_on_the_paper(place: Hall) -> None:
    counter = desk(place)
    done = counter.issued()
    counter.act(done.matter_id, "deliver", counter.clerk, way="mail", tracking="EA123456789CN", deliver_to="东风路1号")
    assert "hall-service" not in of(done)  # nothing has been served yet
    counter.act(done.matter_id, "confirm", counter.clerk, later(2), taken_by="李四（门卫）")
    said = text(of(done)["hall-service"])
    assert "EA123456789CN" in said
    assert "李四（门卫）" in said
