"""Definitions of indicators in the admin site: what is saved is a new version, never a change of an old one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of

from .actions import define
from .actions.definitions import Definition
from .models import Indicator
from .rules import MEASURES

FIELDS = (
    "slug", "name", "name_en", "formula", "unit", "direction", "basis", "basis_en", "owner", "is_shown", "sort",
)  # fmt: skip


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A version as it is to be from a day on."""

    formula = forms.JSONField(
        label=_("算式"),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 90}),
        help_text=_("sum 求和，count 计数，mean 平均，ratio 相比，add 相加，less 相减；可用的计量见页末。"),
    )

    class Meta:
        model = Indicator
        fields = (*FIELDS, "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "valid_from" in self.fields:
            self.initial["valid_from"] = timezone.localdate() + timedelta(days=1)
            self.fields["valid_from"].help_text = _("保存后自该日起使用新版本；以前各期仍按原口径计算。")

    def _get_validation_exclusions(self) -> set[str]:
        """That a day is taken the action says better."""
        return {*super()._get_validation_exclusions(), "valid_from"}  # type: ignore[misc]


@admin.register(Indicator)
class IndicatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every version of every indicator."""

    form = IndicatorForm
    list_display = ("name", "slug", "version", "valid_from", "unit", "direction", "is_shown", "owner")
    list_filter = ("is_shown", "unit")
    search_fields = ("slug", "name", "name_en")
    fields = (*FIELDS, "valid_from", "measures")
    readonly_fields = ("measures",)

    @admin.display(description=_("可用的计量"))
    def measures(self, _row: Indicator) -> str:
        """What formulas may be made of."""
        rows = ((m.slug, str(m.label)) for m in sorted(MEASURES.values(), key=lambda m: m.slug))
        return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> {}</li>", rows))

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: figures of the past keep their meaning."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A slug is never renamed once stored."""
        return ("slug", "measures") if obj else ("measures",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with the action inside its validation, so that a refusal is shown beside its field."""
        base = super().get_form(request, obj, change=change, **kwargs)

        class DefiningForm(base):  # type: ignore[misc,valid-type]
            def _post_clean(self) -> None:
                slug = self.instance.slug
                super()._post_clean()
                if self.errors:
                    return
                values = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
                definition = Definition(**{"slug": slug, **values})
                try:
                    day = self.cleaned_data["valid_from"]
                    self.acted = define(definition, valid_from=day, by=actor_of(request), at=timezone.now())
                except Refused as error:
                    self.add_error(error.field if error.field in self.fields else None, ValidationError(str(error)))

        return DefiningForm

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """What the action has written already."""
        return form.acted

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the action has saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: there are no inlines."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the action has recorded its event."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the action has recorded its event."""
