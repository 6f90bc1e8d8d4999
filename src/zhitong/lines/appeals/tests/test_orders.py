"""Importing a hotline's work orders, with texts of our own; the shared file of real messages only where it is."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from django.db import connection, transaction
from openpyxl import Workbook

from tests.samples import sample
from zhitong.base.errors import NotAllowed, Refused
from zhitong.base.moments import moment_of
from zhitong.base.tables import read_table
from zhitong.config.cli.appeals import appeals
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, Notice, verify
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Category
from zhitong.kernel.register.public import Person, find_by_phone
from zhitong.kernel.territory.public import Division
from zhitong.lines.appeals.actions import attended, import_batch, importing, save_mapping
from zhitong.lines.appeals.models import Appeal, OrderImport, OrderMapping, OrderProblem
from zhitong.lines.appeals.rules.orders import gathered, guess, placed, read_order

from .factories import MONDAY, SINCE, District

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
HEAD = [
    "工单编号",
    "诉求内容",
    "受理时间",
    "诉求类型",
    "一级分类",
    "二级分类",
    "紧急程度",
    "来电人",
    "联系电话",
    "所属街道",
    "事发地址",
]
GOOD = [
    "GD1",
    "门口的路灯三天不亮，\n晚上看不清。",
    "2026/9/1 9:05:03",
    "投诉",
    "市政设施",
    "路灯照明",
    "一般",
    "王小明",
    "13800001234",
    "",
    "幸福路1号",
]
ROWS = [
    GOOD,
    ["GD2", "垃圾堆了一周。", "2026-09-02 10:00", "举办", "没有这个类别", "", "", "匿名", "无", "没有这个街道", ""],
    [
        "GD3",
        "楼道里漏电，有人触电。",
        "2026年9月3日 8时5分",
        "反映",
        "",
        "",
        "一般",
        "",
        "",
        "东风路街办",
        "东风社区3号楼",
    ],
    ["GD4", "日期不对", "昨天", "", "", "", "", "", "", "", ""],
    ["GD5", "将来的", "2030-01-01", "", "", "", "", "", "", "", ""],
    ["", "没有编号", "2026-09-01", "", "", "", "", "", "", "", ""],
    ["GD1", "编号重复，内容不同", "2026-09-01", "", "", "", "", "", "", "", ""],
    GOOD,
    ["GD6", "  ", "2026-09-01", "", "", "", "", "", "", "", ""],
    ["GD7", "长" * 10_001, "2026-09-01", "", "", "", "", "", "", "", ""],
    ["GD8", "电话不对", "2026-09-01", "", "", "", "", "李四", "一二三", "", ""],
]
WRONG = {5: "昨天", 6: "晚于现在", 7: "缺少工单编号", 8: "重复", 10: "缺少诉求内容", 11: "过长", 12: "电话号码不正确"}


def division(code: str, name: str, level: str, above: Division | None = None) -> Division:
    row = Division(code=code, name=name, level=level, parent=above, valid_from=SINCE)
    row.path = [*(above.path if above else []), row.pk]
    row.save()
    return row


@pytest.fixture
def town(place: District) -> District:
    district = division("990101", "甲区", "district")
    street = division("990101001", "东风路街道", "street", district)
    division("990101001001", "东风社区", "community", street)
    above = Category(code="01", name="市政设施", level=1, sort=1)
    above.path = [above.pk]
    above.save()
    below = Category(code="0102", name="路灯照明", level=2, sort=1, parent=above)
    below.path = [above.pk, below.pk]
    below.save()
    return place


def table(path: Path, rows: list[list[str]] = ROWS, head: list[str] = HEAD, encoding: str = "utf-8-sig") -> Path:
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in [head, *rows]:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([head, *rows])
    return path


def run(path: Path, *options: str) -> Result:
    """In this process, however long the file: others do not see what a test has written before it ends (``test_parts``)."""
    here = ["import", str(path), "--processes", "1", *options]
    return CliRunner().invoke(appeals, here, catch_exceptions=False)


def by_order(number: str) -> m.Matter:
    return m.opened_under([f"order:12345:{number}"])[f"order:12345:{number}"]


def whole(number: str) -> m.Matter:
    return m.Matter.objects.get(pk=by_order(number).pk)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_good_rows_are_opened_and_bad_ones_told(town: District, tmp_path: Path, name: str) -> None:
    result = run(table(tmp_path / name))
    assert "3 opened, 1 known before, 0 passed on, 7 wrong" in result.output
    told = {int(line.split(":")[0][4:]): line for line in result.output.splitlines() if line.startswith("row ")}
    assert {row: WRONG[row] in line for row, line in told.items()} == dict.fromkeys(WRONG, True)
    first = whole("GD1")
    assert (first.text, first.channel, first.subkind.slug, first.is_public) == (GOOD[1], "hotline", "complaint", False)
    assert first.opened_at == datetime(2026, 9, 1, 9, 5, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert first.category == Category.objects.get(code="0102")  # the one within 市政设施
    assert first.reporter_id == find_by_phone("13800001234").get().pk
    assert Appeal.objects.filter(matter=first).exists()
    assert not Notice.objects.filter(template="appeal.received").exists()  # the hotline has told them
    assert list(verify()) == []


def test_what_is_not_known_is_told_and_opened_without_it(town: District, tmp_path: Path) -> None:
    output = run(table(tmp_path / "a.csv")).output
    for line in (
        "category that is not known: 没有这个类别",
        "division that is not known: 没有这个街道",
        "subkind that is not known: 举办",
    ):
        assert f"1 rows with a {line}" in output
    second = whole("GD2")
    assert (second.category_id, second.division_id, second.reporter_id, second.subkind.slug) == (
        None,
        None,
        None,
        "report",
    )


def test_words_find_the_place_and_the_urgency(town: District, tmp_path: Path) -> None:
    run(table(tmp_path / "a.csv"))
    third = whole("GD3")
    assert third.division == Division.objects.get(code="990101001001")
    assert third.urgency == "danger"  # 漏电 raises it, whatever the hotline said


def test_points_come_before_words(town: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = Division.objects.get(code="990101001").pk, list[tuple[float, float]]()

    def located(lons: Any, lats: Any) -> list[Any]:
        asked.extend(zip(lons, lats, strict=True))
        return [found, None]

    monkeypatch.setattr("zhitong.lines.appeals.queries.orders.territory.locate_many", located)
    rows = [
        ["1", "甲", "117.02", "36.55", "东风社区"],
        ["2", "乙", "1.5", "1.5", "东风社区"],
        ["3", "丙", "0", "", ""],
        ["4", "丁", "x", "1", ""],
    ]
    output = run(table(tmp_path / "a.csv", rows, ["编号", "内容", "经度", "纬度", "社区"]), "--datum", "gcj02").output
    assert "3 opened" in output
    assert "经纬度无法识别" in output
    assert 116.99 < asked[0][0] < 117.02  # moved from GCJ-02
    assert [whole(n).division.code if whole(n).division else None for n in "123"] == ["990101001", "990101001001", None]


def test_again_nothing_is_opened_twice(town: District, tmp_path: Path) -> None:
    run(table(tmp_path / "a.csv"))
    before = m.Matter.objects.count(), Person.objects.count()
    Category.objects.filter(code="0102").update(name="改了名")  # the same order all the same
    assert "0 opened, 4 known before, 0 passed on, 7 wrong" in run(table(tmp_path / "b.csv")).output
    assert (m.Matter.objects.count(), Person.objects.count()) == before
    other = run(table(tmp_path / "b.csv", [["GD1", "别的事", *GOOD[2:]]])).output
    assert "内容与本行不同" in other
    assert "1 opened" in run(tmp_path / "b.csv", "--source", "另一条热线").output


def test_corrected_rows_are_imported_from_the_file_of_errors(town: District, tmp_path: Path) -> None:
    for kind in ("csv", "xlsx"):
        run(table(tmp_path / f"a.{kind}"), "--source", kind)
        with read_table(tmp_path / f"a.errors.{kind}") as found:
            assert found.headings == [*HEAD, "原行号", "错误原因"]
            rows = [row for _n, row in found.rows]
        assert {int(row[-2]): WRONG[int(row[-2])] in row[-1] for row in rows} == dict.fromkeys(WRONG, True)
        mended = [row for row in rows if row[0] == "GD4"]
        mended[0][2] = "2026-09-05"
        again = run(table(tmp_path / f"b.{kind}", mended, found.headings), "--source", kind)
        assert "1 opened, 0 known before, 0 passed on, 0 wrong" in again.output
    assert not OrderProblem.objects.exists()


def test_cells_that_look_like_formulas_come_back_as_they_were(town: District, tmp_path: Path) -> None:
    for kind in ("csv", "xlsx"):
        first = "=1+1" if kind == "csv" else "'=1+1"  # bare, openpyxl would write a formula
        run(table(tmp_path / f"a.{kind}", [[first, "", "@SUM(A1)", *[""] * 8]]))
        with read_table(tmp_path / f"a.errors.{kind}") as found:
            assert next(found.rows)[1][:3] == ["=1+1", "", "@SUM(A1)"]
        raw = (tmp_path / f"a.errors.{kind}").read_bytes()
        assert kind == "xlsx" or b"'=1+1" in raw


def test_a_trial_keeps_nothing_and_foretells_everything(town: District, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv")
    assert "3 would be opened, 1 known before, 0 passed on, 7 wrong" in run(path, "--dry-run").output
    assert not m.Matter.objects.exists()
    assert not Person.objects.exists()
    assert not Event.objects.filter(kind__startswith="appeal").exists()
    assert "3 opened, 1 known before, 0 passed on, 7 wrong" in run(path).output


def test_what_columns_mean_is_said_once(town: District, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [["7", "路灯不亮", "x"]], ["序", "说了啥", "别的"])
    assert run(path).exit_code == 1
    assert "请至少指明" in run(path).output
    assert (
        "1 opened"
        in run(path, "--mapping", "热线", "--map", "序=number", "--map", "说了啥=text", "--source", "83").output
    )
    assert m.opened_under(["order:83:7"])
    path = table(tmp_path / "b.csv", [["8", "路灯又不亮", "x"]], ["序", "说了啥", "别的"])
    assert "1 opened" in run(path, "--mapping", "热线").output
    assert m.opened_under(["order:83:8"])
    assert OrderMapping.objects.get().columns == [["序", "number"], ["说了啥", "text"]]
    assert Event.objects.filter(kind="appeals.mapping_saved").count() == 1
    listed = CliRunner().invoke(appeals, ["fields"]).output
    assert "说了啥=text" in listed


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--mapping", "没有"], "no mapping is called"),
        (["--map", "序number"], "应写成"),
        (["--map", "工单编号=number", "--map", "诉求内容=txt"], "没有“txt”这个字段"),
        (["--map", "工单编号=number", "--map", "没有的列=text"], "文件中没有这些列：没有的列"),
        (["--source", "a:b"], "来源代号"),
        (["--mapping", "x" * 41, "--map", "工单编号=number"], "最多40个字"),
    ],
)
def test_what_cannot_be_meant_is_refused(town: District, tmp_path: Path, options: list[str], sentence: str) -> None:
    result = run(table(tmp_path / "a.csv"), *options)
    assert result.exit_code == 1
    assert sentence in result.output
    assert not m.Matter.objects.exists()


def test_a_damaged_file_says_where_and_keeps_what_came_before(town: District, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv", 30)
    with path.open("a", encoding="utf-8") as file:
        file.write('31,"没有收尾的引号' + "字" * 1_200_000)
    one = begun(path)
    while one.state in ("waiting", "running"):
        one = import_batch(one.pk, at=MONDAY, path=path, most=12)
    assert (one.state, one.rows, one.opened) == ("failed", 24, 20)
    assert "第32行附近损坏" in one.failure
    assert "第32行附近损坏" in run(path).output


# Broken off -------------------------------------------------------------------------------------------------------


def many(path: Path, count: int = 10) -> Path:
    return table(path, [[str(n), f"第{n}件", "坏日期" if n % 5 == 4 else "2026-09-01"] for n in range(count)], HEAD[:3])


def begun(path: Path, **more: Any) -> OrderImport:
    return attended(path, columns=guess(HEAD[:3]), source="12345", by=SYSTEM, at=MONDAY, **more)


def killed() -> None:
    """What is left of a process that was killed."""
    for run_id in list(importing._readings._open):
        importing.close(run_id)
    importing.ME = f"another {uuid4()}"


def test_who_goes_on_begins_behind_the_last_row_that_is_done(town: District, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv")
    one = begun(path)
    one = import_batch(one.pk, at=MONDAY, path=path, most=4)
    assert (one.rows, one.opened, one.position) == (4, 4, 5)
    killed()
    assert begun(path).pk == one.pk
    killed()
    while one.state == "running":
        one = import_batch(one.pk, at=MONDAY, path=path, most=4)
    assert (one.state, one.rows, one.opened, one.known, one.wrong) == ("done", 10, 8, 0, 2)
    assert begun(path).pk != one.pk  # from now on it is another import, in which all are known


def test_a_batch_that_dies_leaves_nothing_of_itself(
    town: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many(tmp_path / "a.csv")
    one = import_batch(begun(path).pk, at=MONDAY, path=path, most=4)
    real = importing._note

    def dies(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "_note", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        import_batch(one.pk, at=MONDAY, path=path, most=4)
    assert m.Matter.objects.count() == 4
    monkeypatch.setattr(importing, "_note", real)
    while one.state == "running":
        one = import_batch(one.pk, at=MONDAY, path=path, most=4)
    assert (one.rows, one.opened, one.known, one.wrong) == (10, 8, 0, 2)


def test_a_trial_that_was_broken_off_begins_anew(town: District, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv")
    one = import_batch(begun(path, is_dry_run=True).pk, at=MONDAY, path=path, most=6)
    killed()
    while one.state == "running":
        one = import_batch(one.pk, at=MONDAY, path=path, most=6)
    assert (one.rows, one.opened, one.wrong, one.problems.count()) == (10, 8, 2, 2)


def test_who_holds_an_import_is_left_alone_until_silent(town: District, tmp_path: Path) -> None:
    path = many(tmp_path / "a.csv")
    one = begun(path)
    OrderImport.objects.update(is_attended=False)
    import_batch(one.pk, at=MONDAY, path=path, most=2)
    killed()
    assert import_batch(one.pk, at=MONDAY + timedelta(seconds=29), path=path, most=2).rows == 2
    assert import_batch(one.pk, at=MONDAY + timedelta(seconds=31), path=path, most=2).rows == 4
    killed()
    # The holder's clock was a day ahead: its promise is not waited for.
    assert import_batch(one.pk, at=MONDAY - timedelta(days=1), path=path, most=2).rows == 6


def test_two_files_with_the_same_order_at_once(town: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one's commit comes after we looked and before we wrote."""
    path = table(tmp_path / "a.csv", [["1", "甲", ""], ["2", "乙", ""]], HEAD[:3])
    real, times = m.opened_under, []

    def looked(keys: Any) -> dict[str, m.Matter]:
        times.append(1)
        if len(times) == 1:
            opening = m.Opening(
                kind="appeal", subkind="report", text="别人的乙", channel="hotline", key="order:12345:2"
            )
            m.open_matter(opening, by=SYSTEM, at=MONDAY)
            return {}
        return real(keys)

    monkeypatch.setattr(m, "opened_under", looked)
    one = import_batch(begun(path).pk, at=MONDAY, path=path)
    assert (one.opened, one.wrong, one.problems.get().row) == (1, 1, 3)


