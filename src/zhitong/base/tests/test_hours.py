from datetime import UTC, datetime

import pytest

from zhitong.base.hours import ALWAYS, WEEK, Hours, read_hours, told

MONDAY_NIGHT, TUESDAY_DAWN, NOON = (
    datetime(2026, 9, day, hour, minute, tzinfo=UTC) for day, hour, minute in ((7, 23, 0), (8, 5, 59), (7, 12, 0))
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""), ("全天", ""), ("每天", ""), ("22:00-6:00", "22:00-06:00"), ("22：00至次日6：00", "22:00-06:00"),
        ("周一至周五 8:30-17:30", "1-5 08:30-17:30"), ("工作日 8:30-17:30", "1-5 08:30-17:30"), ("周末", "6-7"),
        ("周一、周三 9-12", "1,3 09:00-12:00"), ("Mon-Fri 9:00-17:00", "1-5 09:00-17:00"), ("1-5", "1-5"),
        ("星期日", "7"), ("0:00-24:00", ""), ("1,3,5", "1,3,5"),
    ],
)  # fmt: skip
def test_what_people_write_has_one_form_that_reads_itself(text: str, canonical: str) -> None:
    found = read_hours(text)
    assert str(found) == canonical
    assert read_hours(str(found)) == found


@pytest.mark.parametrize("text", ["晚上", "25:00-26:00", "8:00-8:00", "周八", "周五至周一 9-12", "9:70-10:00", "abc"])
def test_what_cannot_be_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no hours"):
        read_hours(text)


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    night = read_hours("周一 22:00-6:00")
    assert night.covers(MONDAY_NIGHT)
    assert night.covers(TUESDAY_DAWN)
    assert not night.covers(NOON)
    assert not read_hours("周二 22:00-6:00").covers(TUESDAY_DAWN)


def test_the_night_of_sunday_goes_on_in_the_first_hours_of_the_week() -> None:
    assert Hours("7", 22 * 60, 6 * 60).spans() == [(0, 6 * 60), (WEEK - 120, WEEK)]
    assert ALWAYS.is_always
    assert sum(last - first for first, last in ALWAYS.spans()) == WEEK


@pytest.mark.parametrize("text", ["", "22:00-06:00", "1-5 08:30-17:30", "6-7", "7 22:00-06:00", "1,3 09:00-12:00"])
def test_stretches_are_told_as_they_were_written(text: str) -> None:
    assert [str(one) for one in told(read_hours(text).spans())] == [text]


def test_what_is_left_of_office_hours_is_the_nights_and_the_weekend() -> None:
    office = read_hours("1-5 08:30-17:30").spans()
    rest = list(zip([0, *(last for _first, last in office)], [*(first for first, _last in office), WEEK], strict=True))
    said = [str(one) for one in told(rest)]
    assert said == ["1 00:00-08:30", "1-4 17:30-08:30", "5 17:30-24:00", "6-7"]
