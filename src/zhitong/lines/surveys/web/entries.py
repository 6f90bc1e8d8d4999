"""What is entered about surveys on the phone, without network."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """A form filled in for a target: its XML is a file like those it speaks of; ``version`` is what the phone had heard of the target."""

    target = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    answered = forms.CharField(label=_("填报情况"), required=False, max_length=200)


class MissedForm(forms.Form):
    """Why nobody could be asked."""

    target = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("未能填报的原因"), max_length=120, error_messages={"required": _("请说明未能填报的原因。")}
    )