def test_who_may_not_import(town: District, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        attended(many(tmp_path / "a.csv"), columns={}, source="1", by=town.worker, at=MONDAY)
    with pytest.raises(NotAllowed):
        save_mapping("x", columns={}, source="1", by=town.worker, at=MONDAY)


# Passing on -------------------------------------------------------------------------------------------------------


def test_what_waits_is_passed_on_also_of_before(town: District, tmp_path: Path) -> None:
    path, organs = table(tmp_path / "a.csv"), tmp_path / "organs.csv"
    organs.write_text("category,organ\n0102,街道\n", encoding="utf-8")
    run(path)
    assert "0 opened, 4 known before, 1 passed on" in run(path, "--pass", "--organs", str(organs)).output
    assert whole("GD1").lead_id == town.street.pk
    assert "0 passed on" in run(path, "--pass", "--organs", str(organs)).output
    organs.write_text("category,organ\n0102,没有这个单位\n", encoding="utf-8")
    assert run(path, "--pass", "--organs", str(organs)).exit_code == 1


# Rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2018/12/26 10:13:37", "2018-12-26 10:13", "2018年12月26日 10:13", "2018年12月26日10时13分37秒", "2018.12.26",
        "2018-12-26T10:13:37+08:00", "2018-12-26T10:13:37",
    ],
)  # fmt: skip
def test_moments_as_files_write_them(text: str) -> None:
    found = moment_of(text)
    assert found is not None
    assert found.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() == "2018-12-26"
    assert found.hour == (0 if text == "2018.12.26" else 10)


