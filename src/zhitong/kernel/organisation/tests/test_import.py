"""Import of organs, people and duties: good rows in, bad rows named, nothing twice."""

import csv
import io
import itertools
import re
import zipfile
from datetime import date, datetime

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from zhitong.base.errors import NotAllowed, Refused
from zhitong.base.tables import MOST_MARKS
from zhitong.kernel.events.public import Event

from .. import public
from ..models import Appointment, Duty, Organ, Post, Staff
from ..rules import reading
from .conftest import AT, BY, START, Anybody, make_duty

TODAY = date(2026, 3, 2)
ORGANS = ["单位编码*", "单位名称*", "单位类型*", "上级单位编码", "辖区编码", "起始日期*", "终止日期"]
PEOPLE = ["工号", "姓名", "手机", "单位编码", "岗位名称", "主要负责人", "代理", "任职日期", "免职日期"]
DUTIES = ["单位编码", "类别编码", "辖区编码", "职责", "依据", "起始日期", "终止日期"]


def workbook(**sheets) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(content: bytes, name: str = "表.xlsx", **options):
    return public.import_workbook(name, content, by=BY, at=AT, **options)


def counts(result):
    return [(s.title, s.created, s.changed, s.unchanged, s.refused) for s in result.sheets]


def told(result):
    return [(e.row, e.column, e.message) for s in result.sheets for e in s.errors]


WHOLE = {
    "单位": [
        ORGANS,
        ["LA1", "柳岸街道城管办", "部门", "LA", "", "2021-01-01", ""],
        ["LA", "柳岸街道办事处", "街道办事处", "", 370103002, datetime(2020, 1, 1), None],  # noqa: DTZ001
    ],
    "人员": [
        PEOPLE,
        [1001, "张示例", "13800000001", "LA", "主任", "是", "否", "2021/3/1", ""],
        [1001, "张示例", "13800000001", "LA1", "联系人", "", "", "2021年3月1日", "2024.1.1"],
        [1002, "李样本", "", "LA", "科员", "否", "", 20210301, None],
        [1003, "王范本", "", "LA", "科员", "否", "", 44256, None],
    ],
    "职责": [
        DUTIES,
        ["LA", "010201", "370103002", "主办", "《清单》", "2021-01-01", ""],
        ["LA", "", "370103002", "协办", "", "2021-01-01", ""],
    ],
}


def test_a_whole_workbook_goes_in_and_again_changes_nothing(district):
    content = workbook(**WHOLE)

    assert counts(take(content)) == [("单位", 2, 0, 0, 0), ("人员", 4, 0, 0, 0), ("职责", 2, 0, 0, 0)]
    events = Event.objects.count()
    assert counts(take(content)) == [("单位", 0, 0, 2, 0), ("人员", 0, 0, 4, 0), ("职责", 0, 0, 2, 0)]

    assert Event.objects.count() == events
    office = Organ.objects.get(code="LA")
    assert Organ.objects.get(code="LA1").parent == office
    assert office.division == district.other_street
    assert (Staff.objects.count(), Post.objects.count(), Appointment.objects.count()) == (3, 3, 4)
    assert {a.valid_from for a in Appointment.objects.all()} == {date(2021, 3, 1)}
    head = public.head_of(office.pk, TODAY)
    assert head
    assert head.staff.name == "张示例"
    [answer] = public.responsible(district.lamps.pk, district.other_street.pk, TODAY)
    assert answer.basis == "《清单》"


def test_the_preview_tells_the_same_and_keeps_nothing(district):
    content = workbook(**WHOLE)

    preview = take(content, dry_run=True)

    assert preview.is_dry_run
    assert preview.written == 8
    assert not Staff.objects.exists()
    assert counts(preview) == counts(take(content))


