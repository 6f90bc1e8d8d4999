"""Taking out what people wrote and who they are; grades and figures stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ..models import Exclusion, Review
from ..queries.held import callers_before


@transaction.atomic
def forget(rows: QuerySet[Review], *, at: datetime) -> int:
    """Take words, people and what was written about them out of these reviews; how many."""
    ids = list(rows.values_list("pk", flat=True))
    about = Exclusion.objects.filter(review__in=ids)
    about.update(first_reason="", second_reason="", ended_reason="")
    return Review.objects.filter(pk__in=ids).update(words="", found=None, person=None, erased_at=at)


def forget_words(matter_ids: Sequence[UUID]) -> int:
    """Take the words out of the reviews of these matters: what the line itself keeps of them goes."""
    return Review.objects.filter(service__matter__in=matter_ids).exclude(words="").update(words="", found=None)


def drop_callers(before: datetime) -> int:
    """Nobody needs to be called back any more."""
    return Review.objects.filter(pk__in=callers_before(before).values("pk")).update(person=None)
