"""The test database for processes of its own."""

from urllib.parse import quote

from django.db import connection


def environment() -> dict[str, str]:
    """What another process needs in its environment to work on the database of this test."""
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}@/{known['NAME']}?host={quote(known['HOST'])}"
    return {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
