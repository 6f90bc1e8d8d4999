"""One action on a matter: its form, and what becomes of it."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhitong.base import hashing
from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.matters.public import KINDS, Action, Matter, Purpose, Upload, act
from zhitong.kernel.organisation.public import Answer, DutyRole
from zhitong.ui.action_forms import FILES, ActionForm, MatterChoices, action_form

from ...queries import matter as reading
from .place import ListPlace

PHOTOS = gettext_lazy("照片或文件")
SIDES = {"before": gettext_lazy("办理前的照片"), "after": gettext_lazy("办理后的照片")}


@dataclass
class Desk:
    """One action about to be taken."""

    seen: reading.Sight
    action: Action
    form: ActionForm
    answers: list[Answer]
    changes: list[Any]
    version: int
    last: int
    is_open: bool = True
    doubts: list[dispatch.Doubt] = field(default_factory=list)
    doubted: str = ""
    is_blocking: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether what was found keeps the reply from being sent."""
        return self.is_blocking and any(one.kind in dispatch.BLOCKING for one in self.doubts)


def _files(action: Action) -> dict[str, Any]:
    """A control for everything, or one for each of several purposes."""
    if len(action.takes) > 1:
        return {purpose: SIDES.get(purpose, Purpose(purpose).label) for purpose in action.takes}
    return {FILES: PHOTOS} if action.takes else {}


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _desk(request: HttpRequest, matter_id: UUID, slug: str) -> Desk:
    """The form of the action, filled with what was typed, or with what is known already."""
    seen = reading.sight(matter_id, actor_of(request), timezone.now())
    action = KINDS[seen.matter.kind].moves.get(slug)
    if action is None:
        raise NotFound("no_action", gettext_lazy("没有这项操作。"))
    choices = MatterChoices(seen.matter, seen.tasks, seen.clocks, seen.by, seen.at)
    form_class = action_form(action.payload, choices_for=choices, files=_files(action))
    if request.method == "POST":
        form = form_class(request.POST, request.FILES)
        version, last = (_whole(request.POST.get(name, "")) for name in ("version", "last"))
        return Desk(seen, action, form, [], [], version, last, is_blocking=_blocking(seen, slug, form))
    initial, answers = _known(request, seen, form_class)
    form = form_class(initial=initial)
    is_open = any(offer.slug == slug for offer in seen.offers())
    last, is_blocking = reading.last_seq(seen.matter), _blocking(seen, slug, form)
    return Desk(seen, action, form, answers, [], seen.matter.version, last, is_open, is_blocking=is_blocking)


def _blocking(seen: reading.Sight, slug: str, form: ActionForm) -> bool:
    """Whether the district lets a poor reply conclude nothing; who may insist is asked why, others are not."""
    insisting = dispatch.INSISTING.get((seen.matter.kind, slug))
    is_blocking = bool(insisting) and dispatch.blocks(seen.matter.kind)
    if insisting and not (is_blocking and seen.by.may(dispatch.INSIST)):
        form.fields.pop(insisting, None)
    return is_blocking


def _known(request: HttpRequest, seen: reading.Sight, form: type[ActionForm]) -> tuple[dict[str, Any], list[Answer]]:
    """What the form begins with: what was typed before asking anew, what the matter says, whom the duty list names."""
    matter, asked = seen.matter, set(form.base_fields)
    initial: dict[str, Any] = {"urgency": matter.urgency, "is_public": "yes" if matter.is_public else "no"}
    if matter.category_id:
        initial["category"] = str(matter.category_id)
    if matter.division_id:
        initial["division"] = str(matter.division_id)
    typed = {n: request.GET.getlist(n) for n in asked & set(request.GET)}
    for name, values in typed.items():
        is_many = isinstance(form.base_fields[name], forms.MultipleChoiceField)
        initial[name] = values if is_many else values[-1]
    if "lead" not in asked:
        return initial, []
    answers = reading.suggestions(matter, uuid_of(initial.get("category")), seen.at)
    _suggest(initial, answers, was_asked="suggest" in request.GET)
    return initial, answers


