"""Answers taken from phones: once each, checked against the form, sealed."""

import itertools
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Conflict, NotFound, Overtaken, Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters.public import Upload
from zhitong.kernel.register.public import find_or_create_person
from zhitong.ui.public import short_moment

from ..choices import TargetState
from ..models import Answer, Survey, Target, seal_values
from ..permissions import ANSWER, reached
from ..rules.alarms import at_path
from ..rules.checking import Unreadable, Wrong, checked
from ..rules.xform import Form
from .homes import take_home
from .photos import drop, keep, looked_at
from .raising import raise_matters

REGISTER = ("name", "phone", "email", "citizen_id")  # what a question may be mapped to

NOTHING: Mapping[str, bytes] = MappingProxyType({})


class NotRight(Refused):
    """Answers that the form does not allow; ``wrong`` are all of them, by place."""

    def __init__(self, wrong: list[Wrong]) -> None:
        first = wrong[0]
        super().__init__(
            "answers_wrong", _("“%(label)s”：%(message)s") % {"label": first.label, "message": first.message}
        )
        self.wrong = wrong


def own_target(target_id: UUID, by: Actor, filled_at: datetime) -> Target:
    """The target, locked, of a survey that takes answers; NotFound or Conflict."""
    by.demand(ANSWER)
    rows = Target.objects.select_for_update(of=("self",)).filter(reached(by, ANSWER), pk=target_id)
    target = rows.select_related("survey").first()
    if target is None:
        raise NotFound("no_target", _("没有这个摸排对象，或不在您负责的范围内。"))
    _open(target.survey, filled_at)
    return target


def _open(survey: Survey, filled_at: datetime) -> None:
    """What was filled in before the end and comes later, from a phone without network, is taken as long as the answers are there."""
    is_over = survey.ended_at is not None and survey.ended_at <= filled_at
    if is_over or survey.destroyed_at is not None or survey.ends_on < timezone.localdate(filled_at):
        raise Conflict("ended", _("这项摸排已经结束，不再接收答卷。"))
    if survey.starts_on > timezone.localdate(filled_at):
        raise Conflict("not_begun", _("这项摸排还没有开始。"))


def submit(
    target_id: UUID, content: bytes, files: Mapping[str, bytes] = NOTHING, *, filled_at: datetime | None = None,
    seen: str | None = None, by: Actor, at: datetime,
) -> tuple[Answer, bool]:  # fmt: skip
    """Take one answer; the same one sent again is taken once, with what was changed on the phone meanwhile.  The second part says whether
    something was written.

    ``content`` is the XML that the form's engine made, ``files`` what it speaks of, by name; ``filled_at`` is when,
    if it is heard of later, and ``seen`` what the phone knew of the target (``stamp``): ``Overtaken`` where that is another now.
    ``NotRight`` with everything the form does not allow.
    """
    filled_at = filled_at or at
    with transaction.atomic():
        target = own_target(target_id, by, filled_at)
        survey = Survey.objects.select_related("version").defer("version__workbook").get(pk=target.survey_id)
        form = survey.version.questions
        values, instance = _checked(form, content)
        known = Answer.objects.filter(survey=survey, instance=instance).first()
        if known is not None and (not known.sealed or (not files and known.values == values)):
            return known, False
        if known is None and seen is not None:
            _demand_unanswered(target, seen)
        uploads, wrong = looked_at(form, values, files)
        if wrong:
            raise NotRight(wrong)
        if known is not None and _is_the_same(known, values, uploads):
            return known, False
        said = {"person_id": _person(form, values, by, at), "sealed": seal_values(values), "given_at": filled_at}
        answer = _new(target, instance, said, by) if known is None else _changed(known, said, by)
        doubt = take_home(target, answer.person_id, by=by, at=at) if answer.person_id else ""
        target.state, target.state_at, target.state_by, target.note = TargetState.DONE, filled_at, by.label, doubt[:120]
        target.save(update_fields=["state", "state_at", "state_by", "note"])
        data = {"target": str(target.pk), "answer": str(answer.pk)}
        keep(answer, uploads)
        raise_matters(answer, survey, target, values, at=at)
        kind = "surveys.answered" if known is None else "surveys.changed"
        record(kind, survey.pk, stream_kind="survey", at=at, by=by, data=data)
    return answer, True


