"""Finding matters by words, number or phone."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from zhitong.base.citizen import mobile
from zhitong.base.identifiers import check_number
from zhitong.base.text import tsquery
from zhitong.kernel.register.public import find_by_phone

from ..models import Matter, Participant

LEAST_DIGITS = 3


def matching(rows: QuerySet[Matter], typed: str) -> QuerySet[Matter]:
    """Those of ``rows`` that what was typed finds: a whole number, a phone, or all of its words."""
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
    found = RawSQL("SELECT matter_id FROM matters_matterwords WHERE words @@ %s::tsquery", [query])
    return (
        rows.filter(Q(pk__in=found) | Q(number__startswith=digits)) if len(digits) >= 8 else rows.filter(pk__in=found)
    )


def advice(typed: str) -> str:
    """What to do when nothing was found and a part of a number was typed; "" when it was none."""
    typed = "".join(typed.split()).replace("-", "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) < LEAST_DIGITS or mobile(typed) or check_number(typed):
        return ""
    return gettext("电话须输入完整号码；事项编号可只输入前8位或更多。")


def _people(phone: str) -> list[UUID]:
    return [person.pk for person in find_by_phone(phone)]
