"""Calls by video: going into the room, and where the district's rooms are."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.ui.public import RefusableForm

from ...actions.video import join as go_in
from ...actions.video import set_rooms
from ...permissions import CALL, ROOMS, WALK
from ...queries.video import template
from ...rules.video import MOST_TEMPLATE


class RoomsForm(RefusableForm):
    """Where the rooms are."""

    template = forms.CharField(
        label=gettext_lazy("会议室地址"), max_length=MOST_TEMPLATE, required=False, strip=True,
        widget=forms.TextInput({"placeholder": "https://meet.example.gov/{room}", "inputmode": "url", "spellcheck": "false"}),
        help_text=gettext_lazy("在会议室名称的位置写{room}，每次连线换一个猜不到的名称。留空则不能连线。"),
    )  # fmt: skip


@requires(CALL, WALK)
@never_cache
@require_POST
def join(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Write down who goes in, and lead there.  A page of ours between, since no form may be sent on to another house."""
    try:
        address = go_in(video_id, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        return render(request, "fieldwork/joining.html", {"refused": refused}, status=refused.status)
    return render(request, "fieldwork/joining.html", {"address": address})


@requires(ROOMS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: HttpRequest) -> HttpResponse:
    """The address of the rooms."""
    said = request.POST if request.method == "POST" else None
    form = RoomsForm(said, initial={"template": template()})
    if request.method == "POST" and form.is_valid():
        try:
            set_rooms(form.cleaned_data["template"], by=actor_of(request), at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("fieldwork:rooms")
        except Refused as refused:
            form.refuse(refused)
    return render(request, "fieldwork/rooms.html", {"form": form}, status=422 if form.errors else 200)