def test_bad_rows_are_named_by_row_and_column_and_the_rest_goes_in(district):
    content = workbook(
        单位=[
            ORGANS,
            ["", "无编码", "部门", "", "", "2020-01-01", ""],
            ["A", "", "部委", "", "", "昨天", ""],
            [],
            ["B", "乙局", "部门", "没有", "", "2020-01-01", ""],
            ["C", "丙局", "部门", "", "999", "2020-01-01", ""],
            ["D", "丁局", "部门", "", "", "2020-01-01", "2019-01-01"],
            ["CG", "城管局", "部门", "", "", "2021-01-01", ""],
            ["E", "戊局", "部门", "", "", "2020-01-01", ""],
        ]
    )

    result = take(content)

    assert counts(result) == [("单位", 1, 0, 0, 6)]
    assert [(row, column) for row, column, _message in told(result)] == [
        (2, "单位编码"), (3, "单位名称"), (3, "单位类型"), (3, "起始日期"), (5, "上级单位编码"), (6, "辖区编码"),
        (7, ""), (8, "起始日期"),
    ]  # fmt: skip
    assert told(result)[2][2] == (
        "请从以下选项中选填：部门、街道办事处、镇政府、社区居委会、村委会、中心、督查机构、企事业单位。"
    )
    assert Organ.objects.filter(code="E").exists()


def test_bad_people_leave_no_trace_and_the_next_row_stands(district):
    content = workbook(
        人员=[
            PEOPLE,
            ["1", "张示例", "", "CG", "科员", "", "", "2019-01-01", ""],
            ["1", "张示例", "", "CG", "科员", "", "", "2021-01-01", ""],
            ["1", "张别名", "", "CG", "科长", "", "", "2021-01-01", ""],
            ["1", "张示例", "", "CG", "科员", "", "", "2022-01-01", ""],
            ["2", "李样本", "", "CG", "科员", "是", "", "2021-01-01", ""],
            ["3", "王范本", "", "CG", "科长", "也许", "", "2021-01-01", ""],
            ["4", "赵例文", "", "XX", "科长", "", "", "2021-01-01", ""],
            ["1", "张示例", "", "CG", "科员", "", "是", "2021-01-01", ""],
        ]
    )

    result = take(content)

    assert counts(result) == [("人员", 1, 0, 0, 7)]
    assert [column for _row, column, _message in told(result)] == [
        "任职日期", "姓名", "任职日期", "主要负责人", "主要负责人", "单位编码", "代理",
    ]  # fmt: skip
    assert (Staff.objects.count(), Post.objects.count(), Appointment.objects.count()) == (1, 1, 1)


def test_a_last_day_in_the_file_ends_and_a_different_one_is_refused(district):
    row = ["1", "张示例", "", "CG", "科员", "", "", "2021-01-01"]
    take(workbook(人员=[PEOPLE, [*row, ""]]))

    assert counts(take(workbook(人员=[PEOPLE, [*row, "2025-01-01"]]))) == [("人员", 0, 1, 0, 0)]
    assert counts(take(workbook(人员=[PEOPLE, [*row, ""]]))) == [("人员", 0, 0, 1, 0)]
    assert counts(take(workbook(人员=[PEOPLE, [*row, "2026-01-01"]]))) == [("人员", 0, 0, 0, 1)]
    again = ["1", "张示例", "", "CG", "科员", "", "", "2025-06-01", ""]
    assert counts(take(workbook(人员=[PEOPLE, again]))) == [("人员", 1, 0, 0, 0)]
    assert Post.objects.count() == 1


def test_a_known_organ_is_changed_and_closed(district):
    header = ["单位编码", "单位名称", "单位类型", "起始日期", "终止日期"]
    row = ["CG", "示例区综合执法局", "部门", "2020-01-01"]

    assert counts(take(workbook(单位=[header, [*row, ""]]))) == [("单位", 0, 1, 0, 0)]
    assert counts(take(workbook(单位=[header, [*row, "2026-01-01"]]))) == [("单位", 0, 1, 0, 0)]
    organ = Organ.objects.get(code="CG")
    assert (organ.name, organ.short_name, organ.valid_to) == ("示例区综合执法局", "区城管局", date(2026, 1, 1))


