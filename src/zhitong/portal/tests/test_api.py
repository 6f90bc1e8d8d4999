"""Matters, places, organs and figures as other systems read them, and acting for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from tests.district import District, build, photo
from tests.machine import Machine, machine
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.dispatch.public import gather
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.public import KINDS, Attachment, Matter
from zhitong.portal.api.payloads import purposes, schema_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """One district for all tests here; it is undone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def district(built: District, db: None, settings: Any, tmp_path: Any) -> District:
    """The same; what a test changes is undone after it."""
    settings.MEDIA_ROOT = tmp_path
    return built


@pytest.fixture
def desk(district) -> Machine:
    """It sees everything: the dispatcher's post."""
    return machine(district, "dispatcher")


@pytest.fixture
def office(district) -> Machine:
    """It sees what its street office has: the case worker's post."""
    return machine(district, "worker")


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [one["number"] for one in answer.json()["items"]]


# lists


def test_pages_hold_every_matter_once_the_newest_first(district, desk):
    raised = [district.open().number for _n in range(5)]
    seen, after = [], ""
    for _page in range(4):
        answer = desk.get(f"/matters?limit=2&after={after}")
        seen += numbers(answer)
        if not (after := answer.json()["next"]):
            break
    assert seen == raised[::-1]
    assert after is None


def test_a_page_takes_as_many_queries_whatever_is_in_it(district, desk, django_assert_max_num_queries):
    district.passed()
    numbers(desk.get("/matters"))
    for _n in range(6):
        district.passed()
    with django_assert_max_num_queries(9):  # 2 to be let in, 1 rate, 1 for the rows, and the names on them
        assert len(numbers(desk.get("/matters"))) == 7


def test_filters_narrow_the_list(district, desk):
    one = district.passed(text="东风路路灯不亮。", is_public=True)
    other = district.open(text="南山街道井盖缺失。", division_id=district.streets["elsewhere"], urgency="urgent")
    over = district.closed(text="垃圾没有清运。")
    today = timezone.localdate()
    for query, wanted in (
        ({"stage": "passed"}, [one]),
        ({"stage": "received"}, [other]),
        ({"state": "ended"}, [over]),
        ({"state": "open"}, [other, one]),
        ({"division": district.streets["elsewhere"]}, [other]),
        ({"organ": district.organs["street"].pk}, [over, one]),
        ({"category": district.category.path[0]}, [over, one]),
        ({"urgency": "urgent"}, [other]),
        ({"kind": "appeal", "subkind": "report", "channel": "portal"}, [over, other, one]),
        ({"kind": "inspection"}, []),
        ({"q": "井盖"}, [other]),
        ({"q": one.number}, [one]),
        ({"since": today, "until": today}, [over, other, one]),
        ({"until": today - timedelta(days=1)}, []),
        ({"grade": "severe"}, []),
    ):
        assert numbers(desk.get(f"/matters?{urlencode(query)}")) == [raised.number for raised in wanted], query


def test_what_changed_since_a_moment(district, desk):
    old, new = district.open(), district.open()
    with_event = stream(new.id).get().recorded_at
    stamp = quote((with_event + timedelta(microseconds=1)).isoformat())
    assert numbers(desk.get(f"/matters?changed_since={stamp}")) == []
    assert numbers(desk.get(f"/matters?changed_since={quote(with_event.isoformat())}")) == [new.number]
    district.act(old, "note", "dispatcher", note="看过")
    assert numbers(desk.get(f"/matters?changed_since={stamp}")) == [old.number]


def test_a_system_sees_what_its_post_sees(district, office):
    here, there = district.passed(), district.passed(to="elsewhere", division_id=district.streets["elsewhere"])
    assert numbers(office.get("/matters")) == [here.number]
    for path in ("", "/events", "/actions"):
        assert office.get(f"/matters/{here.id}{path}").status_code == 200
        hidden, missing = office.get(f"/matters/{there.id}{path}"), office.get(f"/matters/{uuid4()}{path}")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json() == missing.json()
    assert office.get("/matters/not-an-id").status_code == 404


