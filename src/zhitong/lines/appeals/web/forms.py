"""Forms of residents and of whoever registers for them."""

import contextlib
import re
import secrets
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory import public as territory
from zhitong.ui.action_forms import TextField
from zhitong.ui.action_forms.choices import category_choices
from zhitong.ui.public import CascadeSelect, FilesField, PhotosInput, RefusableForm, named

from ..actions import Said

KIND = "appeal"
LEAST_TEXT, MOST_TEXT = 5, 5000
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
REQUIRED = _("此项必填。")
PLACES = {"lon": (-180, 180), "lat": (-90, 90)}
# How appeals come in that somebody takes down.
TAKEN_DOWN = [(one.value, one.label) for one in m.Channel if one not in (m.Channel.PORTAL, m.Channel.SYSTEM)]


def new_key() -> str:
    """The key of a form that was not sent yet."""
    return secrets.token_urlsafe(24)


def division_choices() -> list[tuple[str, str]]:
    """Streets and communities as paths."""
    found: list[tuple[str, str]] = []
    for street in territory.of_level(territory.Level.STREET):
        found.append((str(street.id), str(street)))
        found += [
            (str(one.id), f"{street} / {one}") for one in territory.children(street.id) if one.level == "community"
        ]
    return found


def _degrees(most: int) -> forms.FloatField:
    wrong = _("所选位置无效，请重新在地图上选点，或填写地址。")
    messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.FloatField(
        required=False, min_value=-most, max_value=most, widget=forms.HiddenInput, error_messages=messages
    )


