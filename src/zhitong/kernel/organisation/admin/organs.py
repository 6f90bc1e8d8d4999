"""Organs and their posts."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Duty, Organ, Post
from .people import AppointmentInline
from .through_actions import ActingInline, InForceFilter, ThroughActions, by_of, last_day

_IMPORT = ("portal:setup_import", _("导入"))
_EXPORT = ("portal:setup_export", _("导出"))
_GAPS = ("portal:setup_duties", _("职责查漏"))
FIELDS = ("name", "short_name", "name_en", "kind", "phone")
SETUP_TOOLS = (_IMPORT, _EXPORT)
DUTY_TOOLS = (_IMPORT, _EXPORT, _GAPS)


def pk_of(row: Any) -> Any:
    """The id of a row that may be missing."""
    return row.pk if row else None


class PostInline(ActingInline):
    """Seats of the organ."""

    model = Post
    fields = ("title", "is_head", "division", "valid_from", "valid_to")
    fixed = ("title", "is_head", "division", "valid_from")
    autocomplete_fields = ("division",)

    def create(self, parent: Organ, form: Any, request: HttpRequest) -> Post:
        """Set up a post."""
        data = form.cleaned_data
        values = {name: data[name] for name in ("title", "is_head", "valid_from", "valid_to")}
        division = pk_of(data["division"])
        return actions.create_post(
            organ_id=parent.pk, division_id=division, by=by_of(request), at=timezone.now(), **values
        )

    def end(self, parent: Organ, form: Any, request: HttpRequest) -> Post:
        """End a post and who sits on it."""
        return actions.end_post(form.instance.pk, on=last_day(form), by=by_of(request), at=timezone.now())


class DutyInline(ActingInline):
    """What the organ answers for."""

    model = Duty
    formfield_overrides: ClassVar = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 24})}}
    fields = ("category", "division", "role", "basis", "valid_from", "valid_to")
    fixed = ("category", "division", "role", "basis", "valid_from")
    autocomplete_fields = ("category", "division")

    def create(self, parent: Organ, form: Any, request: HttpRequest) -> Duty:
        """Set a duty."""
        data = form.cleaned_data
        values = {name: data[name] for name in ("role", "basis", "valid_from", "valid_to")}
        places = {"category_id": pk_of(data["category"]), "division_id": pk_of(data["division"])}
        return actions.set_duty(organ_id=parent.pk, by=by_of(request), at=timezone.now(), **places, **values)

    def end(self, parent: Organ, form: Any, request: HttpRequest) -> Duty:
        """End a duty."""
        return actions.end_duty(form.instance.pk, on=last_day(form), by=by_of(request), at=timezone.now())


@admin.register(Organ)
class OrganAdmin(ThroughActions):
    """Departments, street offices, committees, centres."""

    list_display = ("full_name", "code", "kind", "parent", "division", "phone", "valid_from", "valid_to")
    list_filter = (InForceFilter, "kind")
    list_select_related = ("parent", "division")
    search_fields = ("name", "short_name", "name_en", "code", "spelling")
    search_help_text = _("按名称、简称、拼音、首字母或编码查找。")
    autocomplete_fields = ("parent", "division")
    date_hierarchy = "valid_from"
    fields = ("code", *FIELDS, "parent", "division", "valid_from", "valid_to")
    inlines = (PostInline, DutyInline)
    tools = SETUP_TOOLS

    @admin.display(description=_("单位名称"), ordering="sort_key")
    def full_name(self, organ: Organ) -> str:
        """In the order of pinyin."""
        return organ.name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code and a first day are never changed."""
        return ("code", "valid_from") if obj else ()

    def act(self, form: Any, request: HttpRequest, change: bool) -> Organ:
        """Create, change or close the organ."""
        by, at, data = by_of(request), timezone.now(), form.cleaned_data
        values: Any = {name: data[name] for name in FIELDS}
        values |= {"parent_id": pk_of(data["parent"]), "division_id": pk_of(data["division"])}
        if not change:
            days = {"valid_from": data["valid_from"], "valid_to": data["valid_to"]}
            return actions.create_organ(code=data["code"], by=by, at=at, **days, **values)
        organ = actions.change_organ(form.instance.pk, by=by, at=at, **values)
        if "valid_to" in form.changed_data:
            organ = actions.close_organ(organ.pk, on=last_day(form), by=by, at=at)
        return organ


@admin.register(Post)
class PostAdmin(ThroughActions):
    """Seats and who sits on them."""

    list_display = ("title", "organ", "is_head", "division", "valid_from", "valid_to")
    list_filter = (InForceFilter, "is_head", "organ__kind")
    list_select_related = ("organ", "division")
    search_fields = ("title", "organ__name", "organ__short_name", "organ__spelling", "organ__code")
    autocomplete_fields = ("organ", "division")
    date_hierarchy = "valid_from"
    fields = ("organ", "title", "is_head", "division", "valid_from", "valid_to")
    inlines = (AppointmentInline,)
    ordering = ("organ__sort_key", "-is_head", "title", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A post stays in its organ and keeps its first day."""
        return ("organ", "valid_from") if obj else ()

    def stream_of(self, obj: Post) -> Any:
        """Posts are told of in the stream of their organ."""
        return obj.organ_id

    def act(self, form: Any, request: HttpRequest, change: bool) -> Post:
        """Create, change or end the post."""
        by, at, data = by_of(request), timezone.now(), form.cleaned_data
        values: Any = {name: data[name] for name in ("title", "is_head")} | {"division_id": pk_of(data["division"])}
        if not change:
            days = {"valid_from": data["valid_from"], "valid_to": data["valid_to"]}
            return actions.create_post(organ_id=data["organ"].pk, by=by, at=at, **days, **values)
        post = actions.change_post(form.instance.pk, by=by, at=at, **values)
        if "valid_to" in form.changed_data:
            post = actions.end_post(post.pk, on=last_day(form), by=by, at=at)
        return post
