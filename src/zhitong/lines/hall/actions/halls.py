"""Setting up halls: the place, its queues, its windows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotAllowed, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Hall, Item, Queue, QueueItem, Window, WindowQueue
from ..permissions import MANAGE, demand_hall
from .judged import put_point, renew_tablets
from .writing import changed, fetched, put

HALL_FIELDS = ("name", "organ_id", "division_id", "address", "phone", "opens", "closes", "rest_from", "rest_until", "is_active")  # fmt: skip
QUEUE_FIELDS = ("prefix", "name", "topics", "slot_minutes", "slot_places", "is_active")
WINDOW_FIELDS = ("number", "name", "organ_id", "is_active")
MOST_SLOT = 240


def write_hall(fields: Mapping[str, Any], *, by: Actor, at: datetime, hall_id: UUID | None = None) -> Hall:
    """A new hall, or another word on one: whoever manages it, and for a new one whoever manages its organ's halls."""
    by.demand(MANAGE)
    with transaction.atomic():
        hall = fetched(Hall, hall_id) if hall_id else Hall()
        if hall_id:
            demand_hall(by, hall)
        _demand_organ(by, fields.get("organ_id", hall.organ_id))
        differs = changed(hall, _only(fields, HALL_FIELDS))
        _demand_hours(hall)
        put(hall, exclude=("links",))
        _told("hall.hall.written", hall, by, at, {"name": hall.name, "changes": _plain(differs)}, is_first=not hall_id)
    return hall


def _demand_hours(hall: Hall) -> None:
    """What the database holds, said in words before it is asked."""
    if hall.closes <= hall.opens:
        raise Refused("bad_hours", _("下班时间须晚于上班时间。"), "closes")
    if (hall.rest_from is None) != (hall.rest_until is None):
        raise Refused(
            "bad_rest", _("午休的开始和结束要么都填，要么都不填。"), "rest_until" if hall.rest_from else "rest_from"
        )
    if hall.rest_from and hall.rest_until and not hall.opens < hall.rest_from < hall.rest_until < hall.closes:
        raise Refused("bad_rest", _("午休时间须在上班时间之内。"), "rest_from")


def write_queue(
    hall_id: UUID, fields: Mapping[str, Any], *, by: Actor, at: datetime, items: Collection[UUID] = (),
    queue_id: UUID | None = None,
) -> Queue:  # fmt: skip
    """A queue of a hall.  Without topics and items it is for everything."""
    with transaction.atomic():
        hall = _hall(hall_id, by)
        queue = fetched(Queue, queue_id) if queue_id else Queue(hall=hall)
        _demand_of(queue, hall)
        differs = changed(queue, _only(fields, QUEUE_FIELDS))
        queue.prefix = queue.prefix.upper()
        if not (queue.prefix.isascii() and queue.prefix.isalpha()):
            raise Refused("bad_prefix", _("号码前缀为一至两个字母，如A。"), "prefix")
        if not 5 <= queue.slot_minutes <= MOST_SLOT:
            raise Refused("bad_slot", _("预约时段为5至240分钟。"), "slot_minutes")
        _demand_free(Queue, hall, queue, "prefix", _("这个号码前缀已被本大厅的其他队列使用。"))
        put(queue)
        QueueItem.objects.filter(queue=queue).exclude(item__in=items).delete()
        known = Item.objects.filter(pk__in=items).values_list("pk", flat=True)
        QueueItem.objects.bulk_create([QueueItem(queue=queue, item_id=pk) for pk in known], ignore_conflicts=True)
        data = {"queue": str(queue.pk), "name": queue.name, "changes": _plain(differs)}
        _told("hall.queue.written", hall, by, at, data)
    return queue


def write_window(
    hall_id: UUID, fields: Mapping[str, Any], *, by: Actor, at: datetime, queues: Collection[UUID],
    window_id: UUID | None = None,
) -> Window:  # fmt: skip
    """A window of a hall, and the queues it serves: one at least."""
    with transaction.atomic():
        hall = _hall(hall_id, by)
        window = fetched(Window, window_id) if window_id else Window(hall=hall)
        _demand_of(window, hall)
        known = set(Queue.objects.filter(hall=hall, pk__in=queues).values_list("pk", flat=True))
        if not known:
            raise Refused("no_queue", _("请至少选择一个叫号队列。"), "queues")
        differs = changed(window, _only(fields, WINDOW_FIELDS))
        _demand_free(Window, hall, window, "number", _("这个窗口号已有，请换一个。"))
        put(window)
        WindowQueue.objects.filter(window=window).exclude(queue__in=known).delete()
        rows = [WindowQueue(window=window, queue_id=pk) for pk in known]
        WindowQueue.objects.bulk_create(rows, ignore_conflicts=True)
        data = {"window": str(window.pk), "name": window.name, "changes": _plain(differs)}
        _told("hall.window.written", hall, by, at, data)
        put_point(window, at)
    return window


def renew_links(hall_id: UUID, *, by: Actor, at: datetime) -> Hall:
    """New addresses for the screens, tablets and ticket machine of a hall; the old ones show nothing any more."""
    with transaction.atomic():
        hall = _hall(hall_id, by)
        hall.links += 1
        hall.save(update_fields=["links"])
        renew_tablets(hall, at)
        _told("hall.hall.links_renewed", hall, by, at, {"links": hall.links})
    return hall


def _hall(hall_id: UUID, by: Actor) -> Hall:
    hall = fetched(Hall, hall_id)
    demand_hall(by, hall)
    return hall


def _demand_of(row: Queue | Window, hall: Hall) -> None:
    if row.hall_id != hall.pk:
        raise NotAllowed("not_allowed", _("这不属于该大厅，请从大厅的页面重新打开。"))


def _demand_organ(by: Actor, organ_id: Any) -> None:
    """A hall is given to an organ only by those who manage that organ's halls."""
    granted = by.grants_for(MANAGE)
    if by.may_everywhere(MANAGE) or any(organ_id in one.organ_ids for one in granted if one.scope != "division"):
        return
    raise NotAllowed("not_allowed", _("只能设置本单位管理的大厅。"), "organ_id")


def _demand_free(model: type[Queue] | type[Window], hall: Hall, row: Any, name: str, sentence: object) -> None:
    """The hall is locked, so that nobody takes it meanwhile."""
    taken = model._default_manager.filter(hall=hall, **{name: getattr(row, name)}).exclude(pk=row.pk)
    if taken.exists():
        raise Conflict("taken", sentence, name)


def _only(fields: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in names}


def _plain(differs: Mapping[str, list[Any]]) -> dict[str, list[str]]:
    return {name: [str(value) for value in pair] for name, pair in differs.items()}


def _told(kind: str, hall: Hall, by: Actor, at: datetime, data: dict[str, Any], *, is_first: bool = False) -> None:
    record(kind, hall.pk, stream_kind="hall_hall", at=at, by=by, data=data, is_first=is_first)
