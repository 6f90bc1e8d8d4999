"""The pulse: a moment written on the primary every few seconds, by which a replica shows how late it is."""

from django.db import connection, connections

from ..queries.reading import REPLICA

SQL = """
INSERT INTO events_pulse (id, at) VALUES (1, now())
ON CONFLICT (id) DO UPDATE SET at = excluded.at
WHERE events_pulse.at NOT BETWEEN excluded.at - interval '2 seconds' AND excluded.at
"""


def beat() -> None:
    """Write it, where there is a replica and no other worker has just done so."""
    if REPLICA in connections.databases:
        with connection.cursor() as cursor:
            cursor.execute(SQL)
