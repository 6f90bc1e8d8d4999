"""What rises is raised to those who lead, once a rise."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor, holders_of
from zhitong.kernel.events.public import Channel, Happening, Telling, notify_many, record, record_many

from ..models import Belonging, Rising, Thing
from ..permissions import TOLD, demand_manage
from ..queries.hot import rising_rule

SYSTEM = Actor.system("热点")
LETTER = "dispatch.rising"
DAYS, LEAST, PERCENT = (1, 30), (2, 100), (100, 1000)


@transaction.atomic
def raise_rising(at: datetime, things: Collection[UUID] | None = None) -> int:
    """Raise of ``things`` (without them of all) those that rise and were not raised since they began to: an event, and a notice to
    whoever wants to know.  Those that rise no more may be raised again when they do.  How many were raised."""
    rule = rising_rule()
    counted = _counted(at, rule, things)
    rising = {
        pk for pk, row in counted.items() if rule.holds(row["late"], row["before"], row["known"] + row["unknown"])
    }
    ended = Thing.objects.filter(raised_at__isnull=False).exclude(pk__in=rising)
    (ended if things is None else ended.filter(pk__in=things)).update(raised_at=None)
    new = list(Thing.objects.select_for_update(skip_locked=True).filter(pk__in=rising, raised_at=None).order_by("pk"))
    for thing in new:
        thing.raised_at = at
        thing.save(update_fields=["raised_at"])
        _tell(thing, rule, counted[thing.pk], at)
    return len(new)


def _counted(at: datetime, rule: Rising, things: Collection[UUID] | None) -> dict[UUID, dict[str, Any]]:
    """How many came of late and before, by how many people, of each thing that has any."""
    span = timedelta(days=rule.days)
    late = Q(matter__opened_at__gt=at - span)
    rows = Belonging.objects.filter(thing__isnull=False, matter__opened_at__gt=at - 2 * span, matter__erased_at=None)
    if things is not None:
        rows = rows.filter(thing__in=things)
    counted = rows.values("thing").annotate(
        late=Count("pk", filter=late), before=Count("pk", filter=~late),
        known=Count("matter__reporter", distinct=True, filter=late),
        unknown=Count("pk", filter=late & Q(matter__reporter=None)),
    )  # fmt: skip
    return {row["thing"]: dict(row) for row in counted}


def _tell(thing: Thing, rule: Rising, row: dict[str, Any], at: datetime) -> None:
    """The event and the notices hold the names of places and numbers, no words of anybody."""
    told = {
        "names": thing.names, "late": row["late"], "before": row["before"], "people": row["known"] + row["unknown"],
        "days": rule.days,
    }  # fmt: skip
    happening = Happening("dispatch.rising", thing.pk, "dispatch", at, SYSTEM, told)
    record_many([happening])
    context = {**told, "place": "、".join(thing.names)}
    notify_many(
        [
            Telling(happening.id, thing.speaker_id or thing.pk, LETTER, Channel.IN_APP, to_account=account, context=context)
            for account in holders_of(TOLD)
        ]
    )  # fmt: skip


@transaction.atomic
def set_rising(*, days: int, least: int, percent: int, by: Actor, at: datetime) -> Rising:
    """From when on a thing rises: so many within so many days, and at least ``percent`` of those in as many days before."""
    demand_manage(by)
    for field, value, (low, high), sentence in (
        ("days", days, DAYS, _("天数请填1到30。")), ("least", least, LEAST, _("件数请填2到100。")),
        ("percent", percent, PERCENT, _("倍数请填1到10。")),
    ):  # fmt: skip
        if not low <= value <= high:
            raise Refused("bad_rising", sentence, field=field)
    rule, _is_new = Rising.objects.update_or_create(
        pk=1, defaults={"days": days, "least": least, "percent": percent, "changed_at": at}
    )
    record("dispatch.rising_set", STREAM, stream_kind="dispatch", at=at, by=by,
           data={"days": days, "least": least, "percent": percent})  # fmt: skip
    return rule


STREAM = uuid5(NAMESPACE_URL, "zhitong:dispatch:rising")  # of the rule: there is one