@pytest.mark.parametrize("text", ["", "昨天", "2018-13-01", "26/12/2018", "1900-01-01", "9" * 50, "2018-12-26 25:00"])
def test_what_is_no_moment(text: str) -> None:
    assert moment_of(text) is None


def test_usual_headings_are_understood() -> None:
    assert guess(["*工单编号（必填）", "内 容", "一级分类", "二级分类", "来电号码", "联系电话", "备注"]) == {
        "*工单编号（必填）": "number", "内 容": "text", "一级分类": "category", "二级分类": "category", "来电号码": "phone",
    }  # fmt: skip
    assert guess(["id", "title", "submitted_at", "body", "category"]) == {
        "id": "number", "title": "title", "submitted_at": "raised_at", "body": "text", "category": "category",
    }  # fmt: skip


def test_cells_of_several_columns_are_put_together() -> None:
    columns = placed(["n", "a", "b", "c"], {"n": "number", "a": "text", "b": "text", "c": "phone"})
    assert gathered(["1", "甲", "乙", ""], columns) == {"number": "1", "text": "甲\n乙"}


@pytest.mark.parametrize(
    "said", [{"number": "1" * 61, "text": "x"}, {"number": "1", "text": "x", "lon": "200", "lat": "1"}]
)
def test_what_cannot_be_read(said: dict[str, str]) -> None:
    with pytest.raises(Refused):
        read_order(said, 100)


def test_real_messages(place: District, tmp_path: Path) -> None:
    path = sample("appeals", "labelled_full.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    result = run(path, "--source", "messages", "--errors", str(tmp_path / "errors.csv"))
    assert f"{len(rows)} opened, 0 known before, 0 passed on, 0 wrong" in result.output
    commonest = Counter(row["category"] for row in rows).most_common(1)[0][0]
    assert f"category that is not known: {commonest}" in result.output
    assert m.matching(m.Matter.objects.all(), rows[0]["title"]).exists()


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(town: District, tmp_path: Path) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for source, count in (("a", 5), ("b", 200)):
        path = many(tmp_path / f"{source}.csv", count)
        one = attended(path, columns=guess(HEAD[:3]), source=source, by=SYSTEM, at=MONDAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_batch(one.pk, at=MONDAY, path=path)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2
