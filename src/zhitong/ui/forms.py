"""Widgets and fields for the forms of pages, and how a control is drawn."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import pinyin_search

MOST_OF_A_TABLE = 5 * 1024 * 1024  # bytes


class RefusableForm(forms.Form):
    """A form that can say what the action has refused.  ``field_of`` names its own field where the action calls it otherwise."""

    field_of: ClassVar[Mapping[str, str]] = {}

    def refuse(self, refused: Refused) -> None:
        """Beside the field it is about, or above the form."""
        name = self.field_of.get(refused.field or "", refused.field)
        self.add_error(name if name in self.fields else None, forms.ValidationError(str(refused), code=refused.code))

    def set_choices(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """The choices of a field, which are known only when the form is made."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(value), label) for value, label in choices]


class TableForm(RefusableForm):
    """A table to take over, as Excel or CSV."""

    file = forms.FileField(
        label=_("文件"), help_text=_("xlsx 或 csv 格式，不超过5MB。"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请先选择要导入的文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Not larger than an import may be: a larger one is not even read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_OF_A_TABLE:
            raise forms.ValidationError(_("文件太大，请拆分为多个5MB以内的文件后再导入。"), code="too_large")
        return file


class DateInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time, in the district's time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


@lru_cache(maxsize=16_384)
def _option(value: str, label: str) -> tuple[str, str]:
    """The two halves of an option between which "selected" may stand.  Lists of many hundred are drawn on every page."""
    pinyin = format_html(' data-pinyin="{}"', pinyin_search(label)) if value else ""
    return format_html('<option value="{}"{}', value, pinyin), format_html(">{}</option>", label)


class _SearchMixin:
    """Options carry their pinyin, so that typing "qlj" or "qiliji" finds 七里街.  Groups of options are not drawn."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The whole list in one go: a template for each option costs forty times as much."""
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})  # type: ignore[attr-defined]
        if self.allow_multiple_selected:  # type: ignore[attr-defined]
            given["multiple"] = True
        chosen = {str(one) for one in self.format_value(value)}  # type: ignore[attr-defined]
        parts: list[str] = [format_html("<select{}>", flatatt(given))]
        for key, label in self.choices:  # type: ignore[attr-defined]
            start, end = _option(str(key), str(label))
            parts += [start, " selected" if str(key) in chosen else "", end]
        return mark_safe("".join([*parts, "</select>"]))


class SearchSelect(_SearchMixin, forms.Select):
    """A list with a search box: by characters, pinyin or initials.  Without JavaScript it is a plain list."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-search": True, **(attrs or {})}, choices)


class SearchSelectMultiple(_SearchMixin, forms.SelectMultiple):
    """Several entries of a list, found by searching and shown as tags."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-search": True, **(attrs or {})}, choices)


class CascadeSelect(SearchSelect):
    """A tree picked level by level.  Labels are whole paths: "城乡建设 / 市政 / 路灯"; the parts make the levels."""

    SEPARATOR = " / "

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-cascade": self.SEPARATOR, **(attrs or {})}, choices)


class FilesInput(forms.ClearableFileInput):
    """Several files in one control."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files up to ``most``; cleans to a list.  What is inside them is judged elsewhere."""

    widget = FilesInput

    def __init__(self, *, most: int = 9, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file cleaned on its own; an empty list when none was sent and none is required."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > self.most:
            message = gettext("最多上传%(n)s个文件，请减少后再提交。") % {"n": self.most}
            raise forms.ValidationError(message, code="too_many_files")
        if not files:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in files]


class PhotosInput(FilesInput):
    """Photos, shrunk by the browser before they are sent, with previews.  Without JavaScript a plain file control."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", "data-photos": True, **(attrs or {})})


GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def shape(field: BoundField) -> str:
    """How a field is laid out: hidden, check (one box), group (several), photos or line."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "photos" if isinstance(widget, PhotosInput) else "line"


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select) and not isinstance(widget, GROUPS):
        return "form-select"
    return "form-control"


def _described_by(field: BoundField, has_help: bool) -> str:
    parts = [f"{field.auto_id}_help"] if has_help else []
    return " ".join(parts + ([f"{field.auto_id}_error"] if field.errors else []))


def control(field: BoundField, has_help: bool = False, **attrs: Any) -> SafeString:
    """The control of ``field`` with the classes of the design and told about its help and errors."""
    widget = field.field.widget
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items() if value not in (None, False)}
    classes = [_css_class(widget), str(widget.attrs.get("class", "")), str(given.pop("class", ""))]
    if field.errors:
        classes.append("is-invalid")
        given["aria-invalid"] = "true"
    if isinstance(widget, forms.Textarea):
        given.setdefault("rows", widget.attrs.get("rows") if widget.attrs.get("rows") != "10" else "4")
        given.setdefault("data-autosize", True)
        widget.attrs.pop("cols", None)
    given["class"] = " ".join(name for name in classes if name)
    if described := _described_by(field, has_help or bool(field.help_text)):
        given["aria-describedby"] = described
    return field.as_widget(attrs=given)


def options(field: BoundField) -> Iterator[dict[str, Any]]:
    """The boxes or buttons of a group: id, name, value, label, is_checked, type."""
    for one in field.subwidgets:
        data = one.data
        yield {
            "id": data["attrs"].get("id", ""),
            "name": data["name"],
            "value": data["value"],
            "label": data["label"],
            "type": data["type"],
            "is_checked": data["selected"],
            "is_disabled": bool(data["attrs"].get("disabled")),
        }


def form_problems(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """(id of the control, label, sentence) of everything that is wrong with a form, fields first in their order."""
    found = [
        (field.id_for_label or str(field.auto_id), str(field.label), str(problem))
        for field in form
        for problem in field.errors
    ]
    return found + [("", "", str(problem)) for problem in form.non_field_errors()]
