"""What a review asks for, and what the list of reviews is narrowed by."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import bounds
from zhitong.kernel.matters.public import reasons
from zhitong.kernel.organisation.public import organs
from zhitong.kernel.reviews import public as r
from zhitong.ui.public import DateInput, RefusableForm, SearchSelect, in_language, named

from ...queries.figures import areas

ANY = ("", _("全部"))
MOST_WORDS = 500
YEARS = (2000, 2200)
CHECKS = forms.CheckboxSelectMultiple


class ReviewForm(RefusableForm):
    """Five faces; reasons of either side, of which those count that go with the grade; words; whom to call back."""

    field_of: ClassVar = {"reasons": "bad"}

    mark = forms.TypedChoiceField(
        label=_("您对这次服务满意吗？"), choices=[(str(m.value), m.label) for m in r.Mark], coerce=int,
        error_messages={"required": _("请选择评价等级。"), "invalid_choice": _("请选择评价等级。")},
    )  # fmt: skip
    good = forms.MultipleChoiceField(label=_("哪里做得好（可多选）"), required=False, widget=CHECKS)
    bad = forms.MultipleChoiceField(label=_("哪里不满意（可多选）"), required=False, widget=CHECKS)
    words = forms.CharField(
        label=_("想说的话"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("意见请控制在500字以内。")},
    )  # fmt: skip
    name = forms.CharField(label=_("怎么称呼您"), required=False, max_length=60)
    phone = forms.CharField(
        label=_("联系电话"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("留下电话，我们会回电核实并告诉您整改结果；被评价人看不到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, list_ in (("good", r.GOOD_REASONS), ("bad", r.BAD_REASONS)):
            self.fields[field].choices = [(one.slug, named(one)) for one in reasons(list_)]  # type: ignore[attr-defined]

    def judgement(self, source: str) -> r.Judgement:
        """What was said, of a form that is valid."""
        got = self.cleaned_data
        chosen = got["good"] if got["mark"] in r.SATISFIED else got["bad"]
        return r.Judgement(got["mark"], tuple(chosen), got["words"], got["name"], got["phone"], source)


STATES = (
    ("bad", _("差评")), ("good", _("好评")), ("on_site", _("现场扫码")), ("second", _("再次评价")), ("proposed", _("待第二人认定")),
    ("excluded", _("已认定不计入")),
)  # fmt: skip


class ReviewFilter(forms.Form):
    """What makes no sense is left out and said so."""

    q = forms.CharField(label=_("关键字"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("类型"), required=False, choices=[ANY, *STATES])
    mark = forms.ChoiceField(label=_("等级"), required=False, choices=[ANY, *((str(m.value), m.label) for m in r.Mark)])
    organ = forms.ChoiceField(label=_("单位"), required=False, widget=SearchSelect)
    area = forms.ChoiceField(label=_("街道"), required=False, widget=SearchSelect)
    channel = forms.ChoiceField(label=_("服务方式"), required=False, choices=[ANY, *r.Way.choices])
    since = forms.DateField(label=_("自"), required=False, widget=DateInput())
    until = forms.DateField(label=_("至"), required=False, widget=DateInput())
    point = forms.UUIDField(label=_("窗口"), required=False, widget=forms.HiddenInput)
    item = forms.UUIDField(label=_("服务事项"), required=False, widget=forms.HiddenInput)

    FIRST: ClassVar = ("q", "state", "organ")
    LATER: ClassVar = ("mark", "area", "channel", "since", "until")
    CARRIED: ClassVar = ("point", "item")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_organs = [(str(one.id), in_language(one.name, one.name_en)) for one in organs()]
        for name, choices in (("organ", of_organs), ("area", areas())):
            self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages.update(
                invalid_choice=_("没有这个选项，已忽略。"), invalid=_("无法识别，已忽略。"), max_length=_("内容过长，已忽略。")
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A day far from any of ours is left out."""
        data = super().clean() or {}
        for name in ("since", "until"):
            if data.get(name) and not YEARS[0] <= data[name].year <= YEARS[1]:
                self.add_error(name, _("无法识别，已忽略。"))
        return data

    def wanted(self) -> dict[str, Any]:
        """As the list takes it."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        for name in ("organ", "area"):
            if name in found:
                found[name] = UUID(found[name])
        if since := found.get("since"):
            found["since"] = bounds(since)[0]
        if until := found.get("until"):
            found["until"] = bounds(until)[1]
        return found


class WhyForm(RefusableForm):
    """A reason and its ground."""

    reason = forms.CharField(label=_("理由和依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PointForm(RefusableForm):
    """A window."""

    field_of: ClassVar = {"organ": "organ_id"}

    organ_id = forms.ChoiceField(label=_("单位"), widget=SearchSelect)
    name = forms.CharField(label=_("窗口名称"), max_length=60, help_text=_("如：政务大厅3号窗口。"))
    area_id = forms.ChoiceField(label=_("街道"), required=False, widget=SearchSelect)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_organs = [(str(one.id), in_language(one.name, one.name_en)) for one in organs()]
        self.fields["organ_id"].choices = [("", ""), *of_organs]  # type: ignore[attr-defined]
        self.fields["area_id"].choices = [("", ""), *areas()]  # type: ignore[attr-defined]
