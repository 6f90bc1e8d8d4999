"""That somebody read an answer in full is on record."""

from datetime import datetime

from django.db import transaction

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Answer
from ..permissions import READ


@transaction.atomic
def looked(answer: Answer, *, by: Actor, at: datetime) -> None:
    """Write down who read which answer."""
    by.demand(READ)
    data = {"answer": str(answer.pk)}
    record("surveys.read", answer.survey_id, stream_kind="survey", at=at, by=by, data=data)
