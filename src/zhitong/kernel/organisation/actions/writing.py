"""What every writer here shares: permission, one transaction, events at its end, refusals in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.moments import dated
from zhitong.base.text import clean
from zhitong.kernel.events.public import By as Teller
from zhitong.kernel.events.public import Happening, record_many

from ..models import Appointment, Dated, Duty, Leave, Post
from ..permissions import By, demand_manage

M = TypeVar("M", bound=models.Model)
# The log cannot be edited: of these fields it says that they changed, not from what to what.
_KEPT_OUT = frozenset({"phone", "email"})


@dataclass(slots=True)
class Log:
    """Events of one transaction, in order, written together at its end."""

    by: Teller
    at: datetime
    happenings: list[Happening] = field(default_factory=list)

    def add(self, kind: str, row: models.Model, data: dict[str, Any], *, is_first: bool = False) -> None:
        """Note that something happened to ``row``; posts and duties are told in the stream of their organ."""
        stream, stream_kind = _stream(row)
        self.happenings.append(Happening(kind, stream, stream_kind, self.at, self.by, data, is_first))


def _stream(row: models.Model) -> tuple[UUID, str]:
    if isinstance(row, (Post, Duty)):
        return row.organ_id, "organ"
    if isinstance(row, (Appointment, Leave)):
        return row.staff_id, "staff"
    return row.pk, str(row._meta.model_name)


@contextmanager
def writing(by: By, at: datetime) -> Iterator[Log]:
    """One transaction of an actor who may set up the district; its events are written as its last step."""
    demand_manage(by)
    with transaction.atomic():
        log = Log(by, at)
        yield log
        record_many(log.happenings)


def put(row: models.Model, *, is_checked: bool = False) -> None:
    """Save ``row``, or raise ``Refused`` with the field and a sentence; then the transaction (or savepoint) is spent.

    ``is_checked`` says that the related rows are known to exist.
    """
    related = [f.name for f in row._meta.concrete_fields if f.is_relation] if is_checked else []
    try:
        row.clean_fields(exclude=[*related, "path", "level", "sort_key", "spelling"])
        row.save()
    except ValidationError as error:
        raise _refused(error) from error
    except IntegrityError as error:
        raise _conflict(row, error) from error


def _refused(error: ValidationError) -> Refused:
    name, messages = next(iter(error.message_dict.items()))
    return Refused("invalid", messages[0], None if name == NON_FIELD_ERRORS else name)


def _conflict(row: models.Model, error: IntegrityError) -> Refused:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for constraint in row._meta.constraints:
        if constraint.name == name:
            return Conflict(name, constraint.violation_error_message)
    for unique in (f for f in row._meta.concrete_fields if f.unique and not f.primary_key):
        if unique.column in name:
            message = _("%(field)s“%(value)s”已被使用，请核对。")
            return Conflict(
                "taken", message % {"field": unique.verbose_name, "value": getattr(row, unique.name)}, unique.name
            )
    raise error


def fetched(model: type[M], pk: UUID) -> M:
    """The row, locked until the end of the transaction; ``NotFound`` when there is none."""
    row = model._default_manager.select_for_update().filter(pk=pk).order_by("pk").first()
    if row is None:
        raise NotFound("not_found", _("未找到该记录，可能已被他人更改，请刷新后重试。"))
    return row


def changed(row: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set ``values`` on ``row``; what differs, as ``{field: [old, new]}`` fit for the log (contact data left out)."""
    differences: dict[str, Any] = {}
    for name, value in values.items():
        value = clean(value) if isinstance(value, str) else value
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            differences[name] = [] if name in _KEPT_OUT else [old, value]
    return differences


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts cleaned, everything else as it is."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def demand_within(row: Dated, whole: Dated, message: object) -> None:
    """Raise ``Refused`` unless the days of ``row`` lie within those of ``whole``."""
    too_early = row.valid_from < whole.valid_from
    too_late = whole.valid_to is not None and (row.valid_to is None or row.valid_to > whole.valid_to)
    if too_early or too_late:
        raise Refused("outside_days", message, "valid_from" if too_early else "valid_to")


def demand_end(row: Dated, on: date) -> None:
    """Raise ``Refused`` when ``on`` is before the first day or the row has already ended by then."""
    if on < row.valid_from:
        raise Refused("ends_before_start", _("结束日期不能早于开始日期。"), "valid_to")
    if row.valid_to is not None and row.valid_to < on:
        raise Refused(
            "already_ended", _("该记录已于%(day)s终止。") % {"day": dated(row.valid_to, get_language())}, "valid_to"
        )


def days(row: Dated) -> dict[str, Any]:
    """Both days, for the log."""
    return {"valid_from": row.valid_from, "valid_to": row.valid_to}
