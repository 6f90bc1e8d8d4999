"""Enter once: what the register knows of a household stands in the form already, and what the form learns goes back there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.register.public import MANAGE_HOMES, NewResident, move_in, residents_of

from ..models import Target


def take_home(target: Target, person_id: UUID, *, by: Actor, at: datetime) -> str:
    """Whoever the answer names belongs to the household from today, where ``by`` may say so and nobody knew it yet.

    What stands in the way, in a sentence: somebody is registered elsewhere, say.  Nothing when all is well.
    """
    if target.household_id is None or not by.may(MANAGE_HOMES):
        return ""
    known = residents_of([target.household_id]).get(target.household_id, [])
    if any(one.person_id == person_id for one in known):
        return ""
    role: dict[str, Any] = {} if known else {"role": "head"}
    try:
        with transaction.atomic():
            move_in(target.household_id, NewResident(timezone.localdate(at), person_id=person_id, **role), by=by, at=at)
    except Conflict as conflict:
        return _("已填报，与登记不一致：%(why)s") % {"why": str(conflict)}
    return ""
