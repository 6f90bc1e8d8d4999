"""The forms of the pages of surveys."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.territory.public import Level, of_level
from zhitong.ui.public import DateInput, RefusableForm

from ..queries.forms import published


class WorkbookForm(RefusableForm):
    """A workbook, for a new form or a new version."""

    file = forms.FileField(
        label=_("XLSForm 工作簿"),
        help_text=_(
            "Excel 文件（.xlsx 或 .xls），不超过 5 MB，按 XLSForm 的写法填写 survey、choices、settings 三张表。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm"}),
        error_messages={"required": _("请先选择文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )
    name = forms.CharField(label=_("表单名称"), max_length=120, required=False, help_text=_("留空则用工作簿里的标题。"))


class SurveyForm(RefusableForm):
    """A new survey."""

    version = forms.ChoiceField(label=_("表单"), error_messages={"required": _("请选择已发布的表单。")})
    name = forms.CharField(label=_("摸排名称"), max_length=120, error_messages={"required": _("请填写摸排名称。")})
    purpose = forms.CharField(
        label=_("目的和依据"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("填报人和被访人都会看到：为什么问、依据什么、答卷保存到什么时候。"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("开始日期"), widget=DateInput())
    ends_on = forms.DateField(label=_("截止日期"), widget=DateInput())
    within = forms.ChoiceField(
        label=_("摸排范围"), required=False, help_text=_("没有导入对象时，该范围内每个网格为一个对象。")
    )
    file = forms.FileField(
        label=_("摸排对象"), required=False, widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("可选。Excel 或 CSV，两列：对象名称、所在网格或村居的统一编码。名称写物不写人，例如“3号楼2单元电梯”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.pk), f"{one.form.name}（第{one.number}版）") for one in published()]
        self._offer("version", [("", _("请选择")), *known])
        streets = [(str(node.id), str(node)) for node in of_level(Level.STREET)]
        self._offer("within", [("", _("全区县")), *streets])
        self.fields["starts_on"].initial = timezone.localdate()

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class EndForm(RefusableForm):
    """Another last day."""

    ends_on = forms.DateField(label=_("截止日期"), widget=DateInput())
