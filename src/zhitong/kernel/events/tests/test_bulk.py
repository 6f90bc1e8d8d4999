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

from zhitong.base.bulk import FEW, copy_rows, insert_rows, together, update_rows, write_rows

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


def gathered(rows: list[tuple[Any, ...]]) -> None:
    with together(connection), connection.cursor() as cursor:
        for row in rows:
            write_rows(cursor, "bulk_thing", COLUMNS, [row])


def found() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, digest, path, at, size, data::text FROM bulk_thing WHERE made = 'here'")
        return {repr(plain(*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()}


def plain(pk: UUID, name: str, digest: Any, *others: Any) -> tuple[Any, ...]:
    *before, data = others
    return (pk, name, None if digest is None else bytes(digest), *before, dict(sorted(data.items())))


@pytest.mark.usefixtures("_things")
@pytest.mark.parametrize("write", [inserted, copied, gathered])
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


NAMED = ("id", "name")


def many(count: int, first: int = 1) -> list[tuple[UUID, str]]:
    return [(UUID(int=n), str(n)) for n in range(first, first + count)]


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bulk_thing")
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("_things")
@pytest.mark.parametrize("rows", [0, 1, FEW, FEW + 1, 3 * FEW])
def test_few_and_many_are_written(rows: int) -> None:
    with connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, iter(many(rows)))
    assert count() == rows


@pytest.mark.usefixtures("_things")
def test_what_waits_goes_in_one_message_and_before_anything_else_is_asked(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    with connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, many(1, 90))  # prepares the statement
        with django_assert_num_queries(1), together(connection):
            for first in (1, 11, 21):
                write_rows(cursor, "bulk_thing", NAMED, many(10, first))
        with together(connection):
            write_rows(cursor, "bulk_thing", NAMED, many(1, 50))
            assert count() == 32
            write_rows(cursor, "bulk_thing", NAMED, many(1, 51))
            copy_rows(cursor, "bulk_thing", NAMED, many(1, 52))
            write_rows(cursor, "bulk_thing", NAMED, many(1, 53))
            insert_rows(cursor, "bulk_thing", NAMED, many(1, 54), tail="RETURNING (SELECT count(*) FROM bulk_thing)")
            assert cursor.fetchone() == (35,)
    assert count() == 36


def spoiled(spoil: Callable[[Any], Any]) -> None:
    with transaction.atomic(), together(connection), connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, many(2))
        spoil(cursor)


@pytest.mark.usefixtures("_things")
def test_what_is_wrong_with_a_row_that_waits_is_told_and_nothing_of_it_stays() -> None:
    with pytest.raises(IntegrityError):
        spoiled(lambda cursor: write_rows(cursor, "bulk_thing", NAMED, many(1)))
    assert count() == 0
    with pytest.raises(ZeroDivisionError):
        spoiled(lambda _cursor: 1 // 0)
    assert count() == 0
    with together(connection), connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, many(2))
        with together(connection):  # the outermost sends
            write_rows(cursor, "bulk_thing", NAMED, many(2, 3))
    assert count() == 4


@pytest.mark.usefixtures("_things")
@settings(max_examples=25)
@given(rows=ROWS)
def test_what_is_written_over_what_was_there_comes_out(rows: list[tuple[Any, ...]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, [(row[0], "before") for row in rows])
        with together(connection):
            update_rows(cursor, "bulk_thing", COLUMNS, [*rows, (UUID(int=1), "nobody's", *[None] * 5)])
        assert found() == {repr(plain(*row)) for row in rows}
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_things")
def test_what_waits_goes_along_with_the_next_question(django_assert_num_queries: Callable[..., Any]) -> None:
    with connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, many(1, 90))  # prepares the statement
    with django_assert_num_queries(5), connection.cursor() as cursor:
        with together(connection):
            write_rows(cursor, "bulk_thing", NAMED, many(1))
            write_rows(cursor, "bulk_thing", NAMED, many(1, 2))
            assert count() == 3
            write_rows(cursor, "bulk_thing", NAMED, many(1, 3))
            cursor.execute("SELECT name, '100%%' FROM bulk_thing WHERE name = ANY(%s) ORDER BY name", [["1", "3"]])
            assert cursor.fetchall() == [("1", "100%"), ("3", "100%")]
            write_rows(cursor, "bulk_thing", NAMED, many(1, 4))
            cursor.execute("SELECT count(*), '100%' FROM bulk_thing; SELECT max(name) FROM bulk_thing")
            assert cursor.fetchone() == (5, "100%")
            assert cursor.nextset()
            assert cursor.fetchone() == ("90",)
        with together(connection):
            write_rows(cursor, "bulk_thing", NAMED, many(1, 5))
            cursor.execute(
                "UPDATE bulk_thing SET size = 1 WHERE name IN (%(one)s, %(other)s)", {"one": "4", "other": "5"}
            )
            assert cursor.rowcount == 2


def in_a_savepoint(cursor: Any, first: int, fail: Callable[[], Any]) -> None:
    with transaction.atomic():
        write_rows(cursor, "bulk_thing", NAMED, many(1, first))
        fail()


@pytest.mark.usefixtures("_things")
def test_what_waits_inside_a_savepoint_that_is_given_up_is_not_written() -> None:
    with transaction.atomic(), together(connection), connection.cursor() as cursor:
        write_rows(cursor, "bulk_thing", NAMED, many(1))
        with pytest.raises(ZeroDivisionError):
            in_a_savepoint(cursor, 2, lambda: 1 // 0)
        with pytest.raises(IntegrityError):
            in_a_savepoint(cursor, 1, count)
        write_rows(cursor, "bulk_thing", NAMED, many(1, 3))
    assert count() == 2
