"""Sub-kinds, limits, reasons and calendars in the admin site; every write goes through an action."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhitong.kernel.accounts.public import actor_of

from .actions.calendars import set_day
from .actions.settings import drop_day, put_calendar, put_setting
from .models import Calendar, CalendarDay, Limit, Phrase, Reason, SubKind


class SettingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows are switched off, never deleted: running matters point at them."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the action, which leaves its trace."""
        put_setting(obj, by=actor_of(request), at=timezone.now())


@admin.register(SubKind)
class SubKindAdmin(SettingAdmin):
    """Varieties of a kind."""

    list_display = ("name", "kind", "slug", "needs_approval", "is_private", "is_on_portal", "is_active", "sort")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "name_en", "slug")


@admin.register(Limit)
class LimitAdmin(SettingAdmin):
    """How long each clock has, and by what right."""

    list_display = ("clock", "subkind", "category", "urgency", "amount", "unit", "basis", "is_active")
    list_filter = ("kind", "clock", "unit", "urgency", "is_active")
    list_select_related = ("subkind", "category")
    search_fields = ("basis", "clock")
    autocomplete_fields = ("subkind", "category")
    fieldsets = (
        (_("适用范围"), {"fields": ("kind", "clock", "subkind", "category", "urgency")}),
        (_("时限与依据"), {"fields": ("amount", "unit", "basis", "basis_en")}),
        (_("超期分级"), {"fields": ("moderate_percent", "severe_percent")}),
        (None, {"fields": ("is_active",)}),
    )


@admin.register(Reason)
class ReasonAdmin(SettingAdmin):
    """Lists of reasons."""

    list_display = ("name", "list", "slug", "sort", "is_active")
    list_filter = ("list", "is_active")
    search_fields = ("name", "name_en")


@admin.register(Phrase)
class PhraseAdmin(SettingAdmin):
    """Wordings case workers start from."""

    list_display = ("name", "list", "category", "is_active", "sort")
    list_filter = ("list", "is_active")
    list_select_related = ("category",)
    search_fields = ("name", "text")
    autocomplete_fields = ("category",)


class CalendarDayInline(admin.TabularInline):  # type: ignore[type-arg]
    """Days that differ from their weekday."""

    model = CalendarDay
    extra = 1


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Working calendars; a change moves the running clocks at once and says how many."""

    list_display = ("name", "slug", "opens", "closes", "announced_through")
    inlines = (CalendarDayInline,)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: clocks point at it."""
        return False

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        """Through the action."""
        self._tell(request, put_calendar(obj, by=actor_of(request), at=timezone.now()))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Each changed day through its action."""
        formset.save(commit=False)
        by, at = actor_of(request), timezone.now()
        moved = 0
        for day in (*formset.new_objects, *(row for row, _fields in formset.changed_objects)):
            moved += set_day(
                day.calendar_id,
                day.day,
                is_working=day.is_working,
                name=day.name,
                source=day.source or "-",
                by=by,
                at=at,
            )
        for day in formset.deleted_objects:
            moved += drop_day(day, by=by, at=at)
        self._tell(request, moved)

    def _tell(self, request: HttpRequest, moved: int) -> None:
        if moved:
            text = ngettext("已重算%(n)d个正在计时的时限。", "已重算%(n)d个正在计时的时限。", moved) % {"n": moved}
            messages.info(request, text)
