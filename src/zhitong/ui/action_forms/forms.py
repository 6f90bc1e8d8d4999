"""The form class of a payload."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.matters.public import MOST_FILES, Ask, Choose, Upload, check_upload, questions

from ..forms import FilesField, PhotosInput, RefusableForm
from .choices import no_choices
from .fields import ChoicesFor, field_for

FILES = "files"
EMPTY: tuple[Any, ...] = (None, "", [])


class ActionForm(RefusableForm):
    """Asks for a payload; ``asked`` names its questions in their order."""

    asked: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._uploads: dict[str, list[Upload]] = {}

    def clean(self) -> dict[str, Any]:
        """Look into the files that were sent; what is wrong with one is said beside the control."""
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, FilesField):
                self._look_into(name, cleaned.get(name) or [])
        return cleaned

    def _look_into(self, name: str, files: list[Any]) -> None:
        for file in files:
            try:
                self._uploads.setdefault(name, []).append(check_upload(file.name or "", file.read()))
            except Refused as refused:
                self.add_error(name, _("%(file)s：%(why)s") % {"file": file.name, "why": refused})

    def payload(self) -> dict[str, Any]:
        """What was answered, as plain values for ``matters.act``; what was left empty is left out."""
        answered = {name: _plain(self.cleaned_data.get(name)) for name in self.asked}
        return {name: value for name, value in answered.items() if value not in EMPTY}

    def uploads(self, name: str = FILES) -> list[Upload]:
        """The checked files of one control."""
        return self._uploads.get(name, [])


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def action_form(
    payload: type[msgspec.Struct] | None,
    *,
    choices_for: ChoicesFor = no_choices,
    files: Mapping[str, Any] | None = None,
) -> type[ActionForm]:
    """A form class that asks for ``payload`` (None: asks nothing).

    ``choices_for(name, ask)`` gives the (value, label) pairs of what is picked from a list: see ``MatterChoices``.
    ``files`` adds controls for photos and documents, each with its label: ``{FILES: _("照片")}``.
    """
    asked: dict[str, Any] = {}
    for name, bare, ask, required, default in questions(payload) if payload else ():
        field = field_for(name, bare, ask, required, default, choices_for)
        if _is_idle(field, ask, choices_for):
            continue
        asked[name] = field
        if isinstance(asked[name], forms.DateTimeField) and required:
            asked[name].initial = _this_minute
    more = {name: _files_field(label) for name, label in (files or {}).items()}
    return type("PayloadForm", (ActionForm,), {**asked, **more, "asked": tuple(asked)})


def _is_idle(field: forms.Field, ask: Ask, choices_for: ChoicesFor) -> bool:
    """Nothing to pick from, and nothing that has to be picked: nobody is asked."""
    return (
        ask.choose is Choose.OWN and choices_for is not no_choices and isinstance(field, forms.MultipleChoiceField)
        and not (field.required or field.choices)
    )  # fmt: skip


def _this_minute() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0)


def _files_field(label: Any) -> FilesField:
    widget = PhotosInput({"accept": "image/jpeg,image/png,image/webp,application/pdf"})
    said = _("照片会自动压缩，也可以选择PDF文件，最多%(n)s个。") % {"n": MOST_FILES}
    return FilesField(label=label, required=False, most=MOST_FILES, widget=widget, help_text=said)
