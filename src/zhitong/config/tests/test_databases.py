"""Addresses of databases: what libpq understands is understood, and which of several servers is taken."""

import os
import subprocess

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

from zhitong.config import databases, postgres

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "host", "port", "name", "user", "password"),
    [
        ("postgresql://postgres@/zhitong?host=/a%20b/pg", "/a b/pg", "", "zhitong", "postgres", ""),
        ("postgresql://u:p%40ss@db.example:5433/district", "db.example", "5433", "district", "u", "p@ss"),
        ("postgresql://u@[::1]:5433/district", "::1", "5433", "district", "u", ""),
        ("postgresql://u:p@one:5433,two:5434/d", "one,two", "5433,5434", "d", "u", "p"),
        ("postgresql://u@/d?host=one,two&port=5433", "one,two", "5433", "d", "u", ""),
        ("host=one,two dbname=d user=u password='a b'", "one,two", "", "d", "u", "a b"),
    ],
)
def test_what_libpq_understands(url: str, host: str, port: str, name: str, user: str, password: str) -> None:
    found = databases.primary(url)
    assert [found[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [host, port, name, user, password]


def test_of_several_the_one_that_takes_writes() -> None:
    several = databases.primary("postgresql://one,two/d?connect_timeout=9&options=-c%20a.b%3Dc")["OPTIONS"]
    assert several["target_session_attrs"] == "read-write"
    assert several["connect_timeout"] == "9"
    assert several["options"] == f"{databases.SHORT} -c a.b=c"
    assert databases.primary("postgresql://one/d")["OPTIONS"] == {"options": databases.SHORT}
    chosen = databases.primary("postgresql://one,two/d?target_session_attrs=any")["OPTIONS"]
    assert chosen["target_session_attrs"] == "any"


@pytest.mark.parametrize("url", ["postgresql://h:x y/d", "mysql://h/d", "postgresql://h/d?no_such=1"])
def test_what_it_does_not_is_said(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="not an address of PostgreSQL"):
        databases.primary(url)


def hosts(*more: str) -> str:
    """The server of the tests among others, in the order given; "" stands for it."""
    said = connection.settings_dict
    named = ",".join(one or said["HOST"] for one in more)
    return f"host={named} port={said['PORT'] or 5432} dbname={said['NAME']} user={said['USER']} password='{said['PASSWORD']}'"


def test_a_server_that_is_away_is_passed_over() -> None:
    settings = connection.settings_dict | databases.primary(hosts("/nowhere", ""))
    found = DatabaseWrapper(settings, "several")
    with found.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        assert cursor.fetchone() == (False,)
    found.close()


def test_a_server_that_takes_no_writes_is_passed_over() -> None:
    """As the primary that was: there, and of no use."""
    settings = connection.settings_dict | databases.primary(hosts("", ""))
    settings["OPTIONS"] |= {"options": "-c default_transaction_read_only=on"}
    with pytest.raises(OperationalError, match="read-only"):
        DatabaseWrapper(settings, "several").ensure_connection()


def test_the_programs_of_postgresql_go_the_same_way() -> None:
    given = databases.environment_of(databases.primary(hosts("/nowhere", "")))
    assert given["PGTARGETSESSIONATTRS"] == "read-write"
    assert "PGOPTIONS" not in given
    command = [postgres.programs() / "psql", "-XAtd", connection.settings_dict["NAME"], "-c", "SELECT 7"]
    done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)
    assert done.stdout == "7\n", done.stderr
