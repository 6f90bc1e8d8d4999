"""A hall for tests: two queues, three windows, somebody at each."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.district import BY, District
from zhitong.kernel.accounts.public import Actor
from zhitong.lines.hall.actions import halls, sitting, tickets
from zhitong.lines.hall.choices import Source
from zhitong.lines.hall.models import Booking, Hall, Queue, Ticket, Window
from zhitong.lines.hall.web.links import link_token
from zhitong.ui.public import Section

CHINA = ZoneInfo("Asia/Shanghai")
# A Wednesday on which people work.
MORNING = datetime(2026, 9, 9, 10, 0, tzinfo=CHINA)


@dataclass
class Scene:
    """What there is."""

    hall: Hall
    general: Queue
    firms: Queue
    windows: list[Window]


def a_hall(district: District, **more: Any) -> Scene:
    """Kept by the centre; window 1 serves both queues, window 2 the general one, window 3 firms."""
    given: dict[str, Any] = {"by": BY, "at": timezone.now()}
    fields = {
        "name": "新城区政务服务大厅", "organ_id": district.organs["centre"].pk,
        "division_id": district.streets["street"], "address": "东风路1号", "phone": "0531-00000000",
        "opens": time(0), "closes": time(23, 59), **more,
    }  # fmt: skip
    hall = halls.write_hall(fields, **given)
    general = halls.write_queue(hall.pk, {"prefix": "A", "name": "综合受理", "topics": []}, **given)
    firms = halls.write_queue(hall.pk, {"prefix": "B", "name": "企业开办", "topics": ["business"]}, **given)
    served = ([general, firms], [general], [firms])
    windows = [
        halls.write_window(
            hall.pk, {"number": n, "name": f"窗口{n}", "organ_id": district.organs["centre"].pk},
            queues=[queue.pk for queue in queues], **given,
        )
        for n, queues in enumerate(served, start=1)
    ]  # fmt: skip
    return Scene(hall, general, firms, windows)


def take(queue: Queue, at: datetime, **more: Any) -> Ticket:
    """A ticket from the machine."""
    return tickets.take_ticket(queue.pk, source=Source.KIOSK, by=Actor.resident(), at=at, **more)


def seated(district: District, window: Window, at: datetime, name: str = "clerk") -> Actor:
    """That person at that window."""
    by = district.actor(name)
    sitting.sit(window.pk, by=by, at=at)
    return by


def window_things(district: District, organ: str) -> dict[str, Any]:
    """A hall of that organ, and what a page of it is named by."""
    at, by = timezone.now(), BY
    fields = {
        "name": f"{organ}大厅", "organ_id": district.organs[organ].pk, "division_id": district.streets["street"],
        "address": "东风路1号",
    }  # fmt: skip
    hall = halls.write_hall(fields, by=by, at=at)
    queue = halls.write_queue(hall.pk, {"prefix": "A", "name": "综合受理"}, by=by, at=at)
    given = {"number": 1, "name": "综合窗口", "organ_id": district.organs[organ].pk}
    window = halls.write_window(hall.pk, given, queues=[queue.pk], by=by, at=at)
    ticket = Ticket.objects.create(
        hall=hall, queue=queue, day=timezone.localdate(at), prefix="A", number=1, source=Source.PHONE, taken_at=at,
        place_at=at,
    )  # fmt: skip
    code = f"{len(organ):08d}"
    booking = Booking.objects.create(queue=queue, day=timezone.localdate(at), starts_at=at, code=code, made_at=at)
    found: dict[str, Any] = {"hall_id": hall.pk, "queue_id": queue.pk, "window_id": window.pk}
    for purpose, pk in (("kiosk", hall.pk), ("screen", hall.pk), ("display", window.pk), ("ticket", ticket.pk)):
        found[purpose] = link_token(purpose, pk)
    return found | {"booking": link_token("booking", booking.pk)}


def tiles(section: Section | None) -> dict[str, Any]:
    """The tiles of a home page, by their labels."""
    assert section is not None
    return {str(tile.label): tile.value for tile in section.tiles}
