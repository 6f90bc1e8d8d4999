"""The page of hot spots."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.base.tests.test_likeness import OTHER, SMOKE
from zhitong.kernel.accounts.public import Account
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters import public as matters

from .desk import MOST_QUERIES, Desk, person, signed_in


@pytest.fixture
def leader(office: Desk) -> Account:
    return person("区领导", office.centre, dispatch.VIEW, scope="all")


def _raised(office: Desk) -> list[matters.Matter]:
    reporters = [matters.Reporter(name="周某", phone=f"1380000{n:04}") for n in range(len(SMOKE))]
    texts = [f"{title}。{text}" for title, text in SMOKE]
    rows = [office.open(text, title=SMOKE[n][0], reporter=reporters[n]) for n, text in enumerate(texts)]
    for title, text in OTHER:
        office.open(text, title=title)
    dispatch.gather(timezone.now())
    return rows


def test_what_many_raise_is_listed_with_its_place_and_formula(office: Desk, leader: Account) -> None:
    rows = _raised(office)
    client = signed_in(leader)
    client.get("/desk/hot/")  # what is kept between pages is read
    with CaptureQueriesContext(connection) as queries:
        body = client.get("/desk/hot/").content.decode()
    assert len(queries) <= MOST_QUERIES, [one["sql"][:90] for one in queries]
    assert all(row.number in body for row in rows)
    assert "翠微小区" in body
    assert "4件 · 4人" in body
    assert "近7天4件，之前7天0件" in body
    assert "已提醒领导" in body
    assert "√附议人数" in body
    assert OTHER[0][0] not in body


def test_somebody_sees_only_what_is_within_reach(office: Desk) -> None:
    _raised(office)
    head = person("街道领导", office.street, dispatch.VIEW)
    body = signed_in(head).get("/desk/hot/").content.decode()
    assert "近90天没有多人反映的同一件事" in body
    assert "翠微小区" not in body


def test_without_the_permission_it_is_refused(office: Desk) -> None:
    assert signed_in(person("承办人", office.street)).get("/desk/hot/").status_code == 403


def test_what_rises_stands_on_the_home_of_whoever_is_told(office: Desk) -> None:
    told = person("区长", office.centre, dispatch.VIEW, dispatch.TOLD, scope="all")
    client = signed_in(told)
    assert "目前没有上升的热点" in client.get("/desk/home/").content.decode()
    _raised(office)
    body = client.get("/desk/home/").content.decode()
    assert SMOKE[0][0] in body or SMOKE[1][0] in body or SMOKE[2][0] in body or SMOKE[3][0] in body
    assert "近7天4件，之前7天0件" in body
    assert "不少于之前7天的2倍" in body
    assert "热点上升：翠微小区" in client.get("/desk/notices/").content.decode()


def test_the_administrator_says_when_a_thing_rises(office: Desk, leader: Account) -> None:
    admin = signed_in(person("管理员", office.centre, dispatch.VIEW, dispatch.MANAGE, scope="all"))
    assert "修改" in admin.get("/desk/hot/").content.decode()
    answer = admin.post("/desk/hot/rule", {"days": "99", "least": "3", "times": "2"})
    assert answer.status_code == 422
    assert 'value="99"' in answer.content.decode()
    assert admin.post("/desk/hot/rule", {"days": "10", "least": "5", "times": "1.5"}).status_code == 302
    body = signed_in(leader).get("/desk/hot/").content.decode()
    assert "近10天到了5件以上" in body
    assert "1.5倍" in body
    assert signed_in(leader).get("/desk/hot/rule").status_code == 403
