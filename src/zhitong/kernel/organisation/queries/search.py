"""Finding an organ, a person or a category by what people type: name, pinyin, initials, code."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhitong.base.text import clean

from ..models import Appointment, Category, Organ, Staff, valid_on


def _typed(text: str) -> str:
    return clean(text)[:60]


def _by_spelling(text: str) -> Q:
    """Whole pinyin or initials, from the start of either, spaces and capitals aside."""
    letters = "".join(text.split()).lower()
    if not (letters.isascii() and letters.isalnum()):
        return Q(pk__in=[])
    return Q(spelling__startswith=letters) | Q(spelling__contains=f" {letters}")


def search_organs(text: str, on: date, *, kinds: Collection[str] = (), limit: int = 20) -> QuerySet[Organ]:
    """Organs in being on that day whose names, pinyin, initials or code match; all of them for no text."""
    rows = Organ.objects.filter(valid_on(on))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if typed := _typed(text):
        named = Q(name__icontains=typed) | Q(short_name__icontains=typed) | Q(name_en__icontains=typed)
        rows = rows.filter(named | Q(code__istartswith=typed) | _by_spelling(typed))
    return rows.order_by("sort_key", "id")[:limit]


def search_staff(text: str, on: date, *, organ_ids: Collection[UUID] = (), limit: int = 20) -> QuerySet[Staff]:
    """People with a post on that day whose name, pinyin, initials or number match; ``organ_ids`` narrows to organs."""
    seats = Appointment.objects.filter(valid_on(on), valid_on(on, "post__"), staff=OuterRef("pk"))
    if organ_ids:
        seats = seats.filter(post__organ__in=organ_ids)
    rows = Staff.objects.filter(Exists(seats))
    if typed := _typed(text):
        rows = rows.filter(Q(name__icontains=typed) | Q(staff_no__istartswith=typed) | _by_spelling(typed))
    return rows.order_by("sort_key", "id")[:limit]


def search_categories(text: str, *, limit: int = 20) -> QuerySet[Category]:
    """Active categories whose name, English name, keywords or code match, the lowest level first."""
    rows = Category.objects.filter(is_active=True)
    for word in _typed(text).split():
        named = Q(name__icontains=word) | Q(name_en__icontains=word) | Q(keywords__icontains=word)
        rows = rows.filter(named | Q(code__istartswith=word))
    return rows.order_by("-level", "sort", "code")[:limit]
