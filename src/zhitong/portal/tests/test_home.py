"""The home page: what each person finds there, and that every number is the length of the list behind it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import Account, actor_for
from zhitong.kernel.events.public import Notice
from zhitong.kernel.indicators.public import load_indicators
from zhitong.kernel.matters import public as matters
from zhitong.ui.public import counts, matter_sets, set_q, sets_q

from ..queries import setup
from .desk import MOST_QUERIES, SINCE, SYSTEM, Desk, person, signed_in

TILE = re.compile(r'<a class="zt-stat[^"]*" href="([^"]+)">.*?<span class="zt-stat-value">([^<]+)', re.DOTALL)
COUNT = re.compile(r"共([\d,]+)件")
HOT = re.compile(r'<ul class="hm-hot">(.*?)</ul>', re.DOTALL)
HOT_PLACE = re.compile(r'<a href="([^"]+)">([^<]+)</a>.*?(\d+)件', re.DOTALL)
HOME = "/desk/home/"


@pytest.fixture
def busy(office: Desk) -> Desk:
    """Some of everything: new, returned, urgent, assigned, late, to be approved, to be visited, with an extension asked."""
    office.open()
    office.open(urgency="urgent")
    office.open(text="燃气泄漏，气味很大，请马上派人。", at=timezone.now() - timedelta(days=2))
    office.passed(co=True)
    mine = office.passed()
    office.act(mine, "assign", office.head, staff=str(office.worker.staff_id))
    back = office.passed()
    reason = str(matters.Reason.objects.filter(list="return").first().pk)
    office.act(back, "return", office.worker, reason=reason, ground="不属于本街道职责")
    asked = office.met()
    office.act(asked, "ask_extension", office.worker, clock="conclude", amount=3, reason="需采购配件")
    private = office.met(subkind="complaint", is_public=False)
    office.act(private, "handle", office.worker, done="已处理")
    office.act(private, "conclude", office.worker, outcome="solved", reply="已解决")
    done = office.act(office.met(), "handle", office.worker, done="已更换灯泡")
    done = office.act(done, "conclude", office.worker, outcome="solved", reply="路灯已修复。")
    office.act(done, "visit", office.visitor, how="phone", reached=False)
    office.closed()
    matters.tick(timezone.now() + timedelta(days=3))
    load_indicators(by=SYSTEM, at=timezone.now())
    return office


def everybody(desk: Desk) -> dict[str, Account]:
    return {
        "dispatcher": desk.dispatcher,
        "worker": desk.worker,
        "head": desk.head,
        "co_worker": desk.co_worker,
        "visitor": desk.visitor,
        "arbiter": person("裁定员", desk.centre, "appeals.pass", "appeals.arbitrate", scope="all"),
        "supervisor": person("督查员", desk.centre, "appeals.supervise", "figures.view", scope="all"),
        "leader": person("领导", desk.centre, "figures.view", scope="all"),
        "clerk": person("窗口", desk.centre, "appeals.register", scope="all"),
        "grid": person("网格员", desk.street, "appeals.register", "appeals.on_spot", scope="own"),
    }


NAMES = ("dispatcher", "worker", "head", "co_worker", "visitor", "arbiter", "supervisor", "leader", "clerk", "grid")


def tiles(client) -> dict[str, str]:
    body = client.get(HOME).content.decode()
    return {unescape(href): value for href, value in TILE.findall(body)}


def listed(client, href: str) -> int:
    answer = client.get(href)
    assert answer.status_code == 200, href
    body = answer.content.decode()
    assert "已忽略" not in body, href
    found = COUNT.search(body)
    return int(found.group(1).replace(",", "")) if found else 0


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_the_length_of_the_list_behind_it(busy: Desk, name: str) -> None:
    client = signed_in(everybody(busy)[name])
    found = {h: v for h, v in tiles(client).items() if "figures" not in h}
    if name != "leader":
        assert found
    assert {h: int(v.replace(",", "")) for h, v in found.items()} == {h: listed(client, h) for h in found}


def test_what_waits_for_whom(busy: Desk) -> None:
    people = everybody(busy)
    of = {name: tiles(signed_in(account)) for name, account in people.items()}
    assert of["dispatcher"]["/desk/matters/?set=appeal.new&sort=due"] == "3"
    assert of["dispatcher"]["/desk/matters/?set=appeal.returned&sort=due"] == "1"
    assert of["dispatcher"]["/desk/matters/?set=appeal.urgent&sort=due"] == "1"
    assert of["dispatcher"]["/desk/matters/?set=appeal.extension&sort=due"] == "1"
    assert of["head"]["/desk/matters/?set=do.appeal.approve&sort=due"] == "1"
    assert int(of["head"]["/desk/matters/?set=work.unassigned&sort=due"]) > 0
    assert of["visitor"]["/desk/matters/?set=appeal.visit&sort=due"] == "1"
    assert of["visitor"]["/desk/matters/?set=appeal.unreached&sort=due"] == "1"
    assert of["co_worker"]["/desk/matters/?set=work.co&sort=due"] == "1"
    assert "/desk/matters/?set=appeal.new&sort=due" not in of["worker"]


def test_a_home_shows_no_figures_of_what_its_person_does_not_work_on(busy: Desk) -> None:
    """Whoever looks after a hall sees figures of the own organ, to which no appeal has ever come: not a row of noughts."""
    keeper = person("大厅主任", busy.centre, "matters.view", "figures.view", "hall.manage", scope="organ")
    assert "诉求近30天" not in signed_in(keeper).get(HOME).content.decode()
    head = person("负责人", busy.street, "matters.view", "figures.view", scope="organ")
    assert "诉求近30天" in signed_in(head).get(HOME).content.decode()


def test_the_urgent_ones_are_said_by_their_words(busy: Desk) -> None:
    body = signed_in(everybody(busy)["leader"]).get(HOME).content.decode()
    assert "最新的紧急诉求" in body
    assert "近30天" in body


@pytest.mark.parametrize("name", NAMES)
def test_the_home_asks_as_much_however_much_there_is(busy: Desk, name: str) -> None:
    client = signed_in(everybody(busy)[name])
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    for _n in range(5):
        busy.open()
        busy.passed(co=True)
    with CaptureQueriesContext(connection) as many:
        client.get(HOME)
    assert len(many) == len(few)
    assert len(many) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in many.captured_queries)


# counting


@pytest.mark.parametrize("name", NAMES)
def test_counted_in_one_pass_or_one_by_one_it_is_the_same(busy: Desk, name: str) -> None:
    by, at = actor_for(everybody(busy)[name]), timezone.now()
    of_open = Q(closed_at=None)
    asked = sets_q(by, at, list(matter_sets())) | {
        "all": of_open, "nothing": Q(pk__in=[]), "ended": ~of_open, "not open": ~(of_open & Q(kind="appeal")),
        "neither": of_open & ~Q(kind="appeal", stage="received"), "either": of_open | Q(stage="closed"),
        "of a column": of_open & Q(opened_at=F("stage_at")), "undated": of_open & Q(due_at__isnull=True),
        "of others": of_open & (Q(stage="received") | Q(lead=busy.street.pk)),
    }  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        found = counts(by, asked)
    assert len(queries) <= len(asked) / 3
    assert found == {one: matters.visible_matters(by).filter(q).count() for one, q in asked.items()}


def test_the_places_from_which_much_comes(office: Desk) -> None:
    division = apps.get_model("territory", "Division")

    def within(above: Any, code: str, level: str) -> Any:
        return division.objects.create(code=code, name=f"区划{code}", level=level, parent=above, valid_from=SINCE)

    one, other = within(office.division, "1", "community"), within(office.division, "2", "community")
    grids, deeper = (
        [within(one, f"1{n}", "grid") for n in range(2)],
        within(within(office.division, "3", "street"), "31", "community"),
    )
    for place in (one, *grids, grids[0], other, other, office.division, deeper, deeper, deeper):
        office.open(division_id=place.pk)
    office.open(division_id=one.pk, at=timezone.now() - timedelta(days=8))
    client = signed_in(office.dispatcher)
    (shown,) = HOT.findall(client.get(HOME).content.decode())
    found = [(unescape(href), name, int(n)) for href, name, n in HOT_PLACE.findall(shown)]
    assert [(name[-4:].strip(), n) for _href, name, n in found] == [("区划1", 4), ("区划31", 3)]
    assert [listed(client, href) for href, _name, _n in found] == [4, 3]


@pytest.mark.parametrize("name", ["worker", "grid", "dispatcher"])
def test_what_shares_a_condition_is_counted_in_one_pass(busy: Desk, name: str) -> None:
    by, at = actor_for(everybody(busy)[name]), timezone.now()
    mine = set_q("work", by, at)
    asked = {
        "late": mine & Q(grade="overdue"),
        "on time": mine & ~Q(grade="overdue"),
        "all": mine,
        "returned": mine & Q(returns__gt=0),
    }
    with CaptureQueriesContext(connection) as queries:
        found = counts(by, asked)
    assert len(queries) <= 1
    assert found == {one: matters.visible_matters(by).filter(q).count() for one, q in asked.items()}
    assert found["all"] == found["late"] + found["on time"]


def test_counting_stops(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    by = actor_for(busy.dispatcher)
    many, organs = Q(closed_at=None), Q(lead__isnull=False)
    monkeypatch.setattr("zhitong.ui.sets.MOST_COUNTED", 2)
    assert counts(by, {"open": many, "lead": organs}) == {"open": 3, "lead": 3}


def counting_plan(by: Any, slugs: list[str]) -> str:
    with CaptureQueriesContext(connection) as queries:
        counts(by, sets_q(by, timezone.now(), slugs))
    (statement,) = (query["sql"] for query in queries)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_what_is_open_is_counted_from_an_index_alone(busy: Desk) -> None:
    asked = ["appeal.new", "appeal.urgent", "appeal.due_today", "appeal.mine"]
    assert re.search("Index Only Scan using matter_(open|standing)", counting_plan(actor_for(busy.dispatcher), asked))


def test_what_stands_in_some_stages_is_counted_from_these_alone(busy: Desk) -> None:
    plan = counting_plan(actor_for(busy.dispatcher), ["appeal.new", "appeal.urgent", "appeal.new_2h", "appeal.review"])
    assert re.search(r"(Index Cond|Filter): .*stage.* = ANY \('{arbitration,received,rereview,review}'", plan), plan


def test_signing_in_leads_home(office: Desk) -> None:
    client = signed_in(office.worker)
    assert client.get("/").headers["Location"] == HOME


def test_somebody_without_a_post_is_told_so(db) -> None:
    client = signed_in(Account.objects.create(username="nobody", must_change_password=False))
    assert "还没有分配岗位或权限" in client.get(HOME).content.decode()


def test_a_stranger_is_asked_to_sign_in(client, db) -> None:
    assert client.get(HOME).status_code == 302


def test_in_english(busy: Desk) -> None:
    for account in everybody(busy).values():
        client = signed_in(account)
        client.cookies["django_language"] = "en"
        body = client.get(HOME).content.decode()
        assert "Home" in body
        assert not re.findall(r'<span class="zt-stat-label">[^<]*[\u4e00-\u9fff]', body)


# the check list


@pytest.fixture
def administrator(office: Desk) -> Account:
    permissions = ("organisation.manage", "accounts.manage", "territory.manage", "settings.manage")
    return person("管理员", office.centre, *permissions, scope="all")


def test_the_check_list_agrees_with_its_pages(administrator: Account) -> None:
    found = setup.checks(actor_for(administrator), timezone.now())
    assert {one.check.slug for one in found} == {one.slug for one in setup.CHECKS}
    client = signed_in(administrator)
    assert "设置检查" in client.get(HOME).content.decode()
    for one in found:
        answer = client.get(one.href)
        assert answer.status_code == 200
        if one.check.items and one.check.slug != "provisional-shapes":
            assert answer.content.decode().count("<tr") - 1 == one.count or not one.count
    assert next(one for one in found if one.check.slug == "organs-without-head").count == 3


def test_only_ones_own_checks(office: Desk) -> None:
    account = person("人事", office.centre, "organisation.manage", scope="all")
    assert signed_in(account).get("/desk/check/calendar/").status_code == 404
    assert signed_in(account).get("/desk/check/nothing/").status_code == 404
    assert signed_in(office.worker).get("/desk/check/calendar/").status_code == 403


def test_failed_notices_are_sent_again(office: Desk, administrator: Account) -> None:
    office.passed()
    Notice.objects.filter(pk=Notice.objects.first().pk).update(state="failed", attempts=10, last_error="no address")
    client = signed_in(administrator)
    body = client.get("/desk/check/failed-notices/").content.decode()
    assert "no address" in body
    assert client.post("/desk/check/failed-notices/retry").status_code == 302
    assert not Notice.objects.filter(state="failed").exists()
    assert signed_in(office.worker).post("/desk/check/failed-notices/retry").status_code == 403
