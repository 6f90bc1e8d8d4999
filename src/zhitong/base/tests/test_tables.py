"""Tables as offices send them: CSV in three encodings, Excel with and without its table of texts."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from zhitong.base import tables, workbooks
from zhitong.base.tables import BadTable, as_text, read_table

HEAD = ["工单编号", "诉求内容", "时间"]
SHARED = """<?xml version="1.0" encoding="UTF-8"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<si><t>工单编号</t></si><si><t>诉求内容</t></si><si><r><t>路灯</t></r><r><t>不亮</t></r><rPh><t>lu</t></rPh></si>
</sst>"""
SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
<row r="3"><c r="A3"><v>13800001234</v></c><c r="C3" t="s"><v>2</v></c></row>
</sheetData></worksheet>"""


def read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    with read_table(path) as table:
        return table.headings, list(table.rows)


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_every_office(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEAD, ["1", "路灯不亮,\n晚上看不清", "2026-09-01"], ["", " ", ""], ["2", "垃圾"]]
    assert read(write_csv(tmp_path / "a.csv", rows, encoding, delimiter)) == (
        HEAD,
        [(2, ["1", "路灯不亮,\n晚上看不清", "2026-09-01"]), (4, ["2", "垃圾", ""])],
    )


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    rows = [["12345热线工单明细表", "", ""], HEAD, ["1", "a", "b"]]
    assert read(write_csv(tmp_path / "a.csv", rows)) == (HEAD, [(3, ["1", "a", "b"])])


def test_excel_as_people_see_it(tmp_path: Path) -> None:
    book = Workbook()
    hidden, page = book.active, book.create_sheet("工单")
    hidden.sheet_state = "hidden"
    hidden.append(["不要", "看"])
    page.append(HEAD)
    page.append([20260901001, "＝不是公式", datetime.fromisoformat("2026-09-01T10:05")])
    page.append([None, None, None])
    page.append([2.5, "'=也不是", date(2026, 9, 2)])
    page["E2"] = "表头之外"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == (
        HEAD,
        [(2, ["20260901001", "＝不是公式", "2026-09-01 10:05:00"]), (4, ["2.5", "=也不是", "2026-09-02"])],
    )


def packed(path: Path, **parts: str) -> Path:
    """A workbook in which parts, by the last of their names, are replaced; with a table of texts, as Excel writes it and openpyxl
    does not, where one is given."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    book = Workbook()
    book.active.append(["x"])
    book.save(path.with_suffix(".old"))
    with zipfile.ZipFile(path.with_suffix(".old")) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "[Content_Types].xml" and "sharedStrings" not in text:
                text = text.replace("</Types>", named)
            if name != "xl/sharedStrings.xml":
                new.writestr(name, parts.get(Path(name).stem, text))
        new.writestr("xl/sharedStrings.xml", parts.get("sharedStrings", SHARED))
    return path


def test_excel_with_its_texts_in_a_table_of_their_own(tmp_path: Path) -> None:
    found = read(packed(tmp_path / "a.xlsx", sheet1=SHEET))
    assert found == (["工单编号", "", "诉求内容"], [(3, ["13800001234", "", "路灯不亮"])])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04nothing", "not_a_table"),
        (b"a,b\x00,c\n", "not_a_table"),
        (b'a,b\n1,"' + b"x" * (tables.MOST_IN_A_CELL + 1_000_000), "broken"),
        (b"a,b\n" + b"," * (tables.MOST_COLUMNS + 1), "broken"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BadTable) as caught:
        read(tmp_path / "a")
    assert caught.value.code == code


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1000)
    Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(BadTable, match="too_large"):
        read(tmp_path / "a.xlsx")


LONG = "a" * (2 << 20)
HEAD_ROW = '<row><c t="inlineStr"><is><t>工单编号</t></is></c><c t="inlineStr"><is><t>诉求内容</t></is></c></row>'
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
UNFOLDING = {
    "cells": {"sheet1": f"<worksheet {SPACE}><sheetData>{HEAD_ROW}<row>{'<c><v>1</v></c>' * 150_000}</row></sheetData></worksheet>"},
    "one cell": {"sheet1": f"<worksheet {SPACE}><sheetData>{HEAD_ROW}<row><c t='str'><v>{LONG}</v></c></row></sheetData></worksheet>"},
    "before the rows": {"sheet1": f"<worksheet {SPACE}><cols>{'<col/>' * 350_000}</cols><sheetData/></worksheet>"},
    "one text": {"sharedStrings": f"<sst {SPACE}><si><t>{LONG}</t></si></sst>"},
    "styles": {"styles": f"<styleSheet {SPACE}>{LONG}</styleSheet>"},
}  # fmt: skip


@pytest.mark.parametrize("what", UNFOLDING)
def test_a_small_file_that_unfolds_in_memory_is_refused(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MOST_AT_ONCE", "MOST_WHOLE"):
        monkeypatch.setattr(workbooks, name, 1 << 20)
    path = packed(tmp_path / "a.xlsx", **UNFOLDING[what])
    assert path.stat().st_size < 20_000
    tracemalloc.start()
    with pytest.raises(BadTable, match="too_large"):
        read(path)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50 << 20


def test_what_stands_below_the_rows_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_AT_ONCE", 1 << 20)
    marks = "<mergeCells>" + "<mergeCell ref='A1:A1'/>" * 60_000 + "</mergeCells>"
    sheet = f"<worksheet {SPACE}><sheetData>{HEAD_ROW}<row><c><v>7</v></c></row></sheetData>{marks}</worksheet>"
    assert read(packed(tmp_path / "a.xlsx", sheet1=sheet)) == (HEAD[:2], [(2, ["7", ""])])


def test_a_formula_that_nobody_worked_out_is_an_empty_cell(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(["GD1", "=A1&B1", "x"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1] == [(2, ["GD1", "", "x"])]


def test_a_damaged_sheet_says_in_which_row(tmp_path: Path) -> None:
    book = Workbook()
    for number in range(50):
        book.active.append([number, "x"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text[: len(text) // 2] if name == "xl/worksheets/sheet1.xml" else text)
    with pytest.raises(BadTable) as caught:
        read(tmp_path / "b.xlsx")
    assert caught.value.code == "broken"
    assert 10 < caught.value.row < 50


def test_texts_as_people_see_them() -> None:
    assert [as_text(v) for v in (None, 3.0, 3.5, "'=1", " a ", True)] == ["", "3", "3.5", "=1", "a", "True"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    path, rows = tmp_path / f"a.{kind}", ([f"GD{i}", f"第{i}件：" + "字" * 200, ""] for i in range(4000))
    if kind == "csv":
        write_csv(path, [HEAD, *rows])
    else:
        book = Workbook(write_only=True)
        page = book.create_sheet()
        for row in (HEAD, *rows):
            page.append(row)
        out = io.BytesIO()
        book.save(out)
        path.write_bytes(out.getvalue())
    with read_table(path) as table:
        seen = sum(1 for _row, _n in zip(table.rows, range(500), strict=False))
        tracemalloc.start()
        seen += sum(1 for _row in table.rows)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert seen >= 3999
    assert peak < 1_000_000  # all the texts are 2.4 MB
