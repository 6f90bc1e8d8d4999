"""The forms of the pages of inventories."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.matters.public import MOST_FILES
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import DateInput, FilesField, PhotosInput, RefusableForm, SearchSelect

from ..choices import Finding
from ..models import Entry, Inventory
from .forms import organ_choices, place_choices

_CYCLES = [
    ("", _("不要求")),
    ("7", _("每周")),
    ("30", _("每月")),
    ("90", _("每季度")),
    ("180", _("每半年")),
    ("365", _("每年")),
]


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (line.strip() for line in text.splitlines()))))


class InventoryForm(RefusableForm):
    """An inventory, defined or changed."""

    name = forms.CharField(
        label=_("台账名称"), max_length=60, help_text=_("如：便民疏导点、户外广告设施、助老食堂。"),
        error_messages={"required": _("请填写台账名称。")},
    )  # fmt: skip
    organ = forms.TypedChoiceField(
        label=_("主管单位"), coerce=UUID, widget=SearchSelect(), error_messages={"required": _("请选择主管单位。")}
    )
    purpose = forms.CharField(
        label=_("说明和依据"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    fields_ = forms.CharField(
        label=_("登记项目"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一项，名称和地点不用写。行首加 * 的项目向居民公开，例如“* 营业时间”。"),
    )  # fmt: skip
    has_holder = forms.BooleanField(label=_("登记设置人或经营单位"), required=False, initial=True)
    has_licence = forms.BooleanField(label=_("须有许可，登记证号和有效期"), required=False)
    has_stalls = forms.BooleanField(
        label=_("分摊位，登记经营者和经营产品"), required=False, help_text=_("公开台账时，经营者和经营产品一并公开。")
    )
    check_days = forms.TypedChoiceField(
        label=_("检查周期"), required=False, coerce=int, empty_value=None, choices=_CYCLES
    )
    field_of: ClassVar[dict[str, str]] = {"fields": "fields_"}

    def __init__(self, *args: Any, only: Iterable[UUID] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("organ", [("", _("请选择")), *organ_choices(only)])
        days = str((kwargs.get("initial") or {}).get("check_days") or "")
        if days and days not in dict(_CYCLES):
            self.set_choices("check_days", [*_CYCLES, (days, _("每%(days)s天") % {"days": days})])

    def said(self) -> dict[str, Any]:
        """What was filled in, for the action."""
        said = dict(self.cleaned_data)
        lines = _lines(said.pop("fields_"))
        bare = [line.lstrip("*＊ ") for line in lines]
        shown = [name for name, line in zip(bare, lines, strict=True) if line.startswith(("*", "＊"))]
        return {**said, "fields": bare, "shown": shown}

    @staticmethod
    def of(one: Inventory) -> dict[str, Any]:
        """What an inventory is now."""
        names = ("name", "purpose", "has_holder", "has_licence", "has_stalls", "check_days")
        typed = "\n".join(f"* {name}" if name in one.shown else name for name in one.fields)
        return {**{name: getattr(one, name) for name in names}, "organ": str(one.organ_id), "fields_": typed}


class EntryForm(RefusableForm):
    """A thing of an inventory, with the inventory's own fields behind those that every one has."""

    name = forms.CharField(label=_("名称"), max_length=120, error_messages={"required": _("请填写名称。")})
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    address = forms.CharField(label=_("地点"), required=False, max_length=200)
    division = forms.TypedChoiceField(
        label=_("所在辖区"), required=False, coerce=UUID, empty_value=None, widget=SearchSelect(),
        help_text=_("地图上选了点的，以点所在的网格为准。"),
    )  # fmt: skip
    holder = forms.CharField(label=_("设置人或经营单位"), required=False, max_length=120)
    licence = forms.CharField(label=_("许可证号"), required=False, max_length=60)
    valid_until = forms.DateField(label=_("许可有效期至"), required=False, widget=DateInput())

    def __init__(self, inventory: Inventory, *args: Any, entry: Entry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (
            [] if entry is None else [(str(entry.division_id), labels([entry.division_id]).get(entry.division_id, ""))]
        )
        self.set_choices("division", [("", _("请选择")), *dict([*own, *place_choices()]).items()])
        if not inventory.has_holder:
            del self.fields["holder"]
        if not inventory.has_licence:
            del self.fields["licence"], self.fields["valid_until"]
        self.own = dict(zip((f"own_{place}" for place in range(len(inventory.fields))), inventory.fields, strict=True))
        for key, label in self.own.items():
            self.fields[key] = forms.CharField(label=label, required=False, max_length=200)

    def said(self) -> dict[str, Any]:
        """What was filled in, for the action; half a point is none."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in self.own}
        if said.get("lon") is None or said.get("lat") is None:
            said |= {"lon": None, "lat": None}
        return said | {"values": {label: self.cleaned_data[key] for key, label in self.own.items()}}

    @staticmethod
    def of(entry: Entry) -> dict[str, Any]:
        """What an entry is now."""
        plain = {
            name: getattr(entry, name) for name in ("name", "lon", "lat", "address", "holder", "licence", "valid_until")
        }
        own = {f"own_{place}": entry.values.get(name, "") for place, name in enumerate(entry.inventory.fields)}
        return plain | own | {"division": str(entry.division_id)}


class StallForm(RefusableForm):
    """Who sells what at a stall."""

    label = forms.CharField(label=_("摊位号"), max_length=20, error_messages={"required": _("请填写摊位号。")})
    vendor = forms.CharField(label=_("经营者"), max_length=60, error_messages={"required": _("请填写经营者。")})
    product = forms.CharField(label=_("经营产品"), max_length=80, error_messages={"required": _("请填写经营产品。")})
    phone = forms.CharField(
        label=_("经营者电话"),
        required=False,
        max_length=20,
        help_text=_("不公开。填了的，经营者可以查询和要求删除本人信息。"),
    )
    since = forms.DateField(label=_("起始日期"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate()


def _photos(label: Any) -> FilesField:
    return FilesField(
        label=label, required=False, widget=PhotosInput(attrs={"capture": "environment"}), most=MOST_FILES
    )


class InspectForm(RefusableForm):
    """A look at an entry."""

    finding = forms.ChoiceField(
        label=_("检查结果"),
        choices=Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择检查结果。")},
    )
    text = forms.CharField(
        label=_("检查情况"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = forms.DateField(label=_("整改期限"), required=False, widget=DateInput(), help_text=_("须整改时填写。"))
    photos = _photos(_("照片"))


class SettleForm(RefusableForm):
    """A fault put right."""

    text = forms.CharField(
        label=_("整改情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明整改情况。")},
    )  # fmt: skip
    photos = _photos(_("整改后照片"))


class GoneForm(RefusableForm):
    """It stands there no longer."""

    reason = forms.CharField(label=_("撤除原因"), max_length=200, error_messages={"required": _("请写明撤除原因。")})
    on = forms.DateField(label=_("撤除日期"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
