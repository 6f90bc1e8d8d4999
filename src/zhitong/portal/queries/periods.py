"""Spans of days: the ones people ask for, the one before, and the same a year earlier."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTH, LAST_MONTH, QUARTER, YEAR, THIRTY, OWN = "month", "last_month", "quarter", "year", "thirty", "own"
MOST_DAYS = 5 * 366


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, both included."""

    start: date
    end: date

    @property
    def before(self) -> "Period":
        """As many months before, for a span that begins with a month; else as many days."""
        if self.start.day == 1:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            return Period(shifted(self.start, -months), shifted(self.end, -months))
        days = self.end - self.start + timedelta(days=1)
        return Period(self.start - days, self.end - days)

    @property
    def year_before(self) -> "Period":
        """The same days of the year before."""
        return Period(shifted(self.start, -12), shifted(self.end, -12))

    @property
    def twelve_months(self) -> "Period":
        """The twelve months that end with this span."""
        return Period(shifted(self.end.replace(day=1), -11), self.end)


def shifted(day: date, months: int) -> date:
    """The same day of another month; the last day of a month stays the last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    last = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_last else min(day.day, last))


def named(name: str, today: date) -> Period:
    """A span by its name, as of today; this month for anything unknown."""
    first = today.replace(day=1)
    match name:
        case "last_month":
            return Period(shifted(first, -1), first - timedelta(days=1))
        case "quarter":
            return Period(shifted(first, -((today.month - 1) % 3)), today)
        case "year":
            return Period(today.replace(month=1, day=1), today)
        case "thirty":
            return Period(today - timedelta(days=29), today)
    return Period(first, today)
