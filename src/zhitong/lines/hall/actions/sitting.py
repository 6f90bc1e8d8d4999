"""Sitting down at a window, a pause, and leaving."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Sitting, Window
from ..permissions import SERVE, demand_window
from .tickets import at_window, own_sitting


def sit(window_id: UUID, *, by: Actor, at: datetime) -> Sitting:
    """``by`` is at that window from now on.  Sitting there already changes nothing; another window is left first."""
    by.demand(SERVE)
    window = Window.objects.select_related("hall").filter(pk=window_id, is_active=True, hall__is_active=True).first()
    if window is None or by.staff_id is None:
        raise NotFound("no_window", _("没有这个窗口，请重新选择。"))
    demand_window(by, window)
    try:
        with transaction.atomic():
            mine = Sitting.objects.select_for_update().filter(staff=by.staff_id, ended_at__isnull=True).first()
            if mine and mine.window_id == window.pk and mine.day == timezone.localdate(at):
                return mine
            if mine:
                _leave(mine, by, at)
            sitting = Sitting(window=window, staff_id=by.staff_id, day=timezone.localdate(at), began_at=at)
            sitting.save(force_insert=True)
            _told("hall.sitting.began", sitting, by, at, is_first=True)
    except IntegrityError:
        raise Conflict("window_taken", _("这个窗口已有人在岗，请选择另一个，或请对方先离岗。")) from None
    return sitting


def leave(*, by: Actor, at: datetime) -> Sitting:
    """The window is closed.  Whoever is there is served or sent on first."""
    with transaction.atomic():
        sitting = own_sitting(by)
        _leave(sitting, by, at)
    return sitting


def relieve(window_id: UUID, *, by: Actor, at: datetime) -> Sitting:
    """The manager ends the sitting of somebody who went away and left the window open."""
    from ..permissions import demand_hall

    with transaction.atomic():
        rows = Sitting.objects.select_for_update(of=("self",)).select_related("window__hall")
        sitting = rows.filter(window=window_id, ended_at__isnull=True).first()
        if sitting is None:
            raise NotFound("nobody_sits", _("这个窗口没有人在岗。"))
        demand_hall(by, sitting.window.hall)
        _leave(sitting, by, at)
    return sitting


def pause(*, by: Actor, at: datetime) -> Sitting:
    """No more are called for a while; whoever is there is served to the end."""
    with transaction.atomic():
        sitting = own_sitting(by)
        if sitting.paused_at is None:
            sitting.paused_at = at
            sitting.save(update_fields=["paused_at"])
            _told("hall.sitting.paused", sitting, by, at)
    return sitting


def resume(*, by: Actor, at: datetime) -> Sitting:
    """The window calls again."""
    with transaction.atomic():
        sitting = own_sitting(by)
        if sitting.paused_at is not None:
            sitting.paused_at = None
            sitting.save(update_fields=["paused_at"])
            _told("hall.sitting.resumed", sitting, by, at)
    return sitting


def _leave(sitting: Sitting, by: Actor, at: datetime) -> None:
    ticket = at_window(sitting.window_id)
    if ticket and ticket.day == timezone.localdate(at):
        raise Conflict("busy", _("窗口还有%(ticket)s，请先办完、过号或转走。") % {"ticket": ticket})
    sitting.ended_at = at
    sitting.save(update_fields=["ended_at"])
    _told("hall.sitting.ended", sitting, by, at)


def _told(kind: str, sitting: Sitting, by: Actor, at: datetime, *, is_first: bool = False) -> None:
    data: dict[str, Any] = {"window": str(sitting.window_id), "staff": str(sitting.staff_id)}
    record(kind, sitting.pk, stream_kind="hall_sitting", at=at, by=by, data=data, is_first=is_first)
