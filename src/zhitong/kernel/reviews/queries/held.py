"""What is held about a person in reviews, and which of it has had its time."""

from datetime import datetime

from django.db.models import Q, QuerySet

from zhitong.base.holdings import Case
from zhitong.kernel.matters.public import Part, Participant

from ..models import Review


def of_person(case: Case) -> QuerySet[Review]:
    """Reviews with a number to call this person back, and those of services in matters that the person raised."""
    own = Participant.objects.filter(person=case.person_id, part=Part.REPORTER).values("matter")
    rows = Review.objects.filter(Q(person=case.person_id) | Q(service__matter__in=own), erased_at=None)
    return rows.select_related("service", "matter").order_by("pk")


def is_in_hand(review: Review) -> bool:
    """Whether the person still waits for an answer to a bad review."""
    return review.person_id is not None and review.matter is not None and review.matter.closed_at is None


def to_erase(case: Case) -> QuerySet[Review]:
    """What goes on request."""
    waiting = Q(person__isnull=False, matter__isnull=False, matter__closed_at=None)
    return Review.objects.filter(pk__in=of_person(case).exclude(waiting).values("pk"))


def callers_before(before: datetime) -> QuerySet[Review]:
    """Reviews given by then that are answered and still name somebody to call."""
    return Review.objects.filter(at__lt=before, person__isnull=False).exclude(
        matter__isnull=False, matter__closed_at=None
    )


def words_before(before: datetime) -> QuerySet[Review]:
    """Reviews given by then whose words are still there; those in hand wait."""
    return Review.objects.filter(at__lt=before, erased_at=None).exclude(matter__isnull=False, matter__closed_at=None)