def _suggest(initial: dict[str, Any], answers: list[Answer], *, was_asked: bool) -> None:
    lead = next((a for a in answers if a.role == DutyRole.LEAD), None)
    if lead is None:
        return
    if was_asked or not initial.get("lead"):
        initial["lead"] = str(lead.organ_id)
        initial["co"] = [str(a.organ_id) for a in answers if a.role == DutyRole.CO and a.organ_id != lead.organ_id]
    if was_asked or not initial.get("reason"):
        initial["reason"] = lead.why


@requires("matters.view")
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, matter_id: UUID, slug: str) -> HttpResponse:
    """Show the form; take the action when it is sent."""
    desk = _desk(request, matter_id, slug)
    if request.method == "POST" and desk.form.is_valid() and not _doubted(desk, request) and _done(desk, request):
        return _back(request, desk)
    return _show(request, desk, 422 if request.method == "POST" else 200)


def _doubted(desk: Desk, request: HttpRequest) -> bool:
    """Whether there is something to say about the reply that was not said of this very text already.  It only warns: sent once
    more, it goes through."""
    asked = dispatch.REPLYING.get((desk.seen.matter.kind, desk.action.slug))
    reply = str(desk.form.cleaned_data.get(asked, "")) if asked else ""
    if not reply:
        return False
    mark = hashing.chain(None, reply.encode()).hex()[:16]
    if request.POST.get("doubted") == mark:
        return False
    desk.doubts, desk.doubted = dispatch.doubts(desk.seen.matter, reply), mark
    return bool(desk.doubts)


def _done(desk: Desk, request: HttpRequest) -> bool:
    """Whether it was done; if not, the form says why."""
    try:
        act(
            desk.seen.matter.pk, desk.action.slug, desk.form.payload(), by=desk.seen.by, at=desk.seen.at,
            version=desk.version, files=_uploads(desk),
        )  # fmt: skip
    except NotFound:
        raise
    except Conflict as conflict:
        _catch_up(desk, conflict)
        return False
    except Refused as refused:
        desk.form.refuse(refused)
        return False
    return True


def _uploads(desk: Desk) -> list[Upload]:
    """What was attached, each with what it is kept as where one form has two controls."""
    found: list[Upload] = []
    for name in _files(desk.action):
        taken = desk.form.uploads(name)
        found += [replace(u, purpose=name) for u in taken] if name != FILES else taken
    return found


def _catch_up(desk: Desk, conflict: Conflict) -> None:
    """Somebody was quicker: say what happened, keep what was typed, and let it be sent on top of the new state."""
    desk.form.refuse(conflict)
    desk.changes = reading.since(desk.seen.matter, desk.last)
    desk.seen = reading.sight(desk.seen.matter.pk, desk.seen.by, desk.seen.at)
    desk.version, desk.last = desk.seen.matter.version, reading.last_seq(desk.seen.matter)
    desk.is_open = any(offer.slug == desk.action.slug for offer in desk.seen.offers())


def _back(request: HttpRequest, desk: Desk) -> HttpResponse:
    """To the matter, or to the list once it is out of one's sight."""
    place = ListPlace.of(request)
    messages.success(
        request,
        _("已完成：%(action)s（%(number)s）") % {"action": desk.action.label, "number": desk.seen.matter.number},
    )
    href = place.to(desk.seen.matter.pk) if _still_seen(desk.seen.matter, desk.seen.by) else place.href
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": href})
    return redirect(href)


def _still_seen(matter: Matter, by: Actor) -> bool:
    try:
        reading.find(matter.pk, by)
    except NotFound:
        return False
    return True


def _show(request: HttpRequest, desk: Desk, status: int) -> HttpResponse:
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        "desk": desk,
        "matter": desk.seen.matter,
        "action": desk.action,
        "form": desk.form,
        "place": ListPlace.of(request),
        "can_suggest": "lead" in desk.form.fields and "category" in desk.form.fields,
        "lost_files": bool(request.FILES),
        "is_part": is_part,
    }
    return render(request, "portal/parts/act_form.html" if is_part else "portal/act.html", context, status=status)
