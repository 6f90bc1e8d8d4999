"""Cells of a table read by their column: the words that may stand there, and what is wrong in words."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from zhitong.base.text import in_language
from zhitong.kernel.organisation.public import RowError

from ..choices import Delivery, Form, ItemKind, OfferedAt, QuestionKind, Topic, Visits
from ..rules.sheet import BadCell, Column, read_cell

_CELL = {
    "missing": _("必填项不能为空。"),
    "too_long": _("内容过长，请缩短。"),
    "not_a_number": _("请填写整数。"),
    "not_yes_or_no": _("请填“是”或“否”。"),
    "not_a_choice": _("请从以下选项中选填：%(choices)s。"),
}
_CHOICES: dict[str, type[TextChoices]] = {
    "offered_at": OfferedAt, "topic": Topic, "visits": Visits, "delivery": Delivery, "form": Form,
}  # fmt: skip
_AUDIENCE = {"个人": "persons", "persons": "persons", "企业": "firms", "法人": "firms", "firms": "firms"}


def read_cells(
    columns: Sequence[Column], number: int, cells: Sequence[str], found: Mapping[str, int]
) -> tuple[dict[str, Any], list[RowError]]:
    """The values of a row by the keys of its columns, and what is wrong with it.  Columns that the table has not are left out."""
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column in columns:
        if column.key in found:
            try:
                values[column.key] = read_cell(column, cells[found[column.key]], words(column))
            except BadCell as error:
                errors.append(RowError(number, label(column), _said(error, column)))
    return values, errors


def _choices(column: Column) -> type[TextChoices] | None:
    if column.key == "kind":
        return QuestionKind if column.is_needed else ItemKind
    return _CHOICES.get(column.key)


@cache
def words(column: Column) -> dict[str, str]:
    """The words that may stand in a column, in both languages, and what they mean."""
    if column.key == "audience":
        return _AUDIENCE
    choices = _choices(column)
    if choices is None:
        return {}
    found = {value: value for value in choices.values}
    for language in ("zh-hans", "en"):
        with override(language):
            found |= {str(name).lower(): value for value, name in choices.choices}
    return found


def _said(error: BadCell, column: Column) -> str:
    message = str(_CELL[error.code])
    if error.code != "not_a_choice":
        return message
    choices = _choices(column)
    labels = [str(name) for name in choices.labels] if choices else ["个人", "企业"]
    return message % {"choices": "、".join(labels)}


def label(column: Column) -> str:
    """What a column is called in the reader's language."""
    return in_language(column.heading, column.heading_en, get_language())