def test_a_grant_for_own_work_reaches_what_the_system_has_opened(district):
    grid = machine(district, "grid")
    district.open()
    mine = grid.post("/appeals", {"text": "巡查发现井盖松动。"}).json()
    assert numbers(grid.get("/matters")) == [mine["number"]]


# one


def test_a_matter_with_everything_its_page_shows(district, desk, django_assert_max_num_queries):
    raised = district.concluded(text="东风路18号王小明家门前路灯不亮。")
    with django_assert_max_num_queries(14):
        told = desk.get(f"/matters/{raised.id}").json()
    assert (told["number"], told["stage"], told["stage_label"], told["version"]) == (
        raised.number,
        "concluded",
        "待回访",
        5,
    )
    assert told["lead"]["name"] == "东风路街道办事处"
    assert told["category"]["name"] == "路灯照明"
    assert [record["action"] for record in told["records"]] == ["conclude", "handle", "meet", "pass"]
    assert [(clock["slug"], clock["state"]) for clock in told["clocks"]][-1] == ("visit", "running")
    assert "起计" in told["clocks"][0]["why"]
    assert told["people"] == [{"name": "王**", "part": "反映人"}]


def test_personal_data_is_masked_for_those_who_may_not_see_it(district):
    raised = district.passed(text="请联系我，电话13812345678。")
    texts = {name: machine(district, name).get(f"/matters/{raised.id}").json()["text"] for name in ("worker", "leader")}
    assert "13812345678" in texts["worker"]
    assert "13812345678" not in texts["leader"]


def test_names_come_in_the_callers_language(district, desk):
    raised = district.passed()
    desk.language = "en"
    told = desk.get(f"/matters/{raised.id}").json()
    assert told["stage_label"] == "To be met"
    assert told["category"]["name"] == "Street lights"


def test_the_time_line_is_read_on_from_where_one_was(district, desk):
    raised = district.met()
    first = desk.get(f"/matters/{raised.id}/events?limit=2").json()
    assert [e["kind"] for e in first["items"]] == ["appeal.opened", "appeal.pass"]
    rest = desk.get(f"/matters/{raised.id}/events?after={first['next']}").json()
    assert [(e["seq"], e["kind"]) for e in rest["items"]] == [(3, "appeal.meet")]
    assert rest["next"] is None
    assert desk.get(f"/matters/{raised.id}/events?after=x").json()["code"] == "bad_after"


# acting


