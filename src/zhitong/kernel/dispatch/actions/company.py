"""Counting who says the same; that a matter turns out to be raised again, or jointly, is put on record."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record_many
from zhitong.kernel.matters.public import Matter, Part, Participant, dims

from ..models import JOINT, Belonging
from ..queries.company import Company

SYSTEM = Actor.system("智能转办")
EVENT = "dispatch.company"
LOOKED_BACK = timedelta(hours=1)


@transaction.atomic
def recount(at: datetime, *, matters: Collection[UUID] = (), things: Collection[UUID] = ()) -> int:
    """Count anew who says the same as these matters, and as all that belong to these things; how many differ from before.  Some
    five queries, however many they are."""
    wanted = Q(matter__in=list(matters)) | Q(thing__in=list(things))
    rows = list(
        Belonging.objects.select_for_update(of=("self",)).filter(wanted).select_related("matter").order_by("pk")
    )
    known = {row.thing_id for row in rows if row.thing_id}
    own, together, before = _own([row.pk for row in rows]), _together(known), _before(known)
    changed, told = [], []
    for row in rows:
        people = max(own.get(row.pk, 0), together.get(row.thing_id, 0) if row.thing_id else 0)
        now = Company(before.get(row.pk, 0), people)
        if (row.before, row.people) != (now.before, now.people):
            told += _told(row, now, at)
            row.before, row.people = now.before, now.people
            changed.append(row)
    Belonging.objects.bulk_update(changed, ["before", "people"], batch_size=500)
    record_many(told)
    return len(changed)


def count_joined(at: datetime) -> int:
    """Count anew where somebody joined, or came along with a duplicate, within the last hour; how many matters differ.  What was
    missed meanwhile is found when all is gathered at night."""
    since = at - LOOKED_BACK
    rows = Participant.objects.filter(pk__gte=UUID(int=int(since.timestamp() * 1000) << 80)).exclude(part=Part.REPORTER)
    joined = set(rows.values_list("matter", flat=True))
    if not joined:
        return 0
    things = Belonging.objects.filter(matter__in=joined, thing__isnull=False).values_list("thing", flat=True)
    return recount(at, matters=joined, things=set(things))


def _own(matters: Collection[UUID]) -> dict[UUID, int]:
    """The people of each matter by itself."""
    rows = Participant.objects.filter(matter__in=list(matters)).order_by().values("matter")
    return dict(rows.annotate(n=Count("person", distinct=True)).values_list("matter", "n"))


def _together(things: Collection[UUID]) -> dict[UUID, int]:
    """The people of each thing, each once."""
    rows = Participant.objects.filter(matter__belonging__thing__in=list(things)).order_by()
    counted = rows.values("matter__belonging__thing").annotate(n=Count("person", distinct=True))
    return dict(counted.values_list("matter__belonging__thing", "n"))


def _before(things: Collection[UUID]) -> dict[UUID, int]:
    """How many matters whoever raised each of them had raised of the same thing before."""
    rows = Matter.objects.filter(belonging__thing__in=list(things), reporter__isnull=False).order_by("pk")
    seen, found = Counter[tuple[UUID, UUID]](), dict[UUID, int]()
    for pk, thing, reporter in rows.values_list("pk", "belonging__thing", "reporter"):
        found[pk] = seen[thing, reporter]
        seen[thing, reporter] += 1
    return found


def _told(row: Belonging, now: Company, at: datetime) -> list[Happening]:
    """An event where it is a repetition now, or a joint appeal, and was not before; or no longer is."""
    again, joint = (now.before > 0) - (row.before > 0), now.is_joint - (row.people >= JOINT)
    if not again and not joint:
        return []
    data = {"again": again, "joint": joint, "before": now.before, "people": now.people, "dims": dims(row.matter)}
    return [Happening(EVENT, row.pk, "matter", at, SYSTEM, data)]
