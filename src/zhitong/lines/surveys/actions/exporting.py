"""Taking answers away as a table: a row for each answer, a column for each question; that somebody did is on record."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.books import on_disk, text_book
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record

from ..models import Survey
from ..permissions import READ
from ..queries.surveys import answers
from ..rules.alarms import at_path


def export(survey: Survey, *, by: Actor, at: datetime) -> IO[bytes]:
    """The workbook.  A repeat is written into one cell, its rounds separated by semicolons."""
    by.demand_everywhere(READ)
    with transaction.atomic():
        record("surveys.exported", survey.pk, stream_kind="survey", at=at, by=by, data={})
    return on_disk(text_book(_("答卷"), _rows(survey, by)))


def _rows(survey: Survey, by: Actor) -> Iterator[list[str]]:
    asked = survey.version.questions.asked
    yield [_("对象"), _("填报时间"), _("填报人"), *(question.label or question.name for question in asked)]
    for answer, target, values in answers(by, survey):
        given = f"{timezone.localtime(answer.given_at):%Y-%m-%d %H:%M}"
        yield [
            target,
            given,
            answer.by_label,
            *("；".join(at_path(values, question.path.split("/")[2:])) for question in asked),
        ]
