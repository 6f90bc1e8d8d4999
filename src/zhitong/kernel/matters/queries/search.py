"""Finding matters by words, number or phone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext

from zhitong.base.citizen import mobile
from zhitong.base.identifiers import check_number, millis_of
from zhitong.base.text import tsquery, tsquery_any
from zhitong.kernel.register.public import find_by_phone

from ..models import Matter, Participant

LEAST_DIGITS = 3
FOUND = "SELECT matter_id FROM matters_matterwords WHERE words @@ %s::tsquery"
# By the index ``matter_worded``, whose expressions these are; every part but the last names the days it looks at.
OF_DAYS = " AND (ARRAY[left(matter_id::text, 5)]) && %s::text[]"
OF_SPANS = " AND matters_spans(matter_id, organs) && %s::text[]"
OF_ORGANS = " AND organs && %s::uuid[]"
FROM, UNTIL = " AND matter_id >= %s", " AND matter_id < %s"
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
DAYS, SPAN = 28, 32  # bits of a millisecond that a stretch of days leaves out, and a span of an organ's
# How many each part looks back; the last one everything before: a week, two months; of organs three months, ten.
DAYS_BACK, SPANS_BACK = (2, 16), (2, 6)
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
    found = _found(query, organs, is_gathered=bool(organs))
    return rows.filter(found | Q(number__startswith=digits)) if len(digits) >= MOST_DIGITS else rows.filter(found)


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
    for stretches, low, high in _parts(before, SPAN if organs else DAYS, SPANS_BACK if organs else DAYS_BACK):
        is_to_come = high == LAST  # nothing, which the ids say at once
        among = _found(query, () if is_to_come else organs, stretches, low, high, is_gathered=not is_to_come)
        part = rows.filter(among, pk__gte=low, pk__lt=high)
        try:
            sql, given = part.order_by("-pk").values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:  # what was asked for besides the words holds of nothing
            continue
        parts.append(f"({sql})")
        params += given
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} LIMIT %s", [*params, most])
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def _found(
    query: str,
    organs: Collection[UUID],
    stretches: list[str] | None = None,
    low: UUID | None = None,
    high: UUID | None = None,
    *,
    is_gathered: bool,
) -> Q:
    """Matters the words find, of those organs, days and ids where any are given.

    Gathered, they are looked up first whatever the planner thinks (of a word and an organ that are both common and never
    meet, say), and only as many are looked at, from the newest on, as are wanted.
    """
    sql = FOUND
    params: list[Any] = [query]
    asked: list[tuple[str, Any]] = [(OF_DAYS, stretches), (FROM, low), (UNTIL, high)]
    if organs:
        spans = [f"{organ}{stretch}" for organ in sorted(organs) for stretch in stretches or ()]
        asked = [(OF_SPANS, spans)] if spans else [(OF_ORGANS, list(organs))]
    for condition, value in asked:
        if value:
            sql, params = sql + condition, [*params, value]
    found = RawSQL(sql, params)
    if not is_gathered:
        return Q(pk__in=found)
    return Q(Func(F("pk"), found, arg_joiner=" = ANY(ARRAY", template="%(expressions)s)", output_field=BooleanField()))


def _parts(before: UUID | None, bits: int, backs: Sequence[int]) -> list[tuple[list[str] | None, UUID, UUID]]:
    """The stretches of ``bits`` that each part asks for, None for all there are, and the ids from which and before which it looks,
    the newest part first; ids later than tomorrow's are there only if a clock was wrong."""
    last = (before.int >> 80 if before else millis_of(timezone.now())) >> bits
    high, edge = (before, last) if before else (_first(last + 2, bits), last + 1)
    found: list[tuple[list[str] | None, UUID, UUID]] = [] if before else [(None, high, LAST)]
    for back in backs:
        first = max(last - back + 1, 0)
        found.append(([_key(n, bits) for n in range(first, edge + 1)], _first(first, bits), high))
        high, edge = _first(first, bits), first - 1
    return [*found, (None, FIRST, high)]


def _key(stretch: int, bits: int) -> str:
    """How the index spells it: as ids begin."""
    return f"{stretch:0{(48 - bits) // 4}x}"


def _first(stretch: int, bits: int) -> UUID:
    """The lowest id of a stretch."""
    return UUID(int=stretch << bits + 80)


def holding_any(words: Collection[str], since: datetime, most: int) -> list[UUID]:
    """The newest matters opened since that hold any of these words or pairs of characters, at most so many.  One query, by
    the index of the words; nobody is asked whether they may be seen."""
    query = tsquery_any(words)
    if not query:
        return []
    first, last = millis_of(since) >> DAYS, millis_of(timezone.now()) >> DAYS
    days = [_key(n, DAYS) for n in range(max(first, 0), last + 2)]
    with connection.cursor() as cursor:
        cursor.execute(f"{FOUND}{OF_DAYS} ORDER BY matter_id DESC LIMIT %s", [query, days, most])
        return [pk for (pk,) in cursor.fetchall()]


def advice(typed: str) -> str:
    """What to do when nothing was found and a part of a number was typed; "" when it was none."""
    typed = "".join(typed.split()).replace("-", "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) < LEAST_DIGITS or mobile(typed) or check_number(typed):
        return ""
    return gettext("电话须输入完整号码；事项编号可只输入前8位或更多。")


def _people(phone: str) -> list[UUID]:
    return [person.pk for person in find_by_phone(phone)]
