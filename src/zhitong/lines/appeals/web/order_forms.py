"""The forms of importing work orders: the file, and what its columns mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..choices import Datum
from ..rules.orders import FIELDS, LONGEST_SOURCE


class OrdersForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx 或 csv 格式，不超过200MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": _("请先选择要导入的文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )


class ColumnsForm(forms.Form):
    """A choice for each column of the file; where it is from, in which coordinates, and a name to keep all this under."""

    source = forms.CharField(
        label=_("来源代号"),
        max_length=LONGEST_SOURCE,
        help_text=_("与工单编号一起识别同一件工单，同一条热线请始终用同一代号。"),
    )
    datum = forms.ChoiceField(label=_("坐标系"), choices=Datum.choices)
    save_as = forms.CharField(
        label=_("保存为"),
        max_length=40,
        required=False,
        help_text=_("填写名称后保存，下次上传同样的文件时自动套用。"),
    )

    def __init__(self, headings: Sequence[str], meant: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = list(dict.fromkeys(headings))
        choices = [("", _("不导入")), *((field.slug, field.label) for field in FIELDS)]
        for position, heading in enumerate(self.headings):
            self.fields[f"c{position}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=meant.get(heading, "")
            )

    def columns(self) -> list[tuple[str, Any]]:
        """The headings with their choices."""
        return [(heading, self[f"c{position}"]) for position, heading in enumerate(self.headings)]

    def meant(self) -> dict[str, str]:
        """What was chosen, as far as it was."""
        chosen = ((heading, self.cleaned_data.get(f"c{i}") or "") for i, heading in enumerate(self.headings))
        return {heading: slug for heading, slug in chosen if slug}
