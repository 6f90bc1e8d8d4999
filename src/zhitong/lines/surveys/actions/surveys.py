"""Surveys: begun with their targets, ended, summed up and destroyed."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.territory.public import Level, of_level, paths

from ..models import Answer, Photo, Survey, Target, Version
from ..permissions import DESIGN
from ..rules.xform import Form
from .photos import drop_all

MOST_TARGETS = 100_000
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A thing that a survey goes to: its name, the division it lies in, and what it is in the register, if it stands there."""

    name: str
    division: UUID
    household: UUID | None = None
    building: UUID | None = None


def begin(
    version_id: UUID, *, name: str, purpose: str = "", starts_on: date, ends_on: date, targets: Sequence[NewTarget] = (),
    within: UUID | None = None, by: Actor, at: datetime,
) -> Survey:  # fmt: skip
    """Begin a survey with a published version.  Without ``targets`` it goes to every grid ``within`` a division (or in all).

    ``Refused`` when the days are in the wrong order, a target is there twice or nothing is left to go to.
    """
    by.demand(DESIGN)
    version = Version.objects.filter(pk=version_id, published_at__isnull=False).only("pk").first()
    if version is None:
        raise Refused("no_version", _("请选择已发布的表单。"), "version")
    if ends_on < starts_on:
        raise Refused("days_wrong", _("截止日期不能早于开始日期。"), "ends_on")
    wanted = list(targets) or [NewTarget(grid.name, grid.id) for grid in of_level(Level.GRID, within)]
    if not wanted:
        raise Refused("no_targets", _("该辖区内没有网格，请另选辖区或导入摸排对象。"), "within")
    if len(wanted) > MOST_TARGETS:
        raise Refused("too_many", _("一次摸排最多 %(most)s 个对象，请分成几次。") % {"most": MOST_TARGETS}, "file")
    known = paths({target.division for target in wanted})
    with transaction.atomic():
        survey = Survey.objects.create(
            version=version, name=clean(name)[:120], purpose=purpose.strip(), starts_on=starts_on, ends_on=ends_on,
            created_at=at, created_by=by.label,
        )  # fmt: skip
        rows = [
            Target(
                survey=survey,
                division_id=one.division,
                path=known[one.division][0],
                name=one.name[:120],
                sort=place,
                household_id=one.household,
                building_id=one.building,
            )
            for place, one in enumerate(wanted)
        ]
        Target.objects.bulk_create(rows, batch_size=BATCH)
        _record("surveys.begun", survey, by, at, {"targets": len(rows)})
    return survey


@transaction.atomic
def extend(survey_id: UUID, ends_on: date, *, by: Actor, at: datetime) -> None:
    """Give it another last day, as long as it is not over."""
    survey = _running(survey_id, by)
    if ends_on < survey.starts_on:
        raise Refused("days_wrong", _("截止日期不能早于开始日期。"), "ends_on")
    _record("surveys.extended", survey, by, at, {"from": f"{survey.ends_on}", "to": f"{ends_on}"})
    survey.ends_on = ends_on
    survey.save(update_fields=["ends_on"])


@transaction.atomic
def end(survey_id: UUID, *, by: Actor, at: datetime) -> None:
    """End it: no answer is taken any more."""
    survey = _running(survey_id, by)
    survey.ended_at = at
    survey.save(update_fields=["ended_at"])
    _record("surveys.ended", survey, by, at, {})


def _running(survey_id: UUID, by: Actor) -> Survey:
    by.demand(DESIGN)
    survey = Survey.objects.select_for_update().filter(pk=survey_id).first()
    if survey is None:
        raise NotFound("no_survey", _("没有这项摸排。"))
    if survey.ended_at is not None:
        raise Conflict("ended", _("这项摸排已经结束。"))
    return survey


@transaction.atomic
def destroy(survey_id: UUID, *, by: Actor, at: datetime) -> None:
    """Sum the answers up and destroy them.  What stays is how many chose what, and a certificate in the log: how many answers
    there were, and a digest over what was destroyed."""
    by.demand(DESIGN)
    survey = Survey.objects.select_for_update().filter(pk=survey_id).select_related("version").first()
    if survey is None or survey.ended_at is None:
        raise Conflict("not_ended", _("摸排结束后才能销毁答卷。"))
    if survey.destroyed_at is not None:
        return
    digest, count, summary = hashlib.sha256(), 0, _Summary(survey.version.questions)
    answers = Answer.objects.filter(survey=survey).order_by("given_at", "id")
    for answer in answers.iterator(BATCH):
        digest.update(bytes(answer.sealed))
        summary.add(answer.values)
        count += 1
    files = Photo.objects.filter(answer__survey=survey).count()
    answers.update(sealed=b"", person=None)
    survey.targets.exclude(note="").update(note="")  # why nobody was met, what the register says otherwise
    drop_all(survey.pk)
    survey.summary, survey.destroyed_at = summary.result(), at
    survey.save(update_fields=["summary", "destroyed_at"])
    _record("surveys.destroyed", survey, by, at, {"answers": count, "files": files, "digest": digest.hexdigest()})


def destroy_over(*, by: Actor, at: datetime, before: date) -> int:
    """End and destroy every survey whose last day is before that day; how many."""
    over = list(Survey.objects.filter(destroyed_at=None, ends_on__lt=before).values_list("pk", "ended_at"))
    for survey_id, ended_at in over:
        if ended_at is None:
            end(survey_id, by=by, at=at)
        destroy(survey_id, by=by, at=at)
    return len(over)


class _Summary:
    """How many chose what, and the sum of what is counted: of nobody in particular."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.chosen: dict[str, Counter[str]] = {}
        self.sums: dict[str, list[float]] = {}
        self.given: Counter[str] = Counter()

    def add(self, values: dict[str, Any], path: str = "") -> None:
        path = path or f"/{self.form.root}"
        for name, value in values.items():
            here = f"{path}/{name}"
            if isinstance(value, dict):
                self.add(value, here)
            elif isinstance(value, list):
                for one in value:
                    self.add(one, here)
            else:
                self._count(here, str(value))

    def _count(self, path: str, value: str) -> None:
        question = self.form.questions.get(path)
        if question is None or not question.is_asked:
            return
        self.given[path] += 1
        if question.choices:
            self.chosen.setdefault(path, Counter()).update(value.split())
        elif question.type in ("int", "decimal"):
            self.sums.setdefault(path, []).append(float(value))

    def result(self) -> list[dict[str, Any]]:
        """A row for each question that was answered."""
        rows = []
        for question in self.form.asked:
            if not self.given[question.path]:
                continue
            row: dict[str, Any] = {"label": question.label or question.name, "given": self.given[question.path]}
            if question.path in self.chosen:
                counted = self.chosen[question.path]
                row["chosen"] = [[question.choices.get(v) or v, counted[v]] for v in question.choices if counted[v]]
            if question.path in self.sums:
                numbers = self.sums[question.path]
                row |= {
                    name: _short(value)
                    for name, value in (("sum", sum(numbers)), ("least", min(numbers)), ("most", max(numbers)))
                }
            rows.append(row)
        return rows


def _short(value: float) -> float:
    """A whole number as one, another with two places."""
    return int(value) if value.is_integer() else round(value, 2)


def _record(kind: str, survey: Survey, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    record(kind, survey.pk, stream_kind="survey", at=at, by=by, data=data)
