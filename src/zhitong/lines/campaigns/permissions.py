"""Who makes drives and keeps inventories, who works on targets and inspects, who follows them, and by which default roles."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, Scope, declare_permission, scope_q
from zhitong.kernel.organisation.public import known_organ
from zhitong.kernel.territory.public import node

from .models import Drive

MANAGE, WORK, VIEW = "campaigns.manage", "campaigns.work", "campaigns.view"
KEEP, INSPECT = "campaigns.keep", "campaigns.inspect"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(MANAGE, _("开展专项行动"), roles=("administrator", "organ_head"))
    declare_permission(WORK, _("处置专项行动对象"), roles=("grid_worker", "case_worker", "organ_head"))
    declare_permission(
        VIEW, _("查看专项行动和台账"), roles=("administrator", "supervisor", "leader", "organ_head", "case_worker")
    )
    declare_permission(KEEP, _("管理台账"), roles=("administrator", "organ_head"))
    declare_permission(INSPECT, _("检查台账设施"), roles=("grid_worker", "case_worker", "organ_head"))


def reached(by: Actor, *permissions: str) -> Q:
    """The targets ``by`` reaches with any of the permissions: those an organ leads or answers for, those in its area, or all."""
    return _reached(by, permissions, lambda organ_ids: Q(organ__in=organ_ids) | Q(drive__organ__in=organ_ids))


def reached_of(by: Actor, drives: Iterable[Drive], *permissions: str) -> Q:
    """The same among the targets of these drives, whose rows are in hand: a condition on the drive's row would keep the indexes of targets
    from use, and have all of them read where some are asked for."""

    def of_organs(organ_ids: frozenset[UUID]) -> Q:
        return Q(organ__in=organ_ids) | Q(drive__in=[one.pk for one in drives if one.organ_id in organ_ids])

    return _reached(by, permissions, of_organs)


def reached_entries(by: Actor, *permissions: str) -> Q:
    """The entries of inventories ``by`` reaches: those of an organ's own inventories, those in its area, or all."""
    return _reached(by, permissions, lambda organ_ids: Q(inventory__organ__in=organ_ids))


def _reached(by: Actor, permissions: Sequence[str], of_organs: Callable[[frozenset[UUID]], Q]) -> Q:
    def theirs(organ_ids: frozenset[UUID]) -> Q:
        areas = sorted(areas_of(organ_ids))
        return of_organs(organ_ids) | Q(path__overlap=areas) if areas else of_organs(organ_ids)

    return scope_q(
        [granted for permission in permissions for granted in by.grants_for(permission)],
        organ=theirs,
        division=lambda top: Q(path__contains=[top]),
        own=lambda granted: theirs(granted.organ_ids or frozenset(filter(None, [granted.organ_id]))),
    )


def areas_of(organ_ids: frozenset[UUID]) -> set[UUID]:
    """The divisions that these organs are of."""
    known = (known_organ(organ_id) for organ_id in organ_ids)
    return {one.division_id for one in known if one is not None and one.division_id}


def is_within(by: Actor, division_id: UUID, *permissions: str) -> bool:
    """Whether a division lies where ``by`` has one of the permissions; an organ without a division has it everywhere."""
    found = node(division_id)
    path = set(found.path) if found else set()
    for granted in (one for permission in permissions for one in by.grants_for(permission)):
        if granted.scope == Scope.ALL:
            return True
        if granted.scope == Scope.DIVISION:
            areas = {granted.division_id}
        else:
            organs = granted.organ_ids or frozenset(filter(None, [granted.organ_id]))
            known = [known_organ(organ_id) for organ_id in organs]
            if any(one is not None and one.division_id is None for one in known):
                return True
            areas = {one.division_id for one in known if one is not None}
        if path & areas:
            return True
    return False


def leads(by: Actor, permission: str = MANAGE) -> frozenset[UUID] | None:
    """The organs whose drives (or, with ``KEEP``, inventories) ``by`` may make and change; None for all."""
    if by.may_everywhere(permission):
        return None
    return frozenset(i for g in by.grants_for(permission) for i in (g.organ_ids or {g.organ_id}) if i)


def may_lead(by: Actor, organ_id: UUID, permission: str = MANAGE) -> bool:
    """Whether ``by`` makes drives (or, with ``KEEP``, inventories) of that organ."""
    allowed = leads(by, permission) if by.may(permission) else frozenset[UUID]()
    return allowed is None or organ_id in allowed


def demand_lead(by: Actor, organ_id: UUID) -> None:
    """Raise ``NotAllowed`` unless ``by`` makes drives of that organ."""
    by.demand(MANAGE)
    if not may_lead(by, organ_id):
        raise NotAllowed("not_your_organ", _("只能管理本单位牵头的专项行动。"))


def demand_keep(by: Actor, organ_id: UUID) -> None:
    """Raise ``NotAllowed`` unless ``by`` keeps inventories of that organ."""
    by.demand(KEEP)
    if not may_lead(by, organ_id, KEEP):
        raise NotAllowed("not_your_organ", _("只能管理本单位主管的台账。"))
