"""My work: what waits for whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import actor_for
from zhitong.kernel.matters import public as matters

from ..queries.waiting import TABS, work, work_counts
from .desk import MOST_QUERIES, Desk, page, signed_in


def standing(account, tab: str = "mine") -> list[str]:
    return sorted(work(actor_for(account), tab).values_list("number", flat=True))


def test_a_new_matter_waits_for_the_dispatcher_alone(office: Desk) -> None:
    matter = office.open()
    assert standing(office.dispatcher) == [matter.number]
    assert [standing(a) for a in (office.worker, office.head, office.visitor)] == [[], [], []]


def test_a_passed_matter_waits_for_the_lead_and_the_co_handler(office: Desk) -> None:
    matter = office.passed(co=True)
    assert standing(office.dispatcher) == []
    assert standing(office.worker) == standing(office.colleague) == standing(office.co_worker) == [matter.number]
    assert standing(office.worker, "organ") == [matter.number]
    assert standing(office.co_worker, "co") == [matter.number]
    assert standing(office.co_worker, "organ") == []


def test_what_is_in_somebodys_hands_waits_for_nobody_else(office: Desk) -> None:
    matter = office.passed()
    office.act(matter, "assign", office.head, staff=str(office.worker.staff_id))
    assert standing(office.worker) == [matter.number]
    assert standing(office.colleague) == []
    assert standing(office.colleague, "organ") == [matter.number]


def test_a_conclusion_waits_for_the_head_then_for_the_visitor(office: Desk) -> None:
    matter = office.met(subkind="complaint", is_public=False)
    office.act(matter, "handle", office.worker, done="已处理")
    office.act(matter, "conclude", office.worker, outcome="solved", reply="已解决")
    assert (standing(office.worker), standing(office.head)) == ([], [matter.number])
    office.act(matter, "approve", office.head, opinion="同意")
    assert (standing(office.head), standing(office.visitor)) == ([], [matter.number])


def test_an_extension_waits_for_whoever_decides(office: Desk) -> None:
    matter = office.met()
    assert standing(office.dispatcher) == []
    office.act(matter, "ask_extension", office.worker, clock="conclude", amount=3, reason="需采购配件")
    assert standing(office.dispatcher) == [matter.number]


def test_a_paused_matter_waits_to_be_resumed(office: Desk) -> None:
    matter = office.passed()
    reason = matters.Reason.objects.get(list="pause", slug="weather")
    office.act(matter, "pause", office.worker, reason=str(reason.pk), note="暴雨")
    assert standing(office.worker) == [matter.number]
    assert standing(office.dispatcher) == []


def test_what_was_done_is_found_again(office: Desk) -> None:
    matter = office.closed()
    for account in (office.dispatcher, office.worker, office.visitor):
        assert standing(account, "done") == [matter.number]
        assert standing(account) == []


def test_warning_and_late(office: Desk) -> None:
    late = office.passed()
    matters.tick(timezone.now() + timedelta(days=60))
    assert standing(office.worker, "late") == [late.number]
    counts = work_counts(actor_for(office.worker))
    assert (counts["late"], counts["warning"], counts["mine"]) == (1, 0, 1)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_says_when_it_is_empty(office: Desk, tab: str) -> None:
    answer = signed_in(office.worker).get("/desk/", {"tab": tab})
    assert answer.status_code == 200
    assert "zt-empty" in answer.content.decode()


def test_the_page_asks_few_questions_however_long_it_is(office: Desk) -> None:
    client = signed_in(office.worker)
    matter = office.passed(co=True)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as one:
        answer = client.get("/desk/")
    assert matter.number in answer.content.decode()
    for _n in range(8):
        office.passed(co=True)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/")
    assert len(many) == len(one)
    assert len(many) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in many.captured_queries)


def test_the_next_and_the_one_before_stay_in_the_list(office: Desk) -> None:
    first, second, third = (office.passed() for _ in range(3))
    body = signed_in(office.worker).get(page(second), {"list": "work:organ"}).content.decode()
    assert f"{page(first)}?list=work%3Aorgan" in body
    assert f"{page(third)}?list=work%3Aorgan" in body


def test_a_stranger_is_asked_to_sign_in(client) -> None:
    assert client.get("/desk/").status_code == 302


@pytest.mark.django_db
def test_english(office: Desk) -> None:
    client = signed_in(office.worker)
    client.cookies["django_language"] = "en"
    assert "My work" in client.get("/desk/").content.decode()
