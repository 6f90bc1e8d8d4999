"""Forms built on screen: the page edits the rows of a workbook's sheets."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import actor_of, requires
from zhitong.ui.public import with_engine

from ...actions import building as do
from ...actions.answers import REGISTER
from ...actions.forms import NotUsable
from ...permissions import DESIGN
from ...queries import forms as reading
from ...rules.rows import CELLS, Sheet, sheets_in, sheets_of
from ...rules.workbook import Problem
from ...rules.xform import parse
from ..engine import draft_of, refused_answer

LARGEST = 3_500_000  # characters
designing = requires(DESIGN)


@designing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_engine
def build(request: HttpRequest, form_version_id: UUID | None = None) -> HttpResponse:
    """The page on which a form is built: a new one, or from a version.  What is sent is kept as a draft."""
    by = actor_of(request)
    if request.method == "POST":
        return _kept(request, form_version_id)
    one, sheets, seen = None, _nothing(), ""
    if form_version_id is not None:
        one = reading.version(by, form_version_id)
        _name, content = reading.workbook(by, form_version_id)
        sheets, seen = sheets_in(content), do.seal_of(content)
    context = {
        "one": one, "seen": seen, "sheets": {name: {"heads": one.heads, "rows": one.rows} for name, one in sheets.items()},
        "files": reading.files_of(one.pk) if one else [], "fields": REGISTER,
        **draft_of(by, f"build:{form_version_id or 'new'}"),
    }  # fmt: skip
    return render(request, "surveys/build.html", context)


def _nothing() -> dict[str, Sheet]:
    """A form without questions."""
    settings = {"form_title": "", "form_id": f"form-{uuid4().hex[:8]}"}
    filled = {"settings": [settings]}
    return {name: Sheet(list(heads), filled.get(name, [])) for name, heads in CELLS.items()}


def _kept(request: HttpRequest, version_id: UUID | None) -> JsonResponse:
    said: dict[str, Any] = {"seen": request.POST.get("seen", ""), "is_apart": bool(request.POST.get("apart"))}
    try:
        made = do.build(_sheets(request), version_id=version_id, by=actor_of(request), at=timezone.now(), **said)
    except NotUsable as faulty:
        return refused_answer(faulty, problems=_problems(faulty.problems))
    except Refused as refused:
        return refused_answer(refused)
    return JsonResponse({"href": reverse("surveys:version", args=[made.pk])})


@designing
@never_cache
@require_POST
def check(request: HttpRequest) -> JsonResponse:
    """The form that the rows make, to be tried; nothing is kept."""
    try:
        made = do.tried(_sheets(request), by=actor_of(request))
    except NotUsable as faulty:
        return refused_answer(faulty, problems=_problems(faulty.problems))
    except Refused as refused:
        return refused_answer(refused)
    return JsonResponse(
        {"xform": made.xform, "count": len(parse(made.xform).asked), "warnings": _problems(made.warnings)}
    )


def _sheets(request: HttpRequest) -> dict[str, Sheet]:
    said = request.POST.get("sheets", "")
    try:
        sheets = sheets_of(json.loads(said)) if len(said) <= LARGEST else {}
    except (ValueError, RecursionError) as broken:
        raise Refused("no_sheets", _("没有收到表单内容，请刷新后重试。")) from broken
    if not any(row.get("type", "").strip() for row in sheets["survey"].rows) if "survey" in sheets else True:
        raise Refused("no_questions", _("还没有题目，请先添加。"))
    return sheets


def _problems(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [{"sheet": one.sheet, "row": one.row, "message": str(one.message)} for one in problems]
