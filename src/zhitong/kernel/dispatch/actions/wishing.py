"""When it learns: asked for by somebody, or at night; one at a time for each kind, and what came of it."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import KINDS

from ..choices import Failure
from ..models import Learned, Use
from ..permissions import demand_manage
from ..queries.learning import LEASE, is_learning
from .learning import TooFew, learn

IN_PROGRESS = _("正在学习，请稍后再看结果。")


@transaction.atomic
def ask_to_learn(kind: str, *, by: Actor, at: datetime) -> bool:
    """Leave it to the worker to learn a kind, within seconds; False where that was asked already or is under way."""
    _demand(kind, by)
    Use.objects.get_or_create(kind=kind, defaults={"changed_at": at})
    use = Use.objects.select_for_update().get(kind=kind)
    if use.asked_at is not None or is_learning(use, at):
        return False
    use.asked_at, use.asked_by = at, by.label
    use.save(update_fields=["asked_at", "asked_by"])
    record("dispatch.asked", uuid5(NAMESPACE_URL, f"zhitong:dispatch:{kind}"), stream_kind="dispatch", at=at, by=by,
           data={"kind": kind})  # fmt: skip
    return True


def train(kind: str, *, by: Actor, at: datetime) -> Learned:
    """Learn a kind now; TooFew and whatever else goes wrong is kept for the page as well as raised."""
    _demand(kind, by)
    _begin(kind, at)
    try:
        learned = learn(kind, by=by, at=at)
    except TooFew as few:
        _end(kind, at, failed_at=at, failure=Failure.TOO_FEW, found=few.found)
        raise
    except Exception:
        _end(kind, at, failed_at=at, failure=Failure.FAULT)
        raise
    _end(kind, at, failed_at=None, failure="", found=learned.cases)
    return learned


def _demand(kind: str, by: Actor) -> None:
    demand_manage(by)
    if kind not in KINDS or not KINDS[kind].has_category:
        raise NotFound("no_kind", _("没有这种业务，或者它没有类别。"))


def _begin(kind: str, at: datetime) -> None:
    """Whoever changes the row first is at it; the others are refused.  One that has gone on for too long has died."""
    Use.objects.get_or_create(kind=kind, defaults={"changed_at": at})
    free = Q(learning_since=None) | Q(learning_since__lt=at - LEASE)
    if not Use.objects.filter(free, kind=kind).update(learning_since=at):
        raise Conflict("learning", IN_PROGRESS)


def _end(kind: str, at: datetime, **came_of_it: object) -> None:
    Use.objects.filter(kind=kind, learning_since=at).update(
        learning_since=None, asked_at=None, asked_by="", **came_of_it
    )
