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


class UploadForm(RefusableForm):
    """A table of items."""

    file = forms.FileField(
        label=_("文件"), help_text=_("xlsx 或 csv 格式，不超过5MB。"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请先选择要导入的文件。"), "empty": _("文件是空的，请重新选择文件。")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Not larger than an import may be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件太大，请拆分后再导入。"), code="too_large")
        return file
