"""The duty list."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused

from .. import actions
from ..models import Category, Duty
from .organs import DUTY_TOOLS, pk_of
from .through_actions import InForceFilter, ThroughActions, by_of, last_day


class DutyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A duty, and whether it takes the lead from others."""

    takes_over = forms.BooleanField(
        label=_("接替原主办单位"), required=False, help_text=_("同一类别、同一辖区的其他主办职责自本条起始日期起终止。")
    )

    class Meta:
        model = Duty
        fields = ("organ", "category", "division", "role", "hours", "basis", "valid_from", "valid_to")
        widgets: ClassVar = {"basis": forms.Textarea(attrs={"rows": 3})}


class TopCategoryFilter(admin.SimpleListFilter):
    """Duties for a category of the first level or anything below it."""

    title = _("一级类别")
    parameter_name = "top"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The first level."""
        return [(str(row.pk), str(row)) for row in Category.objects.filter(level=1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(category__path__contains=[self.value()]) if self.value() in known else queryset


@admin.register(Duty)
class DutyAdmin(ThroughActions):
    """Who answers for what and where.  A duty is ended and set anew, not changed."""

    form = DutyForm
    list_display = ("organ", "what", "where", "role", "hours", "basis", "valid_from", "valid_to")
    list_filter = (InForceFilter, "role", TopCategoryFilter, "organ__kind")
    list_select_related = ("organ", "category", "division")
    search_fields = (
        "organ__name", "organ__short_name", "organ__spelling", "organ__code", "category__name", "category__code",
        "division__name", "basis",
    )  # fmt: skip
    search_help_text = _("按单位、类别、辖区或依据查找。")
    autocomplete_fields = ("organ", "category", "division")
    date_hierarchy = "valid_from"
    ordering = ("organ__sort_key", "category__code", "division__code", "valid_from")
    actions = ("end_today",)
    tools = DUTY_TOOLS

    @admin.display(description=_("类别"), ordering="category__code")
    def what(self, duty: Duty) -> str:
        """The category, or all of them."""
        return str(duty.category or _("全部类别"))

    @admin.display(description=_("辖区"), ordering="division__code")
    def where(self, duty: Duty) -> str:
        """The division, or the whole district."""
        return str(duty.division or _("全区"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Taking over is asked only of a new duty."""
        return DutyForm.Meta.fields if obj else (*DutyForm.Meta.fields, "takes_over")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the last day can be set."""
        return DutyForm.Meta.fields[:-1] if obj else ()

    def stream_of(self, obj: Duty) -> Any:
        """Duties are told of in the stream of their organ."""
        return obj.organ_id

    def act(self, form: Any, request: HttpRequest, change: bool) -> Duty:
        """Set the duty, or end it."""
        by, at, data = by_of(request), timezone.now(), form.cleaned_data
        if change:
            return actions.end_duty(form.instance.pk, on=last_day(form), by=by, at=at)
        values = {name: data[name] for name in ("role", "hours", "basis", "valid_from", "valid_to", "takes_over")}
        places = {f"{name}_id": pk_of(data[name]) for name in ("organ", "category", "division")}
        return actions.set_duty(by=by, at=at, **places, **values)

    @admin.action(description=_("自今日起终止所选职责"))
    def end_today(self, request: HttpRequest, queryset: QuerySet[Duty]) -> None:
        """End each; one that cannot be ended says why."""
        for duty in queryset:
            try:
                actions.end_duty(duty.pk, on=timezone.localdate(), by=by_of(request), at=timezone.now())
            except Refused as error:
                messages.error(request, f"{duty}：{error}")
