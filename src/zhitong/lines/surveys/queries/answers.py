"""Answers in full: for whoever may read them, in the own area."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import visible_matters

from ..models import Answer, Photo, Raised, Survey, Target
from ..permissions import READ, reached

SHOWN = 50


@dataclass(frozen=True, slots=True)
class FoundAnswers:
    """One page of answers, the newest first; ``after`` asks for the next one, empty at the end."""

    rows: list[Answer]
    after: str


def answers_of(by: Actor, one: Survey, *, after: UUID | None = None, inside: UUID | None = None) -> FoundAnswers:
    """Who answered for what, and when: without what was said."""
    rows = _reached(by).filter(survey=one).defer("sealed").select_related("target").order_by("-given_at", "-id")
    if inside is not None:
        rows = rows.filter(target__path__contains=[inside])
    mark = Answer.objects.filter(survey=one, pk=after).values_list("given_at", "id").first() if after else None
    if mark is not None:
        rows = rows.filter(Q(given_at__lt=mark[0]) | Q(given_at=mark[0], id__lt=mark[1]))
    found = list(rows[: SHOWN + 1])
    return FoundAnswers(found[:SHOWN], str(found[SHOWN - 1].pk) if len(found) > SHOWN else "")


def _reached(by: Actor) -> QuerySet[Answer]:
    by.demand(READ)
    return Answer.objects.filter(target__in=Target.objects.filter(reached(by, READ)))


def answer(by: Actor, answer_id: UUID) -> Answer:
    """One of them; NotFound, also for what was destroyed."""
    rows = _reached(by).filter(pk=answer_id).select_related("target", "survey__version__form")
    found = rows.defer("survey__version__workbook", "survey__version__itemsets").first()
    if found is None or not found.sealed:
        raise NotFound("no_answer", _("没有这份答卷，或已销毁。"))
    return found


def raised_by(by: Actor, one: Answer) -> list[Raised]:
    """The matters it raised that ``by`` may see."""
    seen = visible_matters(by).filter(pk__in=Raised.objects.filter(answer=one).values("matter"))
    return list(Raised.objects.filter(answer=one, matter__in=seen.values("pk")).select_related("matter"))


def photo(by: Actor, answer_id: UUID, photo_id: UUID) -> Photo:
    """One photo of an answer; NotFound."""
    found = (
        Photo.objects.filter(pk=photo_id, answer__in=_reached(by).filter(pk=answer_id)).select_related("answer").first()
    )
    if found is None:
        raise NotFound("no_photo", _("没有这张照片，或已销毁。"))
    return found
