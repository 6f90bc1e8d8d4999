"""What stands beside an appeal's matter: written when it comes in, taken away when it is erased."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from zhitong.base.bulk import write_rows
from zhitong.kernel.dispatch.public import note_alarms
from zhitong.kernel.matters.public import Matter
from zhitong.kernel.reviews.public import forget_words

from ..models import Appeal

REPLIES = {"conclude", "on_spot", "answer_review"}


def erased(ids: Sequence[UUID], action: str) -> None:
    """The reply stands here besides: it goes with all words of a matter, and with the record in which it was given."""
    if action in ("", "rate"):
        forget_words(ids)
    if not action or action in REPLIES:
        Appeal.objects.filter(matter__in=ids).update(reply="")


def opened(matters: Sequence[Matter], openings: Sequence[Any]) -> None:
    """The line's own row beside each new matter, and the words of danger in it."""
    rows = [(m.pk, 0, 0, 0, "", "", "") for m in matters]
    with connection.cursor() as cursor:
        write_rows(
            cursor, "appeals_appeal",
            ("matter_id", "supporters", "visits_missed", "reviews", "transferred_to", "finding", "reply"), rows,
        )  # fmt: skip
    note_alarms(matters)
