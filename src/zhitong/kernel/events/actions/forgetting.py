"""Taking notices out: of a thing that was erased, to a person who was erased, or old ones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from ..choices import Channel, NoticeState
from ..models import Notice


def forget_subjects(subjects: Sequence[UUID]) -> int:
    """Notices about these things that are not on their way any more; of those that are, what was filled in.  How many."""
    rows = Notice.objects.filter(subject__in=subjects).exclude(channel=Channel.WEBHOOK)
    emptied = rows.filter(state=NoticeState.PENDING).update(context={})
    return emptied + rows.exclude(state=NoticeState.PENDING).delete()[0]


def forget_contacts(contacts: Sequence[UUID]) -> int:
    """Every notice to these contacts, also those still on their way; how many."""
    return Notice.objects.filter(to_contact__in=contacts).delete()[0]


def old_notices(before: datetime) -> QuerySet[Notice]:
    """Notices to people that were sent or given up before then; unread ones of a desk too."""
    return Notice.objects.filter(~Q(channel=Channel.WEBHOOK), ~Q(state=NoticeState.PENDING), created_at__lt=before)


def forget_notices(before: datetime) -> int:
    """Destroy ``old_notices``; how many."""
    return old_notices(before).delete()[0]
