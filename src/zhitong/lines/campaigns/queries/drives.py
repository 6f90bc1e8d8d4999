"""Drives that somebody has to do with."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor, Scope
from zhitong.kernel.territory.public import node, within

from ..models import Drive, Target
from ..permissions import MANAGE, VIEW, WORK, areas_of, reached_of

SHOWN = 50
ANY = (VIEW, WORK, MANAGE)


def drives(by: Actor) -> QuerySet[Drive]:
    """Those that ``by`` leads or takes part in, or of which ``by`` has a target; the newest first."""
    if not any(by.may(permission) for permission in ANY):
        return Drive.objects.none()
    if any(by.may_everywhere(permission) for permission in ANY):
        return Drive.objects.all()
    organs, areas = _own(by)
    own = Exists(Target.objects.filter(reached_of(by, (), *ANY), drive=OuterRef("pk")))
    return Drive.objects.filter(Q(organ__in=organs) | _takes_part(areas) | Q(own))


def _own(by: Actor) -> tuple[set[UUID], set[UUID]]:
    """The organs and divisions of all that ``by`` is granted here."""
    organs, areas = set[UUID](), set[UUID]()
    for granted in (one for permission in ANY for one in by.grants_for(permission)):
        if granted.scope == Scope.DIVISION and granted.division_id:
            areas.add(granted.division_id)
        else:
            organs |= granted.organ_ids or frozenset(filter(None, [granted.organ_id]))
    return organs, areas | areas_of(frozenset(organs))


def _takes_part(areas: set[UUID]) -> Q:
    """Drives in any of these areas, above or below them, or everywhere."""
    if not areas:
        return Q(pk__in=[])
    above = {one for area in areas if (found := node(area)) for one in found.path}
    below = {one for area in areas for one in within(area)}
    return Q(divisions=[]) | Q(divisions__overlap=sorted(above | below))


def drive(by: Actor, drive_id: UUID) -> Drive:
    """One of them; NotFound also for what the person must not see."""
    found = drives(by).filter(pk=drive_id).select_related("organ").first()
    if found is None:
        raise NotFound("no_drive", _("没有这项专项行动。"))
    return found


def sees_all(by: Actor, one: Drive) -> bool:
    """Whether ``by`` sees every target of it: for whoever leads it, and whoever sees everything."""
    return any(by.may_everywhere(permission) for permission in ANY) or one.organ_id in _own(by)[0]


def for_finds(by: Actor) -> QuerySet[Drive]:
    """Running drives onto whose list ``by`` may put what is found."""
    return drives(by).filter(takes_finds=True, ended_at=None) if by.may(WORK) else Drive.objects.none()


def published() -> QuerySet[Drive]:
    """What everybody may see, the newest first."""
    return Drive.objects.filter(published_at__isnull=False)


def published_drive(drive_id: UUID) -> Drive:
    """One of them; NotFound."""
    found = published().filter(pk=drive_id).select_related("organ").first()
    if found is None:
        raise NotFound("no_drive", _("没有这项专项行动。"))
    return found
