"""A draft written in the browser: every field, rows put in order, two people at once; base items and how items are found."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.lines.hall import actions
from zhitong.lines.hall.models import BaseItem, Item, Version

from .factories import COMPLETE
from .test_editing import LIST, drafted, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> District:
    return build()


@pytest.fixture
def head(town: District) -> Client:
    return town.client("head")


def address(version: Version) -> str:
    return f"{LIST}{version.item_id}/draft"


def form(version: Version, **more: Any) -> dict[str, Any]:
    material = {"m-0-name": "申请书", "m-0-form": "original", "m-0-copies": "1"}
    question = {
        "q-0-slug": "来源",
        "q-0-label": "场所来源",
        "q-0-kind": "choice",
        "q-0-choices": "自有\n租赁",
        "q-0-required": "on",
    }
    given = {name: value for name, value in COMPLETE.items() if value not in (False, None)}
    return {**given, "seen": str(version.revision), "do": "save", **material, **question, **more}


def inputs(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input[^>]* name="([mq]-\d-\w+)" value="([^"]*)"', text))


def test_what_is_stored_is_shown(town: District, head: Client) -> None:
    version = drafted(town)
    shown = page(head.get(address(version)))
    assert "健康证明" in shown
    assert "从业人员接触直接入口食品的" in shown
    assert 'value="20"' in shown


def test_every_field_is_written(town: District, head: Client) -> None:
    version = drafted(town)
    given = form(
        version, promised_days="3", delivery=["mail"], result_paper="permit",
        **{"m-1-name": "租房合同", "m-1-form": "copy", "m-1-copies": "2", "m-1-condition": "租房的", "m-1-needed_when": "来源＝租赁"},
        **{"m-1-is_deferrable": "on", "q-1-label": "租到哪天", "q-1-kind": "date", "q-1-when": "来源=租赁", "q-1-least": "今天"},
    )  # fmt: skip
    assert head.post(address(version), given).status_code == 302
    version.refresh_from_db()
    assert (version.promised_days, version.delivery, version.result_paper) == (3, ["mail"], "permit")
    assert [(one.slug, one.kind, one.required) for one in version.form] == [
        ("来源", "choice", True),
        ("租到哪天", "date", False),
    ]
    assert version.form[0].choices == ("自有", "租赁")
    found = version.materials.values_list("name", "copies", "needed_when", "is_deferrable")
    assert list(found) == [("申请书", 1, "", False), ("租房合同", 2, "来源=租赁", True)]
    again = head.post(address(version), form(version, do="preview"))
    assert again.headers["Location"].endswith("/preview")
    assert "租到哪天" not in page(head.get(again.headers["Location"]))


def test_rows_are_added_moved_and_dropped_and_keep_what_was_typed(town: District, head: Client) -> None:
    version = drafted(town)
    two = form(version, **{"m-1-name": "照片", "m-1-form": "copy", "m-1-copies": "abc", "fee": "十元"})

    def names(do: str) -> list[str]:
        text = page(head.post(address(version), two | {"do": do}))
        found = inputs(text)
        assert 'value="十元"' in text
        assert "data-focus" in text
        return [
            found.get(f"m-{n}-name", "")
            for n in range(len([k for k in found if k.startswith("m-") and k.endswith("-copies")]))
        ]

    assert names("down:m:0") == ["照片", "申请书"]
    assert names("up:m:1") == ["照片", "申请书"]
    assert names("drop:m:0") == ["照片"]
    assert names("add:m:0") == ["申请书", "照片", ""]
    assert names("add:q:0") == ["申请书", "照片"]
    assert "abc" in page(head.post(address(version), two | {"do": "up:m:9"}))
    assert "申请书" not in version.materials.values_list("name", flat=True)


def test_an_empty_row_is_left_out_and_a_wrong_one_is_told(town: District, head: Client) -> None:
    version = drafted(town)
    empty = {"m-1-name": "", "m-1-form": "original", "m-1-copies": "1"}
    assert head.post(address(version), form(version, **empty)).status_code == 302
    version.refresh_from_db()
    assert version.materials.count() == 1
    for wrong in (
        {"m-1-condition": "租房的"},
        {"q-0-label": ""},
        {"promised_days": "三"},
        {"m-0-needed_when": "??"},
        {"statutory_days": "9999"},
    ):
        shown = page(head.post(address(version), form(version, **wrong)), 422)
        assert next(iter(wrong.values())) in shown
    version.refresh_from_db()
    assert version.revision == 2


def test_two_people_at_once_lose_nothing(town: District, head: Client) -> None:
    version = drafted(town)
    mine = form(version, fee="我填的收费")
    theirs = form(version, fee="对方的收费", **{"m-0-name": "对方的材料"})
    assert town.client("admin").post(address(version), theirs).status_code == 302
    shown = page(head.post(address(version), mine), 409)
    for said in ("我填的收费", "对方的收费", "对方的材料", "已被他人修改"):
        assert said in shown
    version.refresh_from_db()
    assert version.fee == "对方的收费"
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    assert seen
    assert head.post(address(version), mine | {"seen": seen[1]}).status_code == 302
    version.refresh_from_db()
    assert version.fee == "我填的收费"


def test_published_meanwhile(town: District, head: Client) -> None:
    version = drafted(town)
    given = form(version)
    actions.publish(version.pk, effective_on=timezone.localdate(), by=BY, at=timezone.now())
    assert "重新起草" in page(head.post(address(version), given), 404)


def test_a_draft_is_started_from_the_newest_version(town: District, head: Client) -> None:
    version = drafted(town)
    actions.publish(version.pk, effective_on=timezone.localdate(), by=BY, at=timezone.now())
    for _time in range(2):
        assert head.post(f"{LIST}{version.item_id}/draft/start").headers["Location"] == address(version)
    draft = Version.objects.get(state="draft")
    assert (draft.number, draft.materials.count()) == (2, 4)


def test_nobody_writes_another_organs_draft(town: District, head: Client) -> None:
    version = drafted(town, organ="elsewhere")
    assert head.get(address(version)).status_code == 404
    assert head.post(address(version), form(version)).status_code == 404
    assert head.post(f"{LIST}{version.item_id}/draft/start").status_code == 404
    assert head.get(f"{LIST}{version.item_id}/found").status_code == 404


def test_a_base_item_and_an_item_on_it(town: District) -> None:
    admin = town.client("admin")
    answer = admin.post(f"{LIST}bases/new", {"code": "B77", "name": "户外广告设置许可", "kind": "permit"})
    base = BaseItem.objects.get(code="B77")
    assert answer.headers["Location"] == f"{LIST}bases/{base.pk}/items/new"
    assert "已被使用" in page(admin.post(f"{LIST}bases/new", {"code": "B77", "name": "重复", "kind": "permit"}), 422)
    given = {
        "code": "S77", "name": "户外广告", "organ": str(town.organs["street"].pk), "topic": "city", "offered_at": "street", "audience": ["firms"],
        "everyday": "挂招牌",
    }  # fmt: skip
    new = admin.post(f"{LIST}bases/{base.pk}/items/new", given)
    item = Item.objects.get(code="S77")
    assert new.headers["Location"] == f"{LIST}{item.pk}/draft"
    assert (item.for_persons, item.for_firms, item.everyday) == (False, True, "挂招牌")
    assert admin.post(f"{LIST}bases/{base.pk}/", {"name": "户外广告", "kind": "other_power"}).status_code == 302
    assert "户外广告" in page(admin.get(f"{LIST}bases/", {"q": "广告"}))
    assert "没有符合条件" in page(admin.get(f"{LIST}bases/", {"q": "飞碟"}))
    page(admin.post(f"{LIST}bases/{base.pk}/items/new", given | {"code": "S78", "audience": []}), 422)


def test_how_an_item_is_found(town: District, head: Client) -> None:
    version = drafted(town)
    actions.publish(version.pk, effective_on=timezone.localdate(), by=BY, at=timezone.now())
    where = f"{LIST}{version.item_id}/found"
    assert "占道" in page(head.get(where))
    given = {
        "name": "占道许可",
        "everyday": "挖马路",
        "topic": "building",
        "offered_at": "district",
        "audience": ["persons", "firms"],
    }
    assert head.post(where, given).status_code == 302
    assert "占道许可" in page(Client().get("/hall/", {"q": "挖马路"}))


def test_the_base_list_is_the_districts(town: District, head: Client) -> None:
    drafted(town)
    assert "新增基本目录" not in page(head.get(f"{LIST}bases/"))
    assert head.post(f"{LIST}bases/new", {"code": "B9", "name": "x", "kind": "permit"}).status_code == 403
    base = BaseItem.objects.get()
    assert head.post(f"{LIST}bases/{base.pk}/", {"name": "x", "kind": "permit"}).status_code == 403
    elsewhere = {
        "code": "S9", "name": "x", "organ": str(town.organs["elsewhere"].pk), "topic": "city", "offered_at": "street", "audience": ["firms"],
    }  # fmt: skip
    page(head.post(f"{LIST}bases/{base.pk}/items/new", elsewhere), 422)
    assert not Item.objects.filter(code="S9").exists()


def test_a_question_is_called_as_it_asks_where_nobody_names_it(town: District, head: Client) -> None:
    version = drafted(town)
    nameless = {"q-0-slug": "", "q-0-label": "经营场所从哪里来？", "q-1-label": "2人以上？", "q-1-kind": "yes_no"}
    assert head.post(address(version), form(version, **nameless)).status_code == 302
    version.refresh_from_db()
    assert [one.slug for one in version.form] == ["经营场所从哪里来", "问题1"]


def test_the_result_paper_is_chosen_by_its_name(town: District, head: Client) -> None:
    version = drafted(town)
    shown = page(head.get(address(version)))
    assert '<option value="hall-licence"' in shown
    assert "许可证" in shown
    page(head.post(address(version), form(version, result_paper="no such<")), 422)
    assert head.post(address(version), form(version, result_paper="hall-licence")).status_code == 302
    version.refresh_from_db()
    assert version.result_paper == "hall-licence"


def test_history_says_which_version_and_from_when(town: District, head: Client) -> None:
    version = drafted(town)
    actions.publish(version.pk, effective_on=timezone.localdate(), by=BY, at=timezone.now())
    assert "第1版，自" in page(head.get(f"{LIST}{version.item_id}/"))
