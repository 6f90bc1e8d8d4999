"""Finding matters by words, number or phone."""

from collections.abc import Collection
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
from zhitong.base.text import tsqueries, tsquery, tsquery_any
from zhitong.kernel.register.public import find_by_phone

from ..models import Matter, Participant

LEAST_DIGITS = 3
MARK = "\x1f"  # stands in a query where the period of a word is put in
# By the index ``matter_said``, whose expressions these are.
FOUND = "SELECT matter_id FROM matters_matterwords WHERE "
SAID = "matters_said(matter_id, words) @@ "
EVERY = "ARRAY(SELECT matters_periods(%s))"
ITS_OWN = "replace(%s, '\x1f', period.begins)::tsquery"
OF_MARKS = "matters_marks(matter_id, organs) && "
GIVEN = "%s::text[]"
# With the days of what came in later than tomorrow, which only a wrong clock writes.
AND_TO_COME = "(%s::text[] || ARRAY(SELECT left(id::text, 5) FROM matters_matter WHERE id >= %s))"
UNTIL = "matter_id < %s"
THEN = "UNION ALL SELECT found.id FROM matters_periods(%s) AS period (begins) CROSS JOIN LATERAL ({}) AS found (id)"
LAST = UUID(int=2**128 - 1)
DAYS = 28  # bits of a millisecond that a stretch of days leaves out
NEWEST = 2  # so many of them, and the one begun, are looked at first
MOST_DIGITS = 8

_Sql = tuple[str, list[Any]]  # a condition, and what is given to it


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
    query = tsquery(typed, mark=MARK)
    if not query:
        return rows.none() if typed else rows
    found = _gathered((_asked(EVERY), [query, LAST]), *_of(organs))
    return rows.filter(found | Q(number__startswith=digits)) if len(digits) >= MOST_DIGITS else rows.filter(found)


def newest_matching(
    rows: QuerySet[Matter], typed: str, most: int, *, before: UUID | None = None, organs: Collection[UUID] = ()
) -> list[UUID]:
    """The ids of the newest of `matching`, at most so many; older than ``before``, if given.  One query.

    Words are looked for in the last days first, then period by period, and no farther back than it takes.  ``organs``: one of
    them has or had a task in each of ``rows``, as `within_organs` says; it is asked of the text index besides.
    """
    typed = typed.strip()
    queries = tsqueries(typed, mark=MARK)
    if not queries or mobile(typed) or sum(map(str.isdigit, typed)) >= MOST_DIGITS:
        older = rows.filter(pk__lt=before) if before else rows
        return list(matching(older, typed).order_by("-pk").values_list("pk", flat=True)[:most])
    days, given, low = _last_days(before)
    in_them = [(_asked(days), [query, *given]) for query in queries]
    last = _gathered(*in_them, (OF_MARKS + days, given), *_of(organs), (UNTIL, [before or LAST]))
    earlier = _gathered(*((SAID + ITS_OWN, [query]) for query in queries), *_of(organs), (UNTIL, [low]))
    try:
        (first, of_first), (then, of_then) = (
            rows.filter(found).order_by("-pk").values("pk")[:most].query.sql_with_params() for found in (last, earlier)
        )
    except EmptyResultSet:  # what was asked for besides the words holds of nothing
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"({first}) {THEN.format(then)} LIMIT %s", [*of_first, low, *of_then, most])
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def _asked(periods: str) -> str:
    return f"{SAID}matters_asked(%s, {periods})"


def _of(organs: Collection[UUID]) -> list[_Sql]:
    return [(OF_MARKS + GIVEN, [sorted(map(str, organs))])] if organs else []


def _gathered(*conditions: _Sql) -> Q:
    """Matters the words find, that are so besides.

    They are looked up first whatever the planner thinks (of a word and an organ that are both common and never meet, say),
    and only as many are looked at, from the newest on, as are wanted.
    """
    sql = FOUND + " AND ".join(condition for condition, _given in conditions)
    params = [one for _condition, given in conditions for one in given]
    found = RawSQL(sql, params)
    return Q(Func(F("pk"), found, arg_joiner=" = ANY(ARRAY", template="%(expressions)s)", output_field=BooleanField()))


def _last_days(before: UUID | None) -> tuple[str, list[Any], UUID]:
    """SQL of the marks of the last days before that, or of all to come too; what is given to it; the id they begin with."""
    newest = (before.int - 1 >> 80) if before else millis_of(timezone.now())
    first, last = max((newest >> DAYS) - NEWEST, 0), newest >> DAYS
    marks = [_mark(n) for n in range(first, last + 1)]
    if before:
        return GIVEN, [marks], _first(first)
    return AND_TO_COME, [[*marks, _mark(last + 1)], _first(last + 2)], _first(first)


def _mark(days: int) -> str:
    """How the index spells it: as ids begin."""
    return f"{days:05x}"


def _first(days: int) -> UUID:
    """The lowest id of a stretch of days."""
    return UUID(int=days << DAYS + 80)


def holding_any(words: Collection[str], since: datetime, most: int) -> list[UUID]:
    """The newest matters opened since that hold any of these words or pairs of characters, at most so many.  One query, by
    the index of the words; nobody is asked whether they may be seen."""
    query = tsquery_any(words, mark=MARK)
    if not query:
        return []
    first, last = millis_of(since) >> DAYS, millis_of(timezone.now()) >> DAYS
    days = [_mark(n) for n in range(max(first, 0), last + 2)]
    found = f"{FOUND}{_asked(GIVEN)} AND {OF_MARKS}{GIVEN} ORDER BY matter_id DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(found, [query, days, days, most])
        return [pk for (pk,) in cursor.fetchall()]


def advice(typed: str) -> str:
    """What to do when nothing was found and a part of a number was typed; "" when it was none."""
    typed = "".join(typed.split()).replace("-", "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) < LEAST_DIGITS or mobile(typed) or check_number(typed):
        return ""
    return gettext("电话须输入完整号码；事项编号可只输入前8位或更多。")


def _people(phone: str) -> list[UUID]:
    return [person.pk for person in find_by_phone(phone)]
