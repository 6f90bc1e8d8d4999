"""The late list: who has what is late, and pressing for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import Account, actor_for
from zhitong.kernel.events.public import inbox
from zhitong.kernel.matters import public as matters

from ..queries import late
from .desk import MOST_QUERIES, Desk, person, signed_in


@pytest.fixture
def supervisor(office: Desk) -> Account:
    return person("督查员", office.centre, "appeals.supervise", "matters.export", scope="all")


@pytest.fixture
def overdue(office: Desk) -> list[matters.Matter]:
    """Two late ones of the street, one of them in somebody's hands, and one late at the centre."""
    one, other, new = office.passed(), office.passed(), office.open()
    office.act(one, "assign", office.head, staff=str(office.worker.staff_id))
    matters.tick(timezone.now() + timedelta(days=60))
    return [one, other, new]


def test_by_organ_and_by_person(office: Desk, supervisor: Account, overdue: list[matters.Matter]) -> None:
    held = late.holdings(late.pressing(actor_for(supervisor), {}))
    assert {(share.name, share.late) for share in late.by_organ(held)} == {(str(office.street), 2), ("", 1)}
    assert [(share.name, share.late) for share in late.by_person(held)] == [("李承办", 1), ("", 1)]
    body = signed_in(supervisor).get("/desk/late/").content.decode()
    assert "共3件" in body
    assert all(matter.number in body for matter in overdue)


def test_narrowed_to_an_organ_a_person_and_nobody(
    office: Desk, supervisor: Account, overdue: list[matters.Matter]
) -> None:
    client = signed_in(supervisor)
    one, other, new = overdue
    for query, there in (
        ({"holder": str(office.street.pk)}, {one, other}),
        ({"holder": "none"}, {new}),
        ({"assignee": str(office.worker.staff_id)}, {one}),
        ({"holder": str(office.street.pk), "assignee": "none"}, {other}),
        ({"grade": "warning"}, set()),
        ({"holder": "nonsense"}, {one, other, new}),
    ):
        body = client.get("/desk/late/", query).content.decode()
        assert {m for m in overdue if m.number in body} == there, query


def test_pressing_for_one(office: Desk, supervisor: Account, overdue: list[matters.Matter]) -> None:
    client = signed_in(supervisor)
    answer = client.post(
        "/desk/late/urge", {"only": str(overdue[0].pk), "demand": "请立即办理。", "query": "grade=late"}, follow=True
    )
    body = answer.content.decode()
    assert f"已督办：{overdue[0].number}" in body
    assert "已督办1次" in body
    assert "grade=late" in answer.redirect_chain[-1][0]
    assert inbox(office.worker.pk).filter(template="matter.urged").count() == 1


def test_pressing_for_many_says_row_by_row(office: Desk, supervisor: Account, overdue: list[matters.Matter]) -> None:
    closed = office.closed()
    chosen = [str(overdue[0].pk), str(closed.pk), "nonsense"]
    body = signed_in(supervisor).post("/desk/late/urge", {"matter": chosen, "demand": "请立即办理。"}).content.decode()
    assert "已督办1件" in body
    assert "1件没有督办" in body
    assert closed.number in body


@pytest.mark.parametrize(("data", "sentence"), [
    ({"demand": "请办"}, "请先勾选要督办的事项"), ({"matter": "x", "demand": "请办"}, "请先勾选要督办的事项"),
])  # fmt: skip
def test_bad_input_is_told(supervisor: Account, data: dict[str, str], sentence: str) -> None:
    answer = signed_in(supervisor).post("/desk/late/urge", data, follow=True)
    assert sentence in answer.content.decode()


def test_without_a_demand_nothing_happens(supervisor: Account, overdue: list[matters.Matter]) -> None:
    answer = signed_in(supervisor).post("/desk/late/urge", {"only": str(overdue[0].pk), "demand": " "}, follow=True)
    assert "请填写督办要求" in answer.content.decode()


def test_an_organ_sees_its_own_and_may_not_press(office: Desk, overdue: list[matters.Matter]) -> None:
    client = signed_in(office.worker)
    body = client.get("/desk/late/").content.decode()
    assert overdue[0].number in body
    assert overdue[2].number not in body
    assert 'name="only"' not in body
    assert client.post("/desk/late/urge", {"only": str(overdue[0].pk), "demand": "请办"}).status_code == 403


def test_the_export_takes_the_same_rows(supervisor: Account, overdue: list[matters.Matter]) -> None:
    answer = signed_in(supervisor).post("/desk/matters/export", {"query": "grade=pressing&sort=due"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


def test_nothing_late(supervisor: Account) -> None:
    assert "没有临期和超期的事项" in signed_in(supervisor).get("/desk/late/").content.decode()


def test_it_asks_few_questions_however_long_it_is(
    office: Desk, supervisor: Account, overdue: list[matters.Matter]
) -> None:
    client = signed_in(supervisor)
    client.get("/desk/late/")
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/late/")
    for _n in range(5):
        office.passed()
    matters.tick(timezone.now() + timedelta(days=60))
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/late/")
    assert len(many) == len(few)
    assert len(many) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in many.captured_queries)


def test_in_english(supervisor: Account, overdue: list[matters.Matter]) -> None:
    client = signed_in(supervisor)
    client.cookies["django_language"] = "en"
    body = client.get("/desk/late/").content.decode()
    assert "Late list" in body
    assert "By organ" in body
