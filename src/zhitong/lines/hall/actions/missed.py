"""Searches of the guide that found nothing: kept without whose they were, and mended by words that an item is found by."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Item, Missed
from ..permissions import MANAGE
from ..queries.missed import is_missed, kept_words
from .items import save_item
from .writing import fetched

KEPT = timedelta(days=180)
MOST_EVERYDAY = 300


def note_missed(typed: str, *, at: datetime) -> None:
    """Count a search that found nothing; whatever the guide finds, or looks personal, is not kept."""
    words = kept_words(typed)
    if not words or not is_missed(words, timezone.localdate(at)):
        return
    with transaction.atomic():
        known = Missed.objects.filter(words=words).update(times=F("times") + 1, last_at=at)
        if not known:
            row, is_new = Missed.objects.get_or_create(words=words, defaults={"last_at": at})
            if not is_new:  # two at the same moment
                Missed.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=at)


def find_by(missed_id: UUID, item_id: UUID, *, by: Actor, at: datetime) -> Item:
    """Let an item be found by these words from now on.  What an item asks for and promises is not touched: whoever manages a hall may do
    it for the items of every organ."""
    by.demand(MANAGE)
    with transaction.atomic():
        missed, item = fetched(Missed, missed_id), fetched(Item, item_id)
        everyday = f"{item.everyday} {missed.words}".strip()
        if len(everyday) > MOST_EVERYDAY:
            raise Refused(
                "too_long",
                _("“%(name)s”的通俗叫法已经满了，请先在服务事项里删去不用的。") % {"name": item.name},
                "item",
            )
        data = {"name": item.name, "changes": {"everyday": [item.everyday, everyday]}}
        item.everyday = everyday
        save_item(item)
        record("hall.item.changed", item.pk, stream_kind="hall_item", at=at, by=by, data=data)
        missed.delete()
    return item


def leave_out(missed_id: UUID, *, by: Actor, at: datetime) -> str:
    """Nothing that the hall offers is meant; searched again it is counted again, from one."""
    by.demand(MANAGE)
    with transaction.atomic():
        missed = fetched(Missed, missed_id)
        words = missed.words
        record(
            "hall.missed.left_out",
            missed.pk,
            stream_kind="hall_missed",
            at=at,
            by=by,
            data={"times": missed.times},
            is_first=True,
        )
        missed.delete()
    return words


def drop_old(at: datetime) -> int:
    """What nobody has looked for in half a year goes."""
    return Missed.objects.filter(last_at__lt=at - KEPT).delete()[0]
