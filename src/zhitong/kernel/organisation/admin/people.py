"""People and their appointments."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Appointment, Staff, valid_on
from .through_actions import ActingInline, InForceFilter, ThroughActions, by_of, last_day


class AppointmentInline(ActingInline):
    """Of a person: the posts.  Of a post: the people."""

    model = Appointment
    autocomplete_fields = ("staff", "post")
    fields = ("staff", "post", "is_deputy", "valid_from", "valid_to")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Without the side the page is about."""
        other = "post" if self.parent_model is Staff else "staff"
        return (other, "is_deputy", "valid_from", "valid_to")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The other side is fixed once written."""
        self.fixed = self.get_fields(request, obj)[:-1]
        return super().get_formset(request, obj, **kwargs)

    def create(self, parent: Any, form: Any, request: HttpRequest) -> Appointment:
        """Appoint."""
        data = form.cleaned_data
        staff, post = (parent, data["post"]) if self.parent_model is Staff else (data["staff"], parent)
        values = {name: data[name] for name in ("is_deputy", "valid_from", "valid_to")}
        return actions.appoint(staff_id=staff.pk, post_id=post.pk, by=by_of(request), at=timezone.now(), **values)

    def end(self, parent: Any, form: Any, request: HttpRequest) -> Appointment:
        """End the appointment."""
        on = last_day(form)
        return actions.end_appointment(form.instance.pk, on=on, by=by_of(request), at=timezone.now())


@admin.register(Staff)
class StaffAdmin(ThroughActions):
    """People who work for organs."""

    list_display = ("full_name", "staff_no", "posts_today", "phone", "email")
    search_fields = ("name", "staff_no", "spelling")
    search_help_text = _("按姓名、拼音、首字母或工号查找。")
    fields = ("staff_no", "name", "phone", "email")
    inlines = (AppointmentInline,)
    tools = (("portal:setup_import", _("导入")), ("portal:setup_export", _("导出")))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        """With the appointments of today."""
        today = timezone.localdate()
        seats = Appointment.objects.filter(valid_on(today), valid_on(today, "post__")).select_related("post__organ")
        return super().get_queryset(request).prefetch_related(Prefetch("appointments", seats, to_attr="seats_today"))

    @admin.display(description=_("姓名"), ordering="sort_key")
    def full_name(self, staff: Staff) -> str:
        """In the order of pinyin."""
        return staff.name

    @admin.display(description=_("现任岗位"))
    def posts_today(self, staff: Any) -> str:
        """Organ and title of each."""
        return "；".join(str(seat.post) for seat in staff.seats_today) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A number is never changed."""
        return ("staff_no",) if obj else ()

    def act(self, form: Any, request: HttpRequest, change: bool) -> Staff:
        """Create or change the person."""
        by, at, data = by_of(request), timezone.now(), form.cleaned_data
        values: Any = {name: data[name] for name in ("name", "phone", "email")}
        if change:
            return actions.change_staff(form.instance.pk, by=by, at=at, **values)
        return actions.create_staff(staff_no=data["staff_no"], by=by, at=at, **values)


@admin.register(Appointment)
class AppointmentAdmin(ThroughActions):
    """Who sat where and when.  An appointment is ended and made anew, not changed."""

    list_display = ("staff", "post", "is_deputy", "valid_from", "valid_to")
    list_filter = (InForceFilter, "is_deputy", "post__organ__kind")
    list_select_related = ("staff", "post__organ")
    search_fields = ("staff__name", "staff__spelling", "staff__staff_no", "post__title", "post__organ__name")
    autocomplete_fields = ("staff", "post")
    date_hierarchy = "valid_from"
    fields = ("staff", "post", "is_deputy", "valid_from", "valid_to")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the last day can be set."""
        return ("staff", "post", "is_deputy", "valid_from") if obj else ()

    def stream_of(self, obj: Appointment) -> Any:
        """Appointments are told of in the stream of the person."""
        return obj.staff_id

    def act(self, form: Any, request: HttpRequest, change: bool) -> Appointment:
        """Appoint, or end the appointment."""
        by, at, data = by_of(request), timezone.now(), form.cleaned_data
        if change:
            return actions.end_appointment(form.instance.pk, on=last_day(form), by=by, at=at)
        values = {name: data[name] for name in ("is_deputy", "valid_from", "valid_to")}
        return actions.appoint(staff_id=data["staff"].pk, post_id=data["post"].pk, by=by, at=at, **values)
