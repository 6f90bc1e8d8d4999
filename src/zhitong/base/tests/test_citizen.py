from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.citizen import Sex, born_on, citizen_id, credit_code, mobile, phone, sex_of

PRINTED = "11010519491231002X"  # the example printed in GB 11643


def test_the_standards_example():
    assert citizen_id(PRINTED) == PRINTED
    assert born_on(PRINTED) == date(1949, 12, 31)
    assert sex_of(PRINTED) is Sex.FEMALE


@pytest.mark.parametrize(
    "text", ["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X"]
)
def test_spacing_width_and_case_do_not_matter(text):
    assert citizen_id(text) == PRINTED


@pytest.mark.parametrize(
    "text", ["", "abc", PRINTED[:-1], "990105194912310020", "110105194913310020", "110105174912310020", PRINTED + "1"]
)
def test_what_is_not_a_citizen_id(text):
    assert citizen_id(text) is None


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(place, shift):
    wrong = str((int(PRINTED[place]) + shift) % 10)
    assert citizen_id(PRINTED[:place] + wrong + PRINTED[place + 1 :]) is None


def test_a_birthday_needs_an_id():
    with pytest.raises(ValueError, match="not a citizen id"):
        born_on("110105000000000000")


@pytest.mark.parametrize("text", ["91350100M000100Y43", "91350100m000100y43", " 91350100M000100Y43 "])
def test_credit_codes(text):
    assert credit_code(text) == "91350100M000100Y43"  # the example printed in GB 32100


@pytest.mark.parametrize("text", ["", "91350100M000100Y44", "91350100I000100Y43", "9135010OM000100Y43"])
def test_what_is_not_a_credit_code(text):
    assert credit_code(text) is None


@given(st.integers(2, 7), st.integers(1, 9))
def test_one_wrong_digit_of_a_credit_code_is_found(place, shift):
    good = "91350100M000100Y43"
    wrong = str((int(good[place]) + shift) % 10)
    assert credit_code(good[:place] + wrong + good[place + 1 :]) is None


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("0086 13800001234", "13800001234"),
        ("013800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("0531-82012345", "0531-82012345"),
        ("(010) 6201 2345", "010-62012345"),
        ("+86 531 82012345", "0531-82012345"),
        ("82012345", "82012345"),
        ("12345", "12345"),
        ("400-820-0000", "4008200000"),
    ],
)
def test_phones_are_stored_in_one_form(text, stored):
    assert phone(text) == stored


@pytest.mark.parametrize("text", ["", "1380000123", "12800001234", "138000012345", "hello", "99"])
def test_what_is_not_a_phone(text):
    assert phone(text) is None
    assert mobile(text) is None


@given(st.text(max_size=30))
def test_any_text_is_taken(text):
    assert citizen_id(text) is None or len(text) >= 18
    credit_code(text)
    phone(text)
