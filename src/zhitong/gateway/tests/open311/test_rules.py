"""Plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhitong.base.identifiers import uuid7_at

from ...open311 import rules

NOW = datetime(2026, 6, 1, tzinfo=UTC)
QUARTER = timedelta(days=90)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00+08:00"),
        ("2026-03-02T09:00:00 08:00", "2026-03-02T09:00:00+08:00"),  # the plus sign was not escaped
        ("2026-03-02T09:00:00.5Z", "2026-03-02T09:00:00.500000+00:00"),
        ("2026-03-02T09:00", "2026-03-02T09:00:00+08:00"),
        ("2026-03-02", "2026-03-02T00:00:00+08:00"),
        ("", None),
        ("yesterday", None),
        ("2026-13-02T09:00:00Z", None),
    ],
)
def test_moments(text, found):
    at = rules.moment(text)
    assert (at.isoformat() if at else None) == found


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (None, None, (NOW - QUARTER, NOW)),
        (NOW - timedelta(days=10), None, (NOW - timedelta(days=10), NOW)),
        (NOW - timedelta(days=300), None, (NOW - timedelta(days=300), NOW - timedelta(days=210))),
        (NOW + timedelta(days=3), None, (NOW + timedelta(days=3), NOW + timedelta(days=3))),
        (None, NOW - timedelta(days=300), (NOW - timedelta(days=390), NOW - timedelta(days=300))),
        (NOW - QUARTER, NOW, (NOW - QUARTER, NOW)),
        (NOW - QUARTER - timedelta(seconds=1), NOW, None),
        (datetime.max.replace(tzinfo=UTC), None, None),
        (None, datetime.min.replace(tzinfo=UTC), None),
    ],
)
def test_spans(start, end, span):
    assert rules.span(start, end, NOW) == span


@given(st.integers(10**9, 10**10).map(lambda seconds: datetime.fromtimestamp(seconds / 1.7, UTC)))
@example(datetime(2004, 10, 16, 8, 33, 10, tzinfo=UTC))  # a millisecond later is none as a float
def test_the_first_id_of_a_moment_is_before_every_id_made_at_it(at):
    assert rules.first_id(at) <= uuid7_at(at)
    assert rules.first_id(at + timedelta(milliseconds=1)) > uuid7_at(at)


def test_attributes():
    fields = [
        ("attribute[a]", ["1"]), ("attribute[b][]", ["2", "3"]), ("attribute[c]", [""]), ("attribute[]", ["4"]),
        ("attribute", ["5"]), ("lat", ["6"]), ("attribute[a][]", ["7"]),
    ]  # fmt: skip
    assert rules.attributes(fields) == {"a": ["1", "7"], "b": ["2", "3"]}


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("小明", "王", "王小明"),
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("Ada", "", "Ada"),
        ("", "王", "王"),
        (" ", "", ""),
    ],
)
def test_names(first, last, whole):
    assert rules.full_name(first, last) == whole


def test_lists():
    assert rules.listed(" a, b,,a ,c") == ["a", "b", "c"]
