"""Sums as people write them, in digits and in Chinese capitals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.money import MOST, amount, from_capitals, in_capitals, in_digits, in_ten_thousands

SUMS = st.decimals(min_value=0, max_value=MOST, places=2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角"), ("1.05", "壹元零伍分"), ("10.30", "壹拾元叁角"), ("100.00", "壹佰元整"),
        ("1005", "壹仟零伍元整"), ("10005", "壹万零伍元整"), ("100500", "壹拾万零伍佰元整"), ("1005000.30", "壹佰万伍仟元叁角"),
        ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"), ("100010000", "壹亿零壹万元整"), ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"), ("1000000005000", "壹万亿零伍仟元整"),
    ],
)  # fmt: skip
def test_capitals(value, text):
    assert in_capitals(Decimal(value)) == text
    assert from_capitals(text) == Decimal(value)


@given(SUMS)
def test_capitals_say_the_same_sum(value):
    assert from_capitals(in_capitals(value)) == value
    assert from_capitals(f"人民币{in_capitals(value)}") == value


@given(SUMS)
def test_digits_and_ten_thousands_are_read_back(value):
    assert amount(in_digits(value)) == value
    assert amount(f"{in_ten_thousands(value)}万元") == value


@given(st.text(max_size=30))
def test_any_text_is_a_sum_or_none(text):
    for read in (amount, from_capitals):
        value = read(text)
        assert value is None or 0 <= value <= MOST


@pytest.mark.parametrize(
    "text", ["", "一百", "-5", "1.005", "100 美元", "1e5", "99999999999999999999", "壹壹元整", "元整"]
)
def test_what_is_no_sum(text):
    assert amount(text) is None
    assert from_capitals(text) is None


@pytest.mark.parametrize(
    "text", ["100万元", "人民币1,000,000元整", "￥1000000.00", "１００万", "0.01亿元", "1000000 圆"]
)
def test_one_million(text):
    assert amount(text) == Decimal(1_000_000)


def test_a_unit_for_bare_numbers():
    assert amount("50.5", "万元") == Decimal(505_000)
    assert amount("50.5元", "万元") == Decimal("50.5")


@pytest.mark.parametrize("value", ["-0.01", "10000000000000"])
def test_what_cannot_be_written(value):
    with pytest.raises(ValueError, match="no sum"):
        in_capitals(Decimal(value))
