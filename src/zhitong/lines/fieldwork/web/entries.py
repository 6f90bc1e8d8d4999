"""The forms of the phone: the same ones draw the screens and read what comes from the queue."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.matters.public import Urgency
from zhitong.kernel.register.public import HouseholdKind, Role, UnitUse
from zhitong.ui.public import PlacedEntryForm, photos_field

from ..rules.walking import MOST_POINTS

MOST_TRACK = 1_000_000


def _text(label: Any, placeholder: Any, wanted: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "placeholder": placeholder})
    return forms.CharField(label=label, max_length=2000, widget=area, error_messages={"required": wanted})


def _address() -> forms.CharField:
    return forms.CharField(label=_("地点"), max_length=200, required=False)


class ReportForm(PlacedEntryForm):
    """Photo, place, three words."""

    photos = photos_field(_("照片"))
    text = _text(_("什么问题"), _("如：井盖缺失"), _("请写明是什么问题。"))
    address = _address()
    urgency = forms.ChoiceField(
        label=_("紧急程度"), choices=Urgency.choices, initial=Urgency.NORMAL, required=False, widget=forms.RadioSelect
    )


class ListenForm(PlacedEntryForm):
    """What a resident said."""

    text = _text(_("群众说了什么"), _("如：楼道灯坏了一周没人修"), _("请写下群众说的情况。"))
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("联系电话"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    address = _address()
    is_appeal = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ResolveForm(PlacedEntryForm):
    """Mended there and then."""

    photos = photos_field(_("处置前照片"))
    text = _text(_("什么问题"), _("如：垃圾桶倒在路上"), _("请写明是什么问题。"))
    done = _text(_("怎么处置的"), _("如：已扶正并清扫"), _("请写明怎么处置的。"))
    after = photos_field(_("处置后照片"))
    address = _address()


class HouseholdForm(forms.Form):
    """A household as found at the door."""

    household = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("户类型"), choices=HouseholdKind.choices)
    note = forms.CharField(label=_("备注"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ResidentForm(forms.Form):
    """Somebody who lives there: of a household, or the first of a new one behind a door."""

    household = forms.UUIDField(required=False, widget=forms.HiddenInput)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名"), max_length=60, error_messages={"required": _("请填写姓名。")})
    phone = forms.CharField(
        label=_("联系电话"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    role = forms.ChoiceField(label=_("与户主关系"), choices=Role.choices, initial=Role.OTHER)

    def clean(self) -> dict[str, Any]:
        """Either of them."""
        said = super().clean() or self.cleaned_data
        if not said.get("household") and not said.get("unit"):
            raise forms.ValidationError(_("请先选择住户或房屋。"))
        return said


class BuildingForm(PlacedEntryForm):
    """A building as it stands; ``lon`` and ``lat`` are its entrance."""

    building = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    name = forms.CharField(label=_("楼栋名称"), max_length=80, error_messages={"required": _("请填写楼栋名称。")})
    floors = forms.IntegerField(label=_("层数"), min_value=1, max_value=150, required=False)
    is_gone = forms.BooleanField(label=_("楼栋已拆除或不存在"), required=False)


class _Door(forms.Form):
    """What is said of a unit."""

    entrance = forms.CharField(label=_("单元"), max_length=20, required=False)
    number = forms.CharField(label=_("房号"), max_length=20, error_messages={"required": _("请填写房号。")})
    floor = forms.IntegerField(label=_("楼层"), min_value=-9, max_value=150, required=False)
    use = forms.ChoiceField(label=_("用途"), choices=UnitUse.choices, initial=UnitUse.LIVING)


class UnitForm(_Door):
    """A unit as it is."""

    unit = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    is_gone = forms.BooleanField(label=_("房屋已拆除或合并"), required=False)


class NewUnitForm(_Door):
    """A unit that was missing."""

    building = forms.UUIDField(widget=forms.HiddenInput)


class RaiseForm(forms.Form):
    """A note becomes an appeal."""

    note = forms.UUIDField()


class CheckInForm(forms.Form):
    """Where a round begins."""

    round = forms.UUIDField()
    grid = forms.UUIDField()
    lon = forms.FloatField(min_value=-180, max_value=180)
    lat = forms.FloatField(min_value=-90, max_value=90)
    accuracy = forms.FloatField(min_value=0, max_value=100_000)


class WalkedForm(forms.Form):
    """A round that is over."""

    round = forms.UUIDField()
    track = forms.JSONField()

    def clean_track(self) -> list[list[float]]:
        """[[seconds, lon, lat, metres], …]."""
        said = self.cleaned_data["track"]
        is_list = isinstance(said, list) and len(said) <= 4 * MOST_POINTS
        if not is_list or not all(
            isinstance(point, list) and len(point) == 4 and all(map(_is_number, point)) for point in said
        ):
            raise forms.ValidationError(_("轨迹格式不对。"))
        return said  # type: ignore[no-any-return]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def fields_of(said: str) -> dict[str, Any]:
    """The fields of an entry; empty for what is none."""
    try:
        found = json.loads(said[:MOST_TRACK])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
