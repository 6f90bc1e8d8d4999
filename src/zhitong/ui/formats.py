"""How dates, spans, sizes and numbers are written on pages, in the language of the page."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from math import log
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import pass_context
from jinja2.runtime import Context

from zhitong.base import text
from zhitong.base.hours import DAY, EVERY_DAY, Hours, clock, read_hours
from zhitong.base.moments import SHANGHAI, dated, dated_short

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING = "—"


def is_english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def local(value: datetime) -> datetime:
    """``value`` in the district's time; naive values are taken as already local."""
    return value.astimezone(SHANGHAI) if timezone.is_aware(value) else value


def _day_of(value: date) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def day(value: date | None) -> str:
    """2026年11月22日, 22 Nov 2026; a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    return dated(_day_of(value), get_language())


def moment(value: datetime | None) -> str:
    """2026年11月22日 09:30, 22 Nov 2026 09:30."""
    return f"{day(value)} {local(value):%H:%M}" if value else NOTHING


def clock_time(value: datetime | None) -> str:
    """09:30."""
    return f"{local(value):%H:%M}" if value else NOTHING


def short_day(value: date | None) -> str:
    """11月22日, 22 Nov; with the year when it is not the present one."""
    if not value:
        return NOTHING
    on = _day_of(value)
    is_now = on.year == local(timezone.now()).year
    return dated_short(on, get_language()) if is_now else dated(on, get_language())


def short_moment(value: datetime | None) -> str:
    """11月22日 09:30, 22 Nov 09:30."""
    return f"{short_day(value)} {local(value):%H:%M}" if value else NOTHING


def weekday(value: date | None) -> str:
    """周日, Sun."""
    if not value:
        return NOTHING
    number = _day_of(value).weekday()
    return WEEKDAYS_EN[number] if is_english() else f"周{WEEKDAYS[number]}"


def week_hours(value: str) -> str:
    """Hours of the week in words, as `zhitong.base.hours` writes them, several between semicolons: 周一至周四17:30至次日08:30."""
    told = [_told_hours(read_hours(part)) for part in value.split(";")]
    return ("; " if is_english() else "；").join(told)


def _told_hours(one: Hours) -> str:
    days = "daily" if is_english() else "每天"
    if one.days != EVERY_DAY:
        first, last = _weekday(one.days[0]), _weekday(one.days[-1])
        is_run = len(one.days) > 1 and one.days in EVERY_DAY
        several = ("-" if is_english() else "至") if is_run else (", " if is_english() else "、")
        days = f"{first}{several}{last}" if is_run else several.join(map(_weekday, one.days))
    if (one.start, one.end) == (0, DAY):
        return days if is_english() else f"{days}全天"
    is_over_night = one.end <= one.start
    start, end = clock(one.start), clock(one.end)
    if is_english():
        return f"{days} {start} to {end}{' next day' if is_over_night else ''}"
    return f"{days}{start}至{'次日' if is_over_night else ''}{end}"


def _weekday(number: str) -> str:
    return WEEKDAYS_EN[int(number) - 1] if is_english() else f"周{WEEKDAYS[int(number) - 1]}"


def iso(value: date | None) -> str:
    """For the ``datetime`` attribute of ``<time>``."""
    return value.isoformat() if value else ""


def span(value: timedelta | float | None) -> str:
    """A length of time in its two largest units: 2天3小时, 2 d 3 h.  Numbers are seconds; the sign is dropped."""
    if value is None:
        return NOTHING
    minutes = int(abs(value.total_seconds() if isinstance(value, timedelta) else value) // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        is_exact = hours and days < 10
        return gettext("%(days)s天%(hours)s小时") % {"days": days, "hours": hours} if is_exact else _days(days)
    if hours:
        both = {"hours": hours, "minutes": minutes}
        return gettext("%(hours)s小时%(minutes)s分") % both if minutes else _hours(hours)
    return gettext("%(minutes)s分钟") % {"minutes": max(minutes, 1)}


def _days(days: int) -> str:
    return ngettext("%(days)s天", "%(days)s天", days) % {"days": days}


def _hours(hours: int) -> str:
    return ngettext("%(hours)s小时", "%(hours)s小时", hours) % {"hours": hours}


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """刚刚, 5分钟前, 3天前; the day itself once it is more than a month away.  Moments to come: 2天后."""
    if not value:
        return NOTHING
    seconds = ((now or timezone.now()) - value).total_seconds()
    if abs(seconds) < 60:
        return gettext("刚刚")
    if abs(seconds) > 30 * 86_400:
        return short_day(value)
    largest = 86_400 if abs(seconds) >= 86_400 else 3_600 if abs(seconds) >= 3_600 else 60
    length = span(abs(seconds) // largest * largest)
    return (gettext("%(span)s前") if seconds > 0 else gettext("%(span)s后")) % {"span": length}


def left(due_at: datetime | None, now: datetime | None = None) -> str:
    """余2天3小时 before the moment, 超1天 after it."""
    if not due_at:
        return NOTHING
    seconds = (due_at - (now or timezone.now())).total_seconds()
    return (gettext("余%(span)s") if seconds >= 0 else gettext("超%(span)s")) % {"span": span(seconds)}


def filesize(size: int | None) -> str:
    """1.4 MB; steps of 1024."""
    if not size:
        return "0 B"
    step = min(int(log(size, 1024)), 4)
    figure = f"{size / 1024**step:.{0 if step == 0 else 1}f}".removesuffix(".0")
    return f"{figure} {('B', 'KB', 'MB', 'GB', 'TB')[step]}"


def number(value: float | None, digits: int | None = None) -> str:
    """12,345; ``digits`` fixes the places after the point."""
    if value is None:
        return NOTHING
    return f"{value:,}" if digits is None else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share of one as 42.8%."""
    return NOTHING if value is None else f"{value * 100:.{digits}f}%"


def named(thing: Any) -> str:
    """The name of a row that has ``name`` and ``name_en``, in the language of the page."""
    return "" if thing is None else text.in_language(thing.name, getattr(thing, "name_en", ""), get_language())


def in_language(name: str, name_en: str) -> str:
    """``name_en`` on English pages when there is one."""
    return text.in_language(name, name_en, get_language())


def _asked_late(function: Callable[..., str]) -> Callable[..., str]:
    """A filter Jinja2 does not work out while compiling, when nobody knows the language of the page yet."""

    @pass_context
    def late(_context: Context, *args: Any, **kwargs: Any) -> str:
        return function(*args, **kwargs)

    return late


_FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "moment": moment,
    "clock_time": clock_time,
    "short_day": short_day,
    "short_moment": short_moment,
    "weekday": weekday,
    "week_hours": week_hours,
    "iso": iso,
    "span": span,
    "ago": ago,
    "left": left,
    "filesize": filesize,
    "number": number,
    "percent": percent,
    "named": named,
    "in_language": in_language,
    "mask_name": text.mask_name,
    "mask_phone": text.mask_phone,
    "mask_citizen_id": text.mask_citizen_id,
    "mask_inline": text.mask_inline,
}
FILTERS = {name: _asked_late(function) for name, function in _FILTERS.items()}
