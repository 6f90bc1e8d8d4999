"""Acting for applicants: asking for an agent, the pool of an area, who is an agent, and what they have done."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import uuid_of
from zhitong.kernel.accounts.public import (
    Actor,
    TooMany,
    actor_of,
    address_of_client,
    come_again,
    limit_rate,
    public_page,
    requires,
)
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Staff
from zhitong.kernel.territory import public as territory
from zhitong.ui import receipts
from zhitong.ui.following import ACTS_AN_HOUR
from zhitong.ui.public import RefusableForm, SearchSelect

from ...actions import agency
from ...choices import AgentSort
from ...models import Park
from ...permissions import AGENT, MANAGE
from ...queries import agency as reading
from ...queries import guide as finding
from ...queries.following import followed
from ..hall_forms import as_uuid, places_of
from .applying import ask_for_code, resident

acting, managing = requires(AGENT), requires(MANAGE)
ASKED_AN_HOUR, MONTH = 30, 30
ABOUT = {
    "revoke": gettext_lazy("撤销后，帮办代办员不能再以您的名义申请；已经申请的不受影响。确定撤销吗？"),
    "drop": gettext_lazy("取消后不再代办，也不能恢复；以后需要可以重新申请。确定取消吗？"),
}


class AskForm(RefusableForm):
    """Who asks, and where they are."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("手机"), max_length=40)
    division = forms.TypedChoiceField(label=gettext_lazy("所在社区"), coerce=as_uuid, widget=SearchSelect)
    park = forms.TypedChoiceField(
        label=gettext_lazy("所在园区（企业填写）"), coerce=as_uuid, required=False, empty_value=None
    )
    address = forms.CharField(label=gettext_lazy("上门地址"), max_length=200, required=False)
    words = forms.CharField(
        label=gettext_lazy("要办什么、什么时候方便"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    field_of = {"division_id": "division"}  # noqa: RUF012

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4().hex})
        division, park = self.fields["division"], self.fields["park"]
        assert isinstance(division, forms.TypedChoiceField)
        assert isinstance(park, forms.TypedChoiceField)
        division.choices = [("", ""), *places_of(territory.Level.STREET, territory.Level.COMMUNITY)]
        park.choices = [("", _("不在园区")), *((str(one.pk), one.name) for one in reading.parks())]


class AppointForm(RefusableForm):
    """Who acts, where, and as what."""

    staff_no = forms.CharField(label=gettext_lazy("工号"), max_length=40)
    sort = forms.ChoiceField(label=gettext_lazy("身份"), choices=AgentSort.choices)
    division = forms.TypedChoiceField(label=gettext_lazy("负责区域"), coerce=as_uuid, widget=SearchSelect)
    park = forms.CharField(label=gettext_lazy("园区（没有的会新增）"), max_length=60, required=False)
    field_of = {"staff": "staff_no"}  # noqa: RUF012

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        division = self.fields["division"]
        assert isinstance(division, forms.TypedChoiceField)
        levels = territory.Level
        division.choices = [("", ""), *places_of(levels.DISTRICT, levels.STREET, levels.COMMUNITY)]


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an agent, for an item of the guide or in general; by phone through staff as well.  It leads to number and code."""
    given = request.POST if request.method == "POST" else request.GET
    wanted = uuid_of(given.get("item"))
    one = finding.shown(wanted, timezone.localdate()) if wanted else None
    form = AskForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "item": one.item if one else None}
    if request.method == "POST":
        try:
            limit_rate(f"hall-agent:{address_of_client(request)}", ASKED_AN_HOUR, 3600)
        except TooMany as refused:
            return _refused(request, form, context, refused)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            wish = agency.Wish(
                name=said["name"], phone=said["phone"], division_id=said["division"], park_id=said["park"], words=said["words"],
                address=said["address"], key=f"agency:{said['key'] or uuid4().hex}", item_id=one.item.pk if one else None,
            )  # fmt: skip
            done = agency.ask(wish, by=Actor.resident(), at=timezone.now())
        except Refused as refused:
            return _refused(request, form, context, refused)
        receipts.keep_receipt(request, matter_id=done.matter_id, number=done.number, code=done.tracking_code)
        return redirect("hall:receipt", done.number)
    return render(request, "hall/agency/ask.html", context, status=422 if form.is_bound else 200)


def _refused(request: HttpRequest, form: AskForm, context: dict[str, Any], refused: Refused) -> HttpResponse:
    form.is_valid()
    form.refuse(refused)
    return come_again(render(request, "hall/agency/ask.html", context, status=refused.status), refused)


@public_page
@never_cache
@require_safe
def errand(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, for whoever asked: the mandate, what the agent has in hand, what can be done."""
    try:
        seen = reading.asked(resident(request), number, timezone.now())
    except NotFound:
        return ask_for_code(number)
    return render(request, "hall/agency/errand.html", {"seen": seen, "about": ABOUT})