def test_what_may_be_done_and_doing_it(district, office):
    raised = district.passed()
    offers = office.get(f"/matters/{raised.id}/actions").json()
    meet = next(one for one in offers["actions"] if one["slug"] == "meet")
    assert meet["payload"]["required"] == ["who", "how", "when", "said"]
    data = {
        "who": "承办人与反映人",
        "how": "phone",
        "when": timezone.now().isoformat(),
        "said": "约定本周修复。",
    }
    body = {"data": data, "version": offers["version"]}
    done = office.post(f"/matters/{raised.id}/actions/meet", body, Idempotency_Key="meeting-1").json()
    assert (done["stage"], done["is_repeated"], done["is_visible"]) == ("met", False, True)
    again = office.post(f"/matters/{raised.id}/actions/meet", body, Idempotency_Key="meeting-1").json()
    assert again == done | {"is_repeated": True}
    event = stream(raised.id).last()
    assert event.kind == "appeal.meet"
    assert event.by_label.startswith("系统 worker")


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("note", {"data": {"note": "看过"}, "version": 1}, 409, "changed"),
        ("handle", {"data": {"done": "x"}}, 409, "wrong_stage"),
        ("visit", {"data": {}}, 409, "wrong_stage"),
        ("arbitrate", {"data": {}}, 409, "wrong_stage"),
        ("reroute", {"data": {}}, 403, "not_allowed"),
        ("note", {"data": {}}, 422, "invalid"),
        ("note", {"data": {"note": " "}}, 422, "required"),
        ("note", {"data": {"note": "x"}, "files": [{"ticket": "x"}]}, 422, "unknown_file"),
        ("note", {"data": {"note": "x"}, "files": [{"ticket": "x", "purpose": "after"}]}, 422, "purpose"),
        ("pause", {"data": {}, "files": [{"ticket": "x"}]}, 422, "no_files_here"),
        ("note", {"data": {"note": "x"}, "force": True}, 422, "invalid"),
        ("fly", {"data": {}}, 404, "no_action"),
    ],
)
def test_what_cannot_be_done_changes_nothing(district, office, action, body, status, code):
    raised = district.passed()
    answer = office.post(f"/matters/{raised.id}/actions/{action}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert raised.matter.version == 2


def test_once_out_of_sight_it_says_so(district, office):
    raised = district.passed()
    reasons = next(a for a in office.get(f"/matters/{raised.id}/actions").json()["actions"] if a["slug"] == "return")
    reason = reasons["payload"]["properties"]["reason"]["x-options"][0]["value"]
    body = {"data": {"reason": reason, "ground": "不属于本单位职责。"}}
    done = office.post(f"/matters/{raised.id}/actions/return", body).json()
    assert done["stage"] == "received"
    assert done["is_visible"] is (office.get(f"/matters/{raised.id}").status_code == 200)


@pytest.mark.parametrize("action", KINDS["appeal"].actions, ids=lambda action: action.slug)
def test_every_action_says_what_it_asks_for(action, db):
    schema = schema_of(action)
    assert set(schema["required"]) <= set(schema["properties"])
    for name, asked in schema["properties"].items():
        assert asked["title"], name
        assert "type" in asked or "anyOf" in asked, name
    assert set(purposes(action)) <= {"", "before", "after"}


# files


def upload(system, content=None, name="路灯.jpg"):
    return system.upload("/files", file=SimpleUploadedFile(name, photo() if content is None else content))


def test_a_file_goes_ahead_of_the_appeal_and_of_the_action(district, desk, office):
    ticket = upload(desk).json()["ticket"]
    told = desk.post("/appeals", {"text": "路灯不亮。", "files": [ticket]}).json()
    assert Attachment.objects.get(matter=told["id"]).purpose == "report"
    raised = district.met()
    before, after = (upload(office, photo(colour)).json()["ticket"] for colour in ("black", "white"))
    files = [{"ticket": before, "purpose": "before"}, {"ticket": after, "purpose": "after"}]
    body = {"data": {"done": "已更换灯泡。"}, "files": files}
    for repeated in (False, True):
        done = office.post(f"/matters/{raised.id}/actions/handle", body, Idempotency_Key="handled-1").json()
        assert done["is_repeated"] is repeated
    assert sorted(Attachment.objects.filter(matter=raised.id).values_list("purpose", flat=True)) == ["after", "before"]


def test_a_file_is_read_by_those_who_see_its_matter(district, desk, office):
    raised = district.passed()
    body = {"data": {"note": "现场照片"}, "files": [{"ticket": upload(desk).json()["ticket"]}]}
    desk.post(f"/matters/{raised.id}/actions/note", body)
    [file] = office.get(f"/matters/{raised.id}").json()["records"][0]["files"]
    for query in ("", "?preview=true"):
        answer = office.get(f"/files/{file['id']}{query}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    hidden, missing = machine(district, "elsewhere").get(f"/files/{file['id']}"), office.get(f"/files/{uuid4()}")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "invalid"),
        (b"MZ\x90\x00", "file_kind"),
        (b"<svg onload='x'/>", "file_kind"),
        (b"\xff\xd8\xff", "file_broken"),
    ],
)
def test_a_file_is_looked_at_as_on_pages(desk, content, code):
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert answer.json()["code"] in (code, "file_kind", "file_empty")


def test_a_file_needs_a_form(desk):
    assert desk.post("/files", {"file": "x"}).status_code == 415
    assert desk.upload("/files").json()["fields"] == {"file": "此项必填。"}


# places


