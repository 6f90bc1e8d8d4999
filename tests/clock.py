"""A clock of the database that can be set: for tests of what happens when it is wrong.

PostgreSQL's own ``now()`` cannot be set.  Here a schema stands before its catalogue, with a ``now()`` and a
``clock_timestamp()`` of its own, for this connection; and the log's column takes its moment from there.
"""

from django.db import connection

SHIFTED = """
DROP SCHEMA IF EXISTS shifted CASCADE;
CREATE SCHEMA shifted;
CREATE FUNCTION shifted.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT pg_catalog.now() + interval ''{by}''';
CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
  AS 'SELECT pg_catalog.clock_timestamp() + interval ''{by}''';
ALTER TABLE events_event ALTER recorded_at SET DEFAULT shifted.now();
SET LOCAL search_path = shifted, pg_catalog, public"""


def set_clock(by: str) -> None:
    """The database's clock is ahead by this interval ("3 days", "-2 hours") until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(SHIFTED.format(by=by))