@public_page
@require_POST
def errand_act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Take the mandate back, or need no agent any more."""
    limit_rate(f"hall-act:{address_of_client(request)}", ACTS_AN_HOUR, 3600)
    by = resident(request)
    matter = followed(by, number, reading.KIND)
    if action not in ABOUT:
        raise NotFound("no_action", _("没有这项操作。"))
    _tried(request, lambda: m.act(matter.pk, action, by=by, at=timezone.now()), _("已办理。"))
    return redirect("hall:errand", number)


def _tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Whether it could be done; the page that comes next says so, or why not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True


def _chosen(wanted: UUID | None) -> UUID:
    if wanted is None:
        raise Refused("not_chosen", _("请选择一件。"))
    return wanted


@acting
@never_cache
@require_safe
def pool(request: HttpRequest) -> HttpResponse:
    """What waits in the own areas, and what one has in hand."""
    now = timezone.now()
    return render(request, "hall/agency/pool.html", {"pool": reading.pool(actor_of(request), now), "now": now})


@acting
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take one."""

    wanted, by, now = uuid_of(request.POST.get("errand")), actor_of(request), timezone.now()
    is_taken = _tried(request, lambda: agency.take(_chosen(wanted), by=by, at=now), _("已接单，请尽快与申请人联系。"))
    return redirect("portal:matter", wanted) if is_taken else redirect("hall:pool")


@managing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: HttpRequest) -> HttpResponse:
    """Who acts where, what they did in thirty days, and appointing another."""
    by, now, today = actor_of(request), timezone.now(), timezone.localdate()
    form = AppointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _appoint(form.cleaned_data, by, now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("hall:agents")
    first = today - timedelta(days=MONTH - 1)
    context = {
        "form": form, "agents": reading.agents(today)[:200], "first": first, "today": today, "now": now,
        "whole": reading.whole(first, today), "tables": _tables(first, today),
    }  # fmt: skip
    return render(request, "hall/agency/agents.html", context, status=422 if form.is_bound else 200)


def _tables(first: date, today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """What was finished, by agent, organ and street; by street also what waits, where nothing was finished too."""
    by_area, waiting = reading.counted("area", first, today), reading.waiting_by_area()
    for row in by_area:
        row["waiting"] = waiting.pop(row["who"], 0)
    blank = dict.fromkeys(("n", "units", "parks", "on_site"), 0)
    by_area += [{"who": name, **blank, "took": None, "waiting": n} for name, n in waiting.items()]
    return [
        (_("按帮办代办员"), reading.counted("agent", first, today)), (_("按单位"), reading.counted("organ", first, today)),
        (_("按街镇"), by_area),
    ]  # fmt: skip


def _appoint(said: dict[str, Any], by: Actor, now: Any) -> None:
    staff = Staff.objects.filter(staff_no=said["staff_no"].strip()).first()
    if staff is None:
        raise Refused("no_staff", _("没有这个工号，请先在单位人员里登记。"), "staff_no")
    park: Park | None = None
    if said["park"].strip():
        park = agency.write_park(said["park"], said["division"], by=by, at=now)
    agency.appoint(
        staff.pk, sort=said["sort"], division_id=said["division"], park_id=park.pk if park else None, by=by, at=now
    )


@managing
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """No longer an agent there."""
    wanted, by, now = uuid_of(request.POST.get("agent")), actor_of(request), timezone.now()
    _tried(request, lambda: agency.dismiss(_chosen(wanted), by=by, at=now), _("已保存。"))
    return redirect("hall:agents")
