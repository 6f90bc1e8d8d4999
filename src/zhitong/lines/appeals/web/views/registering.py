"""Registering an appeal for somebody: at the window, at the telephone, at the door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor, actor_of, requires
from zhitong.kernel.matters.public import Channel

from ...actions import raise_appeal
from ..forms import RegisterForm
from .raising import faulty_form, hints, refused_form
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
    """What to know while taking it down."""
    return hints(request)  # type: ignore[return-value]
