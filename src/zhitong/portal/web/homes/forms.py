"""The forms of homes.  ``version`` is the one that was on the screen."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.register import public as register
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import DateInput, RefusableForm

ANY = ("", _("请选择"))


class VersionForm(RefusableForm):
    """A form about a thing that others may change at the same time."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def rest_on(self, version: int) -> None:
        """What is sent next rests on this version."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "version": version}


class HomesTableForm(RefusableForm):
    """A table of homes."""

    file = forms.FileField(
        label=_("文件"), help_text=_("xlsx 或 csv 格式，不超过100MB。"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请先选择要导入的文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )  # fmt: skip


class ExportForm(RefusableForm):
    """What of homes is given out; in full only where that is offered, and for a reason."""

    content = forms.ChoiceField(
        label=_("导出内容"), widget=forms.RadioSelect, initial="masked",
        choices=[("masked", _("脱敏：姓名和号码只显示部分")), ("full", _("完整姓名和号码，须填写原因，逐人留痕"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("导出原因"), max_length=200, required=False,
        help_text=_("将与您的姓名、时间一起记入每个人的查看记录，请勿填写姓名、号码等个人信息。"),
    )  # fmt: skip

    def __init__(self, may_in_full: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_in_full:
            del self.fields["content"], self.fields["reason"]


class BuildingForm(VersionForm):
    """A building."""

    field_of: ClassVar[dict[str, str]] = {"division_id": "division"}
    name = forms.CharField(label=_("楼栋名称"), max_length=80, help_text=_("如：七里花园3号楼。"))
    address = forms.CharField(label=_("地址"), max_length=200)
    kind = forms.ChoiceField(label=_("楼栋类型"), choices=register.BuildingKind.choices)
    floors = forms.IntegerField(label=_("层数"), required=False, min_value=1, max_value=150)
    division = forms.CharField(label=_("区划编码"), max_length=24, help_text=_("所在网格或村居的统一编码。"))
    lon = forms.FloatField(label=_("经度"), required=False, help_text=_("WGS-84，如 117.0215。"))
    lat = forms.FloatField(label=_("纬度"), required=False)
    ended_on = forms.DateField(label=_("灭失日期"), required=False, widget=DateInput())

    def clean_division(self) -> Any:
        """The division with this code."""
        node = territory.by_code(self.cleaned_data["division"].strip())
        if node is None:
            raise forms.ValidationError(_("没有这个编码的区划，请核对。"), code="no_division")
        return node.id


class UnitForm(VersionForm):
    """A unit."""

    entrance = forms.CharField(label=_("单元"), max_length=20, required=False, help_text=_("没有单元的不填。"))
    floor = forms.IntegerField(label=_("楼层"), required=False, min_value=-9, max_value=150)
    number = forms.CharField(label=_("房号"), max_length=20)
    use = forms.ChoiceField(label=_("用途"), choices=register.UnitUse.choices)
    ended_on = forms.DateField(label=_("注销日期"), required=False, widget=DateInput())


class FirmPlaceForm(RefusableForm):
    """The unit in which a firm works; all empty for nowhere."""

    division = forms.CharField(
        label=_("区划编码"), max_length=24, required=False, help_text=_("所在网格或村居的统一编码。")
    )
    building = forms.CharField(label=_("楼栋名称"), max_length=80, required=False)
    entrance = forms.CharField(label=_("单元"), max_length=20, required=False, help_text=_("没有单元的不填。"))
    number = forms.CharField(label=_("房号"), max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        """The unit that is meant."""
        said = super().clean() or self.cleaned_data
        if not any(said.get(name) for name in ("building", "entrance", "number")):
            return {**said, "unit": None}
        node = territory.by_code(said.get("division", "").strip())
        if node is None:
            raise forms.ValidationError({"division": _("没有这个编码的区划，请核对。")})
        unit = register.unit_called(node.id, said["building"], said.get("entrance", ""), said.get("number", ""))
        if unit is None:
            words = _("没有登记这套房屋，请先登记房屋，或核对楼栋、单元和房号。")
            raise forms.ValidationError({"number": words})
        return {**said, "unit": unit.pk}


class HouseholdForm(VersionForm):
    """What is registered of a household as a whole."""

    kind = forms.ChoiceField(label=_("户类型"), choices=register.HouseholdKind.choices)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class ResidentForm(VersionForm):
    """Somebody who joins a household."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    citizen_id = forms.CharField(
        label=_("身份证号"), max_length=30, required=False, help_text=_("有身份证号的，性别和出生日期由号码得出。")
    )
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    gender = forms.ChoiceField(label=_("性别"), required=False, choices=[ANY, *register.Gender.choices])
    born_on = forms.DateField(label=_("出生日期"), required=False, widget=DateInput())
    role = forms.ChoiceField(label=_("与户主关系"), choices=register.Role.choices, initial="other")
    kind = forms.ChoiceField(label=_("居住类型"), choices=register.ResidenceKind.choices, initial="both")
    since = forms.DateField(label=_("迁入日期"), widget=DateInput(), initial=timezone.localdate)
    moves = forms.BooleanField(
        label=_("从原住处迁来"), required=False, help_text=_("已登记在另一户的，原登记到迁入日期为止。")
    )


class OpenForm(ResidentForm):
    """A household with its first person."""

    household_kind = forms.ChoiceField(label=_("户类型"), choices=register.HouseholdKind.choices)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class ResidenceForm(VersionForm):
    """What somebody is in a household."""

    role = forms.ChoiceField(label=_("与户主关系"), choices=register.Role.choices)
    kind = forms.ChoiceField(label=_("居住类型"), choices=register.ResidenceKind.choices)
    since = forms.DateField(label=_("迁入日期"), widget=DateInput())


class LeaveForm(VersionForm):
    """Since when somebody, or a whole household, is no longer there."""

    until = forms.DateField(label=_("自哪天起不在此"), widget=DateInput(), initial=timezone.localdate)


class PersonForm(VersionForm):
    """What is registered of a person; numbers that are left empty stay."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    citizen_id = forms.CharField(label=_("身份证号"), max_length=30, required=False, help_text=_("留空则保持不变。"))
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False, help_text=_("留空则保持不变。"))
    email = forms.CharField(label=_("电子邮箱"), max_length=90, required=False, help_text=_("留空则保持不变。"))
    gender = forms.ChoiceField(label=_("性别"), required=False, choices=[ANY, *register.Gender.choices])
    born_on = forms.DateField(label=_("出生日期"), required=False, widget=DateInput())
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class TagForm(RefusableForm):
    """A tag."""

    kind = forms.ChoiceField(label=_("标签类型"))
    purpose = forms.CharField(label=_("标注原因"), max_length=200, help_text=_("写明为什么标注、用来做什么。"))
    until = forms.DateField(
        label=_("到期日期"),
        required=False,
        widget=DateInput(),
        help_text=_("留空则按标签类型的有效天数。到期自动取消。"),
    )

    def __init__(self, subject: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(one.pk), str(one)) for one in register.tag_kinds(subject)]
        self.fields["kind"].choices = [ANY, *kinds]  # type: ignore[attr-defined]


class TagKindForm(RefusableForm):
    """A kind of tag."""

    name = forms.CharField(label=_("标签名称"), max_length=40)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    subject = forms.ChoiceField(label=_("标注对象"), choices=register.TagSubject.choices)
    purpose = forms.CharField(label=_("目的和依据"), max_length=200)
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=1098, initial=365)
    is_in_use = forms.BooleanField(label=_("启用"), required=False, initial=True)
