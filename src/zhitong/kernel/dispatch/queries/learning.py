"""The versions of what was learned, and when it is time to learn again."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from zhitong.kernel.matters.public import KINDS, Matter

from ..models import Learned, Use
from ..rules.judging import Report, report

NIGHT = range(1, 5)  # hours in which the worker learns
A_DAY = timedelta(hours=20)
LEAST_MATTERS = 200  # from which there is enough to learn from
LEASE = timedelta(minutes=15)  # whoever has been learning for longer has died


def versions(kind: str) -> QuerySet[Learned]:
    """The versions that are kept, the newest first, without the models themselves."""
    return Learned.objects.filter(kind=kind).defer("data").order_by("-at", "-pk")


def use_of(kind: str) -> Use:
    """What suggestions for the kind may do; as it is before anybody decided."""
    return Use.objects.filter(kind=kind).first() or Use(kind=kind)


def is_due(kind: str, at: datetime) -> bool:
    """Whether it is night, the last version is a day old, and a matter was closed since."""
    if timezone.localtime(at).hour not in NIGHT:
        return False
    last = versions(kind).values_list("at", flat=True).first()
    closed = Matter.objects.filter(kind=kind, closed_at__isnull=False)
    return closed.exists() if last is None else last < at - A_DAY and closed.filter(closed_at__gt=last).exists()


def is_learning(use: Use, at: datetime) -> bool:
    """Whether somebody is learning the kind."""
    return use.learning_since is not None and use.learning_since >= at - LEASE


def asked_for(at: datetime) -> list[str]:
    """The kinds that somebody wants to be learned, as long as nobody is at it, the longest waiting first."""
    waiting = Use.objects.filter(asked_at__isnull=False, kind__in=KINDS).order_by("asked_at")
    return [use.kind for use in waiting if not is_learning(use, at)]


def lessons(kind: str) -> QuerySet[Matter]:
    """The matters that teach: over, with a category, and looked at by an organ.  What was withdrawn, merged or passed elsewhere never was."""
    ends = [stage.slug for stage in KINDS[kind].stages if stage.is_end]
    return Matter.objects.filter(
        kind=kind, stage__in=ends, lead__isnull=False, category__isnull=False, erased_at=None, closed_at__isnull=False
    )


def how_many_lessons(kind: str) -> int:
    """How many there are, counted up to what is needed."""
    return lessons(kind).order_by()[:LEAST_MATTERS].count()


def report_of(learned: Learned, threshold: float) -> Report:
    """How a version did on matters it had not learned from, at a threshold."""
    return report(learned.report, threshold)