def stamp(target: Target) -> str:
    """What a phone says it has seen of a target; empty where nobody has answered."""
    return target.state_at.isoformat() if target.state == TargetState.DONE and target.state_at else ""


def _demand_unanswered(target: Target, seen: str) -> None:
    """``Overtaken`` where somebody has answered that the phone had not heard of."""
    if stamp(target) == seen:
        return
    who = _("%(at)s由%(who)s填报") % {"at": short_moment(target.state_at), "who": target.state_by}
    raise Overtaken("answered", _("这个对象已由他人填报。"), version=stamp(target), fields={"answered": who})


def _new(target: Target, instance: str, said: dict[str, Any], by: Actor) -> Answer:
    return Answer.objects.create(
        survey_id=target.survey_id, target=target, division_id=target.division_id, instance=instance, account_id=by.account_id,
        by_label=by.label, **said,
    )  # fmt: skip


def _is_the_same(known: Answer, values: dict[str, Any], uploads: Mapping[str, Upload]) -> bool:
    """Whether nothing was changed on the phone since the server took it."""
    sizes = dict(known.photos.values_list("name", "size"))
    return known.values == values and sizes == {name: len(one.content) for name, one in uploads.items()}


def _changed(known: Answer, said: dict[str, Any], by: Actor) -> Answer:
    """Taken before, and put right on the phone that had not heard of it: what it says now counts.  ``Conflict`` where somebody else has
    answered for the same target since, so that nobody's answer is passed over unseen."""
    if known.account_id != by.account_id:
        raise Conflict("not_own_answer", _("这份答卷由他人填报，不能修改。"))
    later = Answer.objects.filter(target=known.target_id, given_at__gt=known.given_at).exclude(pk=known.pk).first()
    if later is not None:
        raise Conflict(
            "answered_since",
            _("您这份答卷已收到，此后%(who)s又填报了一份，改动没有保存。请与其核对后重新填写。")
            % {"who": later.by_label},
        )
    drop([known])
    for name, value in said.items():
        setattr(known, name, value)
    known.save(update_fields=list(said))
    return known


def _checked(form: Form, content: bytes) -> tuple[dict[str, Any], str]:
    try:
        values, wrong, instance = checked(form, content)
    except Unreadable as unreadable:
        raise Refused("unreadable", unreadable.message) from unreadable
    if wrong:
        raise NotRight(wrong)
    if not instance or len(instance) > 80:
        raise Refused("no_instance", _("答卷没有编号，请重新打开表单再提交。"))
    return values, instance


def _person(form: Form, values: dict[str, Any], by: Actor, at: datetime) -> UUID | None:
    """Whoever the answers name, where questions are mapped to the register: entered once, registered once."""
    given = {question.mapped: found for question in form.asked if question.mapped in REGISTER
             for found in itertools.islice(at_path(values, question.path.split("/")[2:]), 1)}  # fmt: skip
    if not given.get("phone") and not given.get("citizen_id"):
        return None
    return find_or_create_person(**given, by=by, at=at).person_id


def miss(target_id: UUID, note: str, *, tried_at: datetime | None = None, by: Actor, at: datetime) -> None:
    """Say why a target could not be answered; an answer may still come."""
    tried_at = tried_at or at
    with transaction.atomic():
        target = own_target(target_id, by, tried_at)
        if target.state == TargetState.DONE:
            raise Conflict("answered", _("该对象已填报。"))
        reason = clean(note)[:120]
        if not reason:
            raise Refused("no_reason", _("请说明未能填报的原因。"), "note")
        target.state, target.state_at, target.state_by, target.note = TargetState.MISSED, tried_at, by.label, reason
        target.save(update_fields=["state", "state_at", "state_by", "note"])


def forget(person_id: UUID) -> int:
    """Destroy the answers of one person; how many."""
    with transaction.atomic():
        rows = Answer.objects.filter(person=person_id).exclude(sealed=b"")
        drop(rows)
        return rows.update(sealed=b"", person=None)
