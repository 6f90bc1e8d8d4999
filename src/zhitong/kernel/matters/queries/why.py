"""Why this date?"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import get_language, gettext, ngettext

from zhitong.base.moments import dated, dated_short
from zhitong.base.text import in_language
from zhitong.base.worktime import Due, Reason

from ..choices import Unit
from ..models import Clock
from ..rules.clocks import Terms, moments
from .catalogue import calendar_of

MOST_DAYS_NAMED = 6


def computed(clock: Clock) -> Due:
    """The clock's term counted anew, with the days that were and were not counted."""
    terms = Terms(
        clock.amount, clock.unit, clock.basis, clock.basis_en, clock.moderate_percent, clock.severe_percent
    )  # fmt: skip
    calendar = calendar_of(clock.calendar_id)
    return moments(terms, clock.started_at, calendar, clock.started_at, clock.pauses, clock.extensions).due


def due_with(clock: Clock, terms: Terms) -> datetime:
    """When the clock would end under another limit, counted from its own start."""
    calendar = calendar_of(clock.calendar_id)
    return moments(terms, clock.started_at, calendar, clock.started_at, clock.pauses, clock.extensions).due.at


def working_days(clock: Clock, until: datetime) -> int:
    """How many working days have passed of a clock: those after its first day up to ``until``, without those at whose close of
    business it stood still."""
    calendar = calendar_of(clock.calendar_id)
    day, last, passed = calendar.day_of(clock.started_at), calendar.day_of(until), 0
    while day < last:
        day += timedelta(days=1)
        closing = calendar.closing(day)
        is_held = any(_at(since) <= closing and (to is None or closing < _at(to)) for since, to, *_why in clock.pauses)
        passed += calendar.is_working(day) and not is_held
    return passed


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def limit_text(clock: Clock) -> str:
    """The limit in words: "5个工作日", "24小时"."""
    match clock.unit:
        case Unit.HOURS:
            return ngettext("%(n)d小时", "%(n)d小时", clock.amount) % {"n": clock.amount}
        case Unit.WORKING_HOURS:
            return ngettext("%(n)d个工作小时", "%(n)d个工作小时", clock.amount) % {"n": clock.amount}
        case Unit.WORKING_DAYS:
            return ngettext("%(n)d个工作日", "%(n)d个工作日", clock.amount) % {"n": clock.amount}
    return ngettext("%(n)d日", "%(n)d日", clock.amount) % {"n": clock.amount}


def why(clock: Clock) -> str:
    """One sentence: from when, how much, by what right, which days were not counted, how certain."""
    due = computed(clock)
    basis = in_language(clock.basis, clock.basis_en, get_language())
    parts = [
        gettext("自%(start)s起计%(limit)s，依据：%(basis)s")
        % {"start": dated(clock.started_at, get_language()), "limit": limit_text(clock), "basis": basis}
    ]
    if clock.unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        parts.append(gettext("起始当日不计，最后一日下班时截止"))
    if holidays := due.skipped_for(Reason.HOLIDAY):
        parts.append(gettext("节假日%(days)s不计") % {"days": _days(holidays)})
    if weekends := due.skipped_for(Reason.WEEKEND):
        parts.append(gettext("周末%(days)s不计") % {"days": _days(weekends)})
    if due.moved_from:
        parts.append(
            gettext("期满日%(day)s为休息日，顺延至下一个工作日") % {"day": dated_short(due.moved_from, get_language())}
        )
    parts.extend(_changes(clock))
    if due.is_provisional:
        parts.append(gettext("该年度放假安排尚未公布，暂按双休日推算，公布后自动重算"))
    return gettext("；").join(parts) + gettext("。")


def _changes(clock: Clock) -> Sequence[str]:
    said = []
    if clock.pauses:
        said.append(gettext("暂停期间不计"))
    for amount, reason, *_rest in clock.extensions:
        said.append(gettext("经批准延长%(n)s（%(reason)s）") % {"n": amount, "reason": reason})
    return said


def _days(days: Sequence[date]) -> str:
    named = gettext("、").join(dated_short(d, get_language()) for d in days[:MOST_DAYS_NAMED])
    return named if len(days) <= MOST_DAYS_NAMED else gettext("%(days)s等%(n)d天") % {"days": named, "n": len(days)}
