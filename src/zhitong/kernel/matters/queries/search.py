"""Finding matters by words, number or phone."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext

from zhitong.base.citizen import mobile
from zhitong.base.identifiers import check_number
from zhitong.base.text import tsquery
from zhitong.kernel.register.public import find_by_phone

from ..models import Matter, Participant

LEAST_DIGITS = 3
FOUND = "SELECT matter_id FROM matters_matterwords WHERE words @@ %s::tsquery"
# By the index ``matter_found``, whose expression this is; every part but the last names the days it looks at.
OF_DAYS = " AND (ARRAY[left(matter_id::text, 5)]) && %s::text[]"
OF_ORGANS = " AND organs && %s::uuid[]"
DAYS = 28  # bits of a millisecond that a stretch of days leaves out
STRETCHES = (2, 16, 128)  # how many each part looks back: a week, two months, a year; the last one the rest
MOST_DIGITS = 8


def matching(rows: QuerySet[Matter], typed: str, *, organs: Collection[UUID] = ()) -> QuerySet[Matter]:
    """Those of ``rows`` that what was typed finds: a whole number, a phone, or all of its words.

    ``organs`` as in `newest_matching`.
    """
    typed = typed.strip()
    digits = "".join(c for c in typed if c.isdigit())
    if check_number(digits) and len(digits) >= len(typed.replace(" ", "").replace("-", "")):
        return rows.filter(number=digits)
    phone_number = mobile(typed)
    if phone_number:
        theirs = Participant.objects.filter(person__in=_people(phone_number))
        return rows.filter(pk__in=theirs.values("matter"))
    query = tsquery(typed)
    if not query:
        return rows.none() if typed else rows
    found = _found(query, None, organs)
    return (
        rows.filter(Q(pk__in=found) | Q(number__startswith=digits))
        if len(digits) >= MOST_DIGITS
        else rows.filter(pk__in=found)
    )


def newest_matching(
    rows: QuerySet[Matter], typed: str, most: int, *, before: UUID | None = None, organs: Collection[UUID] = ()
) -> list[UUID]:
    """The ids of the newest of `matching`, at most so many; older than ``before``, if given.  One query.

    Words are looked for in the last days first, then farther back, and no farther than it takes.  ``organs``: one of them
    has or had a task in each of ``rows``, as `within_organs` says; it is asked of the text index besides.
    """
    typed = typed.strip()
    query = tsquery(typed)
    if not query or mobile(typed) or sum(map(str.isdigit, typed)) >= MOST_DIGITS:
        older = rows.filter(pk__lt=before) if before else rows
        return list(matching(older, typed).order_by("-pk").values_list("pk", flat=True)[:most])
    parts: list[str] = []
    params: list[Any] = []
    for days, span in _parts(before):
        sql, given = (
            rows.filter(span, pk__in=_found(query, days, organs))
            .order_by("-pk")
            .values("pk")[:most]
            .query.sql_with_params()
        )
        parts.append(f"({sql})")
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} LIMIT %s", [*params, most])
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def _found(query: str, days: list[str] | None, organs: Collection[UUID]) -> RawSQL:
    """The ids of what the words find, of those days and organs where any are given."""
    sql = FOUND
    params: list[Any] = [query]
    for condition, values in ((OF_DAYS, days), (OF_ORGANS, list(organs))):
        if values:
            sql, params = sql + condition, [*params, values]
    return RawSQL(sql, params)


def _parts(before: UUID | None) -> list[tuple[list[str] | None, Q]]:
    """The stretches of days of each part, None for all there are, and the ids in it, the newest part first.

    Ids later than tomorrow's, if a clock was wrong, are in the last part, so that all that matches is in one.
    """
    last = (before.int >> 80 if before else int(timezone.now().timestamp() * 1000)) >> DAYS
    end = before or _first(last + 2)
    found: list[tuple[list[str] | None, Q]] = []
    high, edge = end, last + (0 if before else 1)
    for back in STRETCHES:
        first = max(last - back + 1, 0)
        days = [f"{n:05x}" for n in range(first, edge + 1)]
        found.append((days, Q(pk__gte=_first(first), pk__lt=high)))
        high, edge = _first(first), first - 1
    rest = Q(pk__lt=high)
    return [*found, (None, rest if before else rest | Q(pk__gte=end))]


def _first(stretch: int) -> UUID:
    """The lowest id of a stretch of days."""
    return UUID(int=stretch << DAYS + 80)


def advice(typed: str) -> str:
    """What to do when nothing was found and a part of a number was typed; "" when it was none."""
    typed = "".join(typed.split()).replace("-", "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) < LEAST_DIGITS or mobile(typed) or check_number(typed):
        return ""
    return gettext("电话须输入完整号码；事项编号可只输入前8位或更多。")


def _people(phone: str) -> list[UUID]:
    return [person.pk for person in find_by_phone(phone)]