def test_the_tree_of_divisions(district, desk, django_assert_max_num_queries):
    street = str(district.streets["street"])
    desk.get("/divisions")
    with django_assert_max_num_queries(4):
        assert [d["code"] for d in desk.get("/divisions?level=street").json()["items"]] == ["990101001", "990101002"]
    grids = desk.get(f"/divisions?within={street}&level=grid&limit=1").json()
    assert [d["code"][-3:] for d in grids["items"]] == ["001"]
    more = desk.get(f"/divisions?within={street}&level=grid&after={grids['next']}").json()
    assert [d["code"][-3:] for d in more["items"]] == ["002"]
    assert more["next"] is None
    [below] = desk.get(f"/divisions?parent={street}").json()["items"]
    assert [one["name"] for one in below["path"]] == ["新城区", "东风路街道", "东风社区"]
    assert desk.get(f"/divisions/{below['id']}").json() == below
    assert desk.get("/divisions?q=南山&level=street").json()["items"][0]["code"] == "990101002"
    assert desk.get("/divisions?on=2023-12-31").json()["items"] == []
    for path in (f"/divisions/{uuid4()}", f"/divisions?parent={uuid4()}", f"/divisions?within={uuid4()}"):
        assert (desk.get(path).status_code, desk.get(path).json()["code"]) == (404, "unknown_division")


