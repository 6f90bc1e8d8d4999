"""Pages of any list by key: the next page begins after the last row seen, however deep it lies."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused

from .schemas import Asked

M = TypeVar("M", bound=Model)
T = TypeVar("T")


def stretch(rows: "QuerySet[M]", asked: Asked, *, by: str = "-pk") -> tuple[list[M], str | None]:
    """The rows asked for in the order ``by`` (one unique field, "-" for downwards), and where the next page begins.

    One query.  Refused when ``after`` cannot be a value of the field.
    """
    field = by.lstrip("-")
    if asked.after:
        beyond = "lt" if by.startswith("-") else "gt"
        rows = rows.filter(**{f"{field}__{beyond}": _value(rows, field, asked.after)})
    found = list(rows.order_by(by)[: asked.limit + 1])
    has_more, found = len(found) > asked.limit, found[: asked.limit]
    return found, str(getattr(found[-1], field)) if has_more else None


def stretch_of(rows: Iterable[T], asked: Asked, key: Callable[[T], str]) -> tuple[list[T], str | None]:
    """The same of rows that are in memory, in the order of a unique ``key``."""
    ordered = sorted((row for row in rows if key(row) > asked.after), key=key)
    found = ordered[: asked.limit]
    return found, key(found[-1]) if len(ordered) > asked.limit else None


def _value(rows: "QuerySet[M]", field: str, text: str) -> Any:
    column = rows.model._meta.pk if field == "pk" else rows.model._meta.get_field(field)
    try:
        return cast("Field[Any, Any]", column).to_python(text)
    except ValidationError as error:
        raise bad_after() from error


def bad_after() -> Refused:
    """What whoever asks for a page that was never offered is told."""
    return Refused("bad_after", _("after须是上一页给出的next。"), field="after")
