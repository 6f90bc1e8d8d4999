"""Finding matters by words, number or phone."""

from collections.abc import Collection, Iterator
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
# By the index ``matter_keyed``, whose expression this is; every part but the last of all names the days or spans it looks at.
OF_KEYS = " AND matters_keys(matter_id, organs) && "
GIVEN = "%s::text[]"
# With the days of what came in later than tomorrow, which only a wrong clock writes.
AND_TO_COME = "(%s::text[] || ARRAY(SELECT left(id::text, 5) FROM matters_matter WHERE id >= %s))"
FROM, UNTIL = " AND matter_id >= %s", " AND matter_id < %s"
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
DAYS, SPAN = 28, 32  # bits of a millisecond that a stretch of days leaves out, and a span
# How far each part looks back, the last one to the beginning: a week, the span before, the four before that; of organs all five.
BACK, BACK_OF_ORGANS = ((DAYS, 2), (SPAN, 2), (SPAN, 5)), ((SPAN, 5),)
MOST_DIGITS = 8

_Keys = tuple[str, list[Any]]  # SQL of an array, and what is given to it


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
    keys = (GIVEN, [sorted(map(str, organs))]) if organs else None
    found = _gathered(query, keys) if keys else Q(pk__in=RawSQL(FOUND, [query]))
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
    for keys, low, high in _parts(before, sorted(map(str, organs))):
        part = rows.filter(_gathered(query, keys, low, high), pk__gte=low, pk__lt=high)
        try:
            sql, given = part.order_by("-pk").values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:  # what was asked for besides the words holds of nothing
            return []
        parts.append(f"({sql})")
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} LIMIT %s", [*params, most])
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def _gathered(query: str, keys: _Keys | None, low: UUID | None = None, high: UUID | None = None) -> Q:
    """Matters the words find, of those keys and ids where any are given.

    They are looked up first whatever the planner thinks (of a word and an organ that are both common and never meet, say),
    and only as many are looked at, from the newest on, as are wanted.
    """
    sql, params = FOUND, [query]
    for condition, given in ((OF_KEYS + keys[0], keys[1]) if keys else ("", []), (FROM, [low]), (UNTIL, [high])):
        if given and given[0]:
            sql, params = sql + condition, [*params, *given]
    found = RawSQL(sql, params)
    return Q(Func(F("pk"), found, arg_joiner=" = ANY(ARRAY", template="%(expressions)s)", output_field=BooleanField()))


def _parts(before: UUID | None, organs: list[str]) -> Iterator[tuple[_Keys | None, UUID, UUID]]:
    """The keys that each part asks for, None for all there are, and the ids from which and before which it looks, the newest
    part first."""
    newest = before.int >> 80 if before else millis_of(timezone.now())
    high = before or LAST
    for bits, back in BACK_OF_ORGANS if organs else BACK:
        first = max((newest >> bits) - back + 1, 0)
        edge = (newest >> bits) + 1 if high == LAST else high.int - 1 >> bits + 80
        keys = [f"{organ}{_key(n, bits)}" for organ in organs or ("",) for n in range(first, edge + 1)]
        low = _first(first, bits)
        is_newest = high == LAST
        yield (AND_TO_COME, [keys, _first(edge + 1, bits)]) if is_newest else (GIVEN, [keys]), low, high
        high = low
    yield (GIVEN, [organs]) if organs else None, FIRST, high


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
        cursor.execute(f"{FOUND}{OF_KEYS}{GIVEN} ORDER BY matter_id DESC LIMIT %s", [query, days, most])
        return [pk for (pk,) in cursor.fetchall()]


def advice(typed: str) -> str:
    """What to do when nothing was found and a part of a number was typed; "" when it was none."""
    typed = "".join(typed.split()).replace("-", "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) < LEAST_DIGITS or mobile(typed) or check_number(typed):
        return ""
    return gettext("电话须输入完整号码；事项编号可只输入前8位或更多。")


def _people(phone: str) -> list[UUID]:
    return [person.pk for person in find_by_phone(phone)]
