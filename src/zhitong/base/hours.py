"""Days of the week and hours of the day in which something holds, as one short text: "1-5 08:30-17:30", "22:00-06:00", ""."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

DAY = 24 * 60
EVERY_DAY = "1234567"
_NAMES = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "日": "7", "天": "7"}
_ENGLISH = {"mon": "1", "tue": "2", "wed": "3", "thu": "4", "fri": "5", "sat": "6", "sun": "7"}
_WORDS = {
    "工作日": "1-5",
    "周末": "6-7",
    "双休日": "6-7",
    "每天": "1-7",
    "全天": "",
    "weekdays": "1-5",
    "weekend": "6-7",
    "daily": "1-7",
}
_TIME = re.compile(r"(\d{1,2})(?:[:：](\d{2}))?\s*[-–—~至到]\s*(?:次日)?(\d{1,2})(?:[:：](\d{2}))?$")
_SPAN = re.compile(r"([1-7])-([1-7])")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """``days`` are ISO weekdays in order; ``start`` and ``end`` minutes of the day.  Where ``end`` is not after ``start`` it is on the
    next morning, and counts with the day on which it began."""

    days: str = EVERY_DAY
    start: int = 0
    end: int = DAY

    @property
    def is_always(self) -> bool:
        """Whether it holds at any moment."""
        return self == ALWAYS

    def covers(self, at: datetime) -> bool:
        """Whether it holds at that moment, as clocks on the wall show it."""
        return any(first <= minute_of(at) < last for first, last in self.spans())

    def spans(self) -> list[tuple[int, int]]:
        """The stretches of a week in which it holds, in minutes from Monday, none across its end."""
        found = []
        length = (self.end - self.start) % DAY or DAY
        for day in self.days:
            first = (int(day) - 1) * DAY + self.start
            last = first + length
            found.append((first, min(last, WEEK)))
            if last > WEEK:
                found.append((0, last - WEEK))
        return sorted(found)

    def __str__(self) -> str:
        days = "" if self.days == EVERY_DAY else _short(self.days)
        time = "" if (self.start, self.end) == (0, DAY) else f"{clock(self.start)}-{clock(self.end)}"
        return f"{days} {time}".strip()


WEEK = 7 * DAY
ALWAYS = Hours()


def minute_of(at: datetime) -> int:
    """Minutes since Monday, midnight."""
    return at.weekday() * DAY + at.hour * 60 + at.minute


def told(spans: Iterable[tuple[int, int]]) -> list[Hours]:
    """Stretches of a week, in minutes from Monday, as few hours as say the same; what lasts longer than a day is cut at midnight."""
    found: dict[tuple[int, int], set[int]] = {}
    runs = _joined(spans)
    if runs == [(0, WEEK)]:
        return [ALWAYS]
    for first, last in runs:
        while first < last:
            midnight = (first // DAY + 1) * DAY
            until = last if last - first < DAY else min(last, midnight)
            found.setdefault((first % DAY, until % DAY or DAY), set()).add(first // DAY % 7 + 1)
            first = until
    return sorted(Hours("".join(map(str, sorted(days))), start, end) for (start, end), days in found.items())


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that touch are one; the end of Sunday goes on in Monday, beyond the week."""
    runs: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if runs and first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == WEEK:
        runs = [*runs[1:-1], (runs[-1][0], WEEK + runs[0][1])]
    return runs


def clock(minute: int) -> str:
    """A minute of the day as "08:30"; the end of the day as "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _short(days: str) -> str:
    """ "12345" as "1-5", "6" as "6", "135" as "1,3,5"."""
    if len(days) > 1 and days in EVERY_DAY:
        return f"{days[0]}-{days[-1]}"
    return ",".join(days)


def read_hours(text: str) -> Hours:
    """What somebody wrote: "周一至周五 8:30-17:30", "22:00-6:00", "周末", "Mon-Fri 9-17"; ValueError for anything else.

    Nothing at all is always.
    """
    text = text.strip().casefold()
    for word, meant in _WORDS.items():
        text = text.replace(word, f" {meant} ")
    start, end = 0, DAY
    if found := _TIME.search(text):
        hours, minutes, to_hours, to_minutes = (int(part or 0) for part in found.groups())
        is_days_only = (
            not text[: found.start()].strip() and ":" not in found[0] and "：" not in found[0] and to_hours <= 7
        )
        if not is_days_only:
            start, end = hours * 60 + minutes, to_hours * 60 + to_minutes
            if hours > 23 or minutes > 59 or end > DAY or to_minutes > 59 or start == end:
                raise ValueError(f"no hours: {text}")
            text = text[: found.start()]
    return Hours(_days(text), start, end)


def _days(text: str) -> str:
    for name, day in {**_NAMES, **_ENGLISH}.items():
        text = text.replace(name, day)
    text = re.sub(r"星期|礼拜|周|\s|days?|、|，|,|和|及", "", text)
    text = re.sub(r"[–—~至到]", "-", text)
    text = _SPAN.sub(lambda found: EVERY_DAY[int(found[1]) - 1 : int(found[2])] or "x", text)
    if not re.fullmatch(r"[1-7]*", text):
        raise ValueError(f"no hours: {text}")
    return "".join(sorted(set(text))) or EVERY_DAY
