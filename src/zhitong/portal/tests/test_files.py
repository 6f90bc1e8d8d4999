"""Files are there for those who may see the matter, and as what they are."""

import pytest
from django.test import Client
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as matters

from .desk import Desk, picture, signed_in


def attached(matter, purpose: str = "report", *, is_public: bool = False):
    upload = matters.check_upload("路灯.jpg", picture())
    (kept,) = matters.attach(
        matter, [upload], by=Actor.system("test"), at=timezone.now(), purpose=purpose, is_public=is_public
    )
    return f"/files/{kept.pk}"


def tracking(matter) -> Client:
    client = Client()
    session = client.session
    session["tracked"] = [str(matter.pk)]
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client


def test_who_sees_what(office: Desk) -> None:
    matter = office.passed()
    report, evidence = attached(matter), attached(matter, "evidence")
    both = (office.worker, office.dispatcher)
    assert {signed_in(a).get(f).status_code for a in both for f in (report, evidence)} == {200}
    for client in (signed_in(office.co_worker), Client()):
        assert [client.get(f).status_code for f in (report, evidence)] == [404, 404]
    assert [tracking(matter).get(f).status_code for f in (report, evidence)] == [200, 404]


@pytest.mark.parametrize(("matter_public", "file_public", "status"), [(1, 1, 200), (0, 1, 404), (1, 0, 404)])
def test_a_public_file_of_a_public_matter(office: Desk, matter_public: int, file_public: int, status: int) -> None:
    matter = office.passed(is_public=bool(matter_public))
    assert Client().get(attached(matter, "evidence", is_public=bool(file_public))).status_code == status


def test_it_is_sent_as_what_it_is(office: Desk) -> None:
    address = attached(office.passed())
    answer = signed_in(office.worker).get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert "private" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    preview = signed_in(office.worker).get(f"{address}/preview")
    assert preview.status_code == 200
    assert b"".join(preview.streaming_content)[:2] == b"\xff\xd8"


def test_a_file_that_went_missing_and_one_without_a_preview(office: Desk, tmp_path) -> None:
    address = attached(office.passed())
    for kept in tmp_path.rglob("*"):
        if kept.is_file():
            kept.unlink()
    assert signed_in(office.worker).get(address).status_code == 404
    matters.Attachment.objects.update(has_preview=False)
    assert signed_in(office.worker).get(f"{address}/preview").status_code == 404
