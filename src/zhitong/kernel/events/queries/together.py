"""Several questions in one message."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet


def read_together(*questions: QuerySet[Any, Any]) -> None:
    """Ask all of them in one message; each is then as if it had been looked through.  They read the same database, and none knows of
    what another finds."""
    asked = [(one, one.query.get_compiler(using=one.db)) for one in questions]
    statements, values, told = [], [], []
    for one, compiler in asked:
        try:
            statement, own = compiler.as_sql()
        except EmptyResultSet:
            continue
        statements.append(statement)
        values += own
        told.append((one, compiler))
    if not told:
        return
    with connections[questions[0].db].cursor() as cursor:
        cursor.execute("; ".join(statements), values)
        for one, compiler in told:
            _told(one, compiler, cursor.fetchall())
            cursor.nextset()


def _told(question: QuerySet[Any, Any], compiler: Any, rows: list[tuple[Any, ...]]) -> None:
    """Let the queryset make of the rows what it would make of those it fetched itself."""
    compiler.execute_sql = lambda *_args, **_more: [rows]
    query: Any = question.query
    query.get_compiler = lambda *_args, **_more: compiler
    try:
        question._fetch_all()
    finally:
        del query.get_compiler
