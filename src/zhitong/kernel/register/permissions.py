"""Who may look firms and homes up, who keeps their register, and how far that reaches."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, Scope
from zhitong.kernel.organisation.public import Organ
from zhitong.kernel.territory.public import tree

VIEW_FIRMS = "register.view_firms"
MANAGE_FIRMS = "register.manage_firms"
VIEW_HOMES = "register.view_homes"
MANAGE_HOMES = "register.manage_homes"
TAG_KINDS = "register.tag_kinds"
EXPORT_FULL = "register.export_full"


def reach(by: Actor, permission: str) -> frozenset[UUID] | None:
    """The divisions in which ``by`` has the permission, with all below them; None for everywhere.

    Somebody who has it through an organ has it in the organ's division; an organ without one reaches nobody's home.
    """
    grants = by.grants_for(permission)
    if any(granted.scope == Scope.ALL for granted in grants):
        return None
    tops = {g.division_id for g in grants if g.scope == Scope.DIVISION and g.division_id}
    organs = {i for g in grants if g.scope != Scope.DIVISION for i in g.organ_ids or {g.organ_id} if i}
    if organs:
        rows = Organ.objects.filter(pk__in=organs, division__isnull=False)
        tops |= set(rows.values_list("division", flat=True))
    return frozenset(one.id for one in tree().nodes.values() if not tops.isdisjoint(one.path)) if tops else frozenset()


def demand_reach(by: Actor, permission: str, *division_ids: UUID) -> None:
    """Raise ``NotAllowed`` unless ``by`` has the permission in each of these divisions."""
    by.demand(permission)
    reached = reach(by, permission)
    if reached is not None and not reached.issuperset(division_ids):
        raise NotAllowed("not_your_division", _("此处不在您负责的区划内。"))
