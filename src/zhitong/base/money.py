"""Sums of money in yuan: read as people write them, and written in digits and in Chinese capitals (GB/T 15835; 支付结算办法)."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
MOST = Decimal("9999999999999.99")  # a cent below ten trillion
_UNITS = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
_FORM = re.compile(
    r"(?:人民币|[¥￥])?\s*([\d,]{1,24}(?:\.\d{1,8})?)\s*(元|万元|万|亿元|亿)?\s*(?:整|正)?(?:人民币)?", re.ASCII
)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def amount(text: str, unit: str = "") -> Decimal | None:
    """The sum that is written there, in yuan to the cent; None where it is none, or is negative or too large.

    ``unit`` ("元", "万元", "亿元") counts where the text itself names none.
    """
    found = _FORM.fullmatch(unicodedata.normalize("NFKC", text).strip().replace("圆", "元"))
    if found is None:
        return None
    try:
        value = Decimal(found[1].replace(",", "")) * _UNITS[found[2] or unit]
    except InvalidOperation:
        return None
    whole = value.quantize(CENT, ROUND_HALF_UP) if value <= MOST else None
    return whole if whole == value else None


def in_ten_thousands(value: Decimal) -> str:
    """The sum in 万元 without needless zeros: 1005000 is 100.5."""
    return f"{(value / 10_000).normalize():f}"


def in_digits(value: Decimal) -> str:
    """With separators and cents: 1,005,000.00."""
    return f"{value:,.2f}"


def in_capitals(value: Decimal) -> str:
    """The sum in Chinese capitals as cheques and contracts have it: 1005000.30 is 壹佰万伍仟元叁角.

    ValueError for what is negative or too large.
    """
    if not 0 <= value <= MOST:
        raise ValueError("no sum that can be written")
    cents = int((value * 100).to_integral_value(ROUND_HALF_UP))
    yuan, dimes, fens = cents // 100, cents // 10 % 10, cents % 10
    whole = f"{_whole(yuan)}元" if yuan or not cents else ""
    if not dimes and not fens:
        return f"{whole}整"
    between = "零" if whole and not dimes else ""
    return whole + (f"{_DIGITS[dimes]}角" if dimes else between) + (f"{_DIGITS[fens]}分" if fens else "")


def _whole(number: int) -> str:
    """A whole number in capitals, by groups of four places."""
    text, is_gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if group:
            text += ("零" if text and (is_gap or group < 1000) else "") + _group(group) + _unit(place, number)
        is_gap = not group
    return text or "零"


def _unit(place: int, number: int) -> str:
    """The name of a group; 亿 is said once where both of its halves are there."""
    if place == 3 and number // 10**8 % 10_000:
        return "万"
    return _GROUPS[place]


def _group(number: int) -> str:
    """Four places."""
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[power]
            gap = False
        else:
            gap = True
    return text


def from_capitals(text: str) -> Decimal | None:
    """The sum that is written in capitals; None where it is none, or is not written as ``in_capitals`` writes it."""
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("人民币").replace("圆", "元").replace("正", "整")
    head, _, tail = text.partition("元") if "元" in text else ("", "", text)
    yuan = _read_whole(head)
    tail = tail.removesuffix("整").removeprefix("零")
    found = re.fullmatch(rf"(?:([{_DIGITS}])角)?(?:([{_DIGITS}])分)?", tail)
    if yuan is None or found is None:
        return None
    dimes, fens = (_DIGITS.index(found[n]) if found[n] else 0 for n in (1, 2))
    value = Decimal(yuan) + Decimal(dimes) / 10 + Decimal(fens) / 100
    same = value <= MOST and in_capitals(value) in (text, f"{text}整")
    return value.quantize(CENT) if same else None


def _read_whole(text: str) -> int | None:
    total, section, digit = 0, 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in _PLACES[1:]:
            section, digit = section + digit * 10 ** _PLACES.index(sign), 0
        elif sign in "万亿":
            total = (total + section + digit) * (10_000 if sign == "万" else 10**8) if sign == "亿" else (
                total + (section + digit) * 10_000
            )  # fmt: skip
            section = digit = 0
        else:
            return None
    return total + section + digit
