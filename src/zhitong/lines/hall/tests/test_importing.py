"""A catalogue from a table: what is taken, what is left out and why, and the table written again."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from zhitong.base.errors import NotAllowed, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event
from zhitong.lines.hall.actions.defaults import CATALOGUE, load_defaults
from zhitong.lines.hall.actions.importing import import_content
from zhitong.lines.hall.models import BaseItem, BundleVersion, Item, Material, Version
from zhitong.lines.hall.queries.bundles import whole
from zhitong.lines.hall.queries.sheet import export_csv, export_workbook
from zhitong.lines.hall.rules.sheet import COLUMNS, QUESTIONS

from .factories import MONDAY, TODAY, Hall

pytestmark = pytest.mark.django_db
GOOD: dict[str, str] = {
    "base_code": "B1", "kind": "行政许可", "code": "S1", "name": "占道许可", "organ": "城市管理局", "topic": "市容城管",
    "audience": "个人、企业", "everyday": "占路", "basis": "《城市道路管理条例》第三十一条", "conditions": "无", "statutory_days": "20",
    "promised_days": "1", "visits": "只跑一次", "fee": "不收费", "delivery": "窗口领取", "place": "一楼", "consult_phone": "12345",
    "complaint_phone": "12345", "result": "许可证", "material": "申请表", "form": "原件", "copies": "2", "is_deferrable": "是",
}  # fmt: skip


def table(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.heading for column in COLUMNS])
    writer.writerows([row.get(column.key, "") for column in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def take(place: Hall, *rows: dict[str, str], by: Actor | None = None, **more: Any) -> Any:
    return import_content(table(*rows), by=by or place.admin, at=MONDAY, **more)


def counts(result: Any) -> tuple[int, int, int, int]:
    sheet = result.sheets[0]
    return sheet.created, sheet.changed, sheet.unchanged, sheet.refused


def test_an_item_with_its_materials(place: Hall) -> None:
    more = {"material": "位置图", "form": "电子件"}
    result = take(
        place, GOOD, more, {"code": "S1", "material": "承诺书", "by_commitment": "是", "condition": "占用车道的"}
    )
    assert counts(result) == (1, 0, 0, 0)
    item = Item.objects.get(code="S1")
    assert (item.organ, item.for_persons, item.for_firms) == (place.city, True, True)
    version = item.versions.get()
    assert (version.state, version.promised_days, version.delivery) == ("draft", 1, ["pick_up"])
    materials = list(
        version.materials.values_list("name", "form", "copies", "is_deferrable", "by_commitment", "condition")
    )
    assert materials == [
        ("申请表", "original", 2, True, False, ""), ("位置图", "electronic_copy", 1, False, False, ""),
        ("承诺书", "original", 1, False, True, "占用车道的"),
    ]  # fmt: skip


def test_the_same_again_changes_nothing(place: Hall) -> None:
    take(place, GOOD, publish_on=TODAY)
    before = Event.objects.count()
    assert counts(take(place, GOOD, publish_on=TODAY)) == (0, 0, 1, 0)
    assert Event.objects.count() == before


def test_what_is_published_gets_a_draft_instead_of_being_overwritten(place: Hall) -> None:
    take(place, GOOD, publish_on=TODAY)
    assert counts(take(place, GOOD | {"promised_days": "3"})) == (0, 1, 0, 0)
    assert list(Version.objects.order_by("number").values_list("state", "promised_days")) == [
        ("published", 1),
        ("draft", 3),
    ]
    assert counts(take(place, GOOD | {"promised_days": "4"})) == (0, 1, 0, 0)
    assert Version.objects.get(state="draft").promised_days == 4


def test_a_trial_keeps_nothing(place: Hall) -> None:
    before = Event.objects.count()
    result = take(place, GOOD, dry_run=True)
    assert (counts(result), result.is_dry_run) == ((1, 0, 0, 0), True)
    assert (Item.objects.count(), BaseItem.objects.count(), Event.objects.count()) == (0, 0, before)


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"code": "S2", "name": ""}, "事项名称"),
        ({"statutory_days": "二十"}, "法定时限（工作日）"),
        ({"statutory_days": "366"}, "法定时限（工作日）"),
        ({"visits": "跑断腿"}, "跑动次数"),
        ({"is_instant": "也许"}, "即办"),
        ({"organ": "没有的局"}, "实施单位"),
        ({"organ": "局"}, "实施单位"),
        ({"audience": "外星人"}, "服务对象"),
        ({"kind": ""}, "事项类型"),
        ({"everyday": "长" * 301}, "通俗叫法"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column_and_the_rest_is_taken(
    place: Hall, wrong: dict[str, str], column: str
) -> None:
    result = take(place, GOOD | {"code": "S9", "base_code": "B9"}, GOOD | wrong)
    assert counts(result) == (1, 0, 0, 1)
    (error,) = result.sheets[0].errors
    assert (error.row, error.column) == (3, column)
    assert Item.objects.get().code == "S9"


def test_what_is_wrong_with_an_item_is_told_at_once(place: Hall) -> None:
    result = take(place, GOOD | {"organ": "没有的局", "is_instant": "也许"})
    assert {error.column for error in result.sheets[0].errors} == {"实施单位", "即办"}


def test_what_only_a_further_row_says_of_an_item_is_not_lost_without_a_word(place: Hall) -> None:
    again = {"code": "S1", "name": GOOD["name"], "material": "位置图"}
    result = take(place, GOOD, {**again, "organ": "没有这个局", "promised_days": "3"})
    assert [(error.row, error.column) for error in result.sheets[0].errors] == [
        (3, "实施单位"),
        (3, "承诺时限（工作日）"),
    ]
    assert "第一行" in result.sheets[0].errors[0].message
    assert counts(take(place, GOOD, again)) == (1, 0, 0, 0)  # the same once more does no harm


def test_a_wrong_material_leaves_its_item_out(place: Hall) -> None:
    result = take(place, GOOD, {"code": "S1", "material": "照片", "copies": "许多"})
    assert [(e.row, e.column) for e in result.sheets[0].errors] == [(3, "份数")]
    assert not Item.objects.exists()


def test_what_is_incomplete_is_not_published_by_an_import(place: Hall) -> None:
    result = take(place, GOOD | {"basis": ""}, publish_on=TODAY)
    assert [(e.row, e.column) for e in result.sheets[0].errors] == [(2, "设定依据")]
    assert not Item.objects.exists()


def test_a_missing_column(place: Hall) -> None:
    result = import_content("事项名称,主题\n占道,市容城管\n".encode(), by=place.admin, at=MONDAY)
    assert {e.column for e in result.sheets[0].errors} == {"基本编码", "实施编码", "实施单位", "服务对象"}


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"PK\x03\x04nothing", "not_a_table")])
def test_no_table_at_all(place: Hall, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        import_content(content, by=place.admin, at=MONDAY)
    assert refused.value.code == code


def test_an_organ_imports_its_own_items_only(place: Hall) -> None:
    take(place, GOOD)
    assert counts(take(place, GOOD | {"promised_days": "2"}, by=place.other)) == (0, 1, 0, 0)
    assert counts(take(place, GOOD | {"promised_days": "3"}, by=place.editor)) == (0, 0, 0, 1)
    assert counts(take(place, GOOD | {"organ": "市场监督管理局"})) == (0, 0, 0, 1)
    with pytest.raises(NotAllowed):
        take(place, GOOD, by=Actor.resident())


def test_what_is_exported_is_imported_as_it_was(place: Hall) -> None:
    take(place, GOOD, {"code": "S1", "material": "照片", "held_by": "公安"}, publish_on=TODAY)
    place.item("没有版本的")
    for content in (export_csv(place.admin), export_workbook(place.admin)):
        assert counts(import_content(content, by=place.admin, at=MONDAY, dry_run=True))[0:3:2] == (0, 1)
    book = load_workbook(io.BytesIO(export_workbook(place.editor)))
    assert [row[4] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["没有版本的"]


ASK = {"code": "S1", "slug": "用途", "label": "占用用途", "kind": "单选", "required": "是", "choices": "施工、活动"}
UNTIL = {"code": "S1", "slug": "止", "label": "占用到哪天", "kind": "日期", "when": "用途=施工", "least": "今天"}


def workbook(items: list[dict[str, str]], questions: list[dict[str, str]]) -> bytes:
    book = Workbook()
    for title, columns, rows in (("服务事项", COLUMNS, items), ("填报内容", QUESTIONS, questions)):
        sheet = book.create_sheet(title)
        sheet.append([column.heading for column in columns])
        for row in rows:
            sheet.append([row.get(column.key, "") for column in columns])
    book.remove(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_questions_and_conditions_come_from_the_second_sheet(place: Hall) -> None:
    more = {"material": "施工方案", "condition": "施工占用的", "needed_when": "用途＝施工"}
    content = workbook([GOOD, more], [ASK, UNTIL])
    result = import_content(content, by=place.admin, at=MONDAY, publish_on=TODAY)
    assert (counts(result), result.errors) == ((1, 0, 0, 0), 0)
    version = Version.objects.get()
    assert [(one.slug, one.kind, one.required) for one in version.form] == [
        ("用途", "choice", True),
        ("止", "date", False),
    ]
    assert version.form[0].choices == ("施工", "活动")
    assert version.materials.get(name="施工方案").needed_when == "用途=施工"
    exported = export_workbook(place.admin)
    for again in (content, exported, table(GOOD, more)):
        assert counts(import_content(again, by=place.admin, at=MONDAY)) == (0, 0, 1, 0)
    without = import_content(workbook([GOOD, more], []), by=place.admin, at=MONDAY, publish_on=TODAY)
    assert [(e.row, e.column) for e in without.sheets[0].errors] == [(3, "需要的条件")], "a condition on nothing"
    assert counts(import_content(workbook([GOOD], []), by=place.admin, at=MONDAY)) == (0, 1, 0, 0)
    assert Version.objects.get(state="draft").form == ()


@pytest.mark.parametrize("when", ["来源=租赁", "用途=喝茶", "用途"])
@pytest.mark.parametrize("is_published", [True, False])
def test_a_condition_that_no_answer_can_meet_is_named_by_its_row(place: Hall, when: str, is_published: bool) -> None:
    """As a draft too: it would ask nobody for the material, and nobody would notice."""
    plan = {"material": "施工方案", "condition": "施工占用的", "needed_when": when}
    content = workbook([GOOD, {"material": "位置图"}, plan], [ASK])
    result = import_content(content, by=place.admin, at=MONDAY, publish_on=TODAY if is_published else None)
    (error,) = result.sheets[0].errors
    assert (error.row, error.column) == (4, "需要的条件")
    assert "用途" in error.message
    assert not Item.objects.exists()


def test_a_condition_is_held_against_the_questions_that_stay(place: Hall) -> None:
    """A table without a sheet of questions leaves them; its conditions are read against those of the item."""
    import_content(workbook([GOOD], [ASK]), by=place.admin, at=MONDAY)
    plan = {"material": "施工方案", "condition": "施工占用的", "needed_when": "用途=施工"}
    assert counts(take(place, GOOD, plan)) == (0, 1, 0, 0)
    refused = take(place, GOOD, plan | {"needed_when": "来源=租赁"})
    assert [(e.row, e.column) for e in refused.sheets[0].errors] == [(3, "需要的条件")]
    assert "来源" in refused.sheets[0].errors[0].message
    assert "用途" in refused.sheets[0].errors[0].message
    assert Material.objects.get(name="施工方案").needed_when == "用途=施工"


def test_what_the_table_has_no_column_for_stays_with_its_material(place: Hall) -> None:
    import_content(
        workbook([GOOD | {"needed_when": "用途=施工", "condition": "施工的"}], [ASK]), by=place.admin, at=MONDAY
    )
    columns = [column for column in COLUMNS if column.key not in ("needed_when", "is_deferrable")]
    out = io.StringIO()
    csv.writer(out).writerows(
        [[c.heading for c in columns], [(GOOD | {"condition": "别的"}).get(c.key, "") for c in columns]]
    )
    assert counts(import_content(out.getvalue().encode(), by=place.admin, at=MONDAY)) == (0, 1, 0, 0)
    material = Material.objects.get()
    assert (material.condition, material.needed_when, material.is_deferrable) == ("别的", "用途=施工", True)


@pytest.mark.parametrize(
    ("wrong", "row", "column"),
    [
        ({"kind": "飞"}, 3, "填写方式"), ({"required": "也许"}, 3, "必填"), ({"label": ""}, 3, "问题"), ({"when": "用途"}, 3, ""),
        ({"when": "用途=喝茶"}, 3, ""),
        ({"slug": "1号"}, 3, ""), ({"slug": "用途"}, 3, ""), ({"least": "明天"}, 3, ""), ({"code": "S7", "when": ""}, 3, "实施编码"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_named_by_its_row(place: Hall, wrong: dict[str, str], row: int, column: str) -> None:
    result = import_content(workbook([GOOD], [ASK, UNTIL | wrong]), by=place.admin, at=MONDAY)
    assert [(e.row, e.column) for e in result.sheets[1].errors] == [(row, column)]
    if "code" not in wrong:
        assert not Item.objects.exists()


def test_a_sheet_of_questions_without_a_column(place: Hall) -> None:
    book = Workbook()
    book.active.append(["实施编码", "问题"])
    book.active.title = "填报内容"
    first = book.create_sheet("服务事项", 0)
    first.append([column.heading for column in COLUMNS])
    first.append([GOOD.get(column.key, "") for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    result = import_content(out.getvalue(), by=place.admin, at=MONDAY)
    assert {e.column for e in result.sheets[1].errors} == {"字段名", "填写方式"}


def test_what_ships(place: Hall) -> None:
    """Everything in it can be published: complete, with sensible limits, codes once; at least sixty items."""
    names = {row["实施单位"] for row in csv.DictReader(CATALOGUE.open(encoding="utf-8")) if row["实施单位"]}
    for number, name in enumerate(sorted(names)):
        if name not in ("市场监督管理局", "城市管理局"):
            type(place.city).objects.create(
                code=f"D{number}", name=f"新城区{name}", kind="department", valid_from=date(2020, 1, 1)
            )
    result = load_defaults(by=Actor.system("测试"), at=MONDAY)
    assert [error for sheet in result.sheets for error in sheet.errors] == []
    assert Version.objects.exclude(questions=[]).count() >= 25
    assert Material.objects.exclude(needed_when="").count() >= 20
    for one in BundleVersion.objects.select_related("bundle"):
        seen = whole(one.defined, TODAY)
        assert (seen.absent, seen.form.problems) == ([], ())
        assert len(seen.form.questions) < seen.asked_before
    assert set(BundleVersion.objects.values_list("bundle__code", flat=True)) == {"company", "restaurant", "newborn"}
    company = BundleVersion.objects.get(bundle__code="company")
    assert len({Item.objects.get(code=part.item).organ_id for part in company.defined.parts}) == 5
    assert Version.objects.filter(state="published").count() == Item.objects.count() >= 60
    assert Material.objects.count() >= 200
    for choice in (Material.objects.filter(is_deferrable=True), Material.objects.filter(by_commitment=True)):
        assert choice.count() >= 20
    road = Version.objects.get(item__name="临时占用城市道路许可")
    assert (road.promised_days, road.visits) == (1, "one")
    Item.objects.filter(pk=road.item_id).update(everyday="本区叫法")
    again = load_defaults(by=Actor.system("测试"), at=MONDAY)
    assert (again.written, Item.objects.get(pk=road.item_id).everyday) == (0, "本区叫法")


def test_the_file_that_ships_is_where_it_should_be() -> None:
    assert Path(CATALOGUE).is_file()
