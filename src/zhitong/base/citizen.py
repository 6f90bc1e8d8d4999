"""Numbers of people and firms: citizen ids (GB 11643-1999), credit codes (GB 32100-2015), telephone numbers."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
_PROVINCES = frozenset(str(n) for first, last in _PROVINCE_RANGES for n in range(first, last + 1))
_OVERSEAS = frozenset({"71", "81", "82", "83"})
_ID_FORM = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_ID_WEIGHTS = [2**n % 11 for n in range(17, -1, -1)]
_EARLIEST_BIRTH = date(1850, 1, 1)

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z
_CREDIT_FORM = re.compile(rf"[159Y1-9A-NP-RTUW-Y][1-9A-Z]\d{{6}}[{_CREDIT_ALPHABET}]{{10}}", re.ASCII)
_CREDIT_WEIGHTS = [3**n % 31 for n in range(17)]

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))([2-9]\d{6,7})", re.ASCII)
_LOCAL = re.compile(r"[2-9]\d{6,7}|1\d{4}|400\d{7}|800\d{7}", re.ASCII)
_SEPARATORS = re.compile(r"[\s\-–—()./]+")


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def citizen_id(text: str) -> str | None:
    """The 18 places of a citizen id without spaces and in capitals; None when ``text`` is not one.

    Checked are the province, the date of birth and the check character (GB 11643, ISO 7064 MOD 11-2).
    """
    number = _compact(text)
    if not _ID_FORM.fullmatch(number) or number[:2] not in _PROVINCES | _OVERSEAS:
        return None
    if _born(number) is None:
        return None
    values = [10 if c == "X" else int(c) for c in number]
    return number if sum(v * w for v, w in zip(values, _ID_WEIGHTS, strict=True)) % 11 == 1 else None


def _born(number: str) -> date | None:
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return day if day >= _EARLIEST_BIRTH else None


def born_on(number: str) -> date:
    """The date of birth in a checked citizen id.  ValueError when there is none."""
    day = _born(number)
    if day is None:
        raise ValueError("not a citizen id")
    return day


def sex_of(number: str) -> Sex:
    """The sex in a checked citizen id: an odd 17th place is male."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def credit_code(text: str) -> str | None:
    """The 18 places of a unified social credit code in capitals (GB 32100, modulo 31); None when it is not one."""
    code = _compact(text)
    if not _CREDIT_FORM.fullmatch(code) or not set(code) <= set(_CREDIT_ALPHABET):
        return None
    return code if code[17] == credit_check(code[:17]) else None


def credit_check(first: str) -> str:
    """The check character behind the first 17 places of a credit code."""
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(first, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def citizen_check(first: str) -> str:
    """The check character behind the first 17 digits of a citizen id."""
    rest = sum(int(c) * w for c, w in zip(first, _ID_WEIGHTS, strict=False)) % 11
    return "10X98765432"[rest]


def mobile(text: str) -> str | None:
    """The 11 digits of a mainland mobile number, also when written with +86, 0086 or spaces; else None."""
    digits = re.sub(r"^(?:\+|00)?86(?=1)|^0(?=1[3-9])", "", _compact(text))
    return digits if _MOBILE.fullmatch(digits) else None


def phone(text: str) -> str | None:
    """A telephone number as it is stored: a mobile number, ``area-number``, or a local or service number; else None."""
    found = mobile(text)
    if found:
        return found
    digits = re.sub(r"^(?:\+|00)86", "0", _compact(text))
    if match := _LANDLINE.fullmatch(re.sub("^00+", "0", digits)):
        return f"{match[1]}-{match[2]}"
    return digits if _LOCAL.fullmatch(digits) else None
