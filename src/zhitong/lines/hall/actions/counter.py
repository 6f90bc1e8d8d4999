"""Taking in an application at the counter: submitted and judged in one, within the service of a ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import one_change
from zhitong.kernel.matters import public as m

from ..choices import MaterialState, TicketState
from ..models import Handed, Served, Sitting, Ticket
from ..permissions import ACCEPT
from ..queries.counter import phone_known
from ..queries.versions import with_version
from .bundles import BundleSubmission, submit_bundle
from .cases import Submission, Submitted, submit
from .cases.submitting import KIND, submit_many
from .judged import walked_in

ACCEPTED, CORRECT, REFUSED, AT_ONCE = "accept", "correct", "not_accept", "at_once"
VERDICTS = (ACCEPTED, CORRECT, REFUSED, AT_ONCE)


def take_in(
    said: Submission, verdict: str, more: Mapping[str, Any] | None = None, *, by: Actor, at: datetime
) -> Submitted:  # fmt: skip
    """Submit at the window, and accept, ask for what is missing, refuse, or decide at once: all or nothing.

    ``more`` is what the move asks besides: ``words`` for a correction, ``reason`` and ``words`` for a refusal, ``taken`` for a
    decision at once.  A phone that is left out is the one known of the applicant.  The ticket served at the own window remembers
    the application.  Sent twice is once.
    """
    if verdict == ACCEPTED:
        return accept_many([said], by=by, at=at)[0]
    by.demand(ACCEPT)
    if verdict not in VERDICTS:
        raise Refused("not_a_choice", _("请从列表中选择。"), "verdict")
    said = _at_window(said, verdict)
    with one_change():
        done = submit(said, by=by, at=at)
        if not done.was_known:
            asked = _asked(done, verdict, said, dict(more or {}))
            _remember([m.act(done.matter_id, verdict, asked, by=by, at=at)], by, at)
    return done


def accept_many(saids: Sequence[Submission], *, by: Actor, at: datetime) -> list[Submitted]:
    """Submit at the window and accept, each, in order, all or none, by the same few statements; what is refused of one tells its place
    in ``index``.  Otherwise as ``take_in``."""
    by.demand(ACCEPT)
    saids = [_at_window(said) for said in saids]
    with one_change():
        done = submit_many(saids, by=by, at=at)
        new = [(one.opened, {"signed": said.signed}) for one, said in zip(done, saids, strict=True) if one.opened]
        m.act_many([opened for opened, _more in new], ACCEPTED, [more for _opened, more in new], by=by, at=at)
        _remember([opened.matter for opened, _more in new if opened.matter], by, at)
    return done


def _at_window(said: Submission, verdict: str = ACCEPTED) -> Submission:
    return replace(
        said, channel=m.Channel.WINDOW, phone=clean(said.phone) or phone_known(said.citizen_id), is_incomplete=verdict in (CORRECT, REFUSED),
        is_declined=verdict == REFUSED,
    )  # fmt: skip


def take_in_bundle(said: BundleSubmission, *, by: Actor, at: datetime) -> Submitted:
    """Submit one thing at the window: the originals were seen there, so that files may be left out.  Otherwise as ``take_in``."""
    by.demand(ACCEPT)
    said = replace(said, channel=m.Channel.WINDOW, phone=clean(said.phone) or phone_known(said.citizen_id))
    with one_change():
        done = submit_bundle(said, by=by, at=at)
        if done.opened and done.opened.matter:
            _remember([done.opened.matter], by, at)
    return done


def _asked(done: Submitted, verdict: str, said: Submission, more: dict[str, Any]) -> dict[str, Any]:
    """What the move wants: for a correction, what is missing, by name where nothing was said."""
    if verdict == CORRECT:
        missing = Handed.objects.filter(application=done.matter_id, state=MaterialState.MISSING).select_related(
            "material"
        )
        rows = list(missing.order_by("material__position"))
        if not rows:
            raise Refused("nothing_missing", _("没有标为缺少的材料，不用补正，请直接受理。"), "verdict")
        names = "、".join(row.material.name for row in rows)
        return {
            "materials": [str(row.pk) for row in rows],
            "words": clean(str(more.get("words", ""))) or f"请补齐：{names}。",
        }
    if verdict == REFUSED:
        return {"reason": more.get("reason") or "", "words": clean(str(more.get("words", "")))}
    if verdict == AT_ONCE:
        return {"signed": said.signed, "taken": bool(more.get("taken")), "words": clean(str(more.get("words", "")))}
    return {"signed": said.signed}


def _remember(matters: Sequence[m.Matter], by: Actor, at: datetime) -> None:
    """In whose visit new matters were taken in, or that people came without a ticket."""
    sitting = (
        Sitting.objects.filter(staff=by.staff_id, ended_at=None).select_related("window__hall").first()
        if by.staff_id
        else None
    )
    ticket = Ticket.objects.filter(sitting=sitting, state=TicketState.SERVING).first() if sitting else None
    if ticket:
        Served.objects.bulk_create(Served(ticket=ticket, matter_id=matter.pk) for matter in matters)
    elif matters:
        came = [(one, with_version(one.application).item if one.kind == KIND else None) for one in matters]
        walked_in(came, sitting, by=by, at=at)
