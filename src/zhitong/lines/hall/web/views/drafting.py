"""The page on which a draft is written: every field, materials and questions as rows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.kernel.events.public import stream

from ... import actions
from ...models import Item, Version
from ...permissions import CATALOGUE
from ...queries import draft_of, plain_materials, plain_version
from ...queries.editing import editable_item
from ...rules import FIELDS, differences
from .. import drafts
from ..rows import Raw, asked_for, moved, typed
from ..wording import said

editing = requires(CATALOGUE)


@dataclass(slots=True)
class _Typed:
    """What was typed, before anybody has looked at it."""

    fields: dict[str, Any]
    materials: list[Raw]
    questions: list[Raw]


@editing
@require_POST
def start(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A draft that says what the newest version says, or the one there is."""
    item = _item(request, item_id)
    if draft_of(item.pk) is None:
        try:
            actions.start_draft(item.pk, by=actor_of(request), at=timezone.now())
        except Conflict:
            messages.info(request, _("他人刚刚起草了一份，已为您打开。"))
    return redirect("hall:draft", item.pk)


@editing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Write the draft, or change its rows."""
    item = _item(request, item_id)
    version = draft_of(item.pk)
    if version is None:
        raise NotFound("no_draft", _("该事项没有草稿，可能已发布或删除。请回到事项页面重新起草。"))
    if request.method != "POST":
        fields, materials, questions = drafts.initial_of(version)
        return _fresh(request, item, version, _Typed(fields, materials, questions))
    given = _Typed(
        dict(typed(drafts.DraftForm, request.POST)),
        drafts.MATERIALS.read(request.POST),
        drafts.QUESTIONS.read(request.POST),
    )
    if wanted := asked_for(request.POST.get("do", "")):
        return _changed(request, item, version, given, wanted)
    return _save(request, item, version, given)


def _item(request: HttpRequest, item_id: UUID) -> Item:
    return editable_item(item_id, actor_of(request), _("没有这个事项，或者不归您编制。"))


def _changed(
    request: HttpRequest, item: Item, version: Version, given: _Typed, wanted: tuple[str, str, int]
) -> HttpResponse:
    what, which, number = wanted
    if which == "q":
        given.questions, focus = moved(given.questions, what, number)
    else:
        given.materials, focus = moved(given.materials, what, number)
    return _fresh(request, item, version, given, seen=_seen(request), focus=f"{which}-{focus}-{what}")


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _fresh(
    request: HttpRequest, item: Item, version: Version, given: _Typed, *, seen: int | None = None, focus: str = ""
) -> HttpResponse:
    context = {
        "form": drafts.DraftForm(initial=given.fields), "materials": drafts.MATERIALS.fresh(given.materials),
        "questions": drafts.QUESTIONS.fresh(given.questions), "seen": version.revision if seen is None else seen, "focus": focus,
    }  # fmt: skip
    return _shown(request, item, version, context, given)


def _shown(
    request: HttpRequest, item: Item, version: Version, context: dict[str, Any], given: _Typed, status: int = 200
) -> HttpResponse:
    plain: dict[str, Any] = {"is_wrong": False, "conflict": None, "differences": [], "other": None}
    context = plain | context | {"item": item, "draft": version}
    context["suggestions"] = drafts.suggestions(given.questions)
    return render(request, "hall/drafting/draft.html", context, status=status)


def _save(request: HttpRequest, item: Item, version: Version, given: _Typed) -> HttpResponse:
    form = drafts.DraftForm(request.POST)
    materials, questions = drafts.MATERIALS.bound(given.materials), drafts.QUESTIONS.bound(given.questions)
    context: dict[str, Any] = {
        "form": form,
        "materials": materials,
        "questions": questions,
        "seen": _seen(request),
        "focus": "",
    }
    wrong = [one for one in (form, *materials, *questions) if not one.is_valid()]
    if wrong:
        context["is_wrong"] = True
        return _shown(request, item, version, context, given, 422)
    fields, rows = _written(form, materials, questions)
    try:
        actions.write_draft(version.pk, fields, rows, by=actor_of(request), at=timezone.now(), seen=_seen(request))
    except NotAllowed:
        raise
    except Conflict as conflict:
        return _conflicting(request, item, version, context | {"conflict": conflict}, given, fields, rows)
    except Refused as refused:
        form.refuse(refused)
        return _shown(request, item, version, context, given, 422)
    messages.success(request, _("草稿已保存。"))
    return (
        redirect("hall:preview", item.pk, version.pk)
        if request.POST.get("do") == "preview"
        else redirect("hall:edit", item.pk)
    )


def _written(
    form: forms.Form, materials: list[forms.Form], questions: list[forms.Form]
) -> tuple[dict[str, Any], list[Any]]:
    asked = drafts.named([dict(one.cleaned_data) for one in questions])
    return {**form.cleaned_data, "questions": asked}, [dict(one.cleaned_data) for one in materials]


def _conflicting(
    request: HttpRequest, item: Item, version: Version, context: dict[str, Any], given: _Typed,
    fields: dict[str, Any], rows: list[Any],
) -> HttpResponse:  # fmt: skip
    """Somebody wrote meanwhile: what is stored now and what was typed side by side; saving once more takes what was typed."""
    now = draft_of(item.pk)
    if now is None or now.pk != version.pk:
        raise NotFound("no_draft", _("草稿已被他人发布或删除。您填的内容还在上一页，可以返回复制。"))
    mine = plain_version(now) | {name: fields[name] for name in FIELDS}
    mine["questions"] = fields["questions"]
    found = differences(plain_version(now), mine, plain_materials(now.materials.all()), rows)
    last = stream(item.pk).filter(kind="hall.version.written").last()
    context |= {"seen": now.revision, "differences": [said(change) for change in found], "other": last}
    return _shown(request, item, now, context, given, 409)
