"""Lists of applications say for whom each is, masked, and find them by whoever is typed whole; appeals keep that back."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhitong.kernel.events.public import Event
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.register.public import NewPerson, register_firms
from zhitong.lines.hall.queries.following import course_of
from zhitong.lines.hall.tests.cases import CITIZEN_ID, Desk, desk
from zhitong.lines.hall.tests.factories import MONDAY, SINCE, hall
from zhitong.lines.hall.tests.test_smart_rules import FIRM, citizen

from .desk import MOST_QUERIES, SYSTEM, person, signed_in
from .desk import Desk as Office

LIST = "/desk/matters/"


@pytest.fixture
def counter(db: None, settings: Any, tmp_path: Any) -> Desk:
    settings.MEDIA_ROOT = tmp_path
    return desk(hall())


@pytest.fixture
def clerk(counter: Desk) -> Any:
    return signed_in(person("窗口", counter.hall.city, "matters.view", "matters.export", scope="all"))


def shown(client: Any, **params: str) -> str:
    answer = client.get(LIST, params)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_each_says_for_whom_it_is_masked_and_a_firm_by_its_name(counter: Desk, clerk: Any) -> None:
    counter.submitted()
    register_firms([FIRM], by=SYSTEM, at=MONDAY)
    counter.submitted(credit_code=FIRM.code)
    page = shown(clerk)
    assert "王**" in page
    assert FIRM.name in page
    assert "王小明" not in page


def test_found_by_whoever_is_typed_whole(counter: Desk, clerk: Any) -> None:
    own = counter.submitted()
    register_firms([FIRM], by=SYSTEM, at=MONDAY)
    firms = counter.submitted(credit_code=FIRM.code, citizen_id=citizen(7), name="赵六", phone="13800000077")
    for typed, wanted in (
        ("王小明", own), (" 王小明 ", own), ("138 0000 1234", own), (FIRM.name, firms), (FIRM.code.lower(), firms), ("赵六", firms),
    ):  # fmt: skip
        page = shown(clerk, who=typed)
        other = firms if wanted is own else own
        assert (wanted.number in page, other.number in page) == (True, False), typed
    for typed in ("王小", "王", CITIZEN_ID[:6], "没有这人", "%", "'; DROP TABLE"):
        assert "没有符合条件的事项" in shown(clerk, who=typed), typed


def test_a_search_that_finds_nothing_leads_to_the_applicant_of_that_name(counter: Desk, clerk: Any) -> None:
    counter.submitted()
    assert "按申请人查找" in shown(clerk, q="王小明")
    assert "按申请人查找" not in shown(clerk, q="王小二")


def test_nobody_finds_by_name_what_they_may_not_see(counter: Desk) -> None:
    counter.submitted()
    other = Organ.objects.create(code="OTHER", name="外单位", kind="department", valid_from=SINCE)
    elsewhere = signed_in(person("外单位", other, "matters.view"))
    for asked in ({"who": "王小明"}, {"q": "王小明"}):
        found = shown(elsewhere, **asked)
        assert "没有符合条件的事项" in found
        assert "按申请人查找" not in found


def test_it_costs_no_more_for_more_of_them(counter: Desk, clerk: Any) -> None:
    shown(clerk, who="王小明")  # what a process looks up once is known
    asked = []
    for _n in range(2):
        counter.submitted(is_another=True)
        counter.submitted(is_another=True)
        with CaptureQueriesContext(
            connection,
        ) as told:
            shown(clerk, who="王小明")
        asked.append(len(told))
    assert asked[0] == asked[1] <= MOST_QUERIES


def test_whoever_raised_an_appeal_is_not_said_nor_found(office: Office) -> None:
    office.open("楼道堆放杂物", reporter=NewPerson("钱七", "13800000007"))
    client = signed_in(office.dispatcher)
    assert "钱*" not in shown(client)
    assert "没有符合条件的事项" in shown(client, who="钱七")


def asking(counter: Desk) -> Any:
    """Applied for with a form that asks for numbers, one of somebody else."""
    form = [
        {"slug": "法人证号", "label": "法定代表人身份证号", "kind": "citizen_id"},
        {"slug": "收款卡号", "label": "收款卡号", "kind": "text"}, {"slug": "用途", "label": "用途", "kind": "text"},
    ]  # fmt: skip
    version = counter.hall.published(questions=form, materials=[], delivery=["mail"])
    answers = {"法人证号": citizen(7), "收款卡号": "6222020000000000000", "用途": "开店"}
    return counter.submitted(version=version, answers=answers, delivery="mail", deliver_to="东风路1号，13800001234")


def test_numbers_given_as_answers_are_masked_and_shown_for_a_reason_that_is_logged(counter: Desk) -> None:
    done = asking(counter)
    number, href = citizen(7), "/desk/matters/{}/answers/{}/reveal"
    knows = signed_in(person("承办人", counter.hall.city, "matters.view", "register.reveal", scope="all"))
    looks = signed_in(person("查看人", counter.hall.city, "matters.view", scope="all"))
    address, open_ = (href.format(done.matter_id, quote(slug)) for slug in ("法人证号", "用途"))
    for client, may in ((knows, True), (looks, False)):
        page = shown_page(client, done)
        assert number not in page
        assert "6222020000000000000" not in page
        assert f"{number[:6]}********{number[-4:]}" in page
        assert "开店" in page
        assert (address in page, open_ in page, "13800001234" in page) == (may, False, may)
    assert looks.post(address, {"reason": "看看"}).status_code == 403
    assert number not in knows.get(address).content.decode()
    assert knows.post(address, {"reason": " "}).status_code == 422
    assert not Event.objects.filter(kind="person.revealed").exists()
    answer = knows.post(address, {"reason": "核对身份"})
    assert number in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    event = Event.objects.get(kind="person.revealed")
    assert event.data == {"what": "answer", "reason": "核对身份", "matter": str(done.matter_id), "question": "法人证号"}
    assert knows.post(href.format(done.matter_id, "x"), {"reason": "核对"}).status_code == 404


def shown_page(client: Any, done: Any) -> str:
    return str(client.get(f"{LIST}{done.matter_id}/").content.decode())


def test_whoever_follows_an_application_sees_its_numbers_masked(counter: Desk) -> None:
    done = asking(counter)
    seen = course_of(counter.matter(done))
    assert dict(seen.answers)["法定代表人身份证号"] == f"{citizen(7)[:6]}********{citizen(7)[-4:]}"
