"""Finding divisions by what people type."""

from datetime import date
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from zhitong.base.text import clean

from ..models import Division, DivisionVersion, valid_on


def search(
    text: str, *, level: str | None = None, within: UUID | None = None, on: date | None = None, most: int = 20
) -> list[Division]:
    """Divisions that exist (today, or on a day) by code, name, former name, pinyin or its initials; the best first."""
    wanted = clean(text)[:80]
    if not wanted:
        return []
    found = Division.objects.filter(valid_on(on or timezone.localdate())).filter(matching(wanted))
    if level:
        found = found.filter(level=level)
    if within:
        found = found.filter(path__contains=[within])
    return list(ranked(found, wanted)[:most])


def matching(text: str) -> Q:
    """Rows whose code begins with the text, or whose name, former name or pinyin holds it."""
    typed = "".join(text.lower().split())
    former = DivisionVersion.objects.filter(Q(name__contains=text) | Q(code=text)).values("division")
    spelled = Q(spelling__contains=typed) if typed.isascii() else Q()
    return Q(code__startswith=text) | Q(name__contains=text) | Q(name_en__icontains=text) | Q(id__in=former) | spelled


def ranked(found: QuerySet[Division], text: str) -> QuerySet[Division]:
    """The same code first, then the same name, names that begin so, the rest; larger divisions before smaller."""
    order = Case(
        When(code=text, then=Value(0)),
        When(name=text, then=Value(1)),
        When(name__startswith=text, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return found.order_by(order, "path__len", "code")
