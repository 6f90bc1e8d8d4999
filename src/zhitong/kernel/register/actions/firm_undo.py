"""Undoing a change of a firm whose ground was taken back."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhitong.kernel.accounts.public import Actor

from ..models import Firm, FirmChange
from ..permissions import MANAGE_FIRMS
from ..queries.firms import firm_in_full, given_of
from ..rules import NewPerson
from ..rules.firms import is_part_as
from .firm_changes import in_the_way, states_of
from .firms import change_firm


@transaction.atomic
def undo_change(origin: UUID, *, by: Actor, at: datetime) -> list[str]:
    """Put back what was changed on this ground; the parts put back, none where nothing was changed or all of it is as before.

    What other changes have made of other parts stays.  Raises ``Conflict`` (``firm_changed_since``) where a part is neither as the
    change left it nor as it was before, and whatever ``change_firm`` raises.  Needs ``register.manage_firms``.
    """
    by.demand(MANAGE_FIRMS)
    change = FirmChange.objects.select_for_update().filter(origin=origin, undone_at=None).first()
    if change is None:
        return []
    Firm.objects.select_for_update().get(pk=change.firm_id)
    before, after = states_of(change)
    now = given_of(firm_in_full(change.firm_id))
    moved = [part for part in change.parts if not is_part_as(part, now, before)]
    if elsewhere := [part for part in moved if not is_part_as(part, now, after)]:
        raise in_the_way(elsewhere)
    back: dict[str, Any] = {part: getattr(before, part) for part in moved}
    for part in {"legal", "liaison"} & set(back):
        back[part] = _by_number(back[part])
    done = change_firm(change.firm_id, by=by, at=at, renames=True, **back) if back else []
    FirmChange.objects.filter(pk=change.pk).update(undone_at=at)
    return done


def _by_number(person: NewPerson) -> NewPerson:
    """Whoever has a citizen id is found by it, so that a phone that was corrected since stays."""
    return replace(person, phone="", email="") if person.citizen_id else person