def test_shapes_are_sent_once(desk):
    answer = desk.get("/divisions/shapes?level=street")
    assert answer["Content-Type"] == "application/geo+json"
    assert [one["properties"]["code"] for one in answer.json()["features"]] == ["990101001", "990101002"]
    again = desk.get("/divisions/shapes?level=street", If_None_Match=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert desk.get("/divisions/shapes?level=grid", If_None_Match=answer["ETag"]).status_code == 200
    assert desk.get("/divisions/shapes").json()["fields"] == {"level": "此项必填。"}


def test_points_are_located(district, desk):
    found = desk.get("/locate?lon=117.05&lat=36.58").json()["division"]
    assert found["level"] == "grid"
    assert found["path"][1]["id"] == str(district.streets["street"])
    assert desk.get("/locate?lon=0&lat=0").json() == {"division": None}
    many = desk.post("/locate", {"points": [[117.05, 36.58], [0, 0]]}).json()
    assert many == {"divisions": [found["id"], None]}
    assert desk.post("/locate", {"points": [[117.05, 36.58]] * 1001}).status_code == 422
    assert desk.post("/locate", {"points": [[181, 0]]}).json()["fields"] == {"points.0.0": "数值过大。"}


# organs, categories, kinds


def test_organs_and_who_answers(district, desk, django_assert_max_num_queries):
    desk.get("/token")
    with django_assert_max_num_queries(4):
        everything = desk.get("/organs").json()["items"]
    assert {one["code"] for one in everything} == {key.upper() for key in district.organs}
    [street] = desk.get(f"/organs?kind=street_office&division={district.streets['street']}").json()["items"]
    assert street["name"] == "东风路街道办事处"
    assert desk.get(f"/organs/{street['id']}").json() == street
    assert [one["code"] for one in desk.get("/organs?q=dfljd").json()["items"]] == ["STREET"]
    assert desk.get(f"/organs/{uuid4()}").json()["code"] == "no_organ"
    told = desk.get(f"/responsible?category={district.category.pk}&lon=117.05&lat=36.58").json()
    assert [(one["organ"]["name"], one["role"]) for one in told["items"]] == [
        ("东风路街道办事处", "lead"),
        ("新城区城市管理局", "co"),
    ]
    assert "属地管理" in told["items"][0]["why"]
    assert desk.get("/responsible").json() == {"division": None, "items": []}
    assert desk.get(f"/responsible?category={district.category.pk}&on=2020-01-01").json()["items"] == []


def test_categories_and_kinds(district, desk, django_assert_max_num_queries):
    desk.get("/token")
    with django_assert_max_num_queries(4):
        codes = [one["code"] for one in desk.get("/categories").json()["items"]]
    assert codes == ["01", "0101", "010101"]
    assert [one["code"] for one in desk.get("/categories?level=3").json()["items"]] == ["010101"]
    assert [one["code"] for one in desk.get(f"/categories?parent={district.category.path[0]}").json()["items"]] == [
        "0101"
    ]
    assert [one["code"] for one in desk.get("/categories?limit=1&after=01").json()["items"]] == ["0101"]
    kinds = {one["slug"]: one for one in desk.get("/kinds").json()["items"]}
    assert set(kinds) == {"appeal", "agency", "application", "bundle", "commitment_check", "rectification"}
    kind = kinds["appeal"]
    assert [step["slug"] for step in kind["steps"]] == ["received", "passed", "met", "handled", "concluded", "visited"]
    assert {one["slug"] for one in kind["subkinds"]} >= {"report", "complaint"}
    assert len(kind["actions"]) == len(KINDS["appeal"].moves)


# figures


def test_figures_say_where_they_come_from(district, desk):
    district.closed()
    district.passed(division_id=district.streets["elsewhere"], to="elsewhere")
    today = timezone.localdate()
    span = f"since={today}&until={today}"
    told = desk.get(f"/figures?indicator=appeal_volume&indicator=appeal_conclusion_rate&{span}").json()
    volume, rate = told["items"]
    assert (volume["value"], volume["text"], volume["bottom"]) == (2.0, "2", None)
    assert (rate["value"], rate["top"], rate["bottom"]) == (50.0, 1.0, 2.0)
    assert rate["explanation"].startswith("1 ÷ 2 = 50.00%")
    assert [row["slug"] for row in told["indicators"]] == ["appeal_volume", "appeal_conclusion_rate"]
    by = desk.get(f"/figures?indicator=appeal_volume&by=area&by=month&{span}").json()["items"]
    assert {(c["keys"]["area"]["name"], c["keys"]["month"]["id"], c["value"]) for c in by} == {
        ("东风路街道", f"{today:%Y-%m}", 1.0),
        ("南山街道", f"{today:%Y-%m}", 1.0),
    }
    only = desk.get(f"/figures?indicator=appeal_volume&division={district.streets['street']}&{span}").json()["items"]
    assert [one["value"] for one in only] == [1.0]


@pytest.mark.parametrize(
    "by", ["area", "community", "grid", "organ", "category", "category1", "subkind", "channel", "kind", "day", "month"]
)
def test_every_dimension_has_names(district, desk, by):
    district.closed()
    today = timezone.localdate()
    told = desk.get(f"/figures?indicator=appeal_taken&by={by}&since={today}&until={today}").json()["items"]
    assert told
    for cell in told:
        key = cell["keys"][by]
        assert key["name"]
        assert key["id"] is not None or by in ("community", "grid")


def test_the_matters_behind_a_figure(district, desk, office):
    here, there = district.passed(), district.passed(to="elsewhere", division_id=district.streets["elsewhere"])
    today = timezone.localdate()
    path = f"/figures/matters?indicator=appeal_volume&since={today}&until={today}"
    assert numbers(desk.get(path)) == [there.number, here.number]
    assert numbers(desk.get(f"{path}&division={district.streets['street']}")) == [here.number]
    assert desk.get(path.replace("appeal_volume", "nothing")).json()["code"] == "no_indicator"
    assert office.get(path).json()["code"] == "not_allowed"


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-02-01&until=2026-01-01",
        "since=2010-01-01&until=2026-01-01",
        "since=2024-01-01&until=2026-01-01&by=day",
        "since=yesterday&until=2026-01-01",
        "since=2026-01-01&until=2026-01-02&by=weather",
        "since=0001-01-01&until=9999-12-31",
    ],
)
def test_a_span_that_makes_no_sense_is_refused(desk, query):
    assert desk.get(f"/figures?indicator=appeal_volume&{query}").status_code == 422


