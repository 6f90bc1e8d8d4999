"""Pages of forms and surveys, as whoever designs, answers or follows them."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from zhitong.kernel.events.public import Event

from ..actions.answers import submit
from ..models import Answer, Survey, Version
from ..rules.examples import CENSUS, EPIDEMIC, workbook_of
from .conftest import ANSWER, Place

pytestmark = pytest.mark.django_db


def upload(content: bytes, name: str = "a.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_from_the_workbook_to_the_survey(place: Place) -> None:
    client = place.district.client("admin")
    assert "还没有表单" in client.get(reverse("surveys:forms")).content.decode()
    taken = client.post(reverse("surveys:forms"), {"file": upload(workbook_of(EPIDEMIC))})
    version = Version.objects.get()
    assert taken.headers["Location"] == reverse("surveys:version", args=[version.pk])
    page = client.get(reverse("surveys:version", args=[version.pk]))
    assert "'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
    assert "体温" in page.content.decode()
    xml = client.get(reverse("surveys:version_xml", args=[version.pk]))
    assert "sandbox" in xml.headers["Content-Security-Policy"]
    assert client.get(reverse("surveys:workbook", args=[version.pk])).content.startswith(b"PK")
    client.post(reverse("surveys:publish", args=[version.pk]))
    client.post(reverse("surveys:form", args=[version.form_id]), {"file": upload(workbook_of(CENSUS))})
    second = Version.objects.get(number=2)
    client.post(reverse("surveys:discard", args=[second.pk]))
    assert "第1版" in client.get(reverse("surveys:form", args=[version.form_id])).content.decode()
    said = {"version": version.pk, "name": "入户登记", "starts_on": "2026-01-01", "ends_on": "2199-12-31", "within": ""}
    table = upload(f"名称,编码\n1号楼,{place.codes[0]}\n".encode(), "t.csv")
    client.post(reverse("surveys:new"), {**said, "file": table})
    survey = Survey.objects.get()
    assert survey.targets.count() == 1
    assert "入户登记" in client.get(reverse("surveys:list")).content.decode()


def test_a_faulty_workbook_says_where(place: Place) -> None:
    client = place.district.client("admin")
    sheets = {
        **EPIDEMIC,
        "survey": [*EPIDEMIC["survey"][:3], ["calculate", "c", "", "", "", "", "", "", "because nobody", ""]],
    }
    for address in (reverse("surveys:forms"), reverse("surveys:form", args=[place.version("census").form_id])):
        page = client.post(address, {"file": upload(workbook_of(sheets)), "name": "试试"})
        assert page.status_code == 422
        assert "survey 4" in page.content.decode()
        assert "because nobody" in page.content.decode()
    assert client.post(reverse("surveys:forms"), {"file": upload(b"x", "a.pdf")}).status_code == 422
    assert client.post(reverse("surveys:forms"), {}).status_code == 422


@pytest.mark.parametrize(
    "more", [{"name": ""}, {"ends_on": "2020-01-01"}, {"version": "x"}, {"file": "3号楼,000"}, {"file": "x"}]
)
def test_what_is_wrong_with_a_new_survey_is_said_and_nothing_is_lost(place: Place, more: dict[str, Any]) -> None:
    said = {
        "version": place.version().pk,
        "name": "入户登记",
        "purpose": "为了大家",
        "starts_on": "2026-01-01",
        "ends_on": "2199-12-31",
    }
    if "file" in more:
        more = {"file": upload(f"名称,编码\n{more['file']}\n".encode() if "," in more["file"] else b"", "t.csv")}
    page = place.district.client("admin").post(reverse("surveys:new"), {**said, **more})
    assert page.status_code == 422
    assert "为了大家" in page.content.decode()
    assert not Survey.objects.exists()


def test_answering_on_a_phone(place: Place) -> None:
    survey = place.survey(purpose="掌握常住人口情况")
    target, client = place.target(survey), place.district.client("grid")
    page = client.get(reverse("surveys:fill", args=[target.pk]))
    assert "掌握常住人口情况" in page.content.decode()
    assert "wasm" in page.headers["Content-Security-Policy"]
    assert client.get(reverse("surveys:form_xml", args=[survey.pk])).content.startswith(b"<?xml")
    address = reverse("surveys:answer", args=[target.pk])
    wrong = client.post(address, {"xml_submission_file": upload(ANSWER.replace("13800000000", "1").encode(), "a.xml")})
    assert wrong.status_code == 422
    assert json.loads(wrong.content)["wrong"][0]["path"] == "/data/phone"
    assert client.post(address).status_code == 422
    sent = [
        client.post(address, {"xml_submission_file": upload(ANSWER.encode(), "a.xml")}).status_code for _ in range(2)
    ]
    assert sent == [201, 200]
    assert Answer.objects.count() == 1
    assert client.get(reverse("surveys:fill", args=[place.target(survey, 1).pk])).status_code == 404
    assert (
        client.post(
            reverse("surveys:answer", args=[place.target(survey, 1).pk]),
            {"xml_submission_file": upload(ANSWER.encode())},
        ).status_code
        == 404
    )
    assert "再次提交将另存一份" in client.get(reverse("surveys:fill", args=[target.pk])).content.decode()


def test_saying_that_nobody_was_there(place: Place) -> None:
    survey = place.survey()
    target, client = place.target(survey), place.district.client("grid")
    address = reverse("surveys:miss", args=[target.pk])
    assert client.post(address, {"note": ""}).headers["Location"] == reverse("surveys:fill", args=[target.pk])
    assert client.post(address, {"note": "三次上门无人"}).headers["Location"] == reverse(
        "surveys:survey", args=[survey.pk]
    )
    assert "三次上门无人" in client.get(reverse("surveys:survey", args=[survey.pk])).content.decode()
    assert client.post(reverse("surveys:miss", args=[place.target(survey, 1).pk]), {"note": "x"}).status_code == 404


def test_following_ending_destroying(place: Place) -> None:
    survey, client = place.survey(), place.district.client("admin")
    submit(place.target(survey).pk, ANSWER.encode(), by=place.actor("grid"), at=timezone.now())
    page = client.get(
        reverse("surveys:survey", args=[survey.pk]), {"in": str(place.streets[0]), "state": "open", "page": "1"}
    )
    assert page.status_code == 200
    for query in ({"in": "x", "state": "x", "page": "x"}, {"page": "99999999999"}):
        assert client.get(reverse("surveys:survey", args=[survey.pk]), query).status_code == 200
    assert client.get(reverse("surveys:list"), {"page": "-1"}).status_code == 200
    assert "没有符合条件的表单" in client.get(reverse("surveys:forms"), {"q": "没有的", "page": "2"}).content.decode()
    for name, sent in (
        ("extend", {"ends_on": "2199-01-01"}),
        ("extend", {"ends_on": ""}),
        ("destroy", {}),
        ("end", {}),
        ("end", {}),
        ("destroy", {}),
    ):
        assert client.post(reverse(f"surveys:{name}", args=[survey.pk]), sent).status_code == 302
    survey.refresh_from_db()
    assert survey.destroyed_at
    shown = client.get(reverse("surveys:certificate", args=[survey.pk])).content.decode()
    assert Event.objects.get(stream=survey.pk, kind="surveys.destroyed").data["digest"] in shown
    assert f"{survey.ends_on}" == "2199-01-01"
    shown = client.get(reverse("surveys:survey", args=[survey.pk])).content.decode()
    assert "都没有：1（50.0%）" in shown
    assert "合计2，" in shown
    assert "销毁证明" in client.get(reverse("surveys:survey", args=[survey.pk])).content.decode()
    assert place.district.client("leader").get(reverse("surveys:survey", args=[survey.pk])).status_code == 200
    assert place.district.client("elsewhere").get(reverse("surveys:survey", args=[survey.pk])).status_code == 403
    for name, args in (
        ("form", [survey.pk]),
        ("version", [survey.pk]),
        ("workbook", [survey.pk]),
        ("survey", [place.streets[0]]),
        ("end", None),
    ):
        address = reverse(f"surveys:{name}", args=args or [place.streets[0]])
        assert (client.post(address) if name == "end" else client.get(address)).status_code == 404


def test_answers_as_a_table(place: Place) -> None:
    survey = place.survey()
    answer = client = place.district.client("admin").get(reverse("surveys:export", args=[survey.pk]))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert client.headers["Content-Disposition"].startswith("attachment")
    assert place.district.client("leader").get(reverse("surveys:export", args=[survey.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow(place: Place, count: int, django_assert_max_num_queries) -> None:
    from ..actions.surveys import NewTarget

    version = place.version().pk
    survey = place.survey(version=version, targets=[NewTarget(f"{n}号", place.streets[n % 2]) for n in range(count)])
    for _ in range(count // 10):
        place.survey(version=version)
    client = place.district.client("admin")
    for address in (
        reverse("surveys:list"),
        reverse("surveys:survey", args=[survey.pk]),
        reverse("surveys:forms"),
        reverse("surveys:version", args=[version]),
    ):
        client.get(address)
        with django_assert_max_num_queries(14):
            assert client.get(address).status_code == 200
    assert timezone.localdate()
