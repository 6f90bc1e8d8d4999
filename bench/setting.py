"""A PostgreSQL of its own with full durability, and the districts in it that are measured on.

``district`` is the demo district without a single matter; every other database is a copy of it, so that all of them
have the same divisions, organs and people under the same ids.
"""

import contextlib
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from zhitong.config import postgres
from zhitong.config.environment import VAR

HOME = VAR / "bench"
DATA = HOME / "postgres"
TEMPLATE = "district"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "zhitong.config.settings",
    "ZHITONG_SECRET_KEY": "only-for-benchmarks",
    "ZHITONG_DATA_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMhISE=",
    "ZHITONG_PLAIN_HTTP": "1",
    "ZHITONG_LOG": "WARNING",
}
SEED = 370103


def address(database: str) -> str:
    """Where ``database`` is reached."""
    return postgres.address(DATA, database)


@contextlib.contextmanager
def running() -> Iterator[None]:
    """The server, and Django set up on the template, which is made if there is none that fits the code."""
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("ZHITONG_DEMO", "ZHITONG_DEBUG"):
        os.environ.pop(name, None)
    os.environ.update(ENVIRONMENT)
    with postgres.using(DATA, database=TEMPLATE) as url:
        os.environ["DATABASE_URL"] = url
        from zhitong.config.cli import setup

        setup()
        _make_template()
        yield


def use(database: str) -> None:
    """Let Django's connection of this thread lead to ``database``."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database
    os.environ["DATABASE_URL"] = address(database)


def admin(statement: sql.Composed) -> None:
    """One statement outside all of the databases."""
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def flush() -> None:
    """Let what making and migrating wrote be on the disk before anything is timed."""
    admin(sql.SQL("CHECKPOINT").format())


def drop(database: str) -> None:
    """Take a database away, whoever uses it."""
    admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def copy(database: str, source: str = TEMPLATE) -> None:
    """A fresh copy of ``source``; Django's connection leads to it."""
    use("postgres")
    drop(database)
    admin(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(source)))
    use(database)


def rename(database: str, name: str) -> None:
    """Give a database that is ready its name."""
    use("postgres")
    drop(name)
    admin(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(name)))
    use(name)


def exists(database: str) -> bool:
    """Whether there is one."""
    with psycopg.connect(address("postgres")) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())


def stamp(database: str) -> str:
    """What is noted on a database: what it was made by."""
    with psycopg.connect(address("postgres")) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
    return (row and row[0]) or ""


def put_stamp(database: str, text: str) -> None:
    """Note it, once it is whole."""
    admin(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(database), sql.Literal(text)))


def schema() -> str:
    """The last migration of every component: a database of another schema is made again."""
    from django.db.migrations.loader import MigrationLoader

    return " ".join(f"{app}.{name}" for app, name in sorted(MigrationLoader(None).graph.leaf_nodes()))


def ensure(database: str, made_by: str, make: Callable[[], None], source: str = TEMPLATE) -> None:
    """Make ``database`` from a copy of ``source`` by ``make``, unless it is there and was made the same way.

    One that was made the same way before a migration was added is migrated.
    """
    wanted = f"{schema()} {made_by}"
    noted = stamp(database) if exists(database) else ""
    if noted.endswith(f" {made_by}") and _is_brought_up(database, noted, wanted):
        _fold()
        return
    started = time.perf_counter()
    copy(f"{database}_new", source)
    make()
    rename(f"{database}_new", database)
    put_stamp(database, wanted)
    print(f"made the database {database} in {time.perf_counter() - started:.0f} s", flush=True)


def _is_brought_up(database: str, noted: str, wanted: str) -> bool:
    """Whether the database is of the wanted schema now; not where its migrations have been put in another order since."""
    from django.db.migrations.exceptions import InconsistentMigrationHistory

    use(database)
    if noted != wanted:
        try:
            _migrate(database, wanted)
        except InconsistentMigrationHistory:
            return False
    return True


def _migrate(database: str, wanted: str) -> None:
    """Bring a filled database up to date, which is quicker than filling it again."""
    from django.db import connection

    from zhitong.config.prepare import migrate

    started = time.perf_counter()
    migrate()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    put_stamp(database, wanted)
    print(f"migrated the database {database} in {time.perf_counter() - started:.0f} s", flush=True)


def _fold() -> None:
    """What was folded in fewer grains than there are by now, as the worker would, so that no figure is read from facts for want of it."""
    from django.db import connection

    from zhitong.kernel.indicators.public import fold_finished

    if fold_finished(most=10_000, seconds=3600):
        while fold_finished(most=10_000, seconds=3600):
            pass
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE indicators_rollupday, indicators_rollupmonth, indicators_rolledday")


def _make_template() -> None:
    use("postgres")
    if exists(TEMPLATE) and stamp(TEMPLATE) == schema():
        use(TEMPLATE)
        return
    started = time.perf_counter()
    drop(TEMPLATE)
    postgres.ensure_database(DATA, TEMPLATE)
    use(TEMPLATE)
    _district()
    use("postgres")
    put_stamp(TEMPLATE, schema())
    print(f"made the empty district in {time.perf_counter() - started:.0f} s", flush=True)


def _district() -> None:
    from django.db import connection
    from django.utils import timezone

    from zhitong.config.demo import loading
    from zhitong.config.prepare import migrate

    migrate()
    loading.set_up(timezone.now(), SEED)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def machine() -> str:
    """What was measured on."""
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    version = subprocess.run(
        [postgres.programs() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return (
        f"{os.cpu_count()} cores ({cpu}), {memory / 2**20:.0f} GB, Python {platform.python_version()}, "
        f"PostgreSQL {version.stdout.split()[2]}, load {os.getloadavg()[0]:.1f} before the run, {time.strftime('%Y-%m-%d %H:%M')}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
