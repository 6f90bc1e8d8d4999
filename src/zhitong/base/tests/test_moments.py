"""Days and moments as people write them."""

from datetime import UTC, date, datetime

import pytest

from zhitong.base.moments import dated, dated_short

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (DAY, "2026年11月22日", "22 Nov 2026"),
        (datetime(2026, 11, 22, 1, 30, tzinfo=UTC), "2026年11月22日 09:30", "22 Nov 2026 09:30"),
        ("2026-11-22", "2026年11月22日", "22 Nov 2026"),
        ("2026-11-22 09:30", "2026年11月22日 09:30", "22 Nov 2026 09:30"),
        ("2026-11-22T01:30:05.123456+00:00", "2026年11月22日 09:30", "22 Nov 2026 09:30"),
        ("1931-02-03", "1931年2月3日", "3 Feb 1931"),
        ("2026-13-45", "2026-13-45", "2026-13-45"),
        ("编号2026-11-22", "编号2026-11-22", "编号2026-11-22"),
        ("202611220000001", "202611220000001", "202611220000001"),
        (None, "", ""),
    ],
)
def test_days_are_written_as_their_readers_do(value: date | str | None, zh: str, en: str) -> None:
    assert (dated(value, "zh-hans"), dated(value, "en")) == (zh, en)
    assert dated(value, None) == zh


def test_without_the_year() -> None:
    assert (dated_short(DAY, "zh-hans"), dated_short(DAY, "en")) == ("11月22日", "22 Nov")
