"""Where the databases are: a conninfo of libpq each, with as many hosts as there are servers that may be the primary."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError, pq
from psycopg.conninfo import conninfo_to_dict

# Where several servers may be the primary, one that is away or is not the primary is passed over quickly, and a connection
# whose machine fell silent is given up: seconds, seconds, seconds, attempts, milliseconds.
SEVERAL: dict[str, Any] = {
    "connect_timeout": "3",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
# What is asked takes milliseconds: to compile a statement, or to share it out, takes longer than to answer it.
SHORT = "-c jit=off -c max_parallel_workers_per_gather=0"
_NAMED = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}


def database(url: str, **defaults: Any) -> dict[str, Any]:
    """A database as Django wants it; ``defaults`` are for what the conninfo does not say.

    The default of ``target_session_attrs`` counts only where several hosts are named.
    """
    try:
        said: dict[str, Any] = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"not an address of PostgreSQL: {str(error).strip()}") from error
    if "," in said.get("host", ""):
        said = {**SEVERAL, **defaults, **said}
    said["options"] = f"{SHORT} {said.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said.pop("dbname", ""),
        **{name: said.pop(key, "") for key, name in _NAMED.items()},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": said,
        "TEST": {"NAME": os.environ.get("ZHITONG_TEST_DB", "test_zhitong")},
    }


def primary(url: str) -> dict[str, Any]:
    """The one that takes writes, whichever of the hosts that is at the moment."""
    return database(url, target_session_attrs="read-write")


def replicas(url: str) -> dict[str, Any]:
    """One that only has to be read: a standby where there is one.  Whoever is connected looks for one anew now and then."""
    found = database(url, target_session_attrs="prefer-standby", load_balance_hosts="random")
    found["OPTIONS"]["options"] += " -c default_transaction_read_only=on"
    return found | {"CONN_MAX_AGE": 300, "TEST": {"MIRROR": "default"}}


def environment_of(settings: dict[str, Any]) -> dict[str, str]:
    """The environment in which PostgreSQL's own programs reach this database; its name apart."""
    variables = {o.keyword.decode(): o.envvar.decode() for o in pq.Conninfo.get_defaults() if o.envvar}
    said = {key: settings[name] for key, name in _NAMED.items()} | settings["OPTIONS"]
    return {
        variables[key]: str(value) for key, value in said.items() if value and key in variables and key != "options"
    }
