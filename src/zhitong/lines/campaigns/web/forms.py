"""The forms of the pages of drives."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.matters.public import Upload, Urgency, check_upload, finding_subkinds
from zhitong.kernel.organisation.public import organs_on, staff_of
from zhitong.kernel.register.public import door_choices
from zhitong.kernel.territory.public import Level, labels, of_level
from zhitong.ui.public import (
    DateInput,
    RefusableForm,
    SearchSelect,
    SearchSelectMultiple,
    TableForm,
    photos_field,
)

from ..choices import DriveKind
from ..models import Drive, Stage, Target
from ..rules import stages

MOST_OF_A_LIST = 32 * 1024 * 1024  # bytes
Choices = list[tuple[str, Any]]


def organ_choices(only: Iterable[UUID] | None = None) -> Choices:
    """The organs of today, or only some of them."""
    wanted = None if only is None else set(only)
    return [(str(one.id), str(one)) for one in organs_on(timezone.localdate()) if wanted is None or one.id in wanted]


def place_choices() -> Choices:
    """Streets and communities, each with the ones above."""
    nodes = [*of_level(Level.STREET), *of_level(Level.COMMUNITY)]
    names = labels([one.id for one in nodes])
    return [(str(one.id), names[one.id]) for one in nodes]


def _uuid_or_none(said: str) -> UUID | None:
    return UUID(said) if said else None


class DriveForm(RefusableForm):
    """A drive, begun or changed."""

    name = forms.CharField(label=_("行动名称"), max_length=120, error_messages={"required": _("请填写行动名称。")})
    kind = forms.ChoiceField(label=_("行动类型"), choices=DriveKind.choices)
    purpose = forms.CharField(
        label=_("目的和依据"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    organ = forms.TypedChoiceField(
        label=_("牵头单位"), coerce=UUID, widget=SearchSelect(), error_messages={"required": _("请选择牵头单位。")}
    )
    divisions = forms.TypedMultipleChoiceField(
        label=_("参加的辖区"),
        coerce=UUID,
        required=False,
        widget=SearchSelectMultiple(),
        help_text=_("不选即全区县都参加。"),
    )
    starts_on = forms.DateField(label=_("开始日期"), widget=DateInput())
    ends_on = forms.DateField(label=_("截止日期"), widget=DateInput())
    stages = forms.CharField(
        label=_("对象的环节"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个，按先后排列。行首加 * 的环节算作完成；都不加时，最后一个算作完成。"),
        error_messages={"required": _("至少要有两个环节。")},
    )  # fmt: skip
    sorts = forms.CharField(
        label=_("问题类型"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个，登记对象时从中选择。没有可不填。"),
    )  # fmt: skip
    needs_before = forms.BooleanField(label=_("完成前须有处置前照片"), required=False)
    needs_after = forms.BooleanField(label=_("完成时须有处置后照片"), required=False)
    takes_finds = forms.BooleanField(label=_("网格员可现场登记对象"), required=False)

    def __init__(self, *args: Any, only: Iterable[UUID] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("organ", [("", _("请选择")), *organ_choices(only)])
        self.set_choices("divisions", place_choices())
        self.fields["starts_on"].initial = timezone.localdate()

    def clean_stages(self) -> list[tuple[str, bool]]:
        """Names in order, each with whether it counts as done."""
        return stages.typed(self.cleaned_data["stages"])

    def clean_sorts(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(filter(None, (line.strip() for line in self.cleaned_data["sorts"].splitlines()))))

    @staticmethod
    def of(drive: Drive) -> dict[str, Any]:
        """What a drive is now."""
        names = ("name", "kind", "purpose", "starts_on", "ends_on", "needs_before", "needs_after", "takes_finds")
        typed = stages.shown([(one.name, one.is_done) for one in drive.stages.all()])
        return {
            **{name: getattr(drive, name) for name in names}, "organ": str(drive.organ_id), "stages": typed,
            "divisions": [str(one) for one in drive.divisions], "sorts": "\n".join(drive.sorts),
        }  # fmt: skip


class _Placed(RefusableForm):
    """Something at a place: a point, or a division."""

    name = forms.CharField(
        label=_("对象名称"), max_length=120, help_text=_("写物不写人，例如“东风路18号东侧彩钢棚”。"),
        error_messages={"required": _("请填写对象名称。")},
    )  # fmt: skip
    sort = forms.ChoiceField(label=_("问题类型"), required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    address = forms.CharField(label=_("地点"), required=False, max_length=200)

    def __init__(self, drive: Drive, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices(
            "sort", [("", _("请选择") if drive.sorts else _("不分类型")), *((one, one) for one in drive.sorts)]
        )

    def clean(self) -> dict[str, Any]:
        """Half a point is none."""
        said = super().clean() or self.cleaned_data
        if said.get("lon") is None or said.get("lat") is None:
            said |= {"lon": None, "lat": None}
        return said


class TargetForm(_Placed):
    """A target, entered by hand or put right."""

    division = forms.TypedChoiceField(
        label=_("所在辖区"), required=False, coerce=_uuid_or_none, empty_value=None, widget=SearchSelect(),
        help_text=_("地图上选了点的，以点所在的网格为准。"),
    )  # fmt: skip
    organ = forms.TypedChoiceField(
        label=_("责任单位"), required=False, coerce=_uuid_or_none, empty_value=None, widget=SearchSelect()
    )
    staff = forms.TypedChoiceField(
        label=_("责任人"), required=False, coerce=_uuid_or_none, empty_value=None, widget=SearchSelect(),
        help_text=_("先选好责任单位并保存，再选本单位的人。"),
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("完成期限"), required=False, widget=DateInput(), help_text=_("留空即行动的截止日期。")
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, drive: Drive, *args: Any, target: Target | None = None, **kwargs: Any) -> None:
        super().__init__(drive, *args, **kwargs)
        own = (
            []
            if target is None
            else [(str(target.division_id), labels([target.division_id]).get(target.division_id, ""))]
        )
        self.set_choices("division", [("", _("请选择")), *dict([*own, *place_choices()]).items()])
        self.set_choices("organ", [("", _("不指定")), *organ_choices()])
        people = staff_of(target.organ_id, timezone.localdate()) if target and target.organ_id else []
        self.set_choices("staff", [("", _("不指定")), *{str(one.staff_id): one.staff.name for one in people}.items()])

    @staticmethod
    def of(target: Target) -> dict[str, Any]:
        """What a target is now."""
        plain = {name: getattr(target, name) for name in ("name", "sort", "lon", "lat", "address", "due_on", "note")}
        return plain | {name: str(getattr(target, f"{name}_id") or "") for name in ("division", "organ", "staff")}


class FindForm(_Placed):
    """What is found on the spot."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    before = photos_field(_("处置前照片"))
    note = forms.CharField(label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class StepForm(RefusableForm):
    """What is done with a target: moved on, noted, with words and photos.  ``expected`` is the stage the page showed."""

    stage = forms.TypedChoiceField(label=_("推进到"), coerce=UUID, error_messages={"required": _("请选择下一个环节。")})
    expected = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    before = photos_field(_("处置前照片"))
    after = photos_field(_("处置后照片"))

    def __init__(self, target: Target, *args: Any, is_note: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = Stage.objects.filter(drive=target.drive_id, position__gt=target.stage.position)
        self.set_choices("stage", [(str(one.pk), str(one)) for one in later])
        self.fields["expected"].initial = target.stage_id
        self.fields["stage"].required = not is_note


class ReasonForm(RefusableForm):
    """Why a target is not counted."""

    reason = forms.CharField(
        label=_("不计入的理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明不计入的理由。")},
    )


class RaiseForm(RefusableForm):
    """A matter about a target."""

    subkind = forms.TypedChoiceField(
        label=_("生成事项"), coerce=UUID, error_messages={"required": _("请选择生成哪种事项。")}
    )
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, initial=Urgency.NORMAL)
    text = forms.CharField(
        label=_("要解决什么问题"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明要解决什么问题。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("subkind", [(one.pk, str(one)) for one in finding_subkinds()])


class RegisterForm(RefusableForm):
    """Targets from what the district has: communities, grids, buildings, households."""

    of = forms.ChoiceField(
        label=_("取自"), help_text=_("村居和网格取自区划，楼栋和住户取自登记。已在清单上的不会重复。")
    )
    within = forms.TypedChoiceField(
        label=_("范围"), required=False, coerce=_uuid_or_none, empty_value=None, widget=SearchSelect()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("of", [("community", _("每个村居")), ("grid", _("每个网格")), *door_choices()])
        self.set_choices("within", [("", _("全区县")), *place_choices()])


class ListForm(TableForm):
    """A list of targets or a plan as a table; lists are longer than other tables."""

    file = forms.FileField(
        label=_("文件"), help_text=_("xlsx 或 csv 格式，不超过32MB。"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请先选择要导入的文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Not larger than a list of two hundred thousand rows."""
        file = self.cleaned_data["file"]
        if file.size > MOST_OF_A_LIST:
            raise forms.ValidationError(_("文件太大，请拆分后再导入。"), code="too_large")
        return file


class PointForm(RefusableForm):
    """One point of the plan."""

    by_day = forms.DateField(label=_("日期"), widget=DateInput(), error_messages={"required": _("请填写日期。")})
    done = forms.IntegerField(label=_("应完成"), min_value=0, max_value=10**8, help_text=_("从行动开始累计的个数。"))
    division = forms.TypedChoiceField(
        label=_("辖区"), required=False, coerce=_uuid_or_none, empty_value=None, widget=SearchSelect()
    )
    organ = forms.TypedChoiceField(
        label=_("责任单位"), required=False, coerce=_uuid_or_none, empty_value=None, widget=SearchSelect()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("division", [("", _("全部辖区")), *place_choices()])
        self.set_choices("organ", [("", _("不分单位")), *organ_choices()])

    def clean(self) -> dict[str, Any]:
        """Of a division or of an organ, not of both."""
        said = super().clean() or self.cleaned_data
        if said.get("division") and said.get("organ"):
            self.add_error("organ", _("辖区和责任单位只选一个。"))
        return said


def uploads(files: Iterable[Any]) -> list[Upload]:
    """Each looked at; ``Refused`` for what is none."""
    return [check_upload(one.name or "", one.read()) for one in files]


def day_of(said: str) -> date | None:
    """A day in an address; None for what is none."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
