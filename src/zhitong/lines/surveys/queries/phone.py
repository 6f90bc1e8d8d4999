"""What a worker's phone takes along of surveys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Max, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import Todo, Walker, day

from ..choices import TargetState
from ..models import Survey, Target
from ..permissions import ANSWER, reached
from ..rules.recordings import MOST_FILM, MOST_SOUND
from .forms import files_of
from .surveys import known_of


def to_do(by: Actor, at: datetime) -> QuerySet[Target]:
    """What nobody has answered yet, of the surveys of today, within reach."""
    if not by.may(ANSWER):
        return Target.objects.none()
    today = timezone.localdate(at)
    running = Survey.objects.filter(ended_at=None, starts_on__lte=today, ends_on__gte=today)
    return Target.objects.filter(reached(by, ANSWER), survey__in=running).exclude(state=TargetState.DONE)


def to_answer(who: Walker, first: int, many: int) -> list[Todo]:
    """My targets: those in my own grids before others that I reach, the survey that is over first before others."""
    away = Case(When(path__overlap=who.grids, then=0), default=1) if who.grids else Value(0)
    found = (
        to_do(who.by, who.at)
        .select_related("survey__version")
        .defer("survey__version__workbook", "survey__version__itemsets")
    )
    rows = list(
        found.annotate(away=away).order_by("away", "survey__ends_on", "survey", "sort", "id")[first : first + many]
    )
    known = known_of(who.by, rows, lambda one: one.survey.version.questions)
    files = {version: files_of(version) for version in {row.survey.version_id for row in rows}}
    places = labels({row.division_id for row in rows})
    return [
        _to_answer(row, places.get(row.division_id, ""), files[row.survey.version_id], known.get(row.pk, {}))
        for row in rows
    ]


def _to_answer(one: Target, place: str, files: list[str], known: dict[str, str]) -> Todo:
    survey = one.survey
    text = _("%(survey)s，%(day)s前完成") % {"survey": survey.name, "day": day(survey.ends_on)}
    parts = [place, text, f"{one.get_state_display()}：{one.note}" if one.state == TargetState.MISSED else ""]
    return Todo(
        id=str(one.pk), title=one.name, text="　".join(filter(None, parts)), fields={"target": str(one.pk), "version": ""}, known=known,
        setup={"survey": str(survey.pk), "version": str(survey.version_id), "files": files, "purpose": survey.purpose,
               "most": {"audio": MOST_SOUND, "video": MOST_FILM}},
    )  # fmt: skip


def how_they_stand(who: Walker) -> tuple[int, tuple[Any, ...]]:
    """How many there are, and what is new whenever one of them, or its survey, is another."""
    counted: list[tuple[UUID, int, datetime | None]] = list(
        to_do(who.by, who.at).order_by().values_list("survey").annotate(Count("pk"), Max("state_at"))
    )
    surveys = Survey.objects.filter(pk__in=[survey for survey, _count, _at in counted])
    said = list(surveys.order_by("pk").values_list("pk", "name", "ends_on", "purpose"))
    return sum(count for _survey, count, _at in counted), (sorted(map(str, counted)), said)
