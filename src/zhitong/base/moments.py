"""Moments as files write them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 1949
_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]*(\d{1,2})\s*[:：时]\s*(\d{1,2})\s*(?:[:：分]\s*(\d{1,2})秒?)?分?)?"
)


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
