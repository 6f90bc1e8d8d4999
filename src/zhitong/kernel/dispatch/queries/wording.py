"""The words by which likeness is measured, read once a night and process."""

from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from zhitong.base.likeness import Vocabulary
from zhitong.base.likeness.texts import starts_of

from ..models import Wording

NIGHT = range(1, 5)  # o'clock


def wording_of() -> Vocabulary:
    """The newest; without any all words weigh the same.  One query, and another one when it is new."""
    newest = Wording.objects.order_by("-pk").values_list("pk", flat=True).first()
    return _read(newest) if newest else Vocabulary()


@lru_cache(maxsize=1)
def _read(pk: UUID) -> Vocabulary:
    row = Wording.objects.get(pk=pk)
    return Vocabulary(row.n, row.pairs, row.names, starts_of(row.names, row.n))


def is_fresh(at: datetime) -> bool:
    """Whether there is no need to gather: done within the day, or not yet night; without any, there is."""
    newest = Wording.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest is None:
        return False
    is_night = timezone.localtime(at).hour in NIGHT
    return at - newest < (timedelta(hours=20) if is_night else timedelta(hours=30))
