"""Many matters into one pair of hands: one act each, so that one that cannot does not hold up the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Matter, act, visible_matters

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one matter; ``why`` is empty when it was done."""

    matter: Matter
    why: str


def assign_many(matter_ids: Sequence[UUID], staff_id: UUID, *, by: Actor, at: datetime) -> list[Result]:
    """Assign each matter to a colleague, in the order given; those ``by`` may not see are left out.

    Raises Refused when nothing or too much was chosen.
    """
    by.demand("matters.assign")
    if not matter_ids:
        raise Refused("none_chosen", _("请先勾选要分派的事项。"))
    if len(matter_ids) > MOST_AT_ONCE:
        raise Refused("too_many", _("一次最多分派200件，请分次进行。"))
    seen = visible_matters(by).in_bulk(list(matter_ids))
    return [_assign(seen[pk], staff_id, by, at) for pk in dict.fromkeys(matter_ids) if pk in seen]


def _assign(matter: Matter, staff_id: UUID, by: Actor, at: datetime) -> Result:
    try:
        act(matter.pk, "assign", {"staff": str(staff_id)}, by=by, at=at)
    except Refused as refused:
        return Result(matter, str(refused))
    return Result(matter, "")
