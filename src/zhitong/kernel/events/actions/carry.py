"""Delivering to other systems: several notices at once, each try on record before it is made.

A letter is sent while its row is locked.  Another system may be slow, and its notices many: here the tries are written down
first, made together without a transaction, and settled after.  When the worker dies in between, they are made again.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from ..choices import Channel, NoticeState
from ..models import Notice

MOST_AT_ONCE = 32
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try went.  ``error`` is empty where it went well; ``then`` is "hold" or "drop" where it was not made."""

    answer: int | None = None
    error: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a channel is served by the handful.

    ``carry`` makes a try of each notice and says how it went, by id.  After failed tries it waits for ``pauses``, one after
    the other, and gives up after the last.  A try that has not been settled after ``lost_after`` is made again.  Of one
    endpoint at most ``most_each`` are tried at once, so that a slow one leaves room for the others.
    """

    carry: Callable[[Sequence[Notice], datetime], Mapping[UUID, Outcome]]
    pauses: tuple[timedelta, ...]
    lost_after: timedelta = timedelta(minutes=2)
    most_each: int = 4


CARRIERS: dict[str, Carrier] = {}


def set_carrier(channel: str, carrier: Carrier) -> None:
    """The channel is served by ``carrier`` from now on, and no longer notice by notice."""
    CARRIERS[channel] = carrier


def carry(channel: str, *, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Try what is due on the channel, all at once; how many were tried.  Must not run inside a transaction."""
    carrier = CARRIERS[channel]
    notices = _claim(channel, carrier, at, most)
    if not notices:
        return 0
    outcomes = carrier.carry(notices, at)
    with transaction.atomic():
        for notice in notices:
            _settle(notice, outcomes.get(notice.pk) or Outcome(error="not tried"), carrier, at)
    return len(notices)


def _claim(channel: str, carrier: Carrier, at: datetime, most: int) -> list[Notice]:
    """The due ones, each with one more attempt on record."""
    due = Notice.objects.filter(channel=channel, state=NoticeState.PENDING, next_at__lte=at)
    turn = Window(RowNumber(), partition_by="to_endpoint", order_by=["next_at", "id"])
    ids = due.annotate(turn=turn).filter(turn__lte=carrier.most_each).order_by("next_at", "id")[:most]
    with transaction.atomic():
        notices = list(
            due.select_for_update(skip_locked=True).filter(pk__in=[n.pk for n in ids]).order_by("next_at", "id")
        )
        Notice.objects.filter(pk__in=[n.pk for n in notices]).update(
            attempts=F("attempts") + 1, next_at=at + carrier.lost_after
        )
    for notice in notices:
        notice.attempts += 1
    return notices


def _settle(notice: Notice, outcome: Outcome, carrier: Carrier, at: datetime) -> None:
    """Write down how it went, unless somebody else has decided in between."""
    row = Notice.objects.filter(pk=notice.pk, state=NoticeState.PENDING, attempts=notice.attempts)
    if outcome.then == "drop":
        row.delete()
    elif outcome.then == "hold":
        row.update(state=NoticeState.HELD, attempts=0)
    elif not outcome.error:
        row.update(state=NoticeState.SENT, sent_at=at, last_error="", answer=outcome.answer)
    else:
        log.warning("notice %s not sent: %s", notice.pk, outcome.error)
        more = notice.attempts <= len(carrier.pauses)
        row.update(
            state=NoticeState.PENDING if more else NoticeState.FAILED, last_error=outcome.error[:500], answer=outcome.answer,
            next_at=at + carrier.pauses[notice.attempts - 1] if more else at,
        )  # fmt: skip


def send_again(notice_ids: Sequence[UUID], *, at: datetime) -> int:
    """Send once more, also what was sent: the receiver knows it by its id.  How many."""
    rows = Notice.objects.filter(id__in=notice_ids, channel=Channel.WEBHOOK).exclude(state=NoticeState.PENDING)
    return rows.update(state=NoticeState.PENDING, attempts=0, next_at=at)


def hold(endpoint_id: UUID) -> int:
    """Keep back what waits for the endpoint; how many."""
    return _of(endpoint_id, NoticeState.PENDING).update(state=NoticeState.HELD, attempts=0)


def release(endpoint_id: UUID, *, at: datetime) -> int:
    """Send what was kept back for the endpoint; how many."""
    return _of(endpoint_id, NoticeState.HELD).update(state=NoticeState.PENDING, attempts=0, next_at=at)


def old_deliveries(before: datetime) -> QuerySet[Notice]:
    """What was sent to other systems, given up or kept back before that moment."""
    return Notice.objects.filter(channel=Channel.WEBHOOK, created_at__lt=before).exclude(state=NoticeState.PENDING)


def forget(before: datetime) -> int:
    """Take ``old_deliveries`` out; how many."""
    return old_deliveries(before).delete()[0]


def _of(endpoint_id: UUID, state: str) -> QuerySet[Notice]:
    return Notice.objects.filter(channel=Channel.WEBHOOK, to_endpoint=endpoint_id, state=state)
