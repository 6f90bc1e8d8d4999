"""Editing bundles: what belongs together, what needs what first, which questions ask for the same fact."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.organisation.public import known_organ

from ...actions import bundles as acting
from ...models import Bundle
from ...permissions import CATALOGUE
from ...queries import bundles as reading
from ...rules import bundles as rules
from ...rules.sheet import split
from .. import bundling
from ..rows import Raw, asked_for, moved, typed
from .bases import form_page

editing = requires(CATALOGUE)


@editing
@require_safe
def bundles(request: HttpRequest) -> HttpResponse:
    """The bundles one may edit."""
    found = reading.editable_bundles(actor_of(request))
    return render(request, "hall/bundles/list.html", {"bundles": found, "organ_of": known_organ})


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_new(request: HttpRequest) -> HttpResponse:
    """A new bundle, to be filled next."""
    by = actor_of(request)
    form = bundling.NewBundleForm(request.POST or None, by=by)
    if form.is_bound and form.is_valid():
        got = dict(form.cleaned_data)
        organ = UUID(got.pop("organ"))
        try:
            made = acting.create_bundle(organ_id=organ, by=by, at=timezone.now(), **got)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已新增，请继续添加事项。"))
            return redirect("hall:bundle_edit", made.pk)
    return form_page(request, form, _("新增一件事"), [(pgettext("bundle", "一件事"), "hall:bundles", ())])


def _bundle(request: HttpRequest, bundle_id: UUID) -> Bundle:
    found = next((one for one in reading.editable_bundles(actor_of(request)) if one.pk == bundle_id), None)
    if found is None:
        raise NotFound("no_bundle", _("没有这件事，或者不归您编制。"))
    return found


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_edit(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Its name, its items with what each needs first, and shared facts."""
    one = _bundle(request, bundle_id)
    if request.method != "POST":
        about = {name: getattr(one, name) for name in ("name", "topic", "everyday", "lead")}
        return _fresh(request, one, about, _part_rows(one.drafted), _same_rows(one.drafted), seen=one.revision)
    about = dict(typed(bundling.BundleForm, request.POST))
    parts, same = bundling.PARTS.read(request.POST), bundling.SAME.read(request.POST)
    if wanted := asked_for(request.POST.get("do", "")):
        what, which, number = wanted
        parts, focus = moved(parts, what, number) if which == "p" else (parts, 0)
        same, focus = moved(same, what, number) if which == "s" else (same, focus)
        return _fresh(request, one, about, parts, same, seen=_seen(request), focus=f"{which}-{focus}-{what}")
    return _save(request, one, parts, same)


def _part_rows(definition: rules.Definition) -> list[Raw]:
    return [{"slug": p.slug, "item": p.item, "after": "、".join(p.after), "gives": p.gives} for p in definition.parts]


def _same_rows(definition: rules.Definition) -> list[Raw]:
    return [{"part": s.part, "question": s.question, "fact": s.fact} for s in definition.same]


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _fresh(
    request: HttpRequest,
    one: Bundle,
    about: dict[str, Any],
    parts: list[Raw],
    same: list[Raw],
    *,
    seen: int,
    focus: str = "",
) -> HttpResponse:
    context = {
        "form": bundling.BundleForm(initial=about), "parts": bundling.PARTS.fresh(parts), "same": bundling.SAME.fresh(same),
        "seen": seen, "focus": focus, "is_wrong": False,
    }  # fmt: skip
    return _shown(request, one, context, parts)


def _shown(
    request: HttpRequest, one: Bundle, context: dict[str, Any], parts: list[Raw], status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context |= {
        "bundle": one, "organ": known_organ(one.organ_id), "slugs": [str(p.get("slug") or "") for p in parts],
        "items": bundling.labels_of(reading.items_in_force(timezone.localdate(now))),
        "problems": reading.problems_of_bundle(one, now), "current": one.versions.filter(ended_at=None).first(),
    }  # fmt: skip
    return render(request, "hall/bundles/edit.html", context, status=status)


def _save(request: HttpRequest, one: Bundle, parts: list[Raw], same: list[Raw]) -> HttpResponse:
    form = bundling.BundleForm(request.POST)
    rows, pairs = bundling.PARTS.bound(parts), bundling.SAME.bound(same)
    wrong = [row for row in (form, *rows, *pairs) if not row.is_valid()]
    context: dict[str, Any] = {
        "form": form, "parts": rows, "same": pairs, "seen": _seen(request), "focus": "", "is_wrong": bool(wrong),
    }  # fmt: skip
    if wrong:
        return _shown(request, one, context, parts, 422)
    definition = {
        "parts": [row.cleaned_data | {"after": split(row.cleaned_data["after"])} for row in rows],
        "same": [row.cleaned_data for row in pairs],
    }
    by, at = actor_of(request), timezone.now()
    try:
        with transaction.atomic():
            acting.write_bundle(one.pk, definition, by=by, at=at, seen=_seen(request))
            acting.change_bundle(one.pk, by=by, at=at, **form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refused:
        if isinstance(refused, Conflict):
            one.refresh_from_db()
            context["seen"] = one.revision
        form.refuse(refused)
        return _shown(request, one, context, parts, refused.status)
    messages.success(request, _("草稿已保存。"))
    return redirect("hall:bundle_preview" if request.POST.get("do") == "preview" else "hall:bundle_edit", one.pk)


@editing
@never_cache
@require_safe
def bundle_preview(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """As residents will see it; a graph that goes round is said instead."""
    one = _bundle(request, bundle_id)
    if rules.cycle_of(one.drafted.parts):
        messages.error(request, str(reading.problems_of_bundle(one, timezone.now())[0].message))
        return redirect("hall:bundle_edit", one.pk)
    seen = reading.whole(one.drafted, timezone.localdate())
    return render(request, "hall/bundles/guide.html", {"bundle": one, "one": seen, "is_preview": True})


@editing
@require_POST
def bundle_publish(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """What is written counts from now on."""
    one = _bundle(request, bundle_id)
    try:
        made = acting.publish_bundle(one.pk, by=actor_of(request), at=timezone.now())
        messages.success(request, _("第%(n)s版已发布，群众现在可以申请。") % {"n": made.number})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:bundle_edit", one.pk)


@editing
@require_POST
def bundle_withdraw(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Nobody applies for it any more."""
    one = _bundle(request, bundle_id)
    try:
        acting.withdraw_bundle(one.pk, by=actor_of(request), at=timezone.now())
        messages.success(request, _("已停办。正在办理的继续办完。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:bundle_edit", one.pk)