def test_a_changed_duty_closes_the_old_one(district):
    make_duty(district.management, district.lamps)
    rows = [
        ["CG", "010201", "", "协办", "新清单", "2025-01-01", ""],
        ["CG", "999999", "", "主办", "", "2025-01-01", ""],
        ["CG", "010201", "", "主办", "", "2020-01-01", ""],
    ]

    assert counts(take(workbook(职责=[DUTIES, *rows]))) == [("职责", 0, 1, 1, 1)]
    assert counts(take(workbook(职责=[DUTIES, *rows]))) == [("职责", 0, 0, 2, 1)]
    assert [(d.role, d.valid_to) for d in Duty.objects.order_by("valid_from")] == [
        ("lead", date(2025, 1, 1)),
        ("co", None),
    ]


def test_the_same_duty_from_a_later_day_is_no_change(district):
    make_duty(district.management, district.lamps)

    rows = [["CG", "010201", "", "主办", "", "2025-01-01", ""]]

    assert counts(take(workbook(职责=[DUTIES, *rows]))) == [("职责", 0, 0, 1, 0)]


def test_a_missing_column_stops_its_sheet_only(district):
    content = workbook(单位=[["单位编码"], ["X"]], 职责=[DUTIES, ["CG", "", "", "主办", "", "2021-01-01", ""]])

    result = take(content)

    assert counts(result) == [("单位", 0, 0, 0, 1), ("职责", 1, 0, 0, 0)]
    assert {column for _row, column, _message in told(result)} == {"单位名称", "单位类型", "起始日期"}


def test_a_csv_file_in_either_encoding_goes_in(district):
    text = "单位编码,类别编码,职责,起始日期\r\nCG,010201,主办,2021-01-01\r\n"

    assert counts(take(text.encode("utf-8-sig"), "职责.csv")) == [("职责", 1, 0, 0, 0)]
    assert counts(take(text.encode("gb18030"), "职责.CSV")) == [("职责", 0, 0, 1, 0)]


def test_english_headers_and_errors(district):
    rows = [
        ["Organ code", "Category code", "Role", "From"],
        ["CG", "010201", "Lead", "2021-01-01"],
        ["CG", "", "boss", 1],
    ]

    with translation.override("en"):
        result = take(workbook(Duties=rows))

    assert [(e.row, e.column) for e in result.sheets[0].errors] == [(3, "Role"), (3, "From")]
    assert result.sheets[0].created == 1


def huge_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (reading.MAX_UNPACKED + 1))
    return out.getvalue()


def crowded_archive() -> bytes:
    """Sixty kilobytes that four gigabytes of memory do not hold once they are read."""
    out, marks = io.BytesIO(), b"<c/>" * 1000
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/a.xml", "w") as part:
        for _n in range(MOST_MARKS // 1000 + 1):
            part.write(marks)
    return out.getvalue()


def laughing_archive() -> bytes:
    """A cell that unfolds to sixty billion letters."""
    names = "abcdefghijk"
    folds = [f'<!ENTITY {b} "{f"&{a};" * 12}">' for a, b in itertools.pairwise(names)]
    kind = f"<!DOCTYPE x [<!ENTITY a 'haha'>{''.join(folds)}]>"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(单位=[["单位编码"]]))) as whole, zipfile.ZipFile(out, "w") as archive:
        for name in whole.namelist():
            text = whole.read(name).decode()
            is_sheet = name.startswith("xl/worksheets/")
            archive.writestr(name, kind + re.sub("(?<=<t>).*?(?=</t>)", "&k;", text) if is_sheet else text)
    return out.getvalue()


