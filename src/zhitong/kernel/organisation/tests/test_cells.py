"""How a cell of an import is read."""

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.text import no_formula

from ..rules.sheets import DUTIES, PEOPLE, SHEETS, BadCell, as_text, best_sheet, read_cell, sheet_named

DAY = DUTIES.column("valid_from")
END = DUTIES.column("valid_to")


@pytest.mark.parametrize(
    "value",
    ["2025-01-02", "2025/1/2", "2025.1.2", "2025年1月2日", "2025-01-02 00:00:00", 20250102, "45659", 45659.0,
     date(2025, 1, 2), datetime(2025, 1, 2, 8, 30)],  # noqa: DTZ001
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(value):
    assert read_cell(DAY, value) == date(2025, 1, 2)


@pytest.mark.parametrize("value", ["昨天", "2025-13-01", "2025", "20251301", "99999999", "2025-02-30", "1", -1, 0.5])
def test_what_is_no_day_is_refused(value):
    with pytest.raises(BadCell) as refused:
        read_cell(DAY, value)
    assert refused.value.code == "not_a_day"


def test_empty_cells():
    assert read_cell(END, None) is None
    assert read_cell(PEOPLE.column("is_head"), "  ") is False
    assert read_cell(PEOPLE.column("phone"), None) == ""
    with pytest.raises(BadCell) as refused:
        read_cell(DAY, " ")
    assert refused.value.code == "missing"


@pytest.mark.parametrize(
    ("value", "expected"), [("是", True), ("否", False), ("Yes", True), ("no", False), (True, True)]
)
def test_yes_and_no(value, expected):
    assert read_cell(PEOPLE.column("is_head"), value) is expected


def test_what_is_too_long_or_no_choice_is_refused():
    with pytest.raises(BadCell) as refused:
        read_cell(PEOPLE.column("name"), "长" * 501)
    assert refused.value.code == "too_long"
    with pytest.raises(BadCell) as refused:
        read_cell(DUTIES.column("role"), "牵头")
    assert refused.value.code == "not_a_choice"
    assert read_cell(DUTIES.column("role"), "CO-handler") == "co"


def test_whole_numbers_lose_their_point():
    assert [as_text(v) for v in (370103.0, 12, "  a ", None, 1.5)] == ["370103", "12", "a", "", "1.5"]


@given(st.text().map(str.strip))
def test_a_defused_cell_reads_back_as_it_was(text):
    safe = no_formula(text)
    if not text.startswith("'"):
        assert as_text(safe) == text


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.none()))
def test_no_cell_breaks_the_reader(value):
    for column in [c for sheet in SHEETS for c in sheet.columns]:
        with contextlib.suppress(BadCell):
            read_cell(column, value)


def test_sheets_are_known_by_title_or_header():
    assert sheet_named(" duties ") is DUTIES
    assert sheet_named("别的") is None
    assert best_sheet(["工号*", "姓名＊", "单位编码", "岗位名称", "任职日期"]) is PEOPLE
    assert best_sheet(["工号"]) is None
