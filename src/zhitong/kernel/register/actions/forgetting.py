"""Forgetting people: their names, numbers and notices to them.  What the log knows of them is an id."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import forget_contacts, record

from ..models import Contact, Merge, Person, Residence, Tag

BATCH = 500


def forget_people(ids: Iterable[UUID]) -> int:
    """Delete these people with their contacts and what was sent to them; how many.  Whoever a matter still names stays in the
    way (``ProtectedError``)."""
    keys, done = list(ids), 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            some = keys[start : start + BATCH]
            forget_contacts(list(Contact.objects.filter(person__in=some).values_list("pk", flat=True)))
            Contact.objects.filter(person__in=some).delete()
            done += Person.objects.filter(pk__in=some).delete()[0]
    return done


@transaction.atomic
def forget_person(person_id: UUID, *, by: Actor, at: datetime) -> int:
    """One person, on request; 1, or 0 when there is none any more."""
    done = forget_people([person_id])
    if done:
        record("person.erased", person_id, stream_kind="person", at=at, by=by, data={})
    return done


@transaction.atomic
def forget_homes(person_id: UUID, *, is_unlawful: bool) -> int:
    """Delete where somebody belonged once, and the tags on them; where it was unlawful also where they belong now.  How many rows."""
    rows = Residence.objects.filter(person=person_id)
    Merge.objects.filter(people__contains=[person_id]).delete()
    gone = (rows if is_unlawful else rows.exclude(until=None)).delete()[0]
    return gone + Tag.objects.filter(person=person_id).delete()[0]