def no_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"x" * (reading.MAX_BYTES + 1), "too_large"),
        ("a.xlsx", huge_archive(), "too_large"),
        ("a.xlsx", crowded_archive(), "too_large"),
        ("a.xlsx", laughing_archive(), "not_a_workbook"),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "not_a_workbook"),
        ("a.xlsx", no_workbook(), "not_a_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old excel", "not_a_workbook"),
        ("a.csv", b"\x00\x01\x02", "not_text"),
        ("a.csv", b"\xff\xff\xff", "not_text"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "no_sheet"),
        ("a.csv", b"\n\n", "no_sheet"),
        ("a.csv", b"a" * 200_000, "not_text"),
        ("a.xlsx", workbook(别的表=[["单位编码"]]), "no_sheet"),
    ],
)
def test_a_broken_file_gives_a_sentence(db, name, content, code):
    with pytest.raises(Refused) as refused:
        take(content, name)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert str(refused.value).endswith("。")


def test_too_many_rows_are_refused(db, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)

    with pytest.raises(Refused) as refused:
        take(workbook(职责=[DUTIES, *[["CG", "", "", "主办", "", "2021-01-01", ""]] * 3]))
    assert refused.value.code == "too_many_rows"


def test_a_sheet_ends_after_many_blank_rows(district):
    rows = [[None]] * 300 + [["CG", "", "", "主办", "", "2021-01-01", ""]]

    assert counts(take(workbook(职责=[DUTIES, *rows]))) == [("职责", 0, 0, 0, 0)]


def test_a_circle_of_parents_is_refused_row_by_row(district):
    rows = [["A", "甲局", "部门", "B", "", "2020-01-01", ""], ["B", "乙局", "部门", "A", "", "2020-01-01", ""]]

    assert counts(take(workbook(单位=[ORGANS, *rows]))) == [("单位", 0, 0, 0, 2)]


def test_only_who_sets_up_the_district_may_import_and_export(district):
    nobody = Anybody(is_allowed=False)
    with pytest.raises(NotAllowed):
        public.import_workbook("a.xlsx", b"", by=nobody, at=AT)
    with pytest.raises(NotAllowed):
        public.export_workbook(TODAY, by=nobody)
    with pytest.raises(NotAllowed):
        public.export_csv("organs", TODAY, by=nobody)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_export_is_taken_back_without_a_change(district, language):
    take(workbook(**WHOLE))

    with translation.override(language):
        result = take(public.export_workbook(TODAY, by=BY))

    assert (result.errors, result.written) == (0, 0)
    assert [s.unchanged for s in result.sheets] == [4, 3, 2]


def test_exported_cells_are_text_and_csv_is_defused(district):
    staff = public.create_staff(staff_no="=1+1", name="@SUM(A1)", phone="+8613800000000", by=BY, at=AT)
    post = public.create_post(organ_id=district.management.pk, title="-科员", valid_from=START, by=BY, at=AT)
    public.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=START, by=BY, at=AT)

    page = load_workbook(io.BytesIO(public.export_workbook(TODAY, by=BY)))["人员"]
    text = public.export_csv("people", TODAY, by=BY)
    row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1]

    assert (page["A2"].value, page["A2"].data_type) == ("=1+1", "s")
    assert row[:3] == ["'=1+1", "'@SUM(A1)", "'+8613800000000"]
    assert counts(take(text.encode(), "人员.csv")) == [("人员", 0, 0, 1, 0)]


@pytest.mark.parametrize("key", ["organs", "people", "duties"])
def test_each_sheet_as_csv_is_taken_back(district, key):
    take(workbook(**WHOLE))

    result = take(public.export_csv(key, TODAY, by=BY).encode(), "a.csv")

    assert (result.errors, result.written) == (0, 0)


@pytest.mark.parametrize(("language", "titles"), [("zh-hans", ["填写说明", "单位", "人员", "职责"]), ("en", None)])
def test_the_template_can_be_filled_in_and_is_empty(district, language, titles):
    with translation.override(language):
        content = public.template_workbook()
        result = take(content)

    book = load_workbook(io.BytesIO(content))
    assert titles is None or book.sheetnames == titles
    assert [page.max_row for page in book.worksheets[1:]] == [1, 1, 1]
    assert (result.errors, result.written) == (0, 0)
    assert book.worksheets[1].data_validations.dataValidation
