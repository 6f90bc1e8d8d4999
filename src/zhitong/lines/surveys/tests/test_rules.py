"""Workbooks read, conditions understood, answers checked: no database."""

import io
import math
import zipfile
from typing import Any
from xml.etree.ElementTree import XML

import pytest

from tests.samples import sample
from zhitong.base.tables import MOST_MARKS

from ..rules import checking, functions
from ..rules.alarms import at_path, crosses
from ..rules.checking import Unreadable, checked
from ..rules.examples import EPIDEMIC, EXAMPLES, SURVEY, workbook_of
from ..rules.expressions import Unclear, says, understood
from ..rules.shown import lines, worded
from ..rules.workbook import Faulty, problem_of, read
from ..rules.xform import Form, needed, parse
from .conftest import ANSWER

ROOT = XML("<data><a>x y</a><age>9</age><r><n>1</n></r><r><n>4</n></r><e/><d>20000.0</d></data>")


def workbook(*rows: dict[str, str], **sheets: list[list[str]]) -> bytes:
    survey = [SURVEY, *([row.get(head, "") for head in SURVEY] for row in rows)]
    return workbook_of({"survey": survey, **sheets})


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("selected(/data/a, 'x')", True), ("selected (., '9')", True), ("/data/r[2]/n > 3", True), ("sum(/data/r/n) = 5", True),
        ("if(/data/a='q', 1, 2) = 2", True), ("/data/a != '' and not(selected( /data/a , 'z'))", True),
        ("coalesce(/data/e, 'k') = 'k'", True), (". > 3 and . < 5", False), ("regex(., '^[0-9]+$')", True),
        ("selected-at(/data/a, 1) = 'y'", True), ("selected-at(/data/a, 7) = ''", True), ("count-selected(/data/a) = 2", True),
        ("max(/data/r/n) = 4", True), ("min(/data/r/n) = 1", True), ("round(3.14159, 2) = 3.14", True), ("int(3.9) = 3", True),
        ("date('2020-01-02') > date('2020-01-01')", True), ("format-date('2020-01-02', '%Y/%n/%e') = '2020/1/2'", True),
        ("/data/d > date('2024-01-01')", True), ("join(',', /data/r/n) = '1,4'", True), ("substr('abcd', 1, 3) = 'bc'", True),
        ("substr('abcd', 'q') = ''", True), ("ends-with('abc', 'bc')", True), ("abs(-2) = 2", True), ("pow(2, 3) = 8", True),
        ("pow(2, 3000) = 8", False), ("boolean-from-string('TRUE')", True), ("checklist(1, 2, /data/a = 'x y', false())", True),
        ("checklist(2, -1, true(), false())", False), ("count-non-empty(/data/r/n) = 2", True), ("once('') = ''", True),
        ("current()/../age = 9", True), ("number('q')", False), ("decimal-date-time('1970-01-02T00:00:00Z') = 1", True),
        ("format-date-time('x', '%Y') = ''", True), ("position(..) = 1", None), ("jr:choice-name(., '/data/age') = 'x'", None),
        (". <= today()", None), ("instance('cities')//item[name = 1]/label", None), ("/data/e > 3", False),
        ("not(/data/e > 3)", True), ("/data/age = 9", True),
        ("/data/age != 9", False), ("true() = 1", True), ("/data/r/n = /data/age", False), ("1 +", None),
        ("regex(., '(a+)+$')", None), ("regex(., '(')", None), ("regex(., '" + "a" * 400 + "')", None),
        ("weighted-checklist(1, 2, true(), 3)", None), ("date(4) = 4", True), ("round('q', 1) = 1", False), ("int('q') = 1", False),
    ],
)  # fmt: skip
def test_conditions(condition: str, said: bool | None) -> None:
    age = ROOT.find("age")
    assert age is not None
    assert says(condition, ROOT, age) is said


@pytest.mark.parametrize(
    "condition",
    [
        "because pyxform doesn't know what to do",
        "nosuch(1)",
        "1 +",
        "(" * 20_000,
        "(" * 3000 + "1" + ")" * 3000,
        "if(1)",
    ],
)
def test_what_nobody_understands(condition: str) -> None:
    with pytest.raises(Unclear):
        understood(condition)


