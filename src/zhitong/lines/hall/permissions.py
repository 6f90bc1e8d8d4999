"""What may be done with the catalogue, and by which default roles."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed
from zhitong.kernel.accounts.public import Actor, declare_permission, scope_q

from .models import Item

CATALOGUE = "hall.catalogue"


def declare() -> None:
    """Tell the kernel."""
    declare_permission(CATALOGUE, _("编制服务事项"), roles=("administrator", "organ_head"))


def editable(by: Actor) -> Q:
    """The items ``by`` may edit: those of the own organ and of those below it, or all.  A scope by division reaches none."""
    return scope_q(
        by.grants_for(CATALOGUE),
        organ=lambda ids: Q(organ__in=ids),
        division=lambda _top: Q(pk__in=[]),
        own=lambda granted: Q(organ__in=granted.organ_ids),
    )


def demand_organ(by: Actor, organ_id: object) -> None:
    """Raise ``NotAllowed`` unless ``by`` may give an item to that organ."""
    granted = by.grants_for(CATALOGUE)
    if by.may_everywhere(CATALOGUE) or any(organ_id in one.organ_ids for one in granted if one.scope != "division"):
        return
    raise NotAllowed("not_allowed", _("只能编制本单位的事项，请联系管理员。"), "organ")


def demand_item(by: Actor, item: Item) -> None:
    """Raise ``NotAllowed`` unless ``by`` may edit the item."""
    demand_organ(by, item.organ_id)
