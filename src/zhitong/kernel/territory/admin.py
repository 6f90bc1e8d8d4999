"""The division tree in the admin site; every write goes through an action."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused

from .actions import changes
from .choices import Level
from .models import Division, DivisionShape, DivisionVersion, LevelName
from .permissions import By
from .queries.search import matching, ranked


def _by(request: HttpRequest) -> By:
    """Who is at work: accounts, which stands above this component, puts it on the request."""
    actor: By = request.actor  # type: ignore[attr-defined]
    return actor


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """What was so when."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: actions write it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: actions write it."""
        return False


class VersionInline(ReadOnlyInline):
    model = DivisionVersion
    fk_name = "division"
    fields = readonly_fields = ("valid_from", "valid_to", "code", "name", "kind", "parent")
    ordering = ("-valid_from",)


class ShapeInline(ReadOnlyInline):
    model = DivisionShape
    fields = readonly_fields = ("valid_from", "valid_to", "source", "is_provisional", "area_m2", "lon", "lat")
    ordering = ("-valid_from",)


class DivisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A division with the day from which what is entered holds."""

    on = forms.DateField(
        label=_("生效日期"), required=False, help_text=_("留空表示今天。变更前的编码、名称和上级会保留在沿革中。")
    )

    class Meta:
        model = Division
        fields = ("code", "name", "name_en", "level", "kind", "parent")


class IsLive(admin.SimpleListFilter):
    """Those that exist, unless the others are asked for."""

    title = _("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be asked for besides the usual."""
        return [("ended", _("已撤销")), ("any", _("全部"))]

    def choices(self, changelist: Any) -> Any:
        """The usual first, under its own name."""
        found = list(super().choices(changelist))
        found[0]["display"] = _("现行")
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet[Division]) -> QuerySet[Division]:
        """Only the rows asked for; a single row is always found."""
        if self.value() == "any" or (request.resolver_match and "object_id" in request.resolver_match.kwargs):
            return queryset
        return queryset.filter(valid_to__isnull=self.value() != "ended")


@admin.register(Division)
class DivisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The tree: search by code, name, former name, pinyin or initials."""

    form = DivisionForm
    list_display = ("code", "name", "level", "kind", "parent", "valid_from", "valid_to")
    list_display_links = ("code", "name")
    list_filter = (IsLive, "level", "kind")
    list_select_related = ("parent",)
    list_per_page = 50
    search_fields = ("code",)
    search_help_text = _("可按编码、名称、曾用名、拼音或拼音首字母查找。")
    autocomplete_fields = ("parent",)
    show_full_result_count = False
    actions = ("end_selected",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Division], search_term: str
    ) -> tuple[QuerySet[Division], bool]:
        """The same search as on every page; for choosing a parent only what exists."""
        if "autocomplete" in request.path:
            queryset = queryset.filter(valid_to=None)
        if not search_term.strip():
            return queryset, False
        return ranked(queryset.filter(matching(search_term.strip())), search_term.strip()), False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: a division is ended, so that the past stays readable."""
        return False

    def get_inlines(self, request: HttpRequest, obj: Division | None) -> list[Any]:
        """What was so when, of a division that exists."""
        return [VersionInline, ShapeInline] if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Division | None = None) -> tuple[str, ...]:
        """The level of a division does not change."""
        return ("level",) if obj else ()

    def get_form(self, request: HttpRequest, obj: Division | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with the action inside its validation, so that a refusal is shown beside its field."""
        base = super().get_form(request, obj, change=change, **kwargs)

        class ActingForm(base):  # type: ignore[misc,valid-type]
            def _post_clean(self) -> None:
                if self.errors:
                    return
                try:
                    self.acted = _act(self, _by(request), obj)
                except Refused as error:
                    field = error.field if error.field in self.fields else None
                    self.add_error(field, ValidationError(str(error)))

        return ActingForm

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """What the action has written already."""
        return form.acted

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the action has saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the inlines are for reading."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Of the form alone: the inlines are for reading."""
        return super().construct_change_message(request, form, [], add)

    @admin.action(description=_("撤销所选区划"), permissions=["change"])
    def end_selected(self, request: HttpRequest, queryset: QuerySet[Division]) -> None:
        """End them today, the smallest first; one that cannot be ended stops nobody else."""
        by = _by(request)
        for division in queryset.order_by("-path__len"):
            try:
                changes.end_division(division.id, by=by, at=timezone.now())
            except Refused as error:
                self.message_user(request, str(error), level="warning")


def _act(form: Any, by: By, division: Division | None) -> Division:
    """Create the division, or carry out whatever differs from what it is."""
    told: dict[str, Any] = form.cleaned_data
    at, on = timezone.now(), told.get("on")
    parent: UUID | None = told["parent"].id if told.get("parent") else None
    if division is None:
        return changes.create_division(
            told["code"], told["name"], told["level"], parent, by=by, at=at, on=on,
            name_en=told["name_en"], kind=told["kind"],
        )  # fmt: skip
    _change(Division.objects.get(id=division.id), told, parent, by, on)
    return Division.objects.get(id=division.id)


def _change(was: Division, told: dict[str, Any], parent: UUID | None, by: By, on: date | None) -> None:
    at = timezone.now()
    if told["kind"] != was.kind:
        changes.change_kind(was.id, told["kind"], by=by, at=at, on=on)
    if (told["name"], told["name_en"]) != (was.name, was.name_en):
        changes.rename(was.id, told["name"], by=by, at=at, on=on, name_en=told["name_en"])
    if told["code"] != was.code:
        changes.renumber(was.id, told["code"], by=by, at=at, on=on)
    if parent != was.parent_id:
        if parent is None:
            raise Refused("no_parent", _("请选择上级区划。"), field="parent")
        changes.move(was.id, parent, by=by, at=at, on=on)


@admin.register(LevelName)
class LevelNameAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The district's own names of the levels."""

    list_display = ("level", "name", "name_en")

    def save_model(self, request: HttpRequest, obj: LevelName, form: Any, change: bool) -> None:
        """Through the action."""
        by = _by(request)
        changes.name_level(Level(obj.level), obj.name, obj.name_en, by=by, at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: LevelName) -> None:
        """The usual name again."""
        changes.name_level(Level(obj.level), "", "", by=_by(request), at=timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever may change them."""
        return self.has_change_permission(request)