def test_texts_and_numbers_as_forms_mean_them() -> None:
    assert functions.text([True]) == "true"
    assert functions.text([2.0]) == "2"
    assert math.isnan(functions.number(["x"]))
    assert functions.truth([math.nan]) is False
    assert functions.truth([]) is False
    assert functions.truth(["a", "b"]) is True
    assert math.isnan(functions.days("x"))
    assert functions.days("1970-01-02T00:00:00") == 1
    assert functions._formatted([1e9], ["%Y"]) == ""


def epidemic() -> Form:
    return parse(read(workbook_of(EPIDEMIC)).xform)


def test_the_examples_are_forms() -> None:
    for _title, sheets in EXAMPLES.values():
        made = read(workbook_of(sheets))
        assert made.warnings == ()
        assert parse(made.xform).asked
    form = epidemic()
    member = form.questions["/data/member"]
    assert member.is_repeat
    assert form.questions["/data/member/symptoms"].choices["none"] == "都没有"
    assert form.questions["/data/phone"].mapped == "phone"
    assert not form.questions["/data/member/fever"].is_asked


def test_answers_that_fit() -> None:
    values, wrong, instance = checked(epidemic(), ANSWER.encode())
    assert wrong == []
    assert instance == "uuid:one"
    assert [one["member_name"] for one in values["member"]] == ["王小明", "王小红"]
    assert "went_to" not in values["member"][0]
    assert values["member"][1]["went_to"] == "河北"


@pytest.mark.parametrize(
    ("before", "after", "where", "message"),
    [
        ("<holder>王小明</holder>", "<holder/>", "/data/holder", "这一题必填。"),
        ("<people>2</people>", "<people>二</people>", "/data/people", "应填整数。"),
        ("<people>2</people>", "<people>99</people>", "/data/people", "应在1至30之间。"),
        ("13800000000", "1380", "/data/phone", "手机号应为11位。"),
        ("none", "none fever", "/data/member/symptoms", "选了都没有，就不能再选其他。"),
        ("<symptoms>none", "<symptoms>other", "/data/member/symptoms", "所选不在选项之中。"),
        ("<left_province>no", "<left_province>maybe", "/data/member/left_province", "所选不在选项之中。"),
        ("<temperature>36.5", "<temperature>hot", "/data/member/temperature", "应填数字。"),
        ("<remark/>", "<remark/><secret>1</secret>", "/data/secret", "表单里没有这一题。"),
        (
            "<temperature>37.6",
            "<came_back>2026-02-30</came_back><temperature>37.6",
            "/data/member/came_back",
            "应填日期。",
        ),
    ],
)
def test_answers_that_do_not_fit(before: str, after: str, where: str, message: str) -> None:
    assert before in ANSWER
    _values, wrong, _instance = checked(epidemic(), ANSWER.replace(before, after, 1).encode())
    assert [(one.path, str(one.message)) for one in wrong] == [(where, message)]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"<data id='other'/>", b"<other id='epidemic'/>", b"<data id='epidemic'>" + b"<x/>" * 6000 + b"</data>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><data id="epidemic"><holder>&b;</holder></data>', b"x" * (checking.LARGEST + 1),
        b"<data id='epidemic'><holder>" + b"x" * 30_000 + b"</holder></data>",
    ],
)  # fmt: skip
def test_what_is_no_answer(content: bytes) -> None:
    with pytest.raises(Unreadable):
        checked(epidemic(), content)


TYPED = {"time": ("08:30:00", "8 o'clock"), "dateTime": ("2026-11-22T08:00:00.000+08:00", "yesterday"), "geopoint": ("36.6 117.1 0 5", "here"),
         "geotrace": ("36.6 117.1 0 0;36.7 117.2 0 0;", "36.6"), "geoshape": ("36.6 117.1 0 0", "x;y")}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_types(kind: str) -> None:
    form = parse(read(workbook({"type": kind.lower(), "name": "q", "label": "问"})).xform)
    for said, count in zip(TYPED[kind], (0, 1), strict=True):
        content = f"<data id='{form.form_id}'><q>{said}</q><meta><instanceID>u</instanceID></meta></data>"
        assert len(checked(form, content.encode())[1]) == count


