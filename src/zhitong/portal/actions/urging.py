"""Many matters pressed at once: one act each, so that one that cannot does not hold up the others."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import NotAllowed, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, act, visible_matters

from ..queries.late import URGE, may_urge
from .assigning import MOST_AT_ONCE, Result


def urge_many(matter_ids: Sequence[UUID], demand: str, *, by: Actor, at: datetime) -> list[Result]:
    """Press for each matter, in the order given; those ``by`` may not see are left out.

    Raises Refused when nothing or too much was chosen, or nothing is demanded.
    """
    if not may_urge(by):
        raise NotAllowed("not_allowed", _("您没有督办的权限。"))
    if not matter_ids:
        raise Refused("none_chosen", _("请先勾选要督办的事项。"))
    if len(matter_ids) > MOST_AT_ONCE:
        raise Refused("too_many", _("一次最多督办200件，请分次进行。"))
    if not clean(demand):
        raise Refused("required", _("请填写督办要求。"), field="demand")
    seen = visible_matters(by).in_bulk(list(matter_ids))
    return [_urge(seen[pk], demand, by, at) for pk in dict.fromkeys(matter_ids) if pk in seen]


def _urge(matter: Matter, demand: str, by: Actor, at: datetime) -> Result:
    try:
        act(matter.pk, URGE, {"demand": demand}, by=by, at=at)
    except Refused as refused:
        return Result(matter, str(refused))
    return Result(matter, "")
