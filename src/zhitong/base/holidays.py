"""The State Council's holiday notices, as a library keeps them: the source of a table an administrator edits."""

from datetime import date
from typing import NamedTuple

from chinese_calendar.constants import Holiday, holidays, workdays

_SHORT = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_CHINESE = {holiday.value: _SHORT.get(holiday.chinese, holiday.chinese) for holiday in Holiday}


class SpecialDay(NamedTuple):
    """A day on which the week does not hold: a holiday, or a working day at a weekend, and the feast it belongs to."""

    day: date
    is_working: bool
    name: str
    name_en: str


def _special(day: date, is_working: bool, name_en: str) -> SpecialDay:
    chinese = _CHINESE.get(name_en, name_en)
    return SpecialDay(day, is_working, chinese + ("调休上班" if is_working else ""), name_en)


def national_days() -> list[SpecialDay]:
    """Every announced special day in order of date, from 2004 to the last year the installed library knows."""
    rest = [_special(day, False, name) for day, name in holidays.items()]
    work = [_special(day, True, name) for day, name in workdays.items()]
    return sorted(rest + work)


def announced_through() -> date:
    """The last day of the last year for which holidays are known."""
    return date(max(holidays).year, 12, 31)
