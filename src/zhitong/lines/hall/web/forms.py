"""Forms of the catalogue's pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.ui.public import DateInput, RefusableForm

MOST_BYTES = 5 * 1024 * 1024


class PublishForm(RefusableForm):
    """From which day the draft counts."""

    effective_on = forms.DateField(label=_("生效日期"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = timezone.localdate()


class WithdrawForm(RefusableForm):
    """When and why a version ends."""

    on = forms.DateField(label=_("停用日期"), widget=DateInput)
    reason = forms.CharField(label=_("停用原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
