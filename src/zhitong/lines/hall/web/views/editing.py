"""The catalogue's own pages: the list, one item with its versions, and what is done with them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.books import EXCEL
from zhitong.base.errors import NotFound, Refused
from zhitong.base.identifiers import page_of, uuid_of
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.events.public import Event, describe, stream
from zhitong.kernel.organisation.public import known_organ
from zhitong.ui.public import TableForm, day, refusals_on

from ... import actions
from ...actions.importing import import_content
from ...choices import QuestionKind
from ...models import Item, Version
from ...permissions import CATALOGUE
from ...queries import changes_between, problems_of, versions_of
from ...queries import editing as reading
from ...queries import guide as showing
from ...queries.sheet import export_workbook
from ..forms import PublishForm, WithdrawForm
from ..wording import said
from .guide import ways

MOST_HISTORY = 50
editing = requires(CATALOGUE)
View = Callable[..., HttpResponse]


def _item(request: HttpRequest, item_id: UUID) -> Item:
    return reading.editable_item(item_id, actor_of(request), _("没有这个事项，或者不归您编制。"))


def _version(item: Item, version_id: UUID) -> Version:
    found = next((version for version in versions_of(item.pk) if version.pk == version_id), None)
    if found is None:
        raise NotFound("no_version", _("没有这个版本，可能已被删除。"))
    return found


@editing
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The items one may edit."""
    by, query = actor_of(request), request.GET
    words, state = clean(query.get("q", ""))[: showing.MOST_TYPED], query.get("state", "")
    organ, number = uuid_of(query.get("organ")), page_of(query.get("page", ""))
    found = reading.listed(by, timezone.localdate(), words=words, state=state, organ=organ, number=number)
    states = (
        ("draft", _("有草稿")),
        ("in_force", _("在用")),
        ("never", _("未发布过")),
        ("ended", _("已停办")),
        ("unchecked", _("依据未核对")),
    )
    context = {
        "found": found, "number": max(1, min(number, found.pages)), "words": words, "state": state, "organ": organ, "states": states,
        "organs": reading.organs_edited(by), "organ_of": known_organ,
    }  # fmt: skip
    return render(request, "hall/catalogue.html", context)


@editing
@never_cache
@require_safe
def edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item: its versions, what the draft changes, what it lacks, and what happened."""
    return _shown(request, _item(request, item_id))


def _shown(
    request: HttpRequest, item: Item, publishing: PublishForm | None = None, withdrawing: WithdrawForm | None = None
) -> HttpResponse:
    versions, today = versions_of(item.pk), timezone.localdate()
    draft = next((version for version in versions if version.is_draft), None)
    current = next((version for version in versions if version.is_in_force_on(today)), None)
    newest = next((version for version in versions if version.state == "published" and version.ended_on is None), None)
    before = next((version for version in versions if not version.is_draft), None)
    events = list(stream(item.pk).reverse()[:MOST_HISTORY])
    context = {
        "item": item, "organ": known_organ(item.organ_id), "today": today, "versions": versions, "draft": draft, "current": current, "newest": newest,
        "problems": problems_of(draft) if draft else [], "before": before,
        "changes": [said(change) for change in changes_between(before, draft)] if draft and before else [],
        "publishing": publishing or PublishForm(), "withdrawing": withdrawing or WithdrawForm(),
        "history": [_step(event) for event in events],
    }  # fmt: skip
    refused = any(form is not None for form in (publishing, withdrawing))
    return render(request, "hall/edit.html", context, status=422 if refused else 200)


def _step(event: Event) -> dict[str, Any]:
    title, icon, text = describe(event)
    return {"at": event.at, "title": title, "text": text, "by": event.by_label, "icon": icon}


@editing
@never_cache
@require_safe
def preview(request: HttpRequest, item_id: UUID, version_id: UUID) -> HttpResponse:
    """A version exactly as residents see it or will see it."""
    item = _item(request, item_id)
    version = _version(item, version_id)
    one = showing.Shown(item, version, known_organ(item.organ_id), None)
    return render(
        request, "hall/preview.html", {"one": one, "ways": ways(version.delivery), "kinds": dict(QuestionKind.choices)}
    )


@editing
@require_POST
@refusals_on("hall:edit", "item_id")
def discard(request: HttpRequest, item_id: UUID, version_id: UUID) -> HttpResponse:
    """Take the draft away."""
    version = _version(_item(request, item_id), version_id)
    actions.discard_draft(version.pk, by=actor_of(request), at=timezone.now())
    messages.success(request, _("草稿已删除。"))
    return redirect("hall:edit", item_id)


@editing
@require_POST
@refusals_on("hall:edit", "item_id")
def basis(request: HttpRequest, item_id: UUID, version_id: UUID) -> HttpResponse:
    """Somebody has compared the legal basis with the law."""
    version = _version(_item(request, item_id), version_id)
    actions.check_basis(version.pk, by=actor_of(request), at=timezone.now())
    messages.success(request, _("已记为核对过设定依据。"))
    return redirect("hall:edit", item_id)


@editing
@require_http_methods(["POST"])
def publish(request: HttpRequest, item_id: UUID, version_id: UUID) -> HttpResponse:
    """The draft counts from a day on."""
    item, form = _item(request, item_id), PublishForm(request.POST)
    version = _version(item, version_id)
    if form.is_valid():
        try:
            done = actions.publish(
                version.pk, effective_on=form.cleaned_data["effective_on"], by=actor_of(request), at=timezone.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("第%(n)s版已发布，自%(day)s起施行。") % {"n": done.number, "day": day(done.effective_on)}
            )
            return redirect("hall:edit", item_id)
    return _shown(request, item, publishing=form)


@editing
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, item_id: UUID, version_id: UUID) -> HttpResponse:
    """A version ends, with a reason."""
    item, form = _item(request, item_id), WithdrawForm(request.POST)
    version = _version(item, version_id)
    if form.is_valid():
        got = form.cleaned_data
        try:
            actions.withdraw(version.pk, on=got["on"], reason=got["reason"], by=actor_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("第%(n)s版已停用。") % {"n": version.number})
            return redirect("hall:edit", item_id)
    return _shown(request, item, withdrawing=form)


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a table over: tried without keeping anything, or written as drafts."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    result = None
    if form.is_bound and form.is_valid():
        try:
            result = import_content(
                form.cleaned_data["file"].read(),
                by=actor_of(request),
                at=timezone.now(),
                dry_run=request.POST.get("do") != "write",
            )
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.errors else 200
    return render(request, "hall/upload.html", {"form": form, "result": result}, status=status)


@editing
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The items one may edit as a table, to be changed and taken over again."""
    name = f"hall-{timezone.localdate():%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(export_workbook(actor_of(request)), content_type=EXCEL, headers=headers)
