"""Admin pages whose forms carry out actions: a refusal stands beside its field, the past is ended and not deleted."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.events.public import describe, stream

from ..models import valid_on
from ..permissions import By

_EVENTS_PER_PAGE = 50
_LIST = """{% extends "admin/change_list.html" %}
{% block object-tools-items %}
{% for address, label in tools %}<li><a href="{{ address }}">{{ label }}</a></li>{% endfor %}{{ block.super }}
{% endblock %}"""


def by_of(request: HttpRequest) -> By:
    """Who is at work; accounts puts it on the request."""
    actor: By = request.actor  # type: ignore[attr-defined]
    return actor


class InForceFilter(admin.SimpleListFilter):
    """Only what is in force today, unless asked otherwise."""

    title = _("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """In force (the default), ended or to come, everything."""
        return [(None, _("在用")), ("ended", _("已终止")), ("later", _("尚未生效")), ("all", _("全部"))]

    def choices(self, changelist: Any) -> Any:
        """Without Django's own "all"."""
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value} if value else {}, ["state"]),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        today = timezone.localdate()
        match self.value():
            case "all":
                return queryset
            case "ended":
                return queryset.filter(valid_to__lte=today)
            case "later":
                return queryset.filter(valid_from__gt=today)
        return queryset.filter(valid_on(today))


class Undeleted:
    """Nothing is deleted: rows are ended, so that the past stays readable."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


class ThroughActions(Undeleted, admin.ModelAdmin):  # type: ignore[type-arg]
    """Carries out the action in the form's own validation; what was done is undone when the page is shown again."""

    tools: tuple[tuple[str, Any], ...] = ()
    list_per_page = 50
    show_full_result_count = False

    @property
    def change_list_template(self) -> Any:  # type: ignore[override]
        """Django's list with the buttons of ``tools``."""
        return engines["django"].from_string(_LIST)

    def act(self, form: Any, request: HttpRequest, change: bool) -> models.Model:
        """Carry out the action and return the row."""
        raise NotImplementedError

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with the action inside its validation."""
        base = super().get_form(request, obj, change=change, **kwargs)
        act = self.act

        class ActingForm(base):  # type: ignore[misc,valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                if not self.errors:
                    attempt(self, lambda: act(self, request, change))
                if not self.errors:  # the inlines hold this very instance
                    self.instance.__dict__.update(self.acted.__dict__)

            def validate_constraints(self) -> None:
                """The action says it better."""

        return ActingForm

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """What the action has written already."""
        return form.acted

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the action has saved."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the actions of the inlines have saved."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the action has recorded its event."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the action has recorded its event."""

    def _changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super()._changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST" and response.status_code == 200:
            transaction.set_rollback(True)
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with its buttons."""
        return super().changelist_view(request, {**(extra_context or {}), "tools": list(self._tools())})

    def _tools(self) -> Any:
        for name, label in self.tools:
            try:
                yield reverse(name), label
            except NoReverseMatch:
                continue

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Pickers offer only what is in force."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/") and hasattr(self.model, "valid_from"):
            found = found.filter(valid_on(timezone.localdate()))
        return found, may_repeat

    def stream_of(self, obj: Any) -> Any:
        """The stream that tells of a row."""
        return obj.pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The events of the row, newest first; nothing can be changed here."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return super().history_view(request, object_id, extra_context)
        paginator = Paginator(stream(self.stream_of(obj)).order_by("-seq"), _EVENTS_PER_PAGE)
        page = paginator.get_page(request.GET.get("p"))
        page.object_list = [_as_entry(event) for event in page.object_list]  # type: ignore[misc]
        context = {"action_list": page, "page_range": paginator.get_elided_page_range(page.number)}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})


def _as_entry(event: Any) -> SimpleNamespace:
    """An event in the shape of Django's own log entry."""
    label, _icon, sentence = describe(event)
    user = SimpleNamespace(get_username=event.by_label, get_full_name="")
    told = "：".join(filter(None, (label, sentence)))
    return SimpleNamespace(action_time=event.at, user=user, get_change_message=told)


def attempt(form: Any, act: Callable[[], Any]) -> None:
    """Carry ``act`` out and keep its result on the form; a refusal becomes the form's error."""
    try:
        with transaction.atomic():
            form.acted = act()
    except Refused as error:
        name = (error.field or "").removesuffix("_id")
        form.add_error(name if name in form.fields else None, ValidationError(str(error)))


class ActingFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """New rows are created and existing ones ended by actions."""

    request: HttpRequest
    inline: "ActingInline"

    def clean(self) -> None:
        """Carry out the actions, once everything else on the page is right."""
        super().clean()
        self.new_objects: list[Any] = []
        self.changed_objects: list[Any] = []
        self.deleted_objects: list[Any] = []
        if any(self.errors) or self.instance._state.adding:
            return
        for form in self.forms:
            if form.has_changed():
                self._attempt(form)

    def _attempt(self, form: Any) -> None:
        is_new = form in self.extra_forms
        act = self.inline.create if is_new else self.inline.end
        attempt(form, lambda: act(self.instance, form, self.request))

    def validate_unique(self) -> None:
        """The database says it."""


class ActingInline(Undeleted, admin.TabularInline):  # type: ignore[type-arg]
    """Rows in force or to come; new ones can be added, old ones given a last day."""

    formset = ActingFormSet
    extra = 0
    show_change_link = True
    fixed: tuple[str, ...] = ()

    def create(self, parent: Any, form: Any, request: HttpRequest) -> Any:
        """Write a new row."""
        raise NotImplementedError

    def end(self, parent: Any, form: Any, request: HttpRequest) -> Any:
        """Give an existing row its last day."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what is over."""
        rows = super().get_queryset(request)
        return rows.exclude(valid_to__lte=timezone.localdate())

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset with what its actions need; in existing rows only the last day can be set."""
        base = super().get_formset(request, obj, **kwargs)
        fixed = self.fixed

        class Row(base.form):  # type: ignore[misc,name-defined]
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                for name in fixed if not self.instance._state.adding else ():
                    self.fields[name].disabled = True

            def validate_constraints(self) -> None:
                """The action says it better."""

        return type("Rows", (base,), {"form": Row, "request": request, "inline": self})


def last_day(form: Any) -> date:
    """The last day given to an existing row; ``Refused`` when it was taken away."""
    day: date | None = form.cleaned_data["valid_to"]
    if day is None:
        raise Refused("valid_to", _("已设定的终止日期不能清空，如需恢复请新增一条。"), "valid_to")
    return day
