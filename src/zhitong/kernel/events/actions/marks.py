"""Telling every process that something it keeps has changed."""

from django.db import connection


def set_mark(name: str) -> None:
    """Give the mark a new value, with the change and in its transaction; for what no trigger watches."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_mark (name, value) VALUES (%s, gen_random_uuid()) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name],
        )
