import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base import text as t

anything = st.text(max_size=60)


def test_words_are_normal_and_leave_out_marks_and_small_words():
    assert t.words("七里山街道的ＡＢＣ路灯，坏了！") == ["七里", "山", "街道", "abc", "路灯", "坏"]


def test_long_words_are_indexed_whole_and_in_parts_and_asked_for_pair_by_pair():
    assert {"人民", "政府", "人民政府"} <= set(t.words("人民政府"))
    # whoever holds the word holds its pairs
    assert t.tsquery("人民政府 路灯 人民政府") == "'人民' & '民政' & '政府' & '路灯'"


def test_a_vector_gives_each_word_once_with_its_first_position():
    assert t.tsvector("路灯 路灯", "It's") == "'路灯':1 'it':3 's':4"


def test_a_vector_holds_every_pair_of_characters_too():
    assert set(t.tsvector("天不亮").split()) == {"'天不亮':1", "'天不'", "'不亮'"}


def test_a_query_without_words_is_empty():
    assert t.tsquery("，。的 ") == ""


@given(anything)
def test_what_is_written_is_found_again(text):
    assert _finds(text, text)


def _finds(typed, text):
    known = {*t.words(text), *t._pairs(t._normal(text))}
    return all(any(known.issuperset(reading) for reading in readings) for readings in t.asked(typed))


@pytest.mark.parametrize("typed", ["路灯不亮", "路灯 不亮", "不亮", "白马山 路灯", "白马山路灯", "交叉口", "8天不亮"])
def test_a_word_is_found_wherever_the_cuts_fell(typed):
    assert _finds(typed, "领秀城东路与白马山西路交叉口的路灯连续8天不亮")


@pytest.mark.parametrize("typed", ["井盖", "路灯 井盖", "天亮", "9天不亮", "灯路"])
def test_what_is_not_in_it_is_not_found(typed):
    assert not _finds(typed, "领秀城东路与白马山西路交叉口的路灯连续8天不亮")


def test_a_query_asks_for_the_words_as_cut_or_two_by_two():
    assert t.tsquery("路灯不亮 A1") == "('路' & '灯不亮' | '路灯' & '不亮') & 'a1'"
    assert t.tsquery("it's 电梯坏了") == "'it' & 's' & ('电梯' & '坏' | '电梯' & '坏了')"


@pytest.mark.parametrize(
    ("typed", "queries"),
    [
        ("停车位 消防车", ["'车位' & '防车'", "'停车' & '消防'"]),
        ("物业 停车位", ["'物业' & '车位'", "'停车'"]),
        ("路灯不亮 停车位", ["('路' & '灯不亮' | '路灯' & '不亮') & '车位'", "'停车'"]),
        ("停车位", ["'停车' & '车位'"]),  # one part: nothing that could fail to meet
        ("烧烤 油烟", ["'烧烤' & '油烟'"]),
        ("，", []),
    ],
)
def test_parts_are_asked_for_by_their_ends_first(typed: str, queries: list[str]) -> None:
    assert t.tsqueries(typed) == queries


@given(anything)
def test_cleaning_twice_changes_nothing_and_can_be_stored(text):
    once = t.clean(text)
    assert t.clean(once) == once
    assert "\x00" not in once
    once.encode()


def test_nothing_unwanted_can_be_printed():
    """So that a text which can be printed is not looked through for it."""
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    assert not [c for c in every if c.isprintable() and (t._UNWANTED.search(c) or t._NEWLINES.search(c))]


def test_clean_keeps_lines_and_drops_what_cannot_be_seen():
    assert t.clean(" 一\r\n二\x00\u200b\u202e\ud800 \ufeff") == "一\n二"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("李小明", "李**"), ("欧阳锋", "欧阳*"), ("欧阳", "欧*"), ("John Smith", "J*** S****"), ("", "")],
)
def test_names_keep_the_surname(name, masked):
    assert t.mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("13800001234", "138****1234"), ("82012345", "******45"), ("12", "**"), ("", "")]
)
def test_phones(number, masked):
    assert t.mask_phone(number) == masked


def test_citizen_ids_hide_the_date_of_birth():
    assert t.mask_citizen_id("11010519491231002X") == "110105********002X"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800001234找我", "打138****1234找我"),
        ("138-0000-1234", "138******1234"),
        ("+8613800001234", "+86138****1234"),
        ("０１３８00001234", "０１３８****1234"),
        ("１３８００００１２３４", "１３８****１２３４"),
        ("座机0531-82012345。", "座机053******2345。"),
        ("证号11010519491231002X", "证号110105********002X"),
        ("旧证：110105491231002", "旧证：110105*****1002"),
        ("卡6222020000000000000", "卡622202*********0000"),
        ("卡6222 0200 0000 0000 000", "卡6222 0************* 000"),
        ("2021 2022 2023 2024", "2021 2022 2023 2024"),
        ("写信a.b@example.com吧", "写信a***@example.com吧"),
        ("编号202611220000014", "编号202611220000014"),
        ("3号楼2单元101室", "3号楼2单元101室"),
    ],
)
def test_masking_inside_a_text(text, masked):
    assert t.mask_inline(text) == masked


@given(anything)
def test_masking_keeps_the_length_of_text_without_addresses(text):
    if "@" not in text and "＠" not in text:
        assert len(t.mask_inline(text)) == len(text)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_nothing_begins_as_a_formula(start):
    safe = t.no_formula(f"{start}1+1")
    assert safe == f"'{start}1+1"
    assert t.formula_text(safe) == f"{start}1+1"


@given(anything)
def test_a_text_that_is_no_formula_stays_as_it_is(text):
    assert t.no_formula(f"路{text}") == t.formula_text(f"路{text}") == f"路{text}"
    assert t.formula_text(t.no_formula(text)) == t.formula_text(text)


def test_names_in_the_readers_language():
    assert t.in_language("路灯", "Street lamp", "en-gb") == "Street lamp"
    assert t.in_language("路灯", "", "en") == "路灯"
    assert t.in_language("路灯", "Street lamp", "zh-hans") == "路灯"
    assert t.in_language("路灯", "Street lamp", None) == "路灯"


def test_pinyin_sorts_as_a_directory_and_is_found_by_letters():
    names = ["舜玉路街道", "七里山街道", "白马山街道"]
    assert sorted(names, key=t.pinyin_key) == ["白马山街道", "七里山街道", "舜玉路街道"]
    assert t.pinyin_search("七里山街道") == "qilishanjiedao qlsjd"
    assert t.romanised("七里山") == "Qilishan"
