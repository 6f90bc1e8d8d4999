"""The list of all matters: filters, search, pages, saved views, bulk assignment."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor, actor_for
from zhitong.kernel.dispatch.public import gather
from zhitong.kernel.matters import public as matters
from zhitong.kernel.territory import public as territory

from ..queries import paging
from ..web import forms
from .desk import MOST_QUERIES, Desk, page, signed_in

LIST = "/desk/matters/"


def shown(client, **params: str) -> str:
    answer = client.get(LIST, params)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_filters(office: Desk) -> None:
    client = signed_in(office.dispatcher)
    matter = office.passed(urgency="normal")
    other = office.open("楼道堆放杂物", channel="hotline", subkind="suggestion", is_public=False)
    subkind = matters.SubKind.objects.get(slug="suggestion")
    today = timezone.localdate()
    fits = {
        "stage": "appeal.passed", "category": str(office.category.pk), "organ": str(office.street.pk), "channel": "portal",
        "public": "yes",
    }  # fmt: skip
    for name, value in fits.items():
        body = shown(client, **{name: value})
        assert (matter.number in body, other.number in body) == (True, False), name
    both = {
        "stage": "open", "division": str(office.division.pk), "urgency": "normal", "grade": "on_time",
        "since": today.isoformat(), "until": today.isoformat(),
    }  # fmt: skip
    for name, value in both.items():
        body = shown(client, **{name: value})
        assert (matter.number in body, other.number in body) == (True, True), name
    none = {"stage": "ended", "grade": "late", "until": (today - timedelta(days=1)).isoformat()}
    for name, value in none.items():
        assert "没有符合条件的事项" in shown(client, **{name: value}), name
    assert other.number in shown(client, subkind=str(subkind.pk))


@pytest.mark.parametrize(
    "params",
    [
        {"stage": "nothing"}, {"category": "x"}, {"division": str(uuid4())}, {"since": "soon"}, {"q": "字" * 300},
        {"after": "x"}, {"after": "2026-01-01~x"}, {"before": "2026-01-01T00:00:00~" + str(uuid4())}, {"sort": "z"},
        {"q": "'; DROP TABLE"}, {"q": "()&|!:*"}, {"q": "\u200b"}, {"urgency": "%00"},
    ],
)  # fmt: skip
def test_nothing_that_can_be_sent_breaks_it(office: Desk, params: dict[str, str]) -> None:
    office.passed()
    shown(signed_in(office.dispatcher), **params)


def test_a_filter_that_makes_no_sense_is_left_out_and_said_so(office: Desk) -> None:
    matter = office.passed()
    body = shown(signed_in(office.dispatcher), stage="nothing")
    assert matter.number in body
    assert "没有这个选项，已忽略。" in body


def test_search_by_word_number_and_phone(office: Desk) -> None:
    client = signed_in(office.dispatcher)
    matter = office.open("经十路公交站牌被撞歪", reporter=matters.Reporter(name="刘某", phone="13911112222"))
    office.open("楼道堆放杂物")
    for typed in ("公交站牌", matter.number, "139 1111 2222"):
        body = shown(client, q=typed)
        assert matter.number in body, typed
        assert "楼道" not in body, typed
    assert client.get("/desk/search", {"q": matter.number}).headers["Location"] == page(matter)
    assert "q=%E7%AB%99" in client.get("/desk/search", {"q": "站"}).headers["Location"]


def test_only_what_one_may_see(office: Desk) -> None:
    matter = office.passed()
    assert matter.number in shown(signed_in(office.worker))
    assert matter.number not in shown(signed_in(office.co_worker))
    assert "没有符合条件" in shown(signed_in(office.co_worker))


def test_it_asks_few_questions_however_long_it_is(office: Desk) -> None:
    client = signed_in(office.head)
    office.passed()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _n in range(8):
        office.passed()
    client.get(LIST)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(one)
    assert len(many) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in many.captured_queries)


@pytest.mark.parametrize("sort", paging.SORTS)
def test_pages_by_key_show_each_matter_once_both_ways(office: Desk, sort: str) -> None:
    for n in range(7):
        matter = office.open()
        due = timezone.now() + timedelta(days=n % 3) if n < 5 else None
        matters.Matter.objects.filter(pk=matter.pk).update(due_at=due)
    rows = matters.Matter.objects.all()
    forward, key = [], None
    while True:
        found = paging.page(rows, sort, 3, after=key)
        forward += [m.pk for m in found.rows]
        if found.older is None:
            break
        key = paging.read_key(str(found.older))
    assert len(forward) == len(set(forward)) == 7
    back = [m.pk for m in found.rows]
    while found.newer is not None:
        found = paging.page(rows, sort, 3, before=found.newer)
        back = [m.pk for m in found.rows] + back
    assert back == forward
    for position, pk in enumerate(forward):
        around = paging.neighbours(rows, sort, rows.get(pk=pk))
        expected = (forward[position - 1] if position else None, forward[position + 1] if position < 6 else None)
        assert around == expected


def test_saved_views(office: Desk) -> None:
    client = signed_in(office.worker)
    answer = client.post("/desk/views/save", {"name": "路灯", "query": "q=路灯&after=x&strange=1"})
    assert answer.headers["Location"].endswith("?q=%E8%B7%AF%E7%81%AF")
    client.post("/desk/views/save", {"name": "路灯", "query": "q=路灯&stage=open"})
    view = matters.SavedView.objects.get()
    assert (view.name, view.query) == ("路灯", "q=%E8%B7%AF%E7%81%AF&stage=open")
    assert "路灯" in shown(client)
    client.post(f"/desk/views/{view.pk}/rename", {"name": "坏路灯"})
    view.refresh_from_db()
    assert view.name == "坏路灯"
    stranger = signed_in(office.co_worker)
    assert stranger.post(f"/desk/views/{view.pk}/delete").status_code == 404
    assert "坏路灯" not in shown(stranger)
    client.post(f"/desk/views/{view.pk}/delete")
    assert not matters.SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "字" * 41])
def test_a_view_needs_a_name(office: Desk, name: str) -> None:
    answer = signed_in(office.worker).post("/desk/views/save", {"name": name, "query": "stage=open"}, follow=True)
    assert "名字" in answer.content.decode()
    assert not matters.SavedView.objects.exists()


def test_two_views_of_one_name(office: Desk) -> None:
    client = signed_in(office.worker)
    for name in ("甲", "乙"):
        client.post("/desk/views/save", {"name": name, "query": "stage=open"})
    view = matters.SavedView.objects.get(name="乙")
    answer = client.post(f"/desk/views/{view.pk}/rename", {"name": "甲"}, follow=True)
    assert "已有同名的常用视图" in answer.content.decode()


def test_many_matters_into_one_pair_of_hands(office: Desk) -> None:
    good, other = office.passed(), office.open()
    staff = str(office.worker.staff_id)
    ids = [str(good.pk), str(other.pk), "nonsense", str(uuid4())]
    answer = signed_in(office.head).post("/desk/matters/assign", {"matter": ids, "staff": staff})
    body = answer.content.decode()
    assert "1件已分派给李承办" in body
    assert matters.Task.objects.get(matter=good).assignee_id == office.worker.staff_id
    assert other.number not in body


def test_what_cannot_be_assigned_is_said_row_by_row(office: Desk) -> None:
    good, over = office.passed(), office.closed()
    body = (
        signed_in(office.head)
        .post("/desk/matters/assign", {"matter": [str(good.pk), str(over.pk)], "staff": str(office.worker.staff_id)})
        .content.decode()
    )
    assert "1件没有分派" in body
    assert over.number in body


@pytest.mark.parametrize(
    ("staff", "ids", "sentence"),
    [("", ["x"], "请选择承办人。"), ("other", ["x"], "请从列表中选择。"), ("own", [], "请先勾选要分派的事项。")],
)
def test_a_bulk_assignment_that_is_incomplete(office: Desk, staff: str, ids: list[str], sentence: str) -> None:
    known = {"other": str(office.co_worker.staff_id), "own": str(office.worker.staff_id)}
    answer = signed_in(office.head).post(
        "/desk/matters/assign", {"staff": known.get(staff, ""), "matter": ids}, follow=True
    )
    assert sentence in answer.content.decode()


def test_only_those_who_may_assign(office: Desk) -> None:
    assert "desk/matters/assign" not in shown(signed_in(office.worker))
    assert signed_in(office.worker).post("/desk/matters/assign").status_code == 403
    assert actor_for(office.head).may("matters.assign")


@pytest.mark.parametrize(
    ("typed", "is_advised"),
    [("8000", True), ("138 0000", True), ("13800001234", False), ("路灯", False), ("12", False), ("", False)],
)
def test_a_part_of_a_number_gets_advice(office: Desk, typed: str, is_advised: bool) -> None:
    body = signed_in(office.worker).get("/desk/matters/", {"q": typed}).content.decode()
    assert ("电话须输入完整号码" in body) is is_advised


def test_what_is_raised_again_or_jointly(office: Desk) -> None:
    client, text = signed_in(office.dispatcher), "幸福小区南门口的路灯坏了三天，晚上看不清台阶。"
    made = [
        office.open(text, reporter=matters.Reporter(name=f"居民{n}", phone=f"1380000123{n}")) for n in (1, 1, 2, 3, 4)
    ]
    gather(timezone.now())
    again = shown(client, company="again")
    assert [one.number in again for one in made] == [False, True, False, False, False]
    assert "没有符合条件的事项" in shown(client, company="joint")
    made.append(office.open(text, reporter=matters.Reporter(name="居民5", phone="13800001235")))
    gather(timezone.now())
    joint = shown(client, company="joint", stage="open")
    assert all(one.number in joint for one in made)
    assert "没有符合条件的事项" in shown(client, company="joint", q="电梯")
    assert "重复、联名：联名（5人以上）" in joint


def test_where_communities_are_too_many_only_those_of_the_chosen_street_are_offered(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, code = office.division.pk, office.division.code
    for number in (1, 2):
        name = f"第{number}社区"
        territory.create_division(
            f"{code}90{number}", name, "community", home, by=Actor.system("测试"), at=timezone.now()
        )
    streets, communities = territory.of_level("street"), territory.of_level("community")
    first = next(node for node in communities if node.parent_id == home)

    def offered(**asked: str) -> set[str]:
        form = forms.MatterFilter(asked)
        return {str(value) for value, _label in form.fields["division"].choices if value}

    assert offered() == {str(node.id) for node in (*streets, *communities)}
    monkeypatch.setattr(forms, "MOST_DIVISIONS", 0)
    assert offered() == offered(division="x") == {str(node.id) for node in streets}
    mine = {str(node.id) for node in communities if node.parent_id == home}
    for chosen in (str(home), str(first.id)):
        assert offered(division=chosen) == offered() | mine
        assert forms.MatterFilter({"division": chosen}).wanted() == {"division": chosen}
