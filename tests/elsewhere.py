"""The test database for processes of its own."""

from urllib.parse import quote

from django.db import connection


def address(database: str = "") -> str:
    """Where the database of this test is reached, or another of the same server."""
    said = connection.settings_dict
    user = f"{quote(said['USER'])}{':' if said['PASSWORD'] else ''}{quote(said['PASSWORD'])}@" if said["USER"] else ""
    return f"postgresql://{user}/{database or said['NAME']}?host={quote(said['HOST'])}&port={said['PORT'] or 5432}"


def environment() -> dict[str, str]:
    """What another process needs in its environment to work on the database of this test."""
    return {"DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
