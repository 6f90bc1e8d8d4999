"""One entry of an inventory: what it is, its stalls, its inspections."""

from datetime import date
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
from zhitong.kernel.territory.public import labels
from zhitong.ui.public import RefusableForm, file_answer, refusals_on

from ...actions import inspections
from ...actions import inventories as do
from ...actions.targets import placed
from ...models import Entry
from ...permissions import INSPECT, KEEP, VIEW, may_lead
from ...queries import inventories as reading
from ..forms import uploads
from ..inventory_forms import EntryForm, GoneForm, InspectForm, SettleForm, StallForm

seeing, keeping, inspecting = requires(VIEW, INSPECT, KEEP), requires(KEEP), requires(INSPECT)
FORMS: dict[str, type[RefusableForm]] = {"stall": StallForm, "inspect": InspectForm, "gone": GoneForm}


@seeing
@never_cache
@require_safe
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry, and what may be done with it."""
    return _page(request, reading.entry(actor_of(request), entry_id), {})


def _page(request: HttpRequest, one: Entry, sent: dict[str, RefusableForm]) -> HttpResponse:
    """The page, with the forms that were sent in place of empty ones."""
    by, today = actor_of(request), timezone.localdate()
    stalls, looks = list(one.stalls.all()), reading.inspections(one)
    forms = {name: kind(prefix=name) for name, kind in FORMS.items()} | sent
    settles = {
        look.pk: forms.get(_settle(look.pk)) or SettleForm(prefix=_settle(look.pk)) for look in looks if look.is_open
    }
    context: dict[str, Any] = {
        "one": one, "inventory": one.inventory, "place": labels([one.division_id]).get(one.division_id, ""), "today": today,
        "marks": reading.marks([one], today)[one.pk], "stalls": [stall for stall in stalls if stall.is_let_on(today)],
        "former": [stall for stall in stalls if not stall.is_let_on(today)], "inspections": looks, "forms": forms,
        "settles": settles, "may_keep": may_lead(by, one.inventory.organ_id, KEEP),
        "may_inspect": reading.may_inspect(by, one), "own": [(name, one.values.get(name, "")) for name in one.inventory.fields],
    }  # fmt: skip
    status = 422 if any(form.errors for form in sent.values()) else 200
    return render(request, "campaigns/entry.html", context, status=status)


def _act(request: HttpRequest, entry_id: UUID, wanted: str, inspection: UUID | None = None) -> HttpResponse:
    """What one of the forms asks for, done; the page again where it cannot be, as it was typed."""
    by = actor_of(request)
    one = reading.entry(by, entry_id)
    form = FORMS.get(wanted, SettleForm)(request.POST, request.FILES, prefix=wanted)
    if form.is_valid():
        try:
            messages.success(request, _do(wanted, dict(form.cleaned_data), one, inspection, by))
            return redirect("campaigns:entry", one.pk)
        except Refused as refused:
            if isinstance(refused, NotFound | NotAllowed):
                raise
            form.refuse(refused)
    return _page(request, one, {wanted: form})


def _settle(inspection_id: UUID) -> str:
    """The name of the form that settles one fault: a page may show several."""
    return f"settle-{inspection_id.hex}"


@inspecting
@require_POST
def inspect(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Write down a look at it."""
    return _act(request, entry_id, "inspect")


@inspecting
@require_POST
def settle(request: HttpRequest, entry_id: UUID, inspection_id: UUID) -> HttpResponse:
    """A fault is put right."""
    return _act(request, entry_id, _settle(inspection_id), inspection_id)


@keeping
@require_POST
def let(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Somebody sells something at a stall."""
    return _act(request, entry_id, "stall")


@keeping
@require_POST
def take_away(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """It stands there no longer."""
    return _act(request, entry_id, "gone")


def _do(wanted: str, said: dict[str, Any], one: Entry, inspection: UUID | None, by: Actor) -> str:
    who: dict[str, Any] = {"by": by, "at": timezone.now()}
    if wanted == "stall":
        stall = do.let(one.pk, **said, **who)
        return _("已登记摊位%(label)s。") % {"label": stall.label}
    if wanted == "gone":
        do.take_away(one.pk, said["reason"], on=said["on"], **who)
        return _("已撤除。")
    said["photos"] = uploads(said["photos"])
    if wanted == "inspect":
        inspections.inspect(one.pk, **said, **who)
        return _("检查已记录。")
    if inspection is None:
        raise NotFound("no_inspection", _("没有这次检查。"))
    inspections.settle(inspection, **said, **who)
    return _("整改已记录。")


@keeping
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Put right what is written of it."""
    by = actor_of(request)
    one = reading.entry(by, entry_id)
    sent = [request.POST] if request.method == "POST" else []
    form = EntryForm(one.inventory, *sent, entry=one, initial=EntryForm.of(one))
    if form.is_bound and form.is_valid():
        said = form.said()
        try:
            said["division"] = placed(said["division"], said["lon"], said["lat"])
            do.rewrite(one.pk, do.NewEntry(**said), by=by, at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("campaigns:entry", one.pk)
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "one": one.inventory, "entry": one}
    return render(request, "campaigns/entry_form.html", context, status=422 if form.errors else 200)


@keeping
@require_POST
@refusals_on("campaigns:entry", "entry_id")
def back(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """It stands there after all."""
    do.bring_back(entry_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已恢复。"))
    return redirect("campaigns:entry", entry_id)


@keeping
@require_POST
@refusals_on("campaigns:entry", "entry_id")
def give_back(request: HttpRequest, entry_id: UUID, stall_id: UUID) -> HttpResponse:
    """A stall is free again, from tomorrow."""
    today: date = timezone.localdate()
    do.give_back(stall_id, on=today, by=actor_of(request), at=timezone.now())
    messages.success(request, _("摊位已收回。"))
    return redirect("campaigns:entry", entry_id)


@seeing
@require_safe
def photo(request: HttpRequest, entry_id: UUID, inspection_photo_id: UUID) -> HttpResponseBase:
    """A photo of an inspection."""
    found = reading.photo(actor_of(request), entry_id, inspection_photo_id)
    ending = found.media_type.rsplit("/", 1)[-1].replace("jpeg", "jpg")
    return file_answer(found.file, f"{found.side}.{ending}", found.media_type)
