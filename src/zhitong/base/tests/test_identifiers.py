import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.identifiers import check_number, matter_number, tracking_code, uuid7, uuid7_at

serials = st.integers(1, 999_999)
days = st.dates(date(2000, 1, 1), date(2199, 12, 31))


def test_uuid7_has_its_version_and_variant():
    value = uuid7()
    assert value.version == 7
    assert value.variant == "specified in RFC 4122"


def test_uuid7_is_strictly_increasing():
    values = [uuid7() for _ in range(20_000)]
    assert all(a < b for a, b in pairwise(values))


def test_uuid7_is_unique_and_ordered_in_each_of_many_threads():
    batches: list[list[UUID]] = [[] for _ in range(8)]

    def fill(batch):
        batch.extend(uuid7() for _ in range(5_000))

    threads = [threading.Thread(target=fill, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({value for batch in batches for value in batch}) == 40_000
    assert all(batch == sorted(batch) for batch in batches)


def test_uuid7_still_increases_when_the_clock_goes_back(monkeypatch):
    before = uuid7()
    monkeypatch.setattr("zhitong.base.identifiers.time.time_ns", lambda: 0)
    assert uuid7() > before


def test_uuid7_borrows_a_millisecond_when_the_counter_is_full(monkeypatch):
    from zhitong.base import identifiers

    clock = identifiers._Clock()
    monkeypatch.setattr("zhitong.base.identifiers.time.time_ns", lambda: 0)
    clock.millis, clock.counter = 5, 2**42 - 1
    assert clock.tick()[0] == 6


def test_uuid7_at_stands_where_its_moment_does():
    start = datetime(2026, 9, 7, 9, tzinfo=UTC)
    moments = [start, start, start, start + timedelta(milliseconds=1), start + timedelta(days=1)]
    values = [uuid7_at(moment) for moment in moments]
    assert values == sorted(values)
    assert len(set(values)) == 5
    assert values[0].version == 7
    assert values[0].int >> 80 == int(start.timestamp()) * 1000
    assert uuid7_at(datetime(1949, 10, 1, tzinfo=UTC)) < values[0] < uuid7()


@given(days, serials)
def test_a_matter_number_checks(on, serial):
    number = matter_number(on, serial)
    assert len(number) == 15
    assert number.startswith(f"{on:%Y%m%d}")
    assert check_number(number)


@given(days, serials, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_found(on, serial, place, shift):
    number = matter_number(on, serial)
    wrong = str((int(number[place]) + shift) % 10)
    assert not check_number(number[:place] + wrong + number[place + 1 :])


def test_the_standards_own_example():
    from zhitong.base.identifiers import _check_digit

    assert _check_digit("0794") == 5  # ISO 7064, MOD 11,10


@pytest.mark.parametrize("text", ["", "20261122000001", "2026112200000１4", "abcdefghijklmno"])
def test_other_text_does_not_check(text):
    assert not check_number(text)


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_a_serial_out_of_range_is_an_error(serial):
    with pytest.raises(ValueError, match="serial"):
        matter_number(date(2026, 1, 1), serial)


def test_tracking_codes_have_no_letters_that_are_mistaken():
    codes = {tracking_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 8 and not set(code) & set("0O1IL") for code in codes)
