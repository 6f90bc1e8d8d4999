"""A form with one of each control, for the gallery."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..formats import in_language
from ..forms import (
    CascadeSelect,
    DateInput,
    FilesField,
    MomentInput,
    PhotosInput,
    SearchSelect,
    SearchSelectMultiple,
)
from . import samples


class SampleForm(forms.Form):
    """Every kind of field once."""

    title = forms.CharField(label=_("标题"), max_length=60, help_text=_("一句话说明是什么事，60字以内。"))
    text = forms.CharField(label=_("内容"), widget=forms.Textarea, max_length=2000)
    category = forms.ChoiceField(label=_("类别"), widget=CascadeSelect, help_text=_("逐级选择，或直接输入关键字。"))
    organ = forms.ChoiceField(label=_("主办单位"), widget=SearchSelect, required=False)
    helpers = forms.MultipleChoiceField(label=_("协办单位"), widget=SearchSelectMultiple, required=False)
    urgency = forms.ChoiceField(
        label=_("紧急程度"),
        widget=forms.RadioSelect,
        choices=[("normal", _("一般")), ("urgent", _("紧急")), ("danger", _("危及生命"))],
    )
    channels = forms.MultipleChoiceField(
        label=_("来源"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("portal", _("网上")), ("hotline", _("12345热线")), ("visit", _("来访"))],
    )
    on = forms.DateField(label=_("日期"), widget=DateInput, required=False)
    at = forms.DateTimeField(label=_("时间"), widget=MomentInput, required=False)
    days = forms.IntegerField(label=_("期限"), min_value=1, max_value=60, required=False)
    phone = forms.CharField(label=_("电话"), required=False, help_text=_("只用于与您联系，页面上不公开。"))
    is_public = forms.BooleanField(label=_("同意隐去个人信息后公开"), required=False)
    lon = forms.FloatField(label=_("经度"), required=False)
    lat = forms.FloatField(label=_("纬度"), required=False)
    photos = FilesField(label=_("照片"), widget=PhotosInput, required=False, most=6)
    grade = forms.ChoiceField(
        label=pgettext_lazy("review", "您对办理结果是否满意？"), choices=samples.FACES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = [("", "")]
        organs = [(str(n), in_language(*names)) for n, names in enumerate(samples.ORGANS)]
        self.fields["category"].choices = empty + [  # type: ignore[attr-defined]
            (str(n), in_language(*names)) for n, names in enumerate(samples.CATEGORIES)
        ]
        self.fields["organ"].choices = empty + organs  # type: ignore[attr-defined]
        self.fields["helpers"].choices = organs  # type: ignore[attr-defined]


class SampleFilters(forms.Form):
    """A bar of filters."""

    q = forms.CharField(label=_("关键字"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), ("open", _("在办")), ("done", _("已办"))]
    )
    organ = forms.ChoiceField(label=_("主办单位"), required=False, widget=SearchSelect)
    since = forms.DateField(label=_("起始日期"), required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = [(str(n), in_language(*names)) for n, names in enumerate(samples.ORGANS)]
        self.fields["organ"].choices = [("", ""), *organs]  # type: ignore[attr-defined]
