"""Rows by COPY and by one statement: what goes in comes out."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.base.bulk import copy_rows, insert_rows

pytestmark = pytest.mark.django_db
COLUMNS = ("id", "name", "digest", "path", "at", "size", "data")
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.integers(0, 10**16).map(lambda n: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=n))
ROWS = st.lists(
    st.tuples(
        st.uuids(), TEXTS, st.none() | st.binary(max_size=40), st.lists(st.uuids(), max_size=3), st.none() | MOMENTS,
        st.none() | st.floats(-180, 180), st.dictionaries(TEXTS, TEXTS | st.none() | st.integers(0, 9), max_size=2),
    ),
    max_size=5, unique_by=lambda row: row[0],
)  # fmt: skip


@pytest.fixture
def _things() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bulk_thing (id uuid PRIMARY KEY, name text NOT NULL, digest bytea, path uuid[], at timestamptz, "
            "size float, data jsonb, made text DEFAULT 'here')"
        )
        yield


def inserted(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        insert_rows(cursor, "bulk_thing", COLUMNS, rows)


def copied(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        copy_rows(cursor, "bulk_thing", COLUMNS, [(*row[:-1], json.dumps(row[-1])) for row in rows])


def found() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, digest, path, at, size, data::text FROM bulk_thing WHERE made = 'here'")
        return {repr(plain(*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()}


def plain(pk: UUID, name: str, digest: Any, *others: Any) -> tuple[Any, ...]:
    *before, data = others
    return (pk, name, None if digest is None else bytes(digest), *before, dict(sorted(data.items())))


@pytest.mark.usefixtures("_things")
@pytest.mark.parametrize("write", [inserted, copied])
@settings(max_examples=50)
@given(rows=ROWS)
def test_what_goes_in_comes_out(write: Callable[[list[tuple[Any, ...]]], None], rows: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        write(rows)
        assert found() == {repr(plain(*row)) for row in rows}
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_things")
def test_what_is_there_is_left_out_and_what_was_written_is_told() -> None:
    one, two = UUID(int=1), UUID(int=2)
    with connection.cursor() as cursor:
        for rows, told in (([(one, "一")], {one}), ([(one, "又"), (two, "二")], {two})):
            insert_rows(cursor, "bulk_thing", ("id", "name"), rows, tail="ON CONFLICT DO NOTHING RETURNING id")
            assert {pk for (pk,) in cursor.fetchall()} == told


@pytest.mark.usefixtures("_things")
def test_a_statement_outlives_the_transaction_that_prepared_it() -> None:
    columns = ("id", "name", "size")
    for _ in range(2):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            insert_rows(cursor, "bulk_thing", columns, [(UUID(int=3), None, 1.5)])
    with connection.cursor() as cursor:
        insert_rows(cursor, "bulk_thing", columns, [(UUID(int=3), "三", 1.5)])
