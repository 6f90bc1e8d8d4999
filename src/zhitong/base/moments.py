"""Days and moments as files write them, and as people do."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 1949
_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]*(\d{1,2})\s*[:：时]\s*(\d{1,2})\s*(?:[:：分]\s*(\d{1,2})秒?)?分?)?"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KEPT = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)


def dated(value: date | str | None, language: str | None) -> str:
    """A day or a moment as people who read ``language`` write it: 2026年11月22日, 22 Nov 2026; 2026年11月22日 09:30 in
    Shanghai.  Text of the form that logs keep (2026-11-22, 2026-11-22 09:30, ISO 8601) is read first; other text stays."""
    if isinstance(value, str):
        return dated(_kept(value), language) or value
    if isinstance(value, datetime):
        at = value.astimezone(SHANGHAI) if value.tzinfo else value
        return f"{dated(at.date(), language)} {at:%H:%M}"
    if value is None:
        return ""
    short = dated_short(value, language)
    return f"{short} {value.year}" if (language or "").startswith("en") else f"{value.year}年{short}"


def _kept(text: str) -> date | None:
    if not _KEPT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) > len("2026-11-22") else found.date()


def dated_short(value: date, language: str | None) -> str:
    """A day without its year: 11月22日, 22 Nov."""
    if (language or "").startswith("en"):
        return f"{value.day} {MONTHS[value.month - 1]}"
    return f"{value.month}月{value.day}日"


def moment_of(text: str) -> datetime | None:
    """A moment as files write it: 2018/12/26 10:13:37, 2018-12-26, 2018年12月26日 10:13, 2018.12.26, ISO 8601; the
    district's time where no other is named.  None when it is none of these."""
    match = _MOMENT.fullmatch(text.strip())
    try:
        if match:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            found = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
        else:
            found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    return found if found.year >= FIRST_YEAR else None