@pytest.mark.parametrize(
    ("rows", "row", "part"),
    [
        ([{"type": "calculate", "name": "c", "calculation": "because nobody knows"}], 2, "calculate"),
        (
            [
                {"type": "text", "name": "a", "label": "甲"},
                {"type": "text", "name": "b", "label": "乙", "relevant": "${a} =="},
            ],
            3,
            "relevant",
        ),
        ([{"type": "text", "name": "a", "label": "甲", "relevant": "${nobody} = 1"}], 2, "nobody"),
        ([{"type": "select_one streets", "name": "a", "label": "甲"}], 0, "choices"),
        ([{"type": "begin_group", "name": "a", "label": "甲"}, {"type": "text", "name": "b", "label": "乙"}], 2, ""),
        ([{"type": "telepathy", "name": "a", "label": "甲"}], 0, "telepathy"),
        ([{"type": "text", "name": "a b", "label": "甲"}], 2, "name"),
    ],
)
def test_faults_say_where(rows: list[dict[str, str]], row: int, part: str) -> None:
    with pytest.raises(Faulty) as caught:
        read(workbook(*rows))
    first = caught.value.problems[0]
    assert part in str(first.message) or part in first.original
    if row:
        assert first.row == row, first
    assert first.where == (f"survey {row}" if first.row else "")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"x" * 5_000_001])
def test_what_is_no_workbook(content: bytes) -> None:
    with pytest.raises(Faulty):
        read(content)
    with pytest.raises(Faulty):
        read(b"\xd0\xcf\x11\xe0" + content)


def test_a_workbook_that_grows_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhitong.lines.surveys.rules.workbook.MOST_UNPACKED", 100)
    with pytest.raises(Faulty):
        read(workbook_of(EPIDEMIC))


def test_a_small_workbook_of_millions_of_cells_is_not_read() -> None:
    """Twenty kilobytes that would take two gigabytes."""
    crowded = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_of(EPIDEMIC))) as old,
        zipfile.ZipFile(crowded, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(
                name,
                text.replace(b"</sheetData>", b"<row>" + b"<c/>" * MOST_MARKS + b"</row></sheetData>")
                if is_sheet
                else text,
            )
    assert len(crowded.getvalue()) < 30_000
    with pytest.raises(Faulty) as caught:
        read(crowded.getvalue())
    assert "展开后太大" in str(caught.value.problems[0].message)


def test_a_workbook_whose_packing_is_damaged_is_refused() -> None:
    whole = bytearray(workbook_of(EPIDEMIC))
    place = whole.index(b"xl/worksheets/sheet1.xml") + 60
    whole[place : place + 40] = bytes(40)
    with pytest.raises(Faulty):
        read(bytes(whole))


def test_what_asks_only_the_phone_is_understood_though_it_stands_alone() -> None:
    """The grammar tries what needs no answers at once: what the server cannot say is no fault of the form."""
    for condition in ("today()", "today() > date('2020-01-01')", "pulldata('fruits', 'name', 'key', 'mango')", "pi()"):
        understood(condition)
        assert says(condition, ROOT, ROOT) is None


def test_a_filter_of_choices_that_nobody_understands() -> None:
    choices = [["list_name", "name", "label"], ["l", "a", "甲"]]
    heads = ["type", "name", "label", "choice_filter"]
    with pytest.raises(Faulty) as caught:
        read(workbook_of({"survey": [heads, ["select_one l", "q", "问", "label::English != ''"]], "choices": choices}))
    assert (caught.value.problems[0].where, "choice_filter" in str(caught.value.problems[0].message)) == (
        "survey 2",
        True,
    )


def test_what_the_engine_stumbles_over_is_left_out() -> None:
    rows = [
        {"type": "begin_group", "name": "g", "label": "空组"},
        {"type": "end_group"},
        {"type": "text", "name": "q", "label": "问"},
    ]
    made = read(workbook(*rows, settings=[["instance_xmlns"], ["1234"]])).xform
    assert "空组" not in made
    assert "1234" not in made
    assert [question.name for question in parse(made).asked] == ["q"]
    kept = read(workbook(*rows[2:], settings=[["instance_xmlns"], ["http://example.org/a"]])).xform
    assert "http://example.org/a" in kept


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("[row : 17] On the 'choices' sheet, the 'label' value is invalid. Could not find the name 'q5'.", "q5"),
        ("[row : 3] Unmatched 'begin_group'. No matching 'end_group' was found for the name 'g'.", "不成对"),
        ("the 'name' value is invalid. Choice names must be unique for each choice list.", "两个相同"),
        ("[row : 34] Missing calculation.", "算式"),
        ("The survey element named 'your_name' has no label or hint.", "your_name"),
    ],
)
def test_faults_in_the_words_of_the_district(said: str, part: str) -> None:
    assert part in str(problem_of(said).message)


