"""Calls by video: whom a matter's may go to, those that are on, who was there."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Account, Actor
from zhitong.kernel.events.public import Once
from zhitong.kernel.matters.public import Matter, is_known_undone, visible_matters
from zhitong.kernel.organisation.public import Staff
from zhitong.kernel.territory.public import Level, Node, ancestor, label, node, of_level
from zhitong.ui.public import moment

from ..models import VideoCall, VideoRooms
from ..permissions import CALL
from .teams import reserves, teams

HOLDS = timedelta(hours=12)  # a link nobody has ended is a shift old at most
SHOWN = 20
GRIDS = (Level.GRID, Level.MICROGRID)


def template() -> str:
    """The address of the district's rooms; empty where none is set."""
    return VideoRooms.objects.values_list("template", flat=True).first() or ""


def callable_for(matter: Matter) -> list[tuple[str, str]]:
    """Whom a call about this matter may go to: whoever is there for its grid today, then for the others of its street, then the reserve.
    (id, name with the grid); only who can sign in."""
    place = node(matter.division_id) if matter.division_id else None
    if place is None:
        return []
    street = ancestor(place.id, Level.STREET)
    found: dict[UUID, str] = {}
    for team in teams(_grids(place, street), timezone.localdate()):
        for one in team.present:
            found.setdefault(
                one.staff_id, _("%(name)s（%(place)s）") % {"name": one.staff.name, "place": label(team.grid.id)}
            )
    for reserve in reserves(street) if street else []:
        found.setdefault(reserve.staff_id, _("%(name)s（机动队）") % {"name": reserve.staff.name})
    able = set(Account.objects.filter(staff__in=list(found), is_active=True).values_list("staff", flat=True))
    return [(str(pk), name) for pk, name in found.items() if pk in able]


def _grids(place: Node, street: UUID | None) -> list[Node]:
    """The grid of the place, or those below it, before the others of the street."""
    near = [place] if place.level in GRIDS else of_level(Level.GRID, place.id)
    others = of_level(Level.GRID, street) if street else []
    return list({grid.id: grid for grid in [*near, *others]}.values())


def named_staff(values: Collection[str]) -> Mapping[str, str]:
    """Their names."""
    return {str(pk): name for pk, name in Staff.objects.filter(pk__in=values).values_list("pk", "name")}


def on_for(matter: Matter) -> QuerySet[VideoCall]:
    """The calls about a matter that have not been ended, the newest first."""
    return VideoCall.objects.filter(matter=matter.pk, ended_at=None).select_related("staff").order_by("-asked_at")


def open_for(matter: Matter) -> list[tuple[str, str]]:
    """The same to choose from."""
    return [(str(one.pk), _called(one)) for one in on_for(matter)]


def _called(one: VideoCall) -> str:
    return _("%(name)s，%(at)s发起") % {"name": one.staff.name, "at": moment(one.asked_at)}


def named_calls(values: Collection[str]) -> Mapping[str, str]:
    """Calls by whom they went to and when."""
    return {str(one.pk): _called(one) for one in VideoCall.objects.filter(pk__in=values).select_related("staff")}


def _calls_of(matter_id: UUID) -> list[VideoCall]:
    if is_known_undone(matter_id, "video_call"):
        return []
    return list(VideoCall.objects.filter(matter=matter_id).select_related("staff").order_by("-asked_at")[:SHOWN])


_calls: Once[list[VideoCall]] = Once(_calls_of)


def calls_of(matter: Matter) -> list[VideoCall]:
    """All calls about a matter with who joined, the newest first.  Two statements a page; none where its history, read before, tells of no call."""
    found = _calls.get(matter.pk)
    prefetch_related_objects(found, "joined")
    return found


def is_any_on(matter: Matter) -> bool:
    """Whether one of them has not been ended."""
    return any(one.ended_at is None for one in _calls.get(matter.pk))


def waiting_for(by: Actor, at: datetime) -> list[VideoCall]:
    """Calls that went to ``by`` and are on, the newest first."""
    if by.staff_id is None:
        return []
    rows = VideoCall.objects.filter(staff=by.staff_id, ended_at=None, asked_at__gt=at - HOLDS)
    return list(rows.select_related("matter").order_by("-asked_at")[:SHOWN])


def call_for(call_id: UUID, by: Actor) -> VideoCall:
    """A call that ``by`` was called to, or one about a matter that ``by`` sees and may call for; NotFound."""
    found = VideoCall.objects.select_related("matter", "staff").filter(pk=call_id).first()
    if found is not None and found.staff_id == by.staff_id:
        return found
    if found is None or not by.may(CALL) or not visible_matters(by).filter(pk=found.matter_id).exists():
        raise NotFound("no_call", _("没有这次视频连线，或者您不在受邀人员中。"))
    return found
