"""Following an appeal with its number and tracking code, and what its reporter may do."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhitong.base.errors import NotFound
from zhitong.base.identifiers import check_number
from zhitong.kernel.accounts.public import (
    Actor,
    TooMany,
    actor_of,
    address_of_client,
    come_again,
    limit_rate,
    public_page,
)
from zhitong.kernel.accounts.public import track as remember
from zhitong.kernel.matters import public as m
from zhitong.kernel.territory import public as territory
from zhitong.ui.following import Course, take
from zhitong.ui.public import file_answer

from ... import queries
from ...choices import Outcome, Satisfaction
from ...rules import TRIES_BY_ADDRESS, TRIES_BY_NUMBER, TRIES_SECONDS
from ..forms import TrackForm
from .showing import ABOUT, files, steps

KIND = "appeal"
# Same words for a wrong number and a wrong code: nobody learns which numbers exist.
WRONG = gettext_lazy("编号或查询码不正确，请核对后再试。查询码是提交时显示的8位字母和数字。")
DONE = {
    "supplement": gettext_lazy("已补充，承办单位会看到。"),
    "withdraw": gettext_lazy("已撤回。如再有问题，请重新提出。"),
    "not_fixed": gettext_lazy("已收到，我们会再次办理。"),
    "rate": gettext_lazy("感谢您的评价。"),
    "ask_review": gettext_lazy("已收到您的申请。"),
}
COURSE = Course(
    KIND, "appeals:tracked", "appeals:act", DONE, ABOUT, "appeals/act.html", gettext_lazy("照片"),
    context={"rating": Satisfaction.choices},
)  # fmt: skip


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; with both the appeal is remembered in the session."""
    if request.method != "POST":
        return _ask(request, TrackForm(initial={"number": _grouped(request.GET.get("number", ""))}))
    form = TrackForm(request.POST)
    if form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        digits = "".join(c for c in number if c in "0123456789")
        try:
            limit_rate(f"track:{address_of_client(request)}", TRIES_BY_ADDRESS, TRIES_SECONDS)
            limit_rate(f"track-number:{digits[:20]}", TRIES_BY_NUMBER, TRIES_SECONDS)
        except TooMany as refused:
            form.add_error(None, str(refused))
            return come_again(_ask(request, form, status=refused.status), refused)
        found = m.find_tracked("", number, code)
        if found is not None and (page := m.KINDS[found.kind].followed_at):
            remember(request, found.pk)
            return redirect(page, found.number)
        form.add_error(None, forms.ValidationError(WRONG, code="wrong"))
    return _ask(request, form, status=422)


def _ask(request: HttpRequest, form: TrackForm, status: int = 200) -> HttpResponse:
    followed = [kind.slug for kind in m.KINDS.values() if kind.followed_at]
    mine = m.visible_matters(_resident(request)).filter(kind__in=followed).order_by("-id")[:10]
    kinds = [(row, m.KINDS[row.kind]) for row in mine]
    rows = [(row, kind.by_slug[row.stage].label, reverse(kind.followed_at, args=[row.number])) for row, kind in kinds]
    return render(request, "appeals/track.html", {"form": form, "mine": rows}, status=status)


def _grouped(text: str) -> str:
    digits = "".join(c for c in text if c in "0123456789")
    return f"{digits[:8]} {digits[8:14]} {digits[14]}" if check_number(digits) else ""


def _resident(request: HttpRequest) -> Actor:
    """Whoever is here as the one who raised it: also staff follow their own appeals like anybody."""
    return Actor.resident(actor_of(request).tracked)


@public_page
@never_cache
@require_safe
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """The six steps, who has it, until when, what was said, and what can be done."""
    by = _resident(request)
    try:
        matter = queries.tracked_appeal(by, number)
    except NotFound as missing:
        form = TrackForm(initial={"number": _grouped(number)})
        messages.info(request, str(missing))
        return _ask(request, form, status=404)
    return render(request, "appeals/tracked.html", _seen(matter, by))


def _seen(matter: m.Matter, by: Actor) -> dict[str, Any]:
    main = queries.main_of(matter)
    offered = m.offers(matter, list(matter.tasks.all()), list(matter.clocks.all()), by, timezone.now())
    rated = matter.records.filter(action="rate").exists()
    seen = queries.progress_of(matter)
    of_main = queries.progress_of(main, is_own=False) if main else None
    return {
        "matter": matter,
        "seen": seen,
        "steps": steps(seen.steps),
        "files": files(matter.number, seen.files),
        "results": files(matter.number, seen.results),
        "place": territory.label(matter.division_id),
        "main": of_main,
        "main_steps": steps(of_main.steps) if of_main else [],
        "main_is_public": bool(main and queries.public_appeal(main.number)),
        "offers": [offer for offer in offered if offer.slug in DONE and not (offer.slug == "rate" and rated)],
        "outcome": Outcome(matter.outcome).label if matter.outcome in Outcome.values else "",
        "rating": Satisfaction.choices,
        "about": ABOUT,
    }


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Add, withdraw, not fixed, rate, ask for review."""
    by = _resident(request)
    return take(request, COURSE, queries.tracked_appeal(by, number), action, by=by, at=timezone.now())


@public_page
@require_safe
def file(request: HttpRequest, number: str, file_id: UUID) -> HttpResponseBase:
    """A photo or document, with ``?small`` its preview."""
    found = queries.file_of(_resident(request), number, file_id)
    is_small = "small" in request.GET and found.has_preview
    return file_answer(m.place_of(bytes(found.digest), preview=is_small), found.name, found.media_type)
