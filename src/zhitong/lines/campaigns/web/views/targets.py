"""One target: where it stands, before and after, what was done, and what may be done now."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.matters.public import visible_matters
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import RefusableForm, file_answer, refusals_on

from ...actions import moving as do
from ...models import Target
from ...permissions import MANAGE, VIEW, WORK
from ...queries import targets as reading
from ..forms import RaiseForm, ReasonForm, StepForm, TargetForm, uploads

seeing = requires(VIEW, WORK, MANAGE)
working = requires(WORK, MANAGE)


@seeing
@never_cache
@require_safe
def target(request: HttpRequest, drive_target_id: UUID) -> HttpResponse:
    """The page."""
    return _page(request, drive_target_id)


def _page(request: HttpRequest, target_id: UUID, **forms: RefusableForm) -> HttpResponse:
    """The page, with the form that was refused in the place of an empty one."""
    by = actor_of(request)
    one = reading.target(by, target_id)
    may_work = reading.may_work(by, one)
    sees_matter = one.matter_id is not None and visible_matters(by).filter(pk=one.matter_id).exists()
    context: dict[str, Any] = {
        "one": one, "drive": one.drive, "place": labels([one.division_id]).get(one.division_id, ""), "steps": reading.steps(one),
        "photos": reading.photos(one), "may_work": may_work, "stages": list(one.drive.stages.all()), "today": timezone.localdate(),
        "sees_matter": sees_matter,
    }  # fmt: skip
    if may_work:
        context |= {"step_form": StepForm(one), "reason_form": ReasonForm(), "raise_form": RaiseForm()}
    context |= forms
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "campaigns/target.html", context, status=status)


Act = Callable[[UUID, RefusableForm, Actor, datetime], str]


def _done(form_of: Callable[[HttpRequest, Target], RefusableForm], slot: str) -> Callable[[Act], Callable[..., Any]]:
    """A decorator for what a form does with a target: back to its page, or the page with what is wrong and everything typed."""

    def decorate(act: Act) -> Callable[..., Any]:
        @working
        @require_POST
        @wraps(act)
        def answered(request: HttpRequest, drive_target_id: UUID) -> HttpResponse:
            by = actor_of(request)
            form = form_of(request, reading.target(by, drive_target_id))
            if form.is_valid():
                try:
                    messages.success(request, act(drive_target_id, form, by, timezone.now()))
                    return redirect("campaigns:target", drive_target_id)
                except (NotFound, NotAllowed):
                    raise
                except Refused as refused:
                    form.refuse(refused)
            return _page(request, drive_target_id, **{slot: form})

        return answered

    return decorate


def _said(form: RefusableForm) -> do.Said:
    said = form.cleaned_data
    return do.Said(text=said["text"], before=uploads(said["before"]), after=uploads(said["after"]))


def _step_form(request: HttpRequest, one: Target) -> RefusableForm:
    is_note = request.POST.get("do") == "note"
    return StepForm(one, request.POST, request.FILES, is_note=is_note)


@_done(_step_form, "step_form")
def step(target_id: UUID, form: RefusableForm, by: Actor, at: datetime) -> str:
    """Move it on with words and photos, or only write them down."""
    stage = form.cleaned_data["stage"]
    if form.data.get("do") == "note" or not stage:
        do.note(target_id, _said(form), by=by, at=at)
        return _("已补充记录。")
    moved = do.move(target_id, stage, _said(form), expected=form.cleaned_data["expected"], by=by, at=at)
    return _("已推进到“%(stage)s”。") % {"stage": moved.stage.name}


@_done(lambda request, one: ReasonForm(request.POST), "reason_form")
def aside(target_id: UUID, form: RefusableForm, by: Actor, at: datetime) -> str:
    """Not counted, with the reason."""
    do.set_aside(target_id, form.cleaned_data["reason"], by=by, at=at)
    return _("已设为不计入，可以恢复。")


@_done(lambda request, one: RaiseForm(request.POST), "raise_form")
def raise_(target_id: UUID, form: RefusableForm, by: Actor, at: datetime) -> str:
    """A matter about it."""
    opened = do.raise_matter(target_id, by=by, at=at, **form.cleaned_data)
    return _("已生成事项%(number)s。") % {"number": opened.number}


@working
@require_POST
@refusals_on("campaigns:target", "drive_target_id")
def back(request: HttpRequest, drive_target_id: UUID) -> HttpResponse:
    """Take the last move back."""
    moved = do.back(drive_target_id, request.POST.get("text", ""), by=actor_of(request), at=timezone.now())
    messages.success(request, _("已退回到“%(stage)s”。") % {"stage": moved.stage.name})
    return redirect("campaigns:target", drive_target_id)


@working
@require_POST
@refusals_on("campaigns:target", "drive_target_id")
def take_up(request: HttpRequest, drive_target_id: UUID) -> HttpResponse:
    """Counted again."""
    do.take_up(drive_target_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已恢复计入。"))
    return redirect("campaigns:target", drive_target_id)


@working
@require_POST
@refusals_on("campaigns:target", "drive_target_id")
def link(request: HttpRequest, drive_target_id: UUID) -> HttpResponse:
    """Tie it to a matter by its number, or untie it."""
    number = request.POST.get("number", "")[:40]
    do.link(drive_target_id, number, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已关联事项。") if number.strip() else _("已取消关联。"))
    return redirect("campaigns:target", drive_target_id)


@working
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, drive_target_id: UUID) -> HttpResponse:
    """Put right what it is, where, whose and by when."""
    by = actor_of(request)
    one = reading.target(by, drive_target_id)
    if not reading.may_work(by, one):
        raise NotAllowed("not_allowed", _("您没有办理此事的权限，请联系本单位管理员。"))
    sent = [request.POST] if request.method == "POST" else []
    form = TargetForm(one.drive, *sent, target=one, initial=TargetForm.of(one))
    if form.is_bound and form.is_valid():
        try:
            do.change(drive_target_id, do.Change(**form.cleaned_data), by=by, at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("campaigns:target", drive_target_id)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "campaigns/edit_target.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@seeing
@require_safe
def photo(request: HttpRequest, drive_target_id: UUID, drive_photo_id: UUID) -> HttpResponseBase:
    """A photo of before or after."""
    found = reading.photo(actor_of(request), drive_target_id, drive_photo_id)
    ending = found.media_type.rsplit("/", 1)[-1].replace("jpeg", "jpg")
    return file_answer(found.file, f"{found.side}.{ending}", found.media_type)