class RaiseForm(RefusableForm):
    """What a resident says.  ``uploads`` holds the photos that are good, those of an earlier try included."""

    field_of: ClassVar[dict[str, str]] = {"files": "photos", "kind": "subkind"}
    subkind = forms.ChoiceField(
        label=_("您要反映的是"), widget=forms.RadioSelect, error_messages={"required": _("请选择一类。")}
    )
    text = TextField(
        label=_("请说说情况"), max_length=MOST_TEXT, widget=forms.Textarea({"rows": "5"}),
        error_messages={"required": _("请写明您要反映的情况，一句话也可以。")},
    )  # fmt: skip
    photos = FilesField(label=_("照片"), required=False, most=m.MOST_FILES, widget=PhotosInput)
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20_000)
    lon = _degrees(180)
    lat = _degrees(90)
    address = TextField(label=_("地址或附近标志"), max_length=200, required=False)
    division = forms.ChoiceField(
        label=_("所在街道、社区"), required=False, widget=CascadeSelect,
        error_messages={"invalid_choice": _("没有这个街道或社区，请重新选择。")},
    )  # fmt: skip
    is_urgent = forms.BooleanField(label=_("情况紧急，请优先处理"), required=False)
    is_public = forms.BooleanField(
        label=_("同意公开这件诉求"), required=False,
        help_text=_("公开时隐去姓名、电话、门牌等个人信息，邻居可以看到已有人反映，不必重复提交。"),
    )  # fmt: skip
    has_public_photos = forms.BooleanField(label=_("照片也一并公开"), required=False)
    name = TextField(
        label=_("怎么称呼您"), max_length=30, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = TextField(
        label=_("手机号"), max_length=30, required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("可以不留；但没有手机号，我们无法联系和回访您，只能凭编号查询。"),
    )  # fmt: skip
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    on_portal = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.uploads: list[m.Upload] = []
        self.kinds = m.subkinds(KIND, on_portal=self.on_portal)
        self._choices("subkind", [(s.slug, named(s)) for s in self.kinds])
        self._choices("division", [("", _("请选择（选填）")), *division_choices()])
        if not self.is_bound:
            self.initial.setdefault("key", new_key())
            self.initial.setdefault("subkind", self.kinds[0].slug if self.kinds else None)

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_text(self) -> str:
        """At least a short sentence."""
        text: str = self.cleaned_data["text"]
        if len(text) < LEAST_TEXT or not any(map(str.isalpha, text)):
            raise forms.ValidationError(_("请再写具体一点：什么地方、出了什么问题。"), code="too_short")
        return text

    def clean_phone(self) -> str:
        """A number that can be called, or nothing."""
        phone: str = self.cleaned_data["phone"]
        if phone and citizen.phone(phone) is None:
            raise forms.ValidationError(_("电话号码不正确，请填写11位手机号，或带区号的固定电话。"), code="bad_phone")
        return phone

    def clean_key(self) -> str:
        """The form's key; a fresh one for a form that has none."""
        key: str = self.cleaned_data["key"]
        return key if KEY.fullmatch(key) else new_key()

    def clean(self) -> dict[str, Any]:
        """Both coordinates or none; the photos looked into."""
        cleaned = super().clean() or {}
        if (cleaned.get("lon") is None) != (cleaned.get("lat") is None):
            cleaned["lon"] = cleaned["lat"] = None
        if cleaned.get("lon") is not None and not cleaned.get("division"):
            self._check_place(cleaned["lon"], cleaned["lat"])
        self._look_into(cleaned.get("photos") or [], str(cleaned.get("kept") or ""))
        return cleaned

    def _check_place(self, lon: float, lat: float) -> None:
        """A point outside the district belongs to nobody here; close to the border the street decides."""
        if territory.is_outside(lon, lat):
            sentence = _("所选位置不在本区范围内，请重新选点；确在本区的，请选择所在街道。")
            self.add_error("lon", forms.ValidationError(sentence, code="outside"))

    def _look_into(self, files: list[Any], kept: str) -> None:
        self.uploads = m.taken_up(kept)
        for file in files:
            try:
                self.uploads.append(_checked(file))
            except Refused as refused:
                name = clean(str(file.name))[-60:]
                self.add_error(
                    "photos", forms.ValidationError(_("“%(name)s”：%(why)s") % {"name": name, "why": refused})
                )
        if len(self.uploads) > m.MOST_FILES:
            del self.uploads[m.MOST_FILES :]
            self.add_error("photos", forms.ValidationError(_("照片最多9张，多出的没有保留。"), code="too_many"))

    def said(self) -> Said:
        """What was filled in, for the action."""
        got = self.cleaned_data
        return Said(
            subkind=got["subkind"], text=got["text"], key=got["key"], address=got["address"], lon=got["lon"], lat=got["lat"],
            division_id=UUID(got["division"]) if got["division"] else None,
            urgency=m.Urgency.URGENT if got.get("is_urgent") else m.Urgency.NORMAL, is_public=got["is_public"],
            has_public_photos=got.get("has_public_photos", False), name=got["name"], phone=got["phone"],
        )  # fmt: skip

    def keep(self, *, with_new_key: bool = False) -> None:
        """Make the form fit to be sent once more: the good photos stay with it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        with contextlib.suppress(Refused):  # a full disk: the text is worth more than the photos
            data["kept"] = m.set_aside(self.uploads)
        if with_new_key or not KEY.fullmatch(str(data.get("key") or "")):
            data["key"] = new_key()
        self.data = data


def _checked(file: Any) -> m.Upload:
    """Looked into; what is too large is not even read."""
    if file.size > m.MOST_BYTES:
        raise Refused("file_too_big", _("文件不能超过20MB，请压缩后再上传。"), field="photos")
    return m.check_upload(str(file.name or ""), file.read())


class RegisterForm(RaiseForm):
    """What a clerk, the hotline or a grid worker takes down for somebody."""

    channel = forms.ChoiceField(label=_("来源"), choices=TAKEN_DOWN, widget=forms.RadioSelect)
    title = TextField(label=_("标题"), max_length=120, required=False, help_text=_("不填则取内容的第一句。"))
    category = forms.ChoiceField(
        label=_("类别"), required=False, widget=CascadeSelect, error_messages={"invalid_choice": _("请从列表中选择。")}
    )
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=m.Urgency.choices, widget=forms.RadioSelect)
    on_portal = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices(
            "category", [("", _("暂不确定，由转办员选择")), *((str(pk), label) for pk, label in category_choices())]
        )
        self.initial.setdefault("urgency", m.Urgency.NORMAL)
        self.initial.setdefault("channel", m.Channel.VISIT)
        self.fields["subkind"].label = _("子类")
        self.fields["text"].label = _("反映内容")
        self.fields["name"].label = _("反映人姓名")
        self.fields["phone"].help_text = _("没有电话则无法回访，请告知反映人。")
        self.fields["is_public"].label = _("反映人同意公开")
        del self.fields["is_urgent"]

    def said(self) -> Said:
        """What was filled in, with what only staff fill in."""
        said, got = super().said(), self.cleaned_data
        said.channel, said.title, said.urgency = got["channel"], got["title"], got["urgency"]
        said.category_id = UUID(got["category"]) if got["category"] else None
        return said


class TrackForm(forms.Form):
    """Number and tracking code."""

    number = TextField(
        label=_("编号"), max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "placeholder": "20260907 000012 3"}),
        error_messages={"required": _("请输入15位编号。")},
    )  # fmt: skip
    code = TextField(
        label=_("查询码"), max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("请输入提交时得到的8位查询码。")},
    )  # fmt: skip


class JoinForm(forms.Form):
    """A neighbour with the same trouble; both may be left empty."""

    name = TextField(
        label=_("怎么称呼您"), max_length=30, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = TextField(
        label=_("手机号"), max_length=30, required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("留下手机号，办理结果会同样告知您；不留也可以。"),
    )  # fmt: skip

    clean_phone = RaiseForm.clean_phone
