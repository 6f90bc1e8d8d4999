"""Delivering notices: a moment, an index and SKIP LOCKED."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ..choices import Channel, NoticeState
from ..models import Notice
from ..queries import render
from .carry import CARRIERS

MOST_ATTEMPTS = 10
PAUSES = tuple(timedelta(minutes=2**n) for n in range(MOST_ATTEMPTS - 1))
CLOCKS_DIFFER = timedelta(minutes=1)  # of several machines
log = logging.getLogger(__name__)

Adapter = Callable[[str, str, str, str], None]
AddressBook = Callable[[str, UUID | None, UUID | None], str | None]
_adapters: dict[str, Adapter] = {}
_books: list[AddressBook] = []


def set_adapter(channel: str, send: Adapter) -> None:
    """``send(address, title, body, notice)`` delivers on ``channel`` or raises.

    ``notice`` is the id, the same at every try: a worker that dies between sending and writing down that it sent, sends
    again, and by the id a gateway knows the second one.
    """
    _adapters[channel] = send


def add_address_book(book: AddressBook) -> None:
    """``book(channel, account_id, contact_id)`` gives the address, or None when it knows none."""
    _books.append(book)


def _address(notice: Notice) -> str | None:
    found = (book(notice.channel, notice.to_account, notice.to_contact) for book in _books)
    return next((address for address in found if address), None)


def _send(notice: Notice) -> None:
    if notice.channel == Channel.IN_APP:
        return
    send = _adapters.get(notice.channel)
    if send is None:
        raise LookupError(f"no way to send {notice.channel} is set up")
    address = _address(notice)
    if address is None:
        raise LookupError("no address")
    send(address, *render(notice), str(notice.pk))


def deliver(*, at: datetime, most: int = 100) -> int:
    """Send what is due; each notice in its own transaction, so that one failure holds up nobody.  How many were tried."""
    tried = 0
    while tried < most and _deliver_one(at):
        tried += 1
    return tried


def _deliver_one(at: datetime) -> bool:
    with transaction.atomic():
        due = Notice.objects.select_for_update(skip_locked=True).filter(state=NoticeState.PENDING, next_at__lte=at)
        due = due.exclude(channel__in=CARRIERS)
        notice = due.order_by("next_at").first()
        if notice is None:
            return False
        notice.attempts += 1
        try:
            with transaction.atomic():
                _send(notice)
        except Exception as error:
            log.warning("notice %s not sent: %s", notice.id, type(error).__name__)
            _put_off(notice, at, error)
        else:
            notice.state, notice.sent_at, notice.last_error = NoticeState.SENT, at, ""
        notice.save()
        return True


def _put_off(notice: Notice, at: datetime, error: Exception) -> None:
    """Try again after 1, 2, 4 … minutes; give up, visibly, after ``MOST_ATTEMPTS``.

    Without an address, or a channel that can send, at once: nothing gets better by waiting.
    """
    notice.last_error = f"{type(error).__name__}: {error}"[:500]
    if isinstance(error, LookupError) or notice.attempts >= MOST_ATTEMPTS:
        notice.state = NoticeState.FAILED
    else:
        notice.next_at = at + PAUSES[notice.attempts - 1]


def bring_forward(*, at: datetime) -> int:
    """What was queued while a clock was ahead is due now; how many.

    A first try is never put off, and a further one by no more than the longest pause.
    """
    longest = max([PAUSES[-1], *(pause for carrier in CARRIERS.values() for pause in carrier.pauses)])
    ahead = Notice.objects.filter(state=NoticeState.PENDING, next_at__gt=at + CLOCKS_DIFFER)
    return ahead.filter(Q(attempts=0) | Q(next_at__gt=at + longest + CLOCKS_DIFFER)).update(next_at=at)


def retry(notice_ids: list[UUID], *, at: datetime) -> int:
    """Put failed notices back into the queue; how many."""
    failed = Notice.objects.filter(id__in=notice_ids, state=NoticeState.FAILED)
    return failed.update(state=NoticeState.PENDING, attempts=0, next_at=at)


def mark_read(*, account_id: UUID, at: datetime, notice_ids: list[UUID] | None = None) -> int:
    """Mark in-app notices of one account as read: the given ones, or all."""
    mine = Notice.objects.filter(to_account=account_id, channel=Channel.IN_APP, read_at=None)
    if notice_ids is not None:
        mine = mine.filter(id__in=notice_ids)
    return mine.update(read_at=at)
