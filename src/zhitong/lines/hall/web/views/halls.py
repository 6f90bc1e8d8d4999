"""A hall for whoever manages it: how the day goes, and setting up."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires

from ...actions import halls as writing
from ...actions import sitting
from ...models import Hall, Queue, Window
from ...permissions import MANAGE
from ...queries import window as reading
from ..hall_forms import HallForm, QueueForm, WindowForm
from ..links import link_token

managing = requires(MANAGE)


def _hall(request: HttpRequest, hall_id: UUID) -> Hall:
    return reading.managed_hall(hall_id, actor_of(request), _("没有这个大厅，或者不归您管理。"))


@managing
@never_cache
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """The halls one manages; the only one at once."""
    found = list(reading.halls(actor_of(request)).filter(is_active=True)[:50])
    if len(found) == 1:
        return redirect("hall:hall_day", found[0].pk)
    return render(request, "hall/halls/choose.html", {"halls": found})


@managing
@never_cache
@require_safe
def hall_day(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    """Who waits, how long, and at which window.  ``?part``: as it stands now."""
    hall, now = _hall(request, hall_id), timezone.now()
    context = {"hall": hall, "day": reading.day_of(hall, now), "is_open": reading.hall_is_open(hall, now), "at": now}
    return render(request, "hall/halls/counts.html" if "part" in request.GET else "hall/halls/day.html", context)


@managing
@require_POST
def relieve(request: HttpRequest, hall_id: UUID, window_id: UUID) -> HttpResponse:
    """End the sitting of somebody who left the window open."""
    hall = _hall(request, hall_id)
    try:
        if not Window.objects.filter(pk=window_id, hall=hall).exists():
            raise NotFound("no_window", _("没有这个窗口，请重新选择。"))
        sitting.relieve(window_id, by=actor_of(request), at=timezone.now())
        messages.success(request, _("已让该窗口离岗。"))
    except Refused as refused:
        if isinstance(refused, NotFound) and refused.code == "no_window":
            raise
        messages.error(request, str(refused))
    return redirect("hall:hall_day", hall.pk)


@managing
@never_cache
@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """All halls one manages, with what stands in them."""
    found = list(reading.halls(actor_of(request)).select_related("organ").prefetch_related("queues", "windows__queues"))
    return render(request, "hall/halls/list.html", {"halls": found})


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hall_new(request: HttpRequest) -> HttpResponse:
    """Another hall."""
    return _edited(request, HallForm, None, lambda fields: _write_hall(request, fields, None))


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hall_edit(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    """A hall, its queues and windows, and the addresses for its screens."""
    hall = _hall(request, hall_id)
    return _edited(request, HallForm, hall, lambda fields: _write_hall(request, fields, hall.pk), hall=hall)


def _write_hall(request: HttpRequest, fields: dict[str, Any], hall_id: UUID | None) -> Hall:
    return writing.write_hall(fields, by=actor_of(request), at=timezone.now(), hall_id=hall_id)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def queue_edit(request: HttpRequest, hall_id: UUID, queue_id: UUID | None = None) -> HttpResponse:
    """A queue, new or known."""
    hall = _hall(request, hall_id)
    queue = _part(Queue, queue_id, hall, _("没有这个队列，请重新选择。"))
    write = partial(writing.write_queue, hall.pk, by=actor_of(request), at=timezone.now(), queue_id=queue_id)
    return _edited(request, QueueForm, queue, lambda fields: write(fields, items=_ids(fields, "items")), hall=hall)


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def window_edit(request: HttpRequest, hall_id: UUID, window_id: UUID | None = None) -> HttpResponse:
    """A window, new or known."""
    hall = _hall(request, hall_id)
    window = _part(Window, window_id, hall, _("没有这个窗口，请重新选择。"))
    write = partial(writing.write_window, hall.pk, by=actor_of(request), at=timezone.now(), window_id=window_id)
    return _edited(request, WindowForm, window, lambda fields: write(fields, queues=_ids(fields, "queues")), hall=hall)


@managing
@require_POST
def renew_links(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    """New addresses for screens and ticket machine."""
    hall = writing.renew_links(_hall(request, hall_id).pk, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已更换，请在各屏幕上打开新的地址。"))
    return redirect("hall:hall_edit", hall.pk)


def _ids(fields: dict[str, Any], name: str) -> list[UUID]:
    """The rows chosen in that field, which the action takes apart from the others."""
    return [row.pk for row in fields.pop(name)]


def _part(model: Any, pk: UUID | None, hall: Hall, missing: str) -> Any:
    if pk is None:
        return None
    row = model.objects.filter(pk=pk, hall=hall).first()
    if row is None:
        raise NotFound("no_part", missing)
    return row


def _edited(
    request: HttpRequest, form_class: Any, row: Any, write: Callable[[dict[str, Any]], Any], *, hall: Hall | None = None
) -> HttpResponse:
    """The form; written, it leads to the page of the hall."""
    form = form_class(request.POST if request.method == "POST" else None, row=row, hall=hall)
    if request.method == "POST" and form.is_valid():
        try:
            done = write(form.fields_given())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("hall:hall_edit", hall.pk if hall else done.pk)
    is_hall = form_class is HallForm
    context = {
        "form": form,
        "hall": hall,
        "row": row,
        "is_hall": is_hall,
        "links": _links(hall) if is_hall else [],
    }
    return render(request, "hall/halls/edit.html", context, status=422 if form.is_bound else 200)


def _links(hall: Hall | None) -> list[list[tuple[str, str]]]:
    """The addresses of the screens, each window's with that of the tablet on which people judge it."""
    if hall is None:
        return []
    found = [[(_("取号机"), reverse("hall:kiosk", args=[link_token("kiosk", hall.pk, hall.links)]))],
             [(_("等候区大屏"), reverse("hall:screen", args=[link_token("screen", hall.pk, hall.links)]))]]  # fmt: skip
    tablets = reading.tablets(hall)
    for window in hall.windows.all():
        over = reverse("hall:display", args=[link_token("display", window.pk, hall.links)])
        found.append([(_("%(n)s号窗口屏") % {"n": window.number}, over)])
        if code := tablets.get(window.pk):
            found[-1].append((_("评价器"), reverse("portal:review_tablet", args=[code])))
    return found
