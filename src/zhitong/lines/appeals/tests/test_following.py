"""A mini program follows an appeal for whoever raised it, with number and code, and sends what they do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.district import District, build, photo
from tests.machine import Machine, machine
from zhitong.base.identifiers import tracking_code
from zhitong.kernel.accounts.models import Rate
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.public import KINDS, Matter, Who

from ..api import following

pytestmark = pytest.mark.django_db
TRACKED = "/appeals/tracked"


@pytest.fixture
def district() -> District:
    return build()


@pytest.fixture
def program(district: District, settings, tmp_path) -> Machine:
    settings.MEDIA_ROOT = tmp_path
    return machine(district, "clerk")


def shown(one):
    return {"number": one.number, "code": one.code}


def test_how_far_it_is_and_what_can_be_done(district, program):
    one = district.met()
    answer = program.post(TRACKED, shown(one))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["number"], told["stage"], told["is_over"]) == (one.number, "met", False)
    assert [s["slug"] for s in told["steps"]] == [slug for slug, _label in KINDS["appeal"].steps]
    assert told["holders"] == ["东风路街道办事处"]
    assert told["dues"][0]["why"]
    assert {"supplement", "withdraw"} <= {a["slug"] for a in told["actions"]}


def test_nothing_of_the_inside_is_told(district, program):
    one = district.met()
    district.act(one, "note", "worker", note="内部备注：反映人多次来电")
    assert "内部备注" not in program.post(TRACKED, shown(one)).content.decode()


def test_the_way_to_the_end(district, program):
    one = district.concluded()
    told = program.post(TRACKED, shown(one)).json()
    assert told["reply"] == "路灯已修好，感谢反映。"
    answer = program.post(f"{TRACKED}/actions/rate", {**shown(one), "data": {"grade": "5", "words": "很快"}})
    assert answer.status_code == 200, answer.content
    event = stream(one.id).last()
    assert (event.kind, event.by_account, event.by_label) == ("appeal.rate", None, "居民")


def test_a_supplement_with_a_photo_once(district, program):
    one = district.met()
    ticket = program.upload("/files", file=SimpleUploadedFile("a.jpg", photo())).json()["ticket"]
    body = {**shown(one), "data": {"text": "又有一盏不亮。"}, "files": [ticket]}
    for _n in range(2):
        answer = program.post(f"{TRACKED}/actions/supplement", body, Idempotency_Key="supplement-1")
        assert answer.status_code == 200, answer.content
    assert Matter.objects.get(pk=one.id).records.filter(action="supplement").count() == 1
    assert Matter.objects.get(pk=one.id).attachments.count() == 1


def test_wrong_number_and_wrong_code_read_the_same(district, program):
    one = district.met()
    answers = [
        program.post(TRACKED, {"number": one.number, "code": tracking_code()}),
        program.post(TRACKED, {"number": "202601010000010", "code": one.code}),
        program.post(TRACKED, {"number": "x", "code": "x"}),
        program.post(f"{TRACKED}/actions/withdraw", {"number": one.number, "code": tracking_code()}),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "wrong_code")] * 4
    assert len({a.content for a in answers}) == 1
    assert Matter.objects.get(pk=one.id).stage == "met"


def test_only_what_a_reporter_may_do(district, program):
    one = district.met()
    for action, move in KINDS["appeal"].moves.items():
        if Who.REPORTER not in move.who:
            answer = program.post(f"{TRACKED}/actions/{action}", shown(one))
            assert answer.json()["code"] == "no_action", action
    assert Matter.objects.get(pk=one.id).version == one.matter.version


def test_a_move_that_comes_too_early_is_refused(district, program):
    answer = program.post(f"{TRACKED}/actions/not_fixed", {**shown(district.met()), "data": {"words": "没修好"}})
    assert answer.status_code == 409
    assert program.post(f"{TRACKED}/actions/rate", {**shown(district.concluded()), "data": {}}).status_code == 422


def test_guessing_is_stopped_and_following_is_not(district, program, monkeypatch):
    monkeypatch.setattr(following, "WRONG_BY_SYSTEM", 3)
    one = district.met()
    assert [program.post(TRACKED, shown(one)).status_code for _n in range(5)] == [200] * 5
    guesses = [program.post(TRACKED, {"number": str(n), "code": "ABCDEFGH"}).status_code for n in range(5)]
    assert guesses == [404, 404, 404, 429, 429]
    assert program.post(TRACKED, shown(one)).status_code == 429


def test_tries_at_one_number_are_counted_with_those_of_the_portal(district, program, monkeypatch):
    monkeypatch.setattr(following, "TRIES_BY_NUMBER", 2)
    one = district.met()
    wrong = {"number": one.number, "code": "ABCDEFGH"}
    assert [program.post(TRACKED, wrong).status_code for _n in range(3)] == [404, 404, 429]
    assert Rate.objects.filter(key__startswith="track-number:").exists()


def test_the_code_stands_in_no_address_and_not_in_the_log(district, program):
    one = district.met()
    program.post(f"{TRACKED}/actions/withdraw", {**shown(one), "data": {}})
    assert one.code not in str(list(stream(one.id).values_list("data", flat=True)))
