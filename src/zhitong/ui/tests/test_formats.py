"""Dates, spans and sizes in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from zhitong.ui import formats

AT = datetime(2024, 3, 9, 16, 5, tzinfo=UTC)  # already the tenth in the district


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def both(language: str, chinese: str, english: str) -> str:
    return english if language == "en" else chinese


def test_days_and_moments_are_the_districts(language):
    assert formats.day(AT) == both(language, "2024年3月10日", "10 Mar 2024")
    assert formats.moment(AT) == both(language, "2024年3月10日 00:05", "10 Mar 2024 00:05")
    assert formats.short_day(AT) == both(language, "2024年3月10日", "10 Mar 2024")
    assert formats.short_moment(AT) == both(language, "2024年3月10日 00:05", "10 Mar 2024 00:05")
    assert formats.weekday(AT) == both(language, "周日", "Sun")
    assert formats.clock_time(AT) == "00:05"
    assert formats.iso(AT) == "2024-03-09T16:05:00+00:00"


@pytest.mark.parametrize(
    ("hours", "chinese", "english"),
    [("1 00:00-08:30; 1-4 17:30-08:30", "周一00:00至08:30；周一至周四17:30至次日08:30", "Mon 00:00 to 08:30; Mon-Thu 17:30 to 08:30 next day"),
     ("22:00-06:00", "每天22:00至次日06:00", "daily 22:00 to 06:00 next day"), ("6-7", "周六至周日全天", "Sat-Sun"),
     ("1,3,5 9:00-24:00", "周一、周三、周五09:00至24:00", "Mon, Wed, Fri 09:00 to 24:00")],
)  # fmt: skip
def test_hours_of_the_week_are_told_in_words(hours, chinese, english, language):
    assert formats.week_hours(hours) == both(language, chinese, english)


def test_the_year_is_left_out_when_it_is_this_one(language):
    today = formats.local(timezone.now()).date().replace(month=3, day=9)
    assert formats.short_day(today) == both(language, "3月9日", "9 Mar")


def test_a_naive_moment_and_a_plain_day_are_taken_as_local():
    assert formats.moment(datetime(2024, 3, 9, 8, 30)) == "2024年3月9日 08:30"  # noqa: DTZ001
    assert formats.day(date(2024, 3, 9)) == "2024年3月9日"


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(seconds=5), "1分钟", "1 min"),
        (timedelta(minutes=59), "59分钟", "59 min"),
        (timedelta(hours=1), "1小时", "1 hour"),
        (timedelta(hours=-2), "2小时", "2 hours"),
        (timedelta(hours=2, minutes=3), "2小时3分", "2 h 3 min"),
        (timedelta(days=1), "1天", "1 day"),
        (timedelta(days=2, hours=4), "2天4小时", "2 d 4 h"),
        (timedelta(days=30, hours=4), "30天", "30 days"),
        (7200, "2小时", "2 hours"),
    ],
)
def test_span(language, length, chinese, english):
    assert formats.span(length) == both(language, chinese, english)


def test_ago_and_left(language):
    hours = timedelta(hours=3, minutes=20)
    assert formats.ago(AT, AT + timedelta(seconds=20)) == both(language, "刚刚", "just now")
    assert formats.ago(AT, AT + hours) == both(language, "3小时前", "3 hours ago")
    assert formats.ago(AT, AT - timedelta(days=2)) == both(language, "2天后", "in 2 days")
    assert formats.ago(AT, AT + timedelta(minutes=7)) == both(language, "7分钟前", "7 min ago")
    assert formats.ago(AT, AT + timedelta(days=60)) == formats.short_day(AT)
    assert formats.left(AT, AT - hours) == both(language, "余3小时20分", "3 h 20 min left")
    assert formats.left(AT, AT + hours) == both(language, "超3小时20分", "3 h 20 min late")


@pytest.mark.parametrize(
    "write",
    [
        formats.day, formats.moment, formats.clock_time, formats.short_day, formats.short_moment, formats.weekday,
        formats.ago, formats.left, formats.span, formats.number, formats.percent,
    ],
)  # fmt: skip
def test_nothing_is_a_dash(write):
    assert write(None) == "—"


def test_nothing_of_a_name_or_an_attribute_is_empty():
    assert formats.named(None) == formats.iso(None) == ""


def test_names(language):
    row = type("Row", (), {"name": "区水务局", "name_en": "Water Bureau"})()
    assert formats.named(row) == both(language, "区水务局", "Water Bureau")
    assert formats.in_language("水", "") == "水"


def test_figures():
    assert formats.number(1234567) == "1,234,567"
    assert formats.number(2.5, 2) == "2.50"
    assert formats.percent(0.4276, 2) == "42.76%"
    assert [formats.filesize(n) for n in (None, 0, 900, 1024, 1_482_000, 3 * 1024**3)] == [
        "0 B", "0 B", "900 B", "1 KB", "1.4 MB", "3 GB",
    ]  # fmt: skip
