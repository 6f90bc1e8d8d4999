"""The inbox, and the number on the bell."""

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import actor_for
from zhitong.kernel.events.public import Letter, inbox
from zhitong.kernel.matters.public import act

from .desk import MOST_QUERIES, Desk, page, signed_in


def test_a_task_is_told_and_opened(office: Desk) -> None:
    matter = office.passed()
    client = signed_in(office.worker)
    notice = inbox(office.worker.pk).get()
    body = client.get("/desk/notices/").content.decode()
    assert matter.number in body
    assert "1条未读" in client.get("/desk/").content.decode()
    assert client.post(f"/desk/notices/{notice.pk}/open").headers["Location"] == page(matter)
    assert "没有未读消息" in client.get("/desk/notices/").content.decode()
    assert matter.number in client.get("/desk/notices/", {"tab": "all"}).content.decode()
    assert client.get("/desk/notices/count").content.decode().strip() == ""


def test_all_at_once(office: Desk) -> None:
    for _n in range(3):
        office.passed()
    client = signed_in(office.worker)
    assert ">3<" in client.get("/desk/notices/count").content.decode()
    answer = client.post("/desk/notices/read", follow=True)
    assert "已将3条消息标为已读" in answer.content.decode()
    assert inbox(office.worker.pk).filter(read_at=None).count() == 0
    assert inbox(office.head.pk).filter(read_at=None).count() == 3


def test_somebody_elses_is_not_there(office: Desk) -> None:
    office.passed()
    notice = inbox(office.worker.pk).get()
    assert signed_in(office.visitor).post(f"/desk/notices/{notice.pk}/open").status_code == 404
    assert signed_in(office.visitor).post(f"/desk/notices/{uuid4()}/open").status_code == 404


def test_opening_is_no_reading(office: Desk) -> None:
    office.passed()
    notice = inbox(office.worker.pk).get()
    assert signed_in(office.worker).get(f"/desk/notices/{notice.pk}/open").status_code == 405


def test_what_may_not_be_seen_any_more_leads_back(office: Desk) -> None:
    matter = office.passed()
    notice = inbox(office.worker.pk).get()
    matter.tasks.all().delete()
    answer = signed_in(office.worker).post(f"/desk/notices/{notice.pk}/open", follow=True)
    assert "不在您的查看范围内" in answer.content.decode()


def test_many_pages(office: Desk) -> None:
    client = signed_in(office.worker)
    first = office.passed()
    for _n in range(31):
        office.passed()
    Letter.objects.create(slug="matter.task", title="新活：{title}", body="编号{number}")
    with CaptureQueriesContext(connection) as asked:
        body = client.get("/desk/notices/").content.decode()
    assert "新活：" in body
    assert first.number not in body
    assert first.number in client.get("/desk/notices/", {"page": "2"}).content.decode()
    assert client.get("/desk/notices/", {"page": "x", "tab": "?"}).status_code == 200
    assert len(asked) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in asked.captured_queries)


def test_in_english(office: Desk) -> None:
    office.passed()
    client = signed_in(office.worker)
    client.cookies["django_language"] = "en"
    body = client.get("/desk/notices/").content.decode()
    assert "Notices" in body
    assert "Mark all as read" in body


def test_who_is_given_a_task_is_told(office: Desk) -> None:
    matter = office.passed()
    act(matter.pk, "assign", {"staff": str(office.worker.staff_id)}, by=actor_for(office.head), at=timezone.now())
    assert list(inbox(office.worker.pk).values_list("template", flat=True).order_by("id")) == [
        "matter.task",
        "matter.assigned",
    ]
    assert "交您承办：" in signed_in(office.worker).get("/desk/notices/").content.decode()


def test_who_takes_a_task_for_themselves_is_not(office: Desk) -> None:
    matter = office.passed()
    act(matter.pk, "assign", {"staff": str(office.head.staff_id)}, by=actor_for(office.head), at=timezone.now())
    assert not inbox(office.head.pk).filter(template="matter.assigned").exists()