def test_indicators_as_defined_on_a_day(desk):
    told = {one["slug"]: one for one in desk.get("/indicators?on=2026-01-01").json()["items"]}
    assert told["appeal_conclusion_rate"]["unit"] == "percent"
    assert told["appeal_conclusion_rate"]["formula"] == {
        "ratio": [{"count": "appeal.concluded"}, {"sum": "appeal.taken"}]
    }


def test_nothing_is_read_without_its_use(district):
    raised = district.passed()
    only = machine(district, "dispatcher", "raise")
    for path in ("/matters", f"/matters/{raised.id}", f"/matters/{raised.id}/actions", "/indicators"):
        assert only.get(path).json()["code"] == "scope_missing"
    for path in ("/divisions", "/categories", "/kinds", "/organs", "/token"):
        assert only.get(path).status_code == 200
    assert Matter.objects.count() == 1


# help for the dispatcher


def test_what_a_text_speaks_for(district, desk, office):
    known = district.open(text="北门路灯三天不亮，晚上看不清台阶。", lon=117.02, lat=36.55)
    gather(timezone.now())
    asked = {"text": "北门的路灯照明三天不亮，晚上看不清台阶，我电话13800001234。", "lon": 117.0201, "lat": 36.5501}
    before = Matter.objects.count()
    told = desk.post("/suggestions", asked)
    assert told.status_code == 200, told.content
    said = told.json()
    assert (said["is_learned"], said["categories"][0]["share"], said["categories"][0]["is_sure"]) == (
        False,
        None,
        False,
    )
    assert said["categories"][0]["category"]["id"] == str(district.category.pk)
    assert said["categories"][0]["category"]["name"].endswith("路灯照明")
    assert said["organ"]["lead"]["name"]
    assert said["organ"]["lead"]["name"] in said["organ"]["why"]
    (same,) = said["duplicates"]
    assert (same["number"], same["stage_label"], same["metres"] < 50) == (known.number, "待转办", True)
    assert "13800001234" not in told.content.decode()
    assert Matter.objects.count() == before
    assert office.post("/suggestions", asked).json()["duplicates"] == []


def test_danger_is_told_and_bad_questions_are_mended(desk):
    said = desk.post("/suggestions", {"text": "楼道里闻到燃气泄漏"}).json()
    assert (said["urgency"]["urgency"], "119" in said["urgency"]["call"]) == ("danger", True)
    for body, field in (({"text": "路灯", "kind": "no"}, "kind"), ({"text": " \n"}, "text"), ({"text": ""}, "text")):
        answer = desk.post("/suggestions", body)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    nowhere = {"text": "路灯不亮", "division": str(uuid4()), "lon": 0, "lat": 0}
    assert desk.post("/suggestions", nowhere).status_code == 200


def test_rules_words_and_hot_spots_as_the_district_has_them(district, desk):
    now, by = timezone.now(), Actor.system("test")
    organ = district.organs["bureau"]
    when = dispatch.When(words=("烧烤",), people=("repeat",), least=5)
    row = dispatch.save_rule("appeal", "夜间烧烤", when, organ_id=organ.pk, urgency="urgent", by=by, at=now)
    (rule,) = desk.get("/routing-rules").json()["items"]
    assert (rule["id"], rule["state"], rule["organ"]["name"], rule["urgency"]) == (
        str(row.pk),
        "draft",
        str(organ),
        "urgent",
    )
    assert (rule["when"]["words"], rule["when"]["people"], rule["when"]["least"]) == (["烧烤"], ["repeat"], 5)
    assert desk.get("/routing-rules?kind=other").json() == {"items": []}
    dispatch.put_supplied(by=by, at=now)
    words = {one["word"]: one for one in desk.get("/danger-words").json()["items"]}
    assert words["触电"]["call"] == "119"
    raised = [district.open(text="东门口垃圾桶满了一周没人清运，臭味很大。") for _n in range(3)]
    gather(now)
    (hot,) = desk.get("/hot-spots?limit=1").json()["items"]
    assert {str(one.id) for one in raised} <= set(hot["matters"])
    assert hot["heat"] > 0
