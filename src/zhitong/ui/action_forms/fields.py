"""One Django field for each question of a payload."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import check_number
from zhitong.base.text import clean
from zhitong.kernel.matters.public import Ask, Choose

from ..forms import CascadeSelect, MomentInput, SearchSelect, SearchSelectMultiple

Pair = tuple[Any, Any]
ChoicesFor = Callable[[str, Ask], Iterable[Pair]]

MOST_RADIOS = 6
# Said by the mark beside the label already.
OPTIONAL = re.compile(r"（选填）$| \(optional\)$")
EMPTY: Pair = ("", _("请选择"))
REQUIRED = _("此项必填。")
NOT_A_CHOICE = _("请从列表中选择。")
SHORT_LISTS = (None, Choose.CHOICE, Choose.REASON, Choose.SUBKIND)
TREES = (Choose.CATEGORY, Choose.DIVISION)


class TextField(forms.CharField):
    """Text as it will be stored, so that the length is counted as the browser counted it.

    ``phrases`` are wordings to start from, (text, name) each.  ``is_sometimes``: it may be left only for some of the other answers.
    """

    phrases: Sequence[Pair] = ()
    is_sometimes = False

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": REQUIRED,
        "max_length": _("请控制在%(limit_value)d个字以内，现在有%(show_value)d个字。"),
    }

    def to_python(self, value: Any) -> str:
        """Newlines as one character, no control characters, no outer space."""
        return clean(str(value)) if value not in self.empty_values else ""


class MatterField(forms.CharField):
    """A matter by its number; cleans to its id.  ``candidates`` are proposed while typing."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": REQUIRED,
        "unknown": _("没有找到这个编号的事项，或者您无权查看，请核对15位编号。"),
    }

    def __init__(self, *, find: Callable[[str], UUID | None], candidates: Iterable[Pair] = (), **kwargs: Any) -> None:
        self.find, self.candidates = find, list(candidates)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The id of the matter that was named, or None where none need be."""
        typed = super().clean(value)
        if not typed:
            return None
        digits = "".join(c for c in typed if c.isdigit())
        found = self.find(digits) if check_number(digits) else None
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found


def field_for(name: str, bare: Any, ask: Ask, required: bool, default: Any, choices_for: ChoicesFor) -> forms.Field:
    """The field that asks one question."""
    default = getattr(choices_for, "begins", lambda _ask: None)(ask) or default
    label = ask.label if required else OPTIONAL.sub("", str(ask.label))
    common = {"label": label, "help_text": ask.help, "required": required and not ask.optional, "initial": default}
    kinds = _bare_types(bare)
    if ask.choose is Choose.MATTER:
        return _matter(name, ask, choices_for, common)
    if ask.choices or ask.choose not in (None, Choose.FILE):
        return _choice(name, ask, is_many=get_origin(bare) is list, choices_for=choices_for, common=common)
    if bool in kinds:
        return _yes_or_no(common)
    if datetime in kinds:
        return forms.DateTimeField(widget=MomentInput(), error_messages=_said(_("请填写日期和时间。")), **common)
    if int in kinds:
        return forms.IntegerField(error_messages=_said(_("请填写整数。")), **common)
    widget = forms.Textarea({"rows": str(ask.rows)}) if ask.rows else forms.TextInput()
    field = TextField(max_length=ask.most, widget=widget, **common)
    field.phrases = list(choices_for(name, ask)) if ask.phrases else []
    field.is_sometimes = ask.is_sometimes
    return field


def _said(invalid: Any) -> dict[str, Any]:
    return {"required": REQUIRED, "invalid": invalid}


def _bare_types(bare: Any) -> tuple[Any, ...]:
    return get_args(bare) if get_origin(bare) in (Union, UnionType) else (bare,)


def _yes_or_no(common: dict[str, Any]) -> forms.Field:
    """A box to tick where leaving it is an answer; two buttons where somebody has to decide."""
    if not common["required"]:
        return forms.BooleanField(**common)
    return forms.TypedChoiceField(
        choices=[("yes", _("是")), ("no", _("否"))], coerce=lambda value: value == "yes", widget=forms.RadioSelect(),
        error_messages={"required": REQUIRED, "invalid_choice": NOT_A_CHOICE}, **(common | {"initial": None}),
    )  # fmt: skip


def _matter(name: str, ask: Ask, choices_for: ChoicesFor, common: dict[str, Any]) -> forms.Field:
    find = getattr(choices_for, "find_matter", lambda number: None)
    widget = forms.TextInput({"list": f"{name}-candidates", "inputmode": "numeric", "autocomplete": "off"})
    return MatterField(find=find, candidates=choices_for(name, ask), widget=widget, **common)


def _choice(name: str, ask: Ask, *, is_many: bool, choices_for: ChoicesFor, common: dict[str, Any]) -> forms.Field:
    values = [(str(value), label) for value, label in (ask.choices or choices_for(name, ask))]
    errors = {"required": REQUIRED, "invalid_choice": NOT_A_CHOICE, "invalid_list": NOT_A_CHOICE}
    if is_many:
        return forms.MultipleChoiceField(choices=values, widget=SearchSelectMultiple(), error_messages=errors, **common)
    if ask.choose in SHORT_LISTS and len(values) <= MOST_RADIOS:
        only = values[0][0] if len(values) == 1 and common["required"] else common["initial"]
        return forms.ChoiceField(
            choices=values, widget=forms.RadioSelect(), error_messages=errors, **(common | {"initial": only})
        )
    widget = CascadeSelect() if ask.choose in TREES else SearchSelect()
    return forms.ChoiceField(choices=[EMPTY, *values], widget=widget, error_messages=errors, **common)
