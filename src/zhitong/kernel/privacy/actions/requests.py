"""Answering somebody about their own data: opened, looked at, copied, erased, answered.  Each step is an event of the request."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.holdings import holdings
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import record
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Person
from zhitong.kernel.register.public import correct_person as correct

from ..choices import Ground, RequestState, Wish
from ..models import DataRequest
from ..permissions import ANSWER
from ..queries.held import case_of

# GB/T 35273-2020, 8.7: an answer within thirty days.
ANSWERED_WITHIN = timedelta(days=30)
MOST_SAID = 500


def _tell(kind: str, request: DataRequest, by: Actor, at: datetime, *, is_first: bool = False, **data: Any) -> None:
    data = {"person": request.person, **data}
    record(f"privacy.{kind}", request.pk, stream_kind="data_request", at=at, by=by, data=data, is_first=is_first)


def _said(text: str, field: str, sentence: Any, most: int = MOST_SAID) -> str:
    said = clean(text)
    if not said:
        raise Refused("required", sentence, field)
    if len(said) > most:
        raise Refused("too_long", _("请控制在%(n)s个字以内。") % {"n": most}, field)
    return said


@transaction.atomic
def open_request(
    person_id: UUID, *, wish: str, verified: str, note: str = "", by: Actor, at: datetime
) -> DataRequest:  # fmt: skip
    """Write down that this person asks, and how it was made sure that it is them."""
    by.demand_everywhere(ANSWER)
    if wish not in Wish.values:
        raise Refused("not_a_choice", _("请选择请求事项。"), "wish")
    verified = _said(verified, "verified", _("请写明怎样核验了本人身份。"), 200)
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound("no_person", _("没有登记这个人，可能已被删除。"))
    request = DataRequest.objects.create(
        person=person_id, wish=wish, verified=verified, note=clean(note)[:MOST_SAID], made_by=by.account_id,
        made_label=by.label, made_at=at, due_at=at + ANSWERED_WITHIN,
    )  # fmt: skip
    _tell("asked", request, by, at, is_first=True, wish=wish)
    return request


@transaction.atomic
def log_look(request: DataRequest, *, by: Actor, at: datetime) -> None:
    """Somebody is about to see everything."""
    by.demand_everywhere(ANSWER)
    _demand_open(request)
    _tell("looked", request, by, at)


@transaction.atomic
def log_export(request: DataRequest, *, form: str, by: Actor, at: datetime) -> None:
    """A copy is about to be made."""
    by.demand_everywhere(ANSWER)
    _demand_open(request)
    _tell("copied", request, by, at, form=form)


@transaction.atomic
def log_pieces(matter_id: UUID, *, by: Actor, at: datetime) -> None:
    """Somebody is about to see what stands in a matter."""
    by.demand_everywhere(ANSWER)
    stream = by.account_id or matter_id
    record("privacy.pieces_looked", stream, stream_kind="account", at=at, by=by, data={"matter": matter_id})


@transaction.atomic
def answer_request(request_id: UUID, *, answer: str, by: Actor, at: datetime) -> DataRequest:
    """What the person was told; this ends the request."""
    by.demand_everywhere(ANSWER)
    request = _locked(request_id)
    request.answer = _said(answer, "answer", _("请写明答复了什么。"))
    _end(request, by, at)
    _tell("answered", request, by, at)
    return request


def correct_person(
    request_id: UUID, *, name: str, phone: str, email: str, by: Actor, at: datetime
) -> list[str]:  # fmt: skip
    """Correct name, phone or e-mail address; which parts changed.  What stands in texts is corrected where they are handled.  The
    request stays open until it is answered."""
    by.demand_everywhere(ANSWER)
    with transaction.atomic():
        request = _locked(request_id)
        changed = correct(request.person, name=name, phone=phone, email=email, by=by, at=at)
        _tell("corrected", request, by, at, parts=changed)
    return changed


def erase_person(request_id: UUID, *, ground: str, answer: str, by: Actor, at: datetime) -> DataRequest:
    """Take out, in every component, what may be taken out; the request says how much, and ends.

    What stays, and why, is what ``look`` said: it is looked at again inside.
    """
    by.demand_everywhere(ANSWER)
    if ground not in Ground.values:
        raise Refused("not_a_choice", _("请选择删除依据。"), "ground")
    said = _said(answer, "answer", _("请写明删除理由和答复内容。"))
    try:
        return _erased(request_id, ground, said, by, at)
    except IntegrityError as error:  # a matter was opened for this person meanwhile
        raise Conflict("person_changed", _("此人刚有新的事项，请重新查阅后再删除。")) from error


def _erased(request_id: UUID, ground: str, said: str, by: Actor, at: datetime) -> DataRequest:
    with transaction.atomic():
        request = _locked(request_id)
        Person.objects.select_for_update().filter(pk=request.person).first()  # who opens a matter for them waits
        case = case_of(request.person, at, is_unlawful=ground == Ground.UNLAWFUL)
        for holding in holdings():
            holding.look(case)  # whoever needs the person says so before anything goes
        request.result = {holding.slug: holding.erase(case, by) for holding in holdings()}
        request.ground, request.answer = ground, said
        _end(request, by, at)
        _tell("erased", request, by, at, ground=ground, result=request.result)
    return request


def erase_piece(
    number: str, piece: str, key: UUID | None, *, why: str, by: Actor, at: datetime
) -> None:  # fmt: skip
    """Take one text, record or file out of a matter, also of an open one.  ``why`` is kept with the officer, in the log of
    the matter only that it was done."""
    by.demand_everywhere(ANSWER)
    reason = _said(why, "why", _("请写明清除理由。"), 200)
    matter = m.Matter.objects.filter(number=number).first()
    if matter is None:
        raise NotFound("no_matter", _("没有找到这件事项。"))
    with transaction.atomic():
        m.erase_piece(matter.pk, piece, key, why="should_not_be", by=by, at=at)
        data = {"matter": matter.pk, "piece": piece, "key": key, "reason": reason}
        record("privacy.piece_erased", by.account_id or matter.pk, stream_kind="account", at=at, by=by, data=data)


def _locked(request_id: UUID) -> DataRequest:
    found = DataRequest.objects.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise NotFound("no_request", _("没有这项个人信息请求。"))
    _demand_open(found)
    return found


def _demand_open(request: DataRequest) -> None:
    if request.state != RequestState.OPEN:
        raise Conflict("request_done", _("这项请求已经答复；如再次提出，请另行登记。"))


def _end(request: DataRequest, by: Actor, at: datetime) -> None:
    request.state, request.done_label, request.done_at = RequestState.DONE, by.label, at
    request.save()
