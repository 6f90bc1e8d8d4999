"""The forms of the pages of surveys."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.matters.public import Urgency, finding_subkinds
from zhitong.kernel.organisation.public import category_labels, headings
from zhitong.kernel.register.public import door_choices
from zhitong.kernel.territory.public import Level, of_level
from zhitong.ui.public import DateInput, RefusableForm, SearchSelect

from ..choices import Crossing
from ..models import Version
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
        label=_("摸排范围"), required=False, help_text=_("没有导入对象时，按下面所选取该范围内的对象。")
    )
    of = forms.ChoiceField(
        label=_("摸排到"), required=False, help_text=_("楼栋和住户取自登记，每一栋、每一户为一个对象。")
    )
    file = forms.FileField(
        label=_("摸排对象"), required=False, widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("可选。Excel 或 CSV，两列：对象名称、所在网格或村居的统一编码。名称写物不写人，例如“3号楼2单元电梯”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.pk), f"{one.form.name}（第{one.number}版）") for one in published()]
        self.set_choices("version", [("", _("请选择")), *known])
        streets = [(str(node.id), str(node)) for node in of_level(Level.STREET)]
        self.set_choices("within", [("", _("全区县")), *streets])
        self.set_choices("of", [("", _("每个网格")), *door_choices()])
        self.fields["starts_on"].initial = timezone.localdate()


class EndForm(RefusableForm):
    """Another last day."""

    ends_on = forms.DateField(label=_("截止日期"), widget=DateInput())


class RuleForm(RefusableForm):
    """When an answer raises a matter, and which."""

    path = forms.ChoiceField(label=_("题目"), widget=SearchSelect(), error_messages={"required": _("请选择一道题。")})
    crossing = forms.ChoiceField(label=_("条件"), choices=Crossing.choices)
    bound = forms.CharField(
        label=_("数值或选项"), required=False, max_length=120, help_text=_("选择题填选项的文字；条件是“填了”时留空。")
    )
    title = forms.CharField(label=_("事项标题"), max_length=60, error_messages={"required": _("请填写事项标题。")})
    subkind = forms.TypedChoiceField(label=_("生成事项"), coerce=UUID)
    category = forms.TypedChoiceField(
        label=_("类别"), required=False, coerce=UUID, empty_value=None, widget=SearchSelect(),
        help_text=_("定了类别，就能按职责清单建议承办单位。"),
    )  # fmt: skip
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices)

    def __init__(self, version: Version, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = version.questions.questions.values()
        shown = [(one.path, one.label or one.name) for one in questions if one.is_asked or one.calculate]
        labels = category_labels([one.id for one in headings()])
        self.set_choices("path", [("", _("请选择")), *shown])
        self.set_choices("subkind", [(str(one.pk), str(one)) for one in finding_subkinds()])
        self.set_choices("category", [("", _("由派单人员确定")), *((str(key), label) for key, label in labels.items())])
