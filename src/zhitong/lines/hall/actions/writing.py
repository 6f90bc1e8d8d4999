"""What every writer of the catalogue shares: locked rows, checked values, refusals in words."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean

M = TypeVar("M", bound=models.Model)


def fetched(model: type[M], pk: UUID) -> M:
    """The row, locked until the end of the transaction; ``NotFound`` when there is none."""
    row = model._default_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound("not_found", _("未找到该记录，可能已被他人删除，请刷新后重试。"))
    return row


def changed(row: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set ``values`` on ``row``; what differs, as ``{field: [old, new]}`` for the log."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        value = clean(value) if isinstance(value, str) else value
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            found[name] = [old, value]
    return found


def put(row: models.Model, *, exclude: tuple[str, ...] = ()) -> None:
    """Save ``row``, or raise ``Refused`` with the field and a sentence."""
    related = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=[*related, *exclude])
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused("invalid", messages[0], None if name == NON_FIELD_ERRORS else name) from error
    except IntegrityError as error:
        raise _conflict(row, error) from error


def _conflict(row: models.Model, error: IntegrityError) -> Refused:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if "code" in name:
        return Conflict("taken", _("编码“%(code)s”已被使用，请核对。") % {"code": getattr(row, "code", "")}, "code")
    if name == "hall_item_for_somebody":
        return Refused(name, _("请至少勾选“个人可办”或“企业可办”。"), "for_persons")
    if name == "hall_version_one_draft":
        return Conflict(name, _("该事项已有一份草稿，请先发布或删除。"))
    raise error
