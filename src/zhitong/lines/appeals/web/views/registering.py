"""Registering an appeal for somebody: at the window, at the telephone, at the door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor, TooMany, actor_of, limit_rate, requires
from zhitong.kernel.matters.public import Channel
from zhitong.ui.action_forms.choices import category_choices

from ...actions import raise_appeal
from ..forms import RegisterForm
from .raising import HINTS_A_MINUTE, faulty_form, hinted, refused_form
from .receipt import keep_receipt

TEMPLATE = "appeals/register.html"


@requires("appeals.register")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form; sent, it leads to the slip."""
    by = actor_of(request)
    if request.method != "POST":
        return render(request, TEMPLATE, {"form": RegisterForm(initial={"channel": _channel(by)})})
    form = RegisterForm(request.POST, request.FILES)
    if not form.is_valid():
        return faulty_form(request, form, TEMPLATE)
    try:
        raised = raise_appeal(form.said(), form.uploads, by=by, at=timezone.now())
    except Refused as refused:
        return refused_form(request, form, refused, TEMPLATE)
    keep_receipt(request, raised)
    return redirect("appeals:slip", raised.number)


def _channel(by: Actor) -> str:
    """What this person's appeals mostly come by."""
    is_at_the_door = any("appeals.on_spot" in granted.permissions for granted in by.grants)
    return str(Channel.GRID if is_at_the_door else Channel.HOTLINE if by.may("appeals.pass") else Channel.VISIT)


@requires("appeals.register")
@require_POST
def register_hints(request: HttpRequest) -> HttpResponse:
    """What to know while taking it down; each person at the desk has an allowance of his own."""
    try:
        limit_rate(f"hints-desk:{actor_of(request).account_id}", HINTS_A_MINUTE, 60)
    except TooMany:
        return HttpResponse(status=204)
    given = request.POST.get("channel", "")
    found = hinted(request, timezone.now(), channel=given if given in Channel.values else Channel.VISIT)
    lowest = {pk for pk, _label in category_choices()}
    return render(request, "appeals/parts/hints.html", {**found, "lowest": lowest, "joined": []})
