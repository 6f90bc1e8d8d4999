"""Taking one thing back: what becomes of the parts that have begun.

Called with the matter of the whole locked; of the parts' matters it locks one after the other, which nobody does who waits for the whole.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhitong.base.errors import Conflict
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m

from ...choices import PartState
from ...models import BundleCase, BundlePart
from ...rules.bundles import is_undecided
from .advancing import BY

BEGUN = (PartState.OPEN, PartState.DONE)


def take_back(whole: m.Matter, reason: str, *, by: Actor, at: datetime) -> Sequence[BundlePart]:
    """Nothing more begins, what is not decided is taken back; the parts that are decided, and stand, come back."""
    BundleCase.objects.filter(pk=whole.pk).update(is_open=False)
    rows = BundlePart.objects.filter(case=whole.pk)
    rows.filter(state__in=(PartState.WAITING, PartState.STUCK)).update(state=PartState.STOPPED, at=at, is_stirred=False)
    begun = list(rows.filter(state__in=BEGUN).select_related("item", "matter").order_by("at"))
    return [part for part in begun if not _is_taken_back(part, whole, reason, at)]


def _is_taken_back(part: BundlePart, whole: m.Matter, reason: str, at: datetime) -> bool:
    matter = part.matter
    if matter is None or not is_undecided(matter.stage):
        return False
    words = f"申请人撤回“{whole.title}”（编号{whole.number}）。{clean(reason)}"
    try:
        with transaction.atomic():
            m.act(matter.pk, "withdraw", {"reason": words[:500]}, by=BY, at=at)
    except Conflict:  # it was decided a moment ago
        return False
    part.state, part.at = PartState.STOPPED, at
    part.save(update_fields=["state", "at"])
    return True