def test_what_the_library_says_in_words_of_its_own_is_shown_as_it_is() -> None:
    said = problem_of("[row : 36] Use the max-pixels parameter")
    assert (said.where, str(said.message)) == ("survey 36", "Use the max-pixels parameter")
    assert str(problem_of("Duplicate column header: label").message) == "有两列的表头都是“label”，请删去一列。"
    assert problem_of("[row : 4] On the 'choices' sheet, the 'label' value is invalid.").where == "choices 4"


@pytest.mark.parametrize(
    ("said", "crossing", "bound", "is_so"),
    [
        ("37.6", "at_least", "37.3", True), ("9", "at_least", "37.3", False), ("37.3", "at_most", "37.3", True),
        ("2026-01-02", "at_least", "2026-01-01", True), ("2026-01-02", "at_most", "2026-01-01", False), ("yes", "is", "yes", True),
        ("yes", "is_not", "yes", False), ("fever cough", "has", "cough", True), ("fever", "has", "cough", False), ("x", "answered", "", True),
    ],
)  # fmt: skip
def test_crossing_a_line(said: str, crossing: str, bound: str, is_so: bool) -> None:
    assert crosses(said, crossing, bound) is is_so


def test_every_answer_at_a_place() -> None:
    values = {"a": "1", "member": [{"t": "36"}, {"t": "37"}, {}], "g": {"b": "2"}}
    assert list(at_path(values, ["member", "t"])) == ["36", "37"]
    assert list(at_path(values, ["g", "b"])) == ["2"]
    assert list(at_path(values, ["g"])) == list(at_path(values, ["a", "b"])) == []


def test_an_answer_as_people_read_it() -> None:
    form = epidemic()
    values, _wrong, _instance = checked(form, ANSWER.encode())
    shown = list(lines(form, values))
    assert [(one.label, one.number) for one in shown if one.is_heading] == [("家庭成员", 1), ("家庭成员", 2)]
    assert ("有无下列症状", "发热、咳嗽") in {(one.label, one.said) for one in shown}
    assert worded(form.questions["/data/holder"], "王小明") == "王小明"


def test_what_a_form_needs_beside_it() -> None:
    assert needed('<a src="jr://file-csv/f.csv"/><b>jr://images/一.jpg</b>') == {
        "f.csv": "file-csv",
        "一.jpg": "images",
    }
    form = parse(
        read(
            workbook(
                {"type": "image", "name": "p", "label": "照片", "required": "yes"},
                {"type": "audio", "name": "s", "label": "录音", "required": "yes"},
            )
        ).xform
    )
    assert [(one.name, one.takes_file) for one in form.asked] == [("p", True), ("s", True)]
    assert (
        read(workbook({"type": "image", "name": "p", "label": "照片"})).warnings == ()
    )  # it is shrunk, whatever the workbook says
    _values, wrong, _instance = checked(form, f"<data id='{form.form_id}'><p/><s/></data>".encode())
    assert [one.path for one in wrong] == ["/data/p", "/data/s"]


def test_not_an_xform() -> None:
    with pytest.raises(ValueError, match="not an XForm"):
        parse("<html/>")


REAL_ONES: dict[str, Any] = {
    "choice_filter_test": 3, "flat_xlsform_test": 28, "xlsform_spec_test": 25, "bad_calc": "unexpected name", "duplicate_columns": "label",
}  # fmt: skip


def test_two_columns_of_one_heading_are_named_by_their_letters() -> None:
    doubled = workbook(
        {"type": "text", "name": "a", "label": "姓名"}, choices=[["list_name", "name", "label", "", "label"]]
    )
    with pytest.raises(Faulty) as refused:
        read(doubled)
    (problem,) = refused.value.problems
    assert (problem.where, str(problem.message)) == ("choices 1", "C 列和 E 列的表头都是“label”，请删去一列。")


@pytest.mark.parametrize("name", REAL_ONES)
def test_workbooks_that_nobody_here_wrote(name: str) -> None:
    path = sample("xlsforms", f"{name}.xlsx")
    wanted = REAL_ONES[name]
    if isinstance(wanted, str):
        with pytest.raises(Faulty, match=wanted):
            read(path.read_bytes())
        return
    assert len(parse(read(path.read_bytes()).xform).asked) >= wanted
